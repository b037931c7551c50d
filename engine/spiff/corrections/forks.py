"""Which open splits a token stands under: a stack kept on each token.

Sending a case back needs it, because the finished tasks that would show it are forgotten.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from SpiffWorkflow.bpmn.specs.mixins.events.intermediate_event import BoundaryEvent
from SpiffWorkflow.bpmn.specs.mixins.inclusive_gateway import InclusiveGateway
from SpiffWorkflow.bpmn.specs.mixins.parallel_gateway import ParallelGateway

from engine.spiff.corrections.marks import CLOCK, FORKS, OPENED

if TYPE_CHECKING:
    from SpiffWorkflow.task import Task

Fork = list[int]  # [logical time of the split, number of the branch]
SIDE = -1  # the branch of a non-interrupting boundary event: it runs to its own end


def forks_after(parent: Task, child: Task) -> list[Fork]:
    """The stack of `child`, whose token comes from `parent`."""
    stack: list[Fork] = parent.internal_data.get(FORKS, [])
    splits = isinstance(parent.task_spec, (ParallelGateway, InclusiveGateway))
    if splits and len(parent._children) > 1:
        opened = parent.internal_data.get(OPENED) or _now(parent)
        parent.internal_data[OPENED] = opened
        return [*stack, [opened, parent._children.index(child.id)]]
    if isinstance(child.task_spec, BoundaryEvent) and not child.task_spec.cancel_activity:
        return [*stack, [_now(child), SIDE]]
    return list(stack)


def common_prefix(stacks: list[list[Fork]]) -> list[Fork]:
    """What a token stands under once the branches with these stacks are joined."""
    prefix = []
    for level in zip(*stacks, strict=False):
        if any(fork != level[0] for fork in level):
            break
        prefix.append(level[0])
    return prefix


def _now(task: Task) -> int:
    data = task.workflow.top_workflow.data
    data[CLOCK] = now = data.get(CLOCK, 0) + 1
    return int(now)
