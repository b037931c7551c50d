"""F1, F2: a join counts the arrivals that no firing has used yet, and live tokens; nothing else.

As shipped, joins look at finished tasks of earlier turns of a loop: a parallel join then fires
after one branch, an inclusive one at once. They also overlook tokens inside a sub-process.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from SpiffWorkflow.bpmn.specs.mixins.events.intermediate_event import BoundaryEvent
from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import LoopTask
from SpiffWorkflow.bpmn.specs.mixins.unstructured_join import UnstructuredJoin
from SpiffWorkflow.util.task import TaskState

from engine.spiff.corrections.forks import common_prefix, forks_after
from engine.spiff.corrections.marks import FORKS, LIVE, UNFINISHED, USED
from engine.spiff.corrections.writes import merge

if TYPE_CHECKING:
    from SpiffWorkflow.task import Task

_upstream_update_hook = UnstructuredJoin._update_hook


def is_arrival(task: Task) -> bool:
    """A join's instance that a token has reached and no firing has used."""
    parent = task.parent
    return bool(
        parent is not None
        and parent.state == TaskState.COMPLETED
        and task.state != TaskState.COMPLETED
        and USED not in task.internal_data
    )


def arrivals(join: Any, workflow: Any) -> list[Task]:
    return [t for t in list(workflow.tasks.values()) if t.task_spec is join and is_arrival(t)]


def is_token(task: Task) -> bool:
    """Live, or about to be: a split in the middle of completing has children still predicted.

    Upstream forgets STARTED: called processes, sub-processes, repeated tasks.
    """
    if task.has_state(LIVE):
        return True
    parent = task.parent
    return bool(
        task.has_state(UNFINISHED)
        and parent is not None
        and parent.state == TaskState.COMPLETED
        and not isinstance(task.task_spec, BoundaryEvent)
    )


def parallel_may_fire(self: Any, my_task: Task) -> bool:
    filled = {t.parent.task_spec.name for t in arrivals(self, my_task.workflow)}
    return filled >= set(self._inputs)


def inclusive_may_fire(self: Any, my_task: Task) -> bool:
    """BPMN 2.0 section 13.4.3: wait while a live token can still reach an empty input.

    Unless the same token can also reach an input where one waits already.
    """
    filled = {t.parent.task_spec.name for t in arrivals(self, my_task.workflow)}
    empty = set(self._inputs) - filled
    if not empty:
        return True
    reach = self._wf_spec.reaches[self.name]
    for task in my_task.workflow.tasks.values():
        if task.task_spec is self or not is_token(task) or _is_instance(task):
            continue
        inputs = reach.get(task.task_spec.name, frozenset())
        if inputs & empty and not inputs & filled:
            return False
    return True


def _is_instance(task: Task) -> bool:
    """One instance of a repeated task: it counts through the repeated task itself."""
    return task.parent is not None and isinstance(task.parent.task_spec, LoopTask)


def end_may_fire(self: Any, my_task: Task) -> bool:
    return not any(
        task is not my_task and task.task_spec is not self and is_token(task)
        for task in my_task.workflow.tasks.values()
    )


def join_update(self: Any, my_task: Task) -> bool:
    my_task.internal_data.setdefault(FORKS, forks_after(my_task.parent, my_task))
    return bool(_upstream_update_hook(self, my_task))


def join_run(self: Any, my_task: Task) -> bool:
    used = [task for task in arrivals(self, my_task.workflow) if task is not my_task]
    for task in used:
        merge(my_task, task.parent)
        task.internal_data[USED] = str(my_task.id)
    merge(my_task, my_task.parent)
    my_task.internal_data[USED] = str(my_task.id)
    stacks = [task.internal_data[FORKS] for task in [my_task, *used]]
    my_task.internal_data[FORKS] = common_prefix(stacks)
    return True


def reaches(spec: Any, join: Any) -> dict[str, frozenset[str]]:
    """For each element: the inputs of `join` it can reach without passing the join."""
    found: dict[str, set[str]] = {}
    for entry in join._inputs:
        todo, seen = [entry], set()
        while todo:
            name = todo.pop()
            if name in seen or name == join.name:
                continue
            seen.add(name)
            found.setdefault(name, set()).add(entry)
            todo += spec.task_specs[name]._inputs
    return {name: frozenset(inputs) for name, inputs in found.items()}
