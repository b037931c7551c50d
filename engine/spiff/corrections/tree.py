"""F5, F6, F8: tasks change state and leave the tree without leaving anything behind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from SpiffWorkflow.bpmn.specs.bpmn_task_spec import BpmnTaskSpec
from SpiffWorkflow.util.task import TaskState

from engine.spiff.corrections.marks import FINISHED, LIVE, PREDICTED

if TYPE_CHECKING:
    from SpiffWorkflow.task import Task

_upstream_update_hook = BpmnTaskSpec._update_hook


def update_hook(self: Any, my_task: Task) -> bool:
    """F5: a task that a token has reached is no longer a guess.

    As shipped, a repeated task right behind a boundary event raises.
    """
    if my_task.has_state(PREDICTED):
        my_task._set_state(TaskState.FUTURE)
    return bool(_upstream_update_hook(self, my_task))


def cancel(self: Task) -> None:
    """F6: instances of a repeated activity are cancelled too, not just cut off.

    As shipped, their sub-processes live on: every later step raises, dead instances catch messages.
    """
    for child in self.children:
        if self.has_state(FINISHED) or child.has_state(LIVE):
            child.cancel()
    if not self.has_state(FINISHED):
        self._set_state(TaskState.CANCELLED)
        self._drop_children()
        self.task_spec._on_cancel(self)


def any_depth(*_: object) -> None:
    """F8: as shipped, what lies deeper than 1,000 tasks is silently not found any more."""


def is_descendant_of(self: Task, task: Task) -> bool:
    """F8 again: upstream's walk recurses once an ancestor."""
    ancestor = self.parent
    while ancestor is not None and ancestor is not task:
        ancestor = ancestor.parent
    return ancestor is not None


def find_ancestor(self: Task, spec_name: str) -> Task | None:
    ancestor = self.parent
    while ancestor is not None and ancestor.task_spec.name != spec_name:
        ancestor = ancestor.parent
    return ancestor
