"""F3: a merge of branches keeps the last *write*, not the last stale copy.

As shipped, a variable written in one branch is overwritten at the join by another branch's old
copy, and a side branch that ends last overwrites the case's result. Here every write gets a stamp
from a logical clock of the case, and a merge takes the younger write. The merge is associative and
commutative, so it does not matter which finished tasks are still in memory.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import LoopTask
from SpiffWorkflow.bpmn.specs.mixins.subworkflow_task import SubWorkflowTask
from SpiffWorkflow.util.task import TaskState

from engine.spiff.corrections.forks import forks_after
from engine.spiff.corrections.marks import CLOCK, DONE, FORKS, LIVE, WRITES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from SpiffWorkflow.task import Task

    from engine.definition import Value


def tick(task: Task) -> int:
    """The next instant of the case's logical clock, which is saved with the case."""
    data = task.workflow.top_workflow.data
    data[CLOCK] = now = data.get(CLOCK, 0) + 1
    return int(now)


def stamps(task: Task | None) -> dict[str, int]:
    """When each of the task's variables was last written; of no task: none."""
    return task.internal_data.setdefault(WRITES, {}) if task is not None else {}


def copied(value: Any) -> Any:
    """Lists are the only values of a case that could be changed in place."""
    return list(value) if isinstance(value, list) else value


def merge(into: Task, source: Task) -> None:
    """Per variable the younger write wins; equal stamps mean nobody wrote since the split."""
    mine, theirs = stamps(into), stamps(source)
    for name, value in source.data.items():
        stamp = theirs.get(name, 0)
        if name not in into.data or stamp > mine.get(name, 0):
            into.data[name] = copied(value)
            if stamp:
                mine[name] = stamp


def write(task: Task, values: Mapping[str, Value]) -> None:
    """Give variables of a live task new values; the same value again is no write."""
    changed = {k: v for k, v in values.items() if k not in task.data or task.data[k] != v}
    if changed:
        task.data.update(changed)
        _stamp(task, list(changed))


def stamp_writes(task: Task) -> None:
    """On completion: what the task itself changed, and is not stamped yet, gets a stamp."""
    parent = task.parent
    before = parent.data if parent is not None else {}
    mine, earlier = stamps(task), stamps(parent)
    changed = [
        name
        for name, value in task.data.items()
        if mine.get(name, 0) == earlier.get(name, 0)
        and (name not in before or before[name] != value)
    ]
    if changed:
        _stamp(task, changed)


def _stamp(task: Task, names: list[str]) -> None:
    now = tick(task)
    stamps(task).update(dict.fromkeys(names, now))
    top = task.workflow.top_workflow
    for name in names:
        if name in top.facts:
            set_fact(top, name, task.data[name], stamp=now)


def set_fact(top: Any, name: str, value: Value, *, stamp: int) -> None:
    """A fact is true of the whole case: every live token learns it, in every process called."""
    if top.known.get(name) != value or name not in top.known:
        top.changed_facts.add(name)
    top.known[name] = value
    for scope in [top, *top.subprocesses.values()]:
        for task in scope.tasks.values():
            if task.has_state(LIVE) and stamps(task).get(name, 0) < stamp:
                task.data[name] = copied(value)
                stamps(task)[name] = stamp


# -- what replaces upstream's methods -----------------------------------------------------------
def inherit_data(self: Task) -> None:
    merge(self, self.parent)
    if FORKS not in self.internal_data:  # once: later the parent may have lost finished children
        self.internal_data[FORKS] = forks_after(self.parent, self)


def complete(self: Task) -> None:
    stamp_writes(self)
    if self.task_spec.manual or isinstance(self.task_spec, (SubWorkflowTask, LoopTask)):
        self.internal_data[DONE] = tick(self)
    self._set_state(TaskState.COMPLETED)
    self.task_spec._on_complete(self)


def copy_data(_: SubWorkflowTask, my_task: Task, subworkflow: Any) -> None:
    """Into a sub-process or a called process: all variables, with their stamps."""
    root = subworkflow.task_tree
    root.data = {name: copied(value) for name, value in my_task.data.items()}
    root.internal_data[WRITES] = dict(stamps(my_task))


def update_data(_: SubWorkflowTask, my_task: Task, subworkflow: Any) -> None:
    """Out of it: what was written there since."""
    merge(my_task, subworkflow.last_task)
