"""Activities with a legal clock on their edge, watched from the moment they are armed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.bpmn.specs.control import BoundaryEventSplit
from SpiffWorkflow.util.task import TaskState

from engine.spiff.corrections.marks import LIVE
from engine.spiff.pruning import main_of, scopes
from engine.spiff.timers import due_at, expression_of, is_timer
from engine.spiff.values import HostClock

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

    from SpiffWorkflow.task import Task

    from engine.expressions import Call

_DUE = "due"  # the function whose boundary timer arms a deadline


@dataclass(frozen=True, slots=True)
class _Watched:
    host: Task
    timer: Task
    call: Call


class Hosts:
    """Remembers hosts that ended, until the case is loaded anew: tasks themselves are forgotten."""

    def __init__(self, workflow: Any) -> None:
        self._watched: dict[UUID, _Watched] = {}  # by the timer's task
        for scope in scopes(workflow):
            for task in scope.tasks.values():
                self.armed(task)

    def armed(self, split: Task) -> None:
        """Call it for every task passed: a split arms the boundary events behind it."""
        if not isinstance(split.task_spec, BoundaryEventSplit):
            return
        for timer in split.children:
            if is_timer(timer):
                for call in expression_of(timer).calls:
                    if call.name == _DUE and call.constants:
                        self._watched[timer.id] = _Watched(main_of(split), timer, call)

    def __iter__(self) -> Iterator[tuple[Task, Task, Call]]:
        for watched in self._watched.values():
            yield watched.host, watched.timer, watched.call


def host_clock(host: Task, timer: Task, call: Call, *, host_seq: int) -> HostClock:
    remind = call.keywords.get("remind", 0)
    spec: Any = host.task_spec
    return HostClock(
        rule=str((call.constants or ("",))[0]),
        remind=remind if isinstance(remind, int) else 0,
        process=host.workflow.spec.in_process,
        element=timer.task_spec.bpmn_id,
        host=spec.bpmn_id,
        host_seq=host_seq,
        state=_state(host),
        due_at=due_at(timer),
        fired=timer.state == TaskState.COMPLETED,
    )


def _state(host: Task) -> str:
    """A host that is gone without having been completed was withdrawn."""
    if host.state == TaskState.COMPLETED:
        return "completed"
    return "open" if host.has_state(LIVE) and host.id in host.workflow.tasks else "withdrawn"
