"""What the adapter tells about a running case: frozen values, none of SpiffWorkflow's own types."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from engine.definition import Value


INSTANCE = " [child]"  # what SpiffWorkflow adds to the name of one instance's spec


@dataclass(frozen=True, slots=True)
class OpenTask:
    """A user task waiting for a person. `seq` names it in the rows of the case and never changes.

    `role` is what `camunda:candidateGroups` gives, else the lane's name. `item` is what a repeated
    task (or a repeated call around it) is for.
    """

    seq: int
    process: str
    element: str
    name: str
    role: str
    by_lane: bool  # `role` is a lane's name, not a role's id
    item: str | None
    variables: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class WaitingMessage:
    """Something a person may report now: a boundary or an intermediate message event."""

    seq: int
    process: str
    element: str
    name: str  # of the message: the button's text
    host: str | None  # the activity on whose edge it sits
    host_seq: int | None
    interrupting: bool
    item: str | None


@dataclass(frozen=True, slots=True)
class HostClock:
    """A boundary timer that asks `due(rule)`, and the activity on whose edge it sits (the host).

    Also told for hosts that ended since the case was loaded, once, so that their deadlines can be
    closed: `state` is open, completed or withdrawn.
    """

    rule: str
    remind: int  # working days before the due date; 0 = the deadline itself
    process: str
    element: str  # the timer's
    host: str
    host_seq: int
    state: str
    due_at: datetime | None  # None: a fact it counts from is not known yet
    fired: bool


@dataclass(frozen=True, slots=True)
class LivePosition:
    """Where a token stands: the element on its own diagram, outer call activities included."""

    seq: int
    process: str
    element: str
    scope: int  # seq of the activity it runs in, 0 = the case's own process
    state: str  # ready | waiting | started
    until: datetime | None = None  # of a clock that waits, where its date is known


@dataclass(frozen=True, slots=True)
class Step:
    """An element passed since the case was loaded, in order."""

    process: str
    element: str
    name: str
    kind: str  # its BPMN tag: userTask, boundaryEvent, endEvent, ...
    at: datetime


@dataclass(frozen=True, slots=True)
class PassedTask:
    """A row of table `passed`: what the past path and sending back need of a finished activity."""

    seq: int
    id: str
    scope: int
    process: str
    spec: str
    state: int
    clock: int  # the case's logical time of its end
    at: datetime
    forks: tuple[tuple[int, int], ...]  # the splits it stood under
    changed: Mapping[str, Value]

    @property
    def element(self) -> str:
        """The element's id on its diagram; one instance of a repeated task has the task's own."""
        return self.spec.removesuffix(INSTANCE)

    @property
    def is_instance(self) -> bool:
        return self.spec.endswith(INSTANCE)


@dataclass(frozen=True, slots=True)
class BackTarget:
    """Whether a finished activity can be worked again; `refusal` is the sentence to show."""

    seq: int
    process: str
    element: str
    refusal: str | None


@dataclass(frozen=True, slots=True)
class TokenRow:
    """A row of table `token`."""

    seq: int
    id: str
    scope: int
    spec: str
    state: int
    due_at: datetime | None
    body: str


@dataclass(frozen=True, slots=True)
class Changes:
    """What a step changed in the rows of a case."""

    head: str
    facts: str
    next_seq: int
    next_due_at: datetime | None
    written: tuple[TokenRow, ...]
    gone: tuple[int, ...]
    passed: tuple[PassedTask, ...]
