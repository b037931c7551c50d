"""What the database itself refuses: changing the audit, an answer, or a published file.

Alembic's table copies on SQLite drop triggers without a word, so they are created again after
every migration and asserted at every start.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import event, text

from engine.store import tables

if TYPE_CHECKING:
    from sqlalchemy import Connection, MetaData

#: trigger name -> table, event
FROZEN = {
    "audit_no_update": ("audit", "UPDATE"),
    "audit_no_delete": ("audit", "DELETE"),
    "answer_no_update": ("answer", "UPDATE"),
    "bundle_file_no_update": ("bundle_file", "UPDATE"),
    "bundle_file_no_delete": ("bundle_file", "DELETE"),
}
#: The next audit row must name the last one's hash: a forged row cannot be slipped in between.
CHAIN = "audit_chain"
GENESIS = "first"
NAMES = frozenset({*FROZEN, CHAIN})

_LAST = "coalesce((select hash from audit order by seq desc limit 1), 'first')"
_NEXT = "coalesce((select max(seq) from audit), 0) + 1"

_NEVER_CHANGED = """
create or replace function cspr_never_changed() returns trigger language plpgsql as
$$ begin raise exception '% rows are never changed', tg_table_name; end $$
"""
_FOLLOWS = f"""
create or replace function cspr_audit_follows() returns trigger language plpgsql as
$$ begin
  if new.previous <> {_LAST} or new.seq <> {_NEXT} then
    raise exception 'an audit row must follow the last one';
  end if;
  return new;
end $$
"""


def create_triggers(connection: Connection) -> None:
    """Create them, or create them anew."""
    statements = _sqlite() if connection.dialect.name == "sqlite" else _postgresql()
    for statement in statements:
        connection.execute(text(statement))


def missing_triggers(connection: Connection) -> frozenset[str]:
    """Names of the triggers this database lacks, or has disabled."""
    if connection.dialect.name == "sqlite":
        found = "select name from sqlite_master where type = 'trigger'"
    else:
        found = (
            "select t.tgname from pg_trigger t join pg_class c on c.oid = t.tgrelid "
            "where t.tgenabled in ('O', 'A') and c.relnamespace = current_schema()::regnamespace"
        )
    return NAMES - frozenset(connection.execute(text(found)).scalars())


def _sqlite() -> list[str]:
    made = []
    for name, (table, change) in FROZEN.items():
        made.append(f"drop trigger if exists {name}")
        made.append(
            f"create trigger {name} before {change} on {table} "
            f"begin select raise(abort, '{table} rows are never changed'); end"
        )
    made.append(f"drop trigger if exists {CHAIN}")
    made.append(
        f"create trigger {CHAIN} before insert on audit "
        f"when new.previous <> {_LAST} or new.seq <> {_NEXT} "
        "begin select raise(abort, 'an audit row must follow the last one'); end"
    )
    return made


def _postgresql() -> list[str]:
    made = [_NEVER_CHANGED, _FOLLOWS]
    for name, (table, change) in FROZEN.items():
        made.append(f"drop trigger if exists {name} on {table}")
        made.append(
            f"create trigger {name} before {change} on {table} "
            "for each row execute function cspr_never_changed()"
        )
    made.append(f"drop trigger if exists {CHAIN} on audit")
    made.append(
        f"create trigger {CHAIN} before insert on audit "
        "for each row execute function cspr_audit_follows()"
    )
    return made


@event.listens_for(tables.metadata, "after_create")
def _with_the_tables(_metadata: MetaData, connection: Connection, **_: object) -> None:
    create_triggers(connection)
