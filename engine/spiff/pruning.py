"""What may be forgotten of a case's tree of tasks, so that a step costs the same after years.

Kept are: the root; every live task; every arrival at a join that no firing has used; the parent of
each of these (its data is inherited again on every update); and, while an activity with boundary
events is unfinished, its split with all the split's children. Everything else is dropped, and the
proof in tests/engine/store is that a case then goes on as if nothing had been.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from SpiffWorkflow.bpmn.specs.control import BoundaryEventSplit, _EndJoin
from SpiffWorkflow.bpmn.specs.mixins.unstructured_join import UnstructuredJoin
from SpiffWorkflow.util.task import TaskState

from engine.spiff.corrections.joins import is_arrival
from engine.spiff.corrections.marks import FINISHED, LIVE, UNFINISHED, USED
from engine.spiff.corrections.writes import merge

if TYPE_CHECKING:
    from uuid import UUID

    from SpiffWorkflow.task import Task


def scopes(workflow: Any) -> list[Any]:
    """The case's own process and every process or sub-process running in it."""
    return [workflow, *workflow.subprocesses.values()]


def main_of(split: Task) -> Task:
    """The activity whose boundary events the split arms; the parser connects it first."""
    name = split.task_spec._outputs[0]
    return next(child for child in split.children if child.task_spec.name == name)


def prune(workflow: Any) -> None:
    """Forget what no live task can look at any more: finished processes whole, tasks one by one."""
    alive, todo = {}, [workflow]
    while todo:
        scope = todo.pop()
        _fold_ends(scope)
        _contract(scope, _needed(scope))
        if scope.last_task is not None and scope.last_task.id not in scope.tasks:
            scope.last_task = None
        for task in scope.tasks.values():
            inner = workflow.subprocesses.get(task.id)
            if inner is not None and not task.has_state(FINISHED):
                alive[task.id] = inner
                todo.append(inner)
    workflow.subprocesses = alive


def predict(workflow: Any) -> None:
    """Grow the predicted tasks again behind each live one."""
    for scope in scopes(workflow):
        if not scope.completed:
            for task in list(scope.tasks.values()):
                if task.has_state(LIVE):
                    task.task_spec._predict(task, mask=TaskState.NOT_FINISHED_MASK)


def _needed(scope: Any) -> set[UUID]:
    keep = {scope.task_tree.id}
    for task in scope.tasks.values():
        if not (task.has_state(LIVE) or _is_open_arrival(task, UnstructuredJoin)):
            continue
        keep.add(task.id)
        parent = task.parent
        if parent is None:
            continue
        keep.add(parent.id)
        split = parent if isinstance(parent.task_spec, BoundaryEventSplit) else parent.parent
        if split is not None and _guards_open(split):
            keep.add(split.id)
            keep.update(split._children)
    return keep


def _guards_open(split: Task) -> bool:
    """Whether its activity is unfinished: its boundary events then ask for all its children."""
    is_split = isinstance(split.task_spec, BoundaryEventSplit)
    return is_split and main_of(split).has_state(UNFINISHED)


def _is_open_arrival(task: Task, kind: type) -> bool:
    return bool(
        isinstance(task.task_spec, kind) and task.state == TaskState.CANCELLED and is_arrival(task)
    )


def _fold_ends(scope: Any) -> None:
    """Branches that reached an end are data only: merged into one, as the last join would do."""
    ended = [task for task in scope.tasks.values() if _is_open_arrival(task, _EndJoin)]
    for task in ended[1:]:
        merge(ended[0].parent, task.parent)
        task.internal_data[USED] = "folded"


def _contract(scope: Any, keep: set[UUID]) -> None:
    """Cut the others out; each kept task hangs under its nearest kept ancestor."""
    kept = [task for task_id, task in scope.tasks.items() if task_id in keep]
    for task in kept:
        parent = task.parent
        while parent is not None and parent.id not in keep:
            parent = parent.parent
        task._parent = parent.id if parent is not None else None
    order = {task_id: place for place, task_id in enumerate(scope.tasks)}
    children: dict[UUID, list[UUID]] = {}
    for task in kept:
        if task._parent is not None:
            children.setdefault(task._parent, []).append(task.id)
    for task in kept:
        place = {child: number for number, child in enumerate(task._children)}
        mine = children.get(task.id, [])
        task._children = sorted(mine, key=lambda child: (place.get(child, -1), order[child]))
    for task_id in [task_id for task_id in scope.tasks if task_id not in keep]:
        del scope.tasks[task_id]
