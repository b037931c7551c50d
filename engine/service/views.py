"""What the service takes and gives: frozen values, no rows of the database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import date, datetime

    from engine.definition import DeadlineRule, DueDate, Duty, Value
    from engine.diagrams.forms import Form, Known

#: A form as a browser sends it: every field name with the texts typed into it.
Typed = Mapping[str, Sequence[str]]


# -- people -------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something. `id` is kept in the audit; `name` is never stored by the engine.

    Made by `Cases.actor`, which adds the roles whose work this person does as a liaison.
    """

    id: str
    name: str
    grants: frozenset[tuple[str, str | None]]  # (role id, area code); area None = every area
    liaison_for: frozenset[str] = frozenset()  # roles worked on behalf of a body outside

    def may_work(self, role: str, area: str) -> bool:
        return (role, area) in self.grants or (role, None) in self.grants

    def may_see(self, area: str) -> bool:
        """Any grant for the area opens its cases; somebody without grants sees none."""
        return any(granted in {None, area} for _, granted in self.grants)


#: The worker: fires clocks, holds no grant.
SYSTEM = Actor("system", "the system", frozenset())


# -- tasks --------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class InboxRow:
    """One task in a list. `due_on` is the nearest open deadline it helps to meet."""

    id: int
    case_ref: str
    case_title: str
    area: str
    process: str
    element: str
    name: str
    item: str | None  # of a repeated task: the agency, area, case it is for
    role: str
    role_title: str
    status: str  # open | done | withdrawn
    rule: str | None
    due_on: date | None
    overdue: bool  # worked out from dates when it was read
    assignee: str | None
    opened_at: datetime
    closed_at: datetime | None = None
    closed_by: str | None = None


@dataclass(frozen=True, slots=True)
class InboxFilter:
    """Which tasks of those the actor may work."""

    area: str | None = None
    role: str | None = None
    mine: bool = False  # claimed by or assigned to the actor
    unclaimed: bool = False
    overdue: bool = False
    text: str = ""  # part of the task's name, the case's title or its reference


@dataclass(frozen=True, slots=True)
class InboxPage:
    """`after` is the cursor of the next page, None on the last."""

    rows: tuple[InboxRow, ...]
    after: str | None


@dataclass(frozen=True, slots=True)
class InboxCounts:
    """Open tasks the actor may work."""

    open: int
    mine: int
    overdue: int


@dataclass(frozen=True, slots=True)
class NextStep:
    """What may come after a task, as far as the diagram says. `when` is the flow's label."""

    element: str
    name: str
    kind: str  # the BPMN word: userTask, callActivity, endEvent, ...
    role_title: str | None
    when: str | None


@dataclass(frozen=True, slots=True)
class TaskPage:
    """All a person needs to do one task. A form sends `version` back with its answers."""

    task: InboxRow
    version: int
    form: Form
    known: Known  # what `show_if` and `not_before` compare with, the words for it, other areas
    values: Mapping[
        str, Value
    ]  # defaults, what is known already, or the answers given when it was done
    draft: Mapping[str, Sequence[str]] | None
    draft_by: str | None
    draft_at: datetime | None
    guidance: str
    law: tuple[Duty, ...]
    deadline: DeadlineView | None
    next_steps: tuple[NextStep, ...]
    back_to: tuple[BackTo, ...]  # tasks this one can be sent back to
    may_work: bool

    @property
    def facts(self) -> Mapping[str, Value]:
        return self.known.values


@dataclass(frozen=True, slots=True)
class BackTo:
    """A finished task a case may be sent back to; `key` goes to `Cases.send_back`."""

    key: int
    name: str


# -- cases --------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class DeadlineView:
    """A clock of one case.

    `due` explains the date; it is None where the explanation cannot be worked out any more (the
    stored `due_on` still stands).
    """

    id: int
    case_ref: str
    rule: DeadlineRule
    element: str
    host_name: str  # the activity it limits
    started_on: date | None
    due_on: date
    due: DueDate | None
    status: str  # open | met | missed | withdrawn
    met_on: date | None
    proof_on: date | None  # the latest proof so far, while the activity still runs
    proof_task: int | None  # None: the step's own end is the proof
    overdue: bool  # open and past, or met too late
    late_by: int  # working days late so far or when met; 0 = in time
    days_left: int | None  # working days until it is due, None unless open

    @property
    def title(self) -> str:
        return self.rule.title

    @property
    def force(self) -> str:
        return self.rule.force


@dataclass(frozen=True, slots=True)
class FactView:
    id: str
    title: str
    type: str
    value: Value


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One line of the audit in words. `actor` is an id; the page knows the person's name."""

    seq: int
    at: datetime
    actor: str
    on_behalf_of: str | None
    action: str
    element: str | None
    name: str | None  # the element's name on the diagram
    body: Mapping[str, Any]
    case_ref: str | None = None  # told where entries of several cases stand together


@dataclass(frozen=True, slots=True)
class AnswerView:
    """A form handed in: labels beside values, in the form's order."""

    id: int
    task: int
    task_name: str
    values: tuple[tuple[str, str, Value], ...]  # field id, label, value
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class MessageView:
    """Something that can be reported now. `key` goes to `Cases.report`."""

    key: str
    name: str  # the button's text
    process: str
    element: str
    host_name: str  # the activity that is open
    interrupting: bool
    guidance: str


@dataclass(frozen=True, slots=True)
class MapPosition:
    """Where a case stands on one diagram: elements that wait, elements passed."""

    process: str
    title: str
    here: frozenset[str]
    been: frozenset[str]


@dataclass(frozen=True, slots=True)
class WaitView:
    """A date on the case's way: nobody has anything to do there before it comes."""

    process: str
    element: str
    name: str
    until: datetime | None


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One case in a list."""

    ref: str
    title: str
    area: str
    process: str
    status: str  # open | finished | withdrawn | cancelled | suspended
    opened_at: datetime
    ended_at: datetime | None
    ended_as: str | None
    next_due_on: date | None  # nearest open deadline
    next_rule: str | None
    overdue: bool


@dataclass(frozen=True, slots=True)
class OpenDeadline:
    """A deadline nobody has met yet; `id` stays the same when it moves."""

    id: int
    case_ref: str
    rule: str
    due_on: date


@dataclass(frozen=True, slots=True)
class CaseFilter:
    area: str | None = None
    status: str | None = "open"
    overdue: bool = False
    text: str = ""


@dataclass(frozen=True, slots=True)
class CasePage:
    rows: tuple[CaseRow, ...]
    after: str | None


@dataclass(frozen=True, slots=True)
class CaseView:
    """Everything on a case's page, read in one go."""

    ref: str
    title: str
    area: str
    area_name: str
    process: str
    bundle_number: int
    status: str
    opened_at: datetime
    opened_by: str
    ended_at: datetime | None
    ended_as: str | None
    version: int
    facts: tuple[FactView, ...]
    tasks: tuple[InboxRow, ...]  # open ones first, then done, newest first
    deadlines: tuple[DeadlineView, ...]  # open ones first, nearest first
    foreseen: tuple[DueDate, ...]  # limits already running whose step is not reached yet
    timeline: tuple[TimelineEntry, ...]  # newest first
    answers: tuple[AnswerView, ...]  # oldest first
    messages: tuple[MessageView, ...]
    positions: tuple[MapPosition, ...]  # outermost diagram first
    waits: tuple[WaitView, ...]  # the nearest first
