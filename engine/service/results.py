"""What verbs, sweeps and self-checks give back: frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from engine.checks import Finding
    from engine.definition import DeadlineRule, DueDate, Value
    from engine.service.views import InboxRow


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a verb did to a case: where it stands now, and which tasks were opened by it."""

    ref: str
    version: int
    status: str
    opened: tuple[InboxRow, ...] = ()


@dataclass(frozen=True, slots=True)
class DeadlineMove:
    """A deadline that moves, or would.

    `old_on` None: it begins to run; `new_on` None: it can no longer be worked out, `why` says so.
    """

    case_ref: str
    rule: DeadlineRule
    host_name: str
    old_on: date | None
    new_on: date | None
    new: DueDate | None
    why: str = ""


@dataclass(frozen=True, slots=True)
class FactPreview:
    fact: str
    title: str
    old: Value
    new: Value
    moves: tuple[DeadlineMove, ...]


@dataclass(frozen=True, slots=True)
class Published:
    hash: str
    number: int
    warnings: tuple[Finding, ...] = ()  # findings that do not stand in the way


@dataclass(frozen=True, slots=True)
class BundleRow:
    hash: str
    number: int
    author: str
    reason: str
    approver: str | None
    published_at: datetime
    live: bool


@dataclass(frozen=True, slots=True)
class AreaView:
    code: str
    name: str
    facts: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class StartForm:
    """A process that can be started, in words."""

    process: str
    title: str
    guidance: str


@dataclass(frozen=True, slots=True)
class Sweep:
    """One look for due clocks: cases moved, cases that failed (each has an incident)."""

    moved: int
    failed: int


@dataclass(frozen=True, slots=True)
class DueWork:
    """What the worker could do now; read without a lock."""

    timers: bool
    outbox: bool


@dataclass(frozen=True, slots=True)
class AuditFilter:
    case_ref: str | None = None
    actor: str | None = None
    action: str | None = None
    before: int | None = None  # seq: older entries only


@dataclass(frozen=True, slots=True)
class Verification:
    """Whether the audit is whole. `problems` are sentences with the row's number."""

    rows: int
    head: str  # hash of the last row: worth writing down elsewhere
    problems: tuple[str, ...]

    @property
    def whole(self) -> bool:
        return not self.problems


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the self-check."""

    name: str
    passed: bool
    detail: str


@dataclass(frozen=True, slots=True)
class IncidentView:
    """A case whose clock could not be fired: others went on, this one needs a look."""

    id: int
    case_ref: str
    at: datetime
    what: str
    tries: int
    solved: bool = False
