"""Corrections of SpiffWorkflow 3.2.0, each with the fault it cures (docs/decisions/0003).

The theme: a join, a merge of data and a look at the tree depend only on live tokens and on arrivals
no join has used. Then finished tasks can be forgotten without changing what happens next.

`install()` runs when the adapter is imported; `prepare(spec)` once per parsed process.
"""

from __future__ import annotations

import logging
from importlib.metadata import version
from typing import Any

from SpiffWorkflow.bpmn.specs.bpmn_task_spec import BpmnTaskSpec
from SpiffWorkflow.bpmn.specs.control import _EndJoin
from SpiffWorkflow.bpmn.specs.mixins.inclusive_gateway import InclusiveGateway
from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import LoopTask, MultiInstanceTask
from SpiffWorkflow.bpmn.specs.mixins.parallel_gateway import ParallelGateway
from SpiffWorkflow.bpmn.specs.mixins.subworkflow_task import CallActivity, SubWorkflowTask
from SpiffWorkflow.bpmn.specs.mixins.unstructured_join import UnstructuredJoin
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskIterator

from engine.spiff.corrections import instances, joins, tree, writes

PROVED_FOR = "3.2.0"
#: For each fault: what is replaced, and by what. F7 is cured in `engine.spiff.timers`: timers do
#: not fire by themselves at all. F9 is cured by `prepare`.
REPLACED: dict[str, tuple[tuple[type, str, Any], ...]] = {
    "F1": ((ParallelGateway, "_check_threshold_unstructured", joins.parallel_may_fire),),
    "F2": (
        (InclusiveGateway, "_check_threshold_unstructured", joins.inclusive_may_fire),
        (_EndJoin, "_check_threshold_unstructured", joins.end_may_fire),
    ),
    "F3": (
        (Task, "_inherit_data", writes.inherit_data),
        (Task, "complete", writes.complete),
        (SubWorkflowTask, "copy_data", writes.copy_data),
        (SubWorkflowTask, "update_data", writes.update_data),
        (CallActivity, "copy_data", writes.copy_data),
        (CallActivity, "update_data", writes.update_data),
        (UnstructuredJoin, "_run_hook", joins.join_run),
        (UnstructuredJoin, "_update_hook", joins.join_update),
    ),
    "F4": (
        (MultiInstanceTask, "create_child", instances.create_child),
        (MultiInstanceTask, "merge_child", instances.merge_child),
    ),
    "F5": ((BpmnTaskSpec, "_update_hook", tree.update_hook),),
    "F6": ((Task, "cancel", tree.cancel),),
    "F8": (
        (TaskIterator, "_update_depth", tree.any_depth),
        (TaskIterator, "_handle_leaf_depth", tree.any_depth),
        (Task, "is_descendant_of", tree.is_descendant_of),
        (Task, "find_ancestor", tree.find_ancestor),
    ),
}
#: What they replace; a test puts it back to see that the fault is still there.
SHIPPED = {
    (owner, name): getattr(owner, name)
    for replaced in REPLACED.values()
    for owner, name, _ in replaced
}


def install() -> None:
    """Replace upstream's methods, in this process, for good."""
    if (found := version("SpiffWorkflow")) != PROVED_FOR:
        raise RuntimeError(f"proved for SpiffWorkflow {PROVED_FOR}, not {found}; prove it anew")
    for name in ("spiff.task", "spiff.workflow"):
        # Below this level upstream lists all tasks of a case at every change of a state.
        logging.getLogger(name).setLevel(logging.WARNING)
    for replaced in REPLACED.values():
        for owner, name, function in replaced:
            setattr(owner, name, function)


def prepare(spec: Any) -> None:
    """F9: do once what upstream writes into a spec while cases run; then it can be shared."""
    for task_spec in list(spec.task_specs.values()):
        if isinstance(task_spec, LoopTask):
            event = spec.task_specs[task_spec.task_spec].completed_event
            if not event.is_connected(task_spec.merge_child):
                event.connect(task_spec.merge_child)
    spec.reaches = {
        task_spec.name: joins.reaches(spec, task_spec)
        for task_spec in spec.task_specs.values()
        if isinstance(task_spec, InclusiveGateway)
    }
