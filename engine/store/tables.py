"""Every table of the engine, plain SQLAlchemy Core; the same on SQLite and PostgreSQL."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect
    from sqlalchemy.types import TypeEngine

metadata = MetaData()


class Instant(TypeDecorator[datetime]):
    """An aware instant; on SQLite UTC text of one width, which sorts as time. Never naive."""

    impl = String(27)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(
            DateTime(timezone=True) if dialect.name == "postgresql" else String(27)
        )

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | str | None:
        if value is None:
            return None
        if value.tzinfo is None:
            msg = f"an instant needs its time zone: {value}"
            raise ValueError(msg)
        utc = value.astimezone(UTC)
        return utc if dialect.name == "postgresql" else utc.strftime("%Y-%m-%dT%H:%M:%S.%fZ")

    def process_result_value(
        self, value: datetime | str | None, dialect: Dialect
    ) -> datetime | None:
        if dialect.name != "postgresql" and isinstance(value, str):
            return datetime.strptime(value, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)
        return value.astimezone(UTC) if isinstance(value, datetime) else None


# -- what the process owner published -----------------------------------------------------------
bundle = Table(
    "bundle",
    metadata,
    Column("hash", String(64), primary_key=True),  # of the canonical form of all files
    Column("number", Integer, nullable=False, unique=True),
    Column("author", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("approver", Text),
    Column("published_at", Instant, nullable=False),
    Column("live", Boolean, nullable=False),  # exactly one: new cases start on it
)
bundle_file = Table(
    "bundle_file",
    metadata,
    Column("bundle", ForeignKey("bundle.hash"), primary_key=True),
    Column("name", String(200), primary_key=True),
    Column("content", LargeBinary, nullable=False),
)
area = Table(
    "area",
    metadata,
    Column("code", String(20), primary_key=True),
    Column("name", Text, nullable=False),
    Column("facts", Text, nullable=False),  # JSON: facts every case of the area is opened with
)
calendar_change = Table(
    "calendar_change",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("on", Date, nullable=False, index=True),  # of two changes of a day the later wins
    Column("name", Text, nullable=False),
    Column("working", Boolean, nullable=False),
    Column("source", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("by", Text, nullable=False),
)

# -- a case and where it stands -----------------------------------------------------------------
case = Table(
    "case_",
    metadata,
    Column("id", Integer, primary_key=True),
    Column(
        "ref", String(20), nullable=False, unique=True
    ),  # what people say and links carry; no personal data
    Column("process", String(100), nullable=False),  # process id it was started with
    Column("bundle", ForeignKey("bundle.hash"), nullable=False),
    Column("area", ForeignKey("area.code"), nullable=False),
    Column("title", Text, nullable=False),  # plain words without names
    Column(
        "status", String(12), nullable=False
    ),  # open | finished | withdrawn | cancelled | suspended
    Column("ended_as", Text),  # name of the end event reached last
    Column("opened_at", Instant, nullable=False),
    Column("opened_by", Text, nullable=False),
    Column("ended_at", Instant),
    Column("version", Integer, nullable=False),  # grows with every step; forms carry it
    # The version in which a fact changed last.
    Column("facts_version", Integer, nullable=False, server_default="0"),
    Column("next_due_at", Instant),  # earliest waiting timer of an open case
    Column("next_seq", Integer, nullable=False),
    Column(
        "entries", Integer, nullable=False, server_default="0"
    ),  # of the audit: its last cannot be cut off unseen
    Column("facts", Text, nullable=False),  # JSON: current case-wide facts; history is in the audit
    Column("head", Text, nullable=False),  # JSON of the outermost process instance
    Index(
        "case_due",
        "next_due_at",
        sqlite_where=text("next_due_at is not null"),
        postgresql_where=text("next_due_at is not null"),
    ),
    Index("case_open", "status", "area"),
)
token = Table(  # one row per live engine task, see docs/decisions/0004
    "token",
    metadata,
    Column("case_id", ForeignKey("case_.id"), primary_key=True),
    Column("seq", Integer, primary_key=True),  # creation order; the task's short name in other rows
    Column("id", String(32), nullable=False),
    Column(
        "scope", Integer, nullable=False
    ),  # seq of the activity it runs in, 0 = the case's own process
    Column("spec", Text, nullable=False),  # element id on the diagram
    Column("state", Integer, nullable=False),
    Column("due_at", Instant),
    Column("body", Text, nullable=False),
)
passed = Table(  # append-only: what sending back and the past path need
    "passed",
    metadata,
    Column("case_id", ForeignKey("case_.id"), primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("id", String(32), nullable=False),
    Column("scope", Integer, nullable=False),
    Column("process", String(100), nullable=False),
    Column("spec", Text, nullable=False),
    Column("state", Integer, nullable=False),
    Column("clock", Integer, nullable=False),
    Column("at", Instant, nullable=False),
    Column("body", Text, nullable=False),
)

# -- what people do -----------------------------------------------------------------------------
task = Table(  # a user task: open ones are the inbox, finished ones the history
    "task",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("case_id", ForeignKey("case_.id"), nullable=False),
    Column("seq", Integer, nullable=False),  # its token
    Column("process", String(100), nullable=False),
    Column("element", String(200), nullable=False),
    Column("name", Text, nullable=False),
    Column("item", Text),  # of a repeated task: the agency, area, case it is for
    Column("role", String(60), nullable=False),
    Column("area", String(20), nullable=False),
    Column(
        "status", String(10), nullable=False
    ),  # open | held (its case is suspended) | done | withdrawn
    Column("rule", String(40)),  # the deadline rule it helps to meet
    Column("due_on", Date),  # that rule's due date, for the inbox
    Column("assignee", String(60)),
    Column("draft", Text),  # JSON as typed, unvalidated
    Column("draft_by", String(60)),
    Column("draft_at", Instant),
    Column("opened_at", Instant, nullable=False),
    Column("closed_at", Instant),
    Column("closed_by", String(60)),
    UniqueConstraint("case_id", "seq"),
    Index(
        "task_by_date",
        "due_on",
        "id",
        "role",
        "area",
        sqlite_where=text("status = 'open'"),
        postgresql_where=text("status = 'open'"),
    ),
    Index(
        "task_by_role",
        "area",
        "role",
        "due_on",
        "id",
        sqlite_where=text("status = 'open'"),
        postgresql_where=text("status = 'open'"),
    ),
    Index("task_mine", "assignee", "status", "due_on", "id"),
    Index("task_of_case", "case_id", "status"),
)
answer = Table(  # one row per form handed in; never changed
    "answer",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("case_id", ForeignKey("case_.id"), nullable=False, index=True),
    Column("task_id", ForeignKey("task.id"), nullable=False),
    Column("values", Text, nullable=False),  # JSON: field id -> value
    Column("at", Instant, nullable=False),
    Column("by", String(60), nullable=False),
)
deadline = Table(
    "deadline",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("case_id", ForeignKey("case_.id"), nullable=False),
    Column("rule", String(40), nullable=False),
    Column("host", Integer, nullable=False),  # seq of the activity whose edge carries the clock
    Column("element", String(200), nullable=False),  # its id on the diagram
    Column("started_on", Date),
    Column("due_on", Date, nullable=False),
    Column("status", String(10), nullable=False),  # open | met | missed | withdrawn
    Column("proof_on", Date),  # latest proof so far; becomes met_on when the activity ends
    Column("met_on", Date),
    Column(
        "proof_task", Integer
    ),  # the task whose form carried the proof; None: the step's own end
    UniqueConstraint("case_id", "rule", "host"),
    Index("deadline_next", "status", "due_on"),
    Index("deadline_of_case", "case_id", "status"),
)
audit = Table(
    "audit",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("case_id", Integer, index=True),
    Column("at", Instant, nullable=False),
    Column("actor", String(60), nullable=False),
    Column("on_behalf_of", String(60)),
    Column("action", String(40), nullable=False),
    Column("element", String(200)),
    Column("body", Text, nullable=False),  # JSON: before and after
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
)
outbox = Table(
    "outbox",
    metadata,
    Column("id", Integer, primary_key=True),
    Column(
        "key", String(120), nullable=False, unique=True
    ),  # case:version:kind:to; the e-mail's Message-ID
    Column("case_id", Integer),
    Column("kind", String(40), nullable=False),
    Column("body", Text, nullable=False),
    Column("status", String(8), nullable=False),  # pending | done | dead
    Column("due_at", Instant, nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("last_error", Text),
    Column("note", Text),  # what the handler said it did
    Index(
        "outbox_due",
        "due_at",
        "id",
        sqlite_where=text("status = 'pending'"),
        postgresql_where=text("status = 'pending'"),
    ),
)
incident = Table(  # a case whose clock could not be fired
    "incident",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("case_id", ForeignKey("case_.id"), nullable=False, unique=True),
    Column("at", Instant, nullable=False),  # of the last try
    Column("what", Text, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("again_at", Instant, nullable=False),  # not tried before
    Column("solved", Boolean, nullable=False),
)
