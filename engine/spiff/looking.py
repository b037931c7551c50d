"""What a case shows: tasks for people, messages to report, where its tokens stand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from SpiffWorkflow.bpmn.specs.control import BoundaryEventSplit
from SpiffWorkflow.bpmn.specs.event_definitions.message import MessageEventDefinition
from SpiffWorkflow.bpmn.specs.mixins.events.intermediate_event import BoundaryEvent
from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import MultiInstanceTask
from SpiffWorkflow.util.task import TaskState

from engine.errors import ExpressionError
from engine.expressions import unwrap
from engine.spiff.corrections.marks import LIVE
from engine.spiff.language import located
from engine.spiff.pruning import main_of, scopes
from engine.spiff.rows import scope_number
from engine.spiff.timers import due_at
from engine.spiff.values import INSTANCE, LivePosition, OpenTask, WaitingMessage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from SpiffWorkflow.task import Task

    from engine.spiff.rows import Numbers

_STATES = {TaskState.READY: "ready", TaskState.WAITING: "waiting", TaskState.STARTED: "started"}


def live_tasks(workflow: Any) -> Iterator[Task]:
    for scope in scopes(workflow):
        for task in list(scope.tasks.values()):
            if task.has_state(LIVE):
                yield task


def for_people(workflow: Any) -> list[Task]:
    return [
        task
        for task in live_tasks(workflow)
        if task.state == TaskState.READY and task.task_spec.manual
    ]


def open_task(task: Task, numbers: Numbers) -> OpenTask:
    spec: Any = task.task_spec
    role, by_lane = _role(task)
    return OpenTask(
        seq=numbers[task.id],
        process=task.workflow.spec.in_process,
        element=spec.bpmn_id,
        name=spec.bpmn_name or spec.bpmn_id,
        role=role,
        by_lane=by_lane,
        item=item_of(task),
        variables=dict(task.data),
    )


def _role(task: Task) -> tuple[str, bool]:
    spec: Any = task.task_spec
    candidates = (spec.extensions or {}).get("candidates")
    if not candidates:
        return spec.lane or "", True
    source = unwrap(candidates)
    if source is None:
        return candidates.strip(), False
    with located(task):
        value = task.workflow.script_engine.expression(source).evaluate(task.data)
        if not isinstance(value, str) or not value:
            raise ExpressionError("the candidate group must be the id of a role")
    return value, False


def item_of(task: Task) -> str | None:
    """What the task is for, when it or a process around it is repeated for each of a list."""
    found: Task | None = task
    while found is not None:
        repeated = found.parent.task_spec if found.parent is not None else None
        if isinstance(repeated, MultiInstanceTask) and found.task_spec.name.endswith(INSTANCE):
            item = repeated.input_item
            value = found.data.get(item.bpmn_id) if item is not None else None
            return None if value is None else str(value)
        owner = found.workflow.parent_task_id
        found = found.workflow.top_workflow.get_task_from_id(owner) if owner else None
    return None


def waits_for_message(task: Task) -> bool:
    return task.state == TaskState.WAITING and isinstance(
        getattr(task.task_spec, "event_definition", None), MessageEventDefinition
    )


def waiting_message(task: Task, numbers: Numbers) -> WaitingMessage:
    spec: Any = task.task_spec
    split = task.parent
    on_edge = isinstance(spec, BoundaryEvent) and isinstance(split.task_spec, BoundaryEventSplit)
    host = main_of(split) if on_edge else None
    return WaitingMessage(
        seq=numbers[task.id],
        process=task.workflow.spec.in_process,
        element=spec.bpmn_id,
        name=spec.event_definition.name or spec.bpmn_name or spec.bpmn_id,
        host=host.task_spec.bpmn_id if host is not None else None,
        host_seq=numbers[host.id] if host is not None else None,
        interrupting=bool(on_edge and spec.cancel_activity),
        item=item_of(host or task),
    )


def positions(workflow: Any, numbers: Numbers) -> Iterator[LivePosition]:
    for task in live_tasks(workflow):
        element = getattr(task.task_spec, "bpmn_id", None)
        if element is not None:
            yield LivePosition(
                seq=numbers[task.id],
                process=task.workflow.spec.in_process,
                element=element,
                scope=scope_number(task, numbers),
                state=_STATES[task.state],
                until=due_at(task) if task.state == TaskState.WAITING else None,
            )
