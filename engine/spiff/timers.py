"""Timers: a due instant worked out by the closed language, and fired one at a time.

F7: as shipped, any step lets every due timer of a process fire at once; after a night's downtime
two interrupting timers of one activity both ran. Here a timer never fires by itself: `fire` does
it, for the earliest due one, and the case is run on before the next is looked at.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.bpmn.specs.event_definitions.timer import TimeDateEventDefinition
from SpiffWorkflow.util.task import TaskState

from engine.errors import ExpressionError, FactMissing
from engine.spiff.language import located

if TYPE_CHECKING:
    from collections.abc import Collection

    from SpiffWorkflow.task import Task

    from engine.expressions import Expression

_DUE, _FIRED = "event_value", "event_fired"  # upstream's keys


class LegalMoment(TimeDateEventDefinition):
    """A `timeDate`. While a variable it reads is not known yet, it waits without a date."""

    def has_fired(self, my_task: Task) -> bool:
        if my_task.internal_data.get(_DUE) is None:
            work_out(my_task)
        return bool(my_task.internal_data.get(_FIRED, False))


def expression_of(task: Task) -> Expression:
    """What a timer asks."""
    language = task.workflow.script_engine
    with located(task):
        found: Expression = language.expression(task.task_spec.event_definition.expression)
    return found


def work_out(task: Task) -> None:
    """Ask the timer's expression again."""
    expression = expression_of(task)
    unknown = any(task.data.get(name) is None for name in expression.names)
    due = None if unknown else _instant(task, expression)
    task.internal_data[_DUE] = due.isoformat(timespec="microseconds") if due else None


def _instant(task: Task, expression: Expression) -> datetime | None:
    with located(task):
        try:
            value = expression.evaluate(task.data)
        except FactMissing:
            return None
        try:
            instant = datetime.fromisoformat(value) if isinstance(value, str) else None
        except ValueError:
            instant = None
        if instant is None or instant.tzinfo is None:
            raise ExpressionError("a timer needs an instant, as due(...) and on(...) give it")
    return instant.astimezone(UTC)


def due_at(task: Task) -> datetime | None:
    """When a timer is due; None for anything else, and while it is not known."""
    value = task.internal_data.get(_DUE)
    return datetime.fromisoformat(value) if value else None


def is_timer(task: Task) -> bool:
    return isinstance(getattr(task.task_spec, "event_definition", None), LegalMoment)


def waiting_timers(workflow: Any) -> list[Task]:
    return [
        task
        for task in workflow.event_manager.tasks.values()
        if task.state == TaskState.WAITING and is_timer(task)
    ]


def next_due(workflow: Any, now: datetime) -> Task | None:
    """The timer to fire: the earliest of those due at `now`."""
    due = [
        (at, task.task_spec.name, place, task)
        for place, task in enumerate(waiting_timers(workflow))
        if (at := due_at(task)) and at <= now
    ]
    return min(due)[-1] if due else None


def fire(task: Task) -> None:
    task.internal_data[_FIRED] = True
    task.task_spec._update(task)


def reschedule(workflow: Any, changed: Collection[str] | None = None) -> None:
    """Ask every waiting timer again that reads one of these variables; None: every one."""
    for task in waiting_timers(workflow):
        if changed is None or not expression_of(task).names.isdisjoint(changed):
            work_out(task)
