"""F4: a repeated (multi-instance) task may run again in a loop.

As shipped, the second turn raises, because the item of the first turn is still there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from SpiffWorkflow.util.task import TaskState

from engine.spiff.corrections.writes import copied, merge

if TYPE_CHECKING:
    from SpiffWorkflow.task import Task


def create_child(self: Any, my_task: Task, item: Any, key_or_index: Any = None) -> None:
    spec = my_task.workflow.spec.task_specs[self.task_spec]
    if self.input_item is not None:  # left over from the turn before
        my_task.data.pop(self.input_item.bpmn_id, None)
    child = my_task._add_child(spec, TaskState.WAITING)
    child.triggered = True
    if self.input_item is not None:
        self.input_item.set(child, copied(item))
    child.internal_data["key_or_index"] = key_or_index
    child.task_spec._update(child)


def merge_child(self: Any, _: Any, child: Task) -> None:
    my_task = child.parent
    merge(my_task, child)
    if self.input_item is not None:
        my_task.data.pop(self.input_item.bpmn_id, None)
    my_task.internal_data["merged"].append(str(child.id))
