"""A case's engine state as rows of `case_`, `token` and `passed`: at most six statements a step.

    load   2   the case's row (locked), its tokens
    save   4   the case's row, tokens changed, tokens gone, activities ended

Rows of tokens are few whatever the case has been through; only rows that changed are written.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from engine.errors import Conflict, NotFound
from engine.spiff.values import PassedTask, TokenRow
from engine.store.tables import case as case_table
from engine.store.tables import passed as passed_table
from engine.store.tables import token as token_table

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sqlalchemy import Connection, RowMapping

    from engine.spiff.case import RunningCase
    from engine.spiff.runtime import Runtime
    from engine.spiff.values import Changes


@dataclass(slots=True)
class HeldCase:
    """A case loaded in a transaction that holds its row. `row` is the row as it was loaded."""

    id: int
    version: int
    row: Mapping[str, Any]
    case: RunningCase


class CaseRows:
    """Reads and writes running cases. Has no state of its own; safe to share between threads."""

    def __init__(self, runtime: Callable[[str], Runtime]) -> None:
        """`runtime` finds the diagrams of a bundle by its hash."""
        self._runtime = runtime

    def create(self, connection: Connection, case: RunningCase, **columns: object) -> HeldCase:
        """Insert a case just started; `columns` are the others of its row."""
        changes = case.changes()
        values = {"process": case.process, "version": 1, **_engine_columns(changes), **columns}
        case_id: int = connection.execute(
            insert(case_table).values(values).returning(case_table.c.id)
        ).scalar_one()
        self._write(connection, case_id, changes)
        case.saved()
        return HeldCase(case_id, 1, {**values, "id": case_id}, case)

    def load(
        self,
        connection: Connection,
        key: int | str,
        *,
        version: int | None = None,
        lock: bool = True,
    ) -> HeldCase:
        """The case of that id, or of that reference, locked until the transaction ends.

        Without `lock` it is only looked at. Raises `NotFound`; `Conflict` when `version` is given
        and the case has moved on.
        """
        column = case_table.c.id if isinstance(key, int) else case_table.c.ref
        wanted = select(case_table).where(column == key)
        row = (
            connection.execute(wanted.with_for_update() if lock else wanted)
            .mappings()
            .one_or_none()
        )
        if row is None:
            raise NotFound
        if version is not None and row["version"] != version:
            raise Conflict
        return HeldCase(row["id"], row["version"], dict(row), self._restore(connection, row))

    def save(self, connection: Connection, held: HeldCase, **columns: object) -> None:
        """Write what changed since it was loaded; `columns` go into the same update.

        They win over the engine's own: `next_due_at=None` lets no timer of the case fire.
        """
        changes = held.case.changes()
        found = connection.execute(
            update(case_table)
            .where(case_table.c.id == held.id, case_table.c.version == held.version)
            .values(version=held.version + 1, **{**_engine_columns(changes), **columns})
        )
        if found.rowcount != 1:
            raise Conflict
        self._write(connection, held.id, changes)
        held.version += 1
        held.case.saved()

    def passed(self, connection: Connection, case_id: int) -> tuple[PassedTask, ...]:
        """Every activity the case has ended, in order: its past path, and where it can go back."""
        found = connection.execute(
            select(passed_table)
            .where(passed_table.c.case_id == case_id)
            .order_by(passed_table.c.clock, passed_table.c.seq)
        )
        return tuple(_passed_task(row) for row in found.mappings())

    def _restore(self, connection: Connection, row: RowMapping) -> RunningCase:
        tokens = connection.execute(
            select(token_table)
            .where(token_table.c.case_id == row["id"])
            .order_by(token_table.c.seq)
        ).mappings()
        return self._runtime(row["bundle"]).restore(
            row["process"],
            head=row["head"],
            facts=row["facts"],
            next_seq=row["next_seq"],
            rows=[_token_row(token) for token in tokens],
        )

    @staticmethod
    def _write(connection: Connection, case_id: int, changes: Changes) -> None:
        if changes.written:
            connection.execute(
                _UPSERT[connection.dialect.name],
                [_token_values(case_id, row) for row in changes.written],
            )
        if changes.gone:
            connection.execute(_DELETE, {"case": case_id, "gone": changes.gone})
        if changes.passed:
            values = [_passed_values(case_id, task) for task in changes.passed]
            connection.execute(insert(passed_table), values)


def _engine_columns(changes: Changes) -> dict[str, object]:
    return {
        "head": changes.head,
        "facts": changes.facts,
        "next_seq": changes.next_seq,
        "next_due_at": changes.next_due_at,
    }


def _token_row(row: RowMapping) -> TokenRow:
    return TokenRow(**{name: row[name] for name in _TOKEN})


def _token_values(case_id: int, row: TokenRow) -> dict[str, object]:
    return {"case_id": case_id} | {name: getattr(row, name) for name in _TOKEN}


def _passed_task(row: RowMapping) -> PassedTask:
    body = json.loads(row["body"])
    return PassedTask(
        **{name: row[name] for name in _PASSED},
        forks=tuple((opened, branch) for opened, branch in body["f"]),
        changed=body["d"],
    )


def _passed_values(case_id: int, task: PassedTask) -> dict[str, object]:
    body = json.dumps({"f": task.forks, "d": dict(task.changed)}, ensure_ascii=False)
    return {"case_id": case_id, "body": body} | {name: getattr(task, name) for name in _PASSED}


_TOKEN = ("seq", "id", "scope", "spec", "state", "due_at", "body")
_PASSED = ("seq", "id", "scope", "process", "spec", "state", "clock", "at")
_DELETE = delete(token_table).where(
    token_table.c.case_id == bindparam("case"),
    token_table.c.seq.in_(bindparam("gone", expanding=True)),
)


def _upsert(dialect: Any) -> Any:
    statement = dialect.insert(token_table)
    changing = {name: statement.excluded[name] for name in ("spec", "state", "due_at", "body")}
    return statement.on_conflict_do_update(index_elements=["case_id", "seq"], set_=changing)


_UPSERT = {"sqlite": _upsert(sqlite), "postgresql": _upsert(postgresql)}
