"""What `processes` hands to the engine: one typed value.

The engine knows no law; it knows these shapes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

Scalar = str | int | float | bool | None
#: What a variable of a case may hold. Dates are ISO texts (2026-03-31): they compare as dates do.
Value = Scalar | list[Scalar]


@dataclass(frozen=True, slots=True)
class Role:
    """Who works a lane.

    `title` is the lane's name on the diagrams; `liaison` is the role that records the answers of
    an outside body which has no users here.
    """

    id: str
    title: str
    liaison: str | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """A truth about the whole case (not about one branch), with the words a person reads.

    `type` is a form field's type. A form field or a script line of the same name sets it
    everywhere at once.
    """

    id: str
    title: str
    type: str


@dataclass(frozen=True, slots=True)
class Duty:
    """One rule of law, as far as pages and checks need it."""

    id: str
    title: str
    force: str
    phrase: str


@dataclass(frozen=True, slots=True)
class Skipped:
    """A day that does not count, and why (a bank holiday's name, "Saturday", "Sunday")."""

    on: date
    name: str


@dataclass(frozen=True, slots=True)
class DeadlineRule:
    """A named clock. `starts_from` is the fact it counts from, None for a fixed date."""

    id: str
    title: str
    force: str  # must | should | expected | local
    starts_from: str | None
    limit: str  # in words: "5 working days after"
    source: str  # document and locating phrase
    law: tuple[str, ...]  # duties it belongs to
    recipients: tuple[str, ...] = ()
    counts: str = ""  # working_days | calendar_days | months
    number: int = 0  # how many; the checker compares both with the law table
    direction: str = "after"  # after | before
    foreseen_while: str = ""  # condition over facts: shown before its step is reached
    valid_from: date | None = None  # the version in force for clocks that start in this span
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class DueDate:
    """A due date that explains itself; evaluating the explanation again gives the same date."""

    rule: DeadlineRule
    start_on: date | None
    due_on: date
    counted: tuple[date, ...]  # every working day counted, in counting order; empty for months
    skipped: tuple[Skipped, ...]  # every day passed over, in the same order
    because: str  # one sentence: from what, how, to when


@dataclass(frozen=True, slots=True)
class CalendarChange:
    """A bank holiday proclaimed (`working=False`) or taken away, with its source."""

    on: date
    name: str
    working: bool
    source: str


@dataclass(frozen=True, slots=True)
class Function:
    """A pure function diagrams may call.

    With `wants_facts` its first argument is the case's variables.
    `names` tells the checker which variables a call reads, given its constant arguments.
    """

    name: str
    call: Callable[..., Value]
    least: int  # number of positional arguments
    most: int
    keywords: frozenset[str] = frozenset()
    wants_facts: bool = False
    returns: str = "value"  # value | instant (only these may stand in a timer)
    names: Callable[..., frozenset[str]] = field(default=lambda *_: frozenset())


class LegalTime(Protocol):
    """Deadline rules of one bundle over one state of the calendar."""

    @property
    def rules(self) -> Mapping[str, DeadlineRule]: ...

    @property
    def facts(self) -> Mapping[str, Fact]: ...

    def due(self, rule_id: str, facts: Mapping[str, Value], *, remind: int = 0) -> DueDate:
        """When the rule is due; `remind` working days earlier.

        Raises `FactMissing`, `CalendarNotKnown`, KeyError for an unknown rule.
        """
        ...

    def working_days_between(self, start: date, end: date) -> int:
        """Working days after `start` up to and including `end`; negative when `end` is earlier."""
        ...

    def functions(self) -> Mapping[str, Function]:
        """What expressions may call: `due`, `on`, `today`, ..."""
        ...


@dataclass(frozen=True, slots=True)
class ProcessDefinition:
    """All the engine needs of a process: nothing else of `processes` is visible to it."""

    startable: tuple[str, ...]  # process ids a person may start
    roles: tuple[Role, ...]
    duties: Mapping[str, Duty]
    waived: Mapping[str, str]  # duty id -> why no element carries it
    statute: Mapping[str, object]  # the law table of the checker (TOML as read)
    legal_time: Callable[
        [bytes, Sequence[CalendarChange]], LegalTime
    ]  # deadlines.toml -> LegalTime
    files: Callable[[], Mapping[str, bytes]]  # the shipped bundle, by file name

    def role(self, role_id: str) -> Role:
        """The role of that id; KeyError if there is none."""
        return {role.id: role for role in self.roles}[role_id]
