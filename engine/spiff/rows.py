"""A case's tree of tasks as rows, and back.

What the engine can work out again is not stored: predicted tasks, lists of children (from parent
and number), and variables as they were inherited.

A body holds differences to the nearest *finished* ancestor, which never changes again; so a change
of one task does not rewrite its neighbours.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from uuid import UUID

from SpiffWorkflow.bpmn.specs.mixins.events.event_types import CatchingEvent
from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.spiff.corrections.marks import DONE, FINISHED, FORKS, WRITES
from engine.spiff.corrections.writes import copied, stamps
from engine.spiff.timers import due_at
from engine.spiff.values import PassedTask, TokenRow

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

Numbers = dict[UUID, int]


def dumps(value: object) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


# -- to rows ------------------------------------------------------------------------------------
def in_order(workflow: Any) -> Iterator[Task]:
    """Parents before children, an activity before what runs in it; nothing predicted."""
    todo = [workflow.task_tree]
    while todo:
        task = todo.pop()
        if task.has_state(TaskState.PREDICTED_MASK | TaskState.FUTURE):
            continue
        yield task
        inner = workflow.subprocesses.get(task.id)
        todo += reversed(([inner.task_tree] if inner is not None else []) + task.children)


def scope_number(task: Task, numbers: Numbers) -> int:
    """The number of the activity it runs in; 0 for the case's own process."""
    owner = task.workflow.parent_task_id
    return 0 if owner is None else numbers[owner]


def token_row(task: Task, numbers: Numbers) -> TokenRow:
    return TokenRow(
        seq=numbers[task.id],
        id=task.id.hex,
        scope=scope_number(task, numbers),
        spec=task.task_spec.name,
        state=task.state,
        due_at=due_at(task) if task.state == TaskState.WAITING else None,
        body=_body(task, numbers),
    )


def head_of(scope: Any, numbers: Numbers) -> dict[str, Any]:
    """What is true of a process instance as a whole."""
    last = scope.last_task
    return {
        "data": scope.data,
        "ok": scope.success,
        "done": scope.completed,
        "last": numbers.get(last.id) if last is not None else None,
    }


def passed_task(task: Task, numbers: Numbers, at: datetime) -> PassedTask:
    before = task.parent.data if task.parent is not None else {}
    return PassedTask(
        seq=numbers[task.id],
        id=task.id.hex,
        scope=scope_number(task, numbers),
        process=task.workflow.spec.in_process,
        spec=task.task_spec.name,
        state=task.state,
        clock=task.internal_data[DONE],
        at=at,
        forks=tuple((opened, branch) for opened, branch in task.internal_data.get(FORKS, [])),
        changed=_difference(task.data, before),
    )


def _body(task: Task, numbers: Numbers) -> str:
    base = _base(task)
    data, written = (base.data, stamps(base)) if base is not None else ({}, {})
    own = stamps(task)
    body: dict[str, Any] = {
        "p": numbers[task._parent] if task._parent is not None else 0,
        "i": {key: value for key, value in task.internal_data.items() if key != WRITES},
        "d": _difference(task.data, data),
        "w": _difference(own, written),
    }
    if without := [name for name in data if name not in task.data]:
        body["x"] = without
    if unwritten := [name for name in written if name not in own]:
        body["wx"] = unwritten
    if task.triggered:
        body["t"] = 1
    inner = task.workflow.top_workflow.subprocesses.get(task.id)
    if inner is not None:
        body["s"] = head_of(inner, numbers)
    return dumps(body)


def _difference(now: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: value
        for name, value in now.items()
        if name not in before
        or before[name] != value
        or type(before[name]) is not type(value)  # 1 == True
    }


def _base(task: Task) -> Task | None:
    ancestor = task.parent
    while ancestor is not None and not ancestor.has_state(FINISHED):
        ancestor = ancestor.parent
    return ancestor


# -- and back -----------------------------------------------------------------------------------
def restore(workflow: Any, head: str, rows: Iterable[TokenRow]) -> dict[int, Task]:
    """Put the rows (in order of number) into an empty workflow; the tasks by number."""
    tasks: dict[int, Task] = {}
    by_number = {0: workflow}
    heads = [(workflow, json.loads(head))]
    for row in rows:
        scope = by_number.get(row.scope)
        if scope is None:
            continue  # ran in an activity that new diagrams do not have
        body = json.loads(row.body)
        task = _task(row, body, scope, tasks)
        if task is None:
            continue
        tasks[row.seq] = task
        if "s" in body:
            by_number[row.seq] = _inner(workflow, task)
            heads.append((by_number[row.seq], body["s"]))
    for scope, facts in heads:
        scope.data, scope.success, scope.completed = facts["data"], facts["ok"], facts["done"]
        scope.task_tree = next(t for t in scope.tasks.values() if t._parent is None)
        scope.last_task = tasks.get(facts["last"])
    return tasks


def _task(row: TokenRow, body: Any, scope: Any, tasks: Mapping[int, Task]) -> Task | None:
    spec = scope.spec.task_specs.get(row.spec)
    if spec is None:
        # Only after moving to other diagrams: a live boundary event goes, a finished task stays
        # as the place where its followers find their variables.
        if not row.state & FINISHED:
            return None
        spec = scope.spec.start
    task = Task(scope, spec, state=row.state, id=UUID(row.id))
    task.triggered, task.internal_data = bool(body.get("t")), body["i"]
    parent = tasks.get(body["p"])
    if parent is not None:
        task._parent = parent.id
        parent._children.append(task.id)
    _restore_variables(task, body)
    if row.state == TaskState.WAITING and isinstance(spec, CatchingEvent):
        scope.top_workflow.event_manager.add_task(task)
    return task


def _restore_variables(task: Task, body: Any) -> None:
    base = _base(task)
    data, written = (base.data, stamps(base)) if base is not None else ({}, {})
    without, unwritten = set(body.get("x", ())), set(body.get("wx", ()))
    kept = {name: copied(value) for name, value in data.items() if name not in without}
    task.data = kept | body["d"]
    task.internal_data[WRITES] = {
        name: stamp for name, stamp in written.items() if name not in unwritten
    } | body["w"]


def _inner(workflow: Any, task: Task) -> Any:
    spec = workflow.subprocess_specs[task.task_spec.spec]
    scope = BpmnSubWorkflow(spec, task.id, workflow, deserializing=True)
    workflow.subprocesses[task.id] = scope
    scope.completed_event.connect(task.task_spec._on_subworkflow_completed, task)
    return scope
