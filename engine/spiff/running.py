"""Running a case on: every step that needs nobody, within a budget, and the check that follows."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.specs.mixins.events.event_types import CatchingEvent
from SpiffWorkflow.bpmn.specs.mixins.events.intermediate_event import BoundaryEvent
from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import LoopTask
from SpiffWorkflow.exceptions import SpiffWorkflowException
from SpiffWorkflow.util.task import TaskState

from engine.errors import Stuck
from engine.spiff.pruning import scopes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from SpiffWorkflow.task import Task

    from engine.definition import Value

BUDGET = 1_000  # steps without a person; a request that needs more is a loop
DEEPEST = 20  # processes called within each other


class CaseWorkflow(BpmnWorkflow):
    """Upstream's workflow, which also knows the case-wide facts."""

    def __init__(self, *args: Any, facts: frozenset[str] = frozenset(), **kwargs: Any) -> None:
        self.facts = facts  # the names of facts
        self.known: dict[str, Value] = {}  # those set so far
        self.changed_facts: set[str] = set()  # since somebody looked
        super().__init__(*args, **kwargs)


def run_on(workflow: Any, on_step: Callable[[Task], None], *, budget: int = BUDGET) -> None:
    """Until only people, timers and messages are waited for. Raises `Stuck` beyond the budget."""
    steps = 0

    def count(task: Task) -> None:
        nonlocal steps
        steps += 1
        if steps > budget:
            raise Stuck(f"The case took {budget} steps without anybody; it would run for ever.")
        if task.workflow.depth > DEEPEST:
            raise Stuck("The diagrams call each other without end; the step was undone.")
        on_step(task)

    while _waits_for_engine(workflow):
        before = steps
        while workflow._do_engine_steps(None, count):
            pass
        if steps == before:
            raise Stuck("A step is ready that the engine cannot do; the step was undone.")


def _waits_for_engine(workflow: Any) -> bool:
    return any(
        task.state == TaskState.READY and not task.task_spec.manual
        for scope in scopes(workflow)
        if not scope.completed
        for task in scope.tasks.values()
    )


@contextmanager
def engine_faults() -> Iterator[None]:
    """SpiffWorkflow's own complaints in our types; ours pass."""
    try:
        yield
    except SpiffWorkflowException as error:
        spec = getattr(error, "task_spec", None) or getattr(
            getattr(error, "task", None), "task_spec", None
        )
        where = getattr(spec, "bpmn_name", None) or getattr(spec, "name", "the diagram")
        raise Stuck(f"{where}: {error}. The step was undone.") from error


def check_goes_on(workflow: Any) -> None:
    """Finished, or in every process running something is waited for. Raises `Stuck`."""
    for scope in scopes(workflow):
        if not scope.completed and not any(_holds(task) for task in scope.tasks.values()):
            raise Stuck(
                f"In {scope.spec.description or scope.spec.name} nothing is waited for any more: "
                "the case would stand still for ever. The step was undone."
            )


def _holds(task: Task) -> bool:
    """Whether something will happen here: a person, a date, a message, a process inside."""
    spec = task.task_spec
    if task.state == TaskState.READY:
        return bool(spec.manual)
    if task.state == TaskState.WAITING:
        return isinstance(spec, CatchingEvent) and not isinstance(spec, BoundaryEvent)
    if task.state == TaskState.STARTED:
        return task.id in task.workflow.top_workflow.subprocesses or isinstance(spec, LoopTask)
    return False
