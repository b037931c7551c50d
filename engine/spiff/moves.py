"""Moves a diagram does not draw: back to an earlier activity, and over to other diagrams.

Neither needs the finished tasks. Going back needs three things of each finished activity, kept in
the table `passed`: its element, the splits it stood under, and the logical time of its end.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from SpiffWorkflow.bpmn.specs.control import BoundaryEventSplit
from SpiffWorkflow.bpmn.specs.mixins.events.intermediate_event import BoundaryEvent
from SpiffWorkflow.bpmn.specs.mixins.unstructured_join import UnstructuredJoin
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.spiff.corrections.forks import SIDE
from engine.spiff.corrections.joins import is_arrival
from engine.spiff.corrections.marks import FORKS, LIVE, UNFINISHED, USED, WRITES
from engine.spiff.corrections.writes import copied, stamps
from engine.spiff.pruning import scopes
from engine.spiff.rows import scope_number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.spiff.parsing import Parsed
    from engine.spiff.rows import Numbers
    from engine.spiff.values import PassedTask

ONE_OF_MANY = "One of several repeated tasks cannot be reopened alone; reopen the whole task."
ENDED_PROCESS = "It lies in a part of the process that has ended; reopen that part as a whole."
OTHER_BRANCH = (
    "It lies in a branch that has been joined since, or in another branch; "
    "go back to what came before the branches parted."
)
NOT_DRAWN = "It is not on the diagram this case runs on any more."


def in_scope_of(task: Task, to: PassedTask, numbers: Numbers) -> Task | None:
    """The task itself, or the activity around it that lies where `to` lay."""
    found: Task | None = task
    while found is not None and scope_number(found, numbers) != to.scope:
        owner = found.workflow.parent_task_id
        found = found.workflow.top_workflow.get_task_from_id(owner) if owner else None
    return found


def refusal(task: Task, to: PassedTask, numbers: Numbers) -> str | None:
    """Why the case cannot go back from `task` to `to`; None when it can."""
    if to.is_instance:
        return ONE_OF_MANY
    current = in_scope_of(task, to, numbers)
    if current is None:
        return ENDED_PROCESS
    if to.spec not in current.workflow.spec.task_specs:
        return NOT_DRAWN
    tokens = _withdrawn(current.workflow, to)
    return None if current in tokens and _can_be_joined(tokens, to) else OTHER_BRANCH


def _can_be_joined(tokens: list[Task], to: PassedTask) -> bool:
    """Whether the branch `to` lies in is still to be joined.

    A side path may be all that is left of it: a token put there again would wait at the join for
    branches that have gone on.
    """
    if not to.forks or to.forks[-1][1] == SIDE:
        return True
    behind = [task.internal_data.get(FORKS, [])[len(to.forks) :] for task in tokens]
    return any(all(branch != SIDE for _, branch in forks) for forks in behind)


def send_back(task: Task, to: PassedTask, numbers: Numbers) -> Task:
    """Withdraw every token that came from the earlier activity; put one on it, with today's facts.

    Ask `refusal` first. The new token's task is returned.
    """
    current = in_scope_of(task, to, numbers)
    if current is None:
        raise ValueError(ENDED_PROCESS)
    scope = current.workflow
    variables = {name: copied(value) for name, value in current.data.items()}
    written = dict(stamps(current))
    for token in _withdrawn(scope, to):
        if isinstance(token.task_spec, UnstructuredJoin):
            token.internal_data[USED] = "withdrawn"
        if token.id in scope.tasks and token.has_state(LIVE):
            token.cancel()
    anchor = Task(scope, scope.spec.start, scope.task_tree, state=TaskState.COMPLETED)
    anchor.data = variables
    anchor.internal_data = {WRITES: written, FORKS: [list(fork) for fork in to.forks]}
    return _place(anchor, to.spec)


def _place(anchor: Task, spec_name: str) -> Task:
    """A new token, through the activity's split where it has boundary events: clocks start anew."""
    specs = anchor.workflow.spec.task_specs
    entry = anchor._add_child(
        specs.get(f"{spec_name}.BoundaryEventSplit", specs[spec_name]), TaskState.FUTURE
    )
    entry.triggered = True
    entry.task_spec._predict(entry, mask=UNFINISHED)
    entry.task_spec._update(entry)
    return next(task for task in (entry, *entry.children) if task.task_spec.name == spec_name)


def _withdrawn(scope: Any, to: PassedTask) -> list[Task]:
    """The tokens, and arrivals at joins, that came from the one which stood at `to`."""
    return [
        task
        for task in scope.tasks.values()
        if task.parent is not None
        and _follows(task, to)
        and (
            task.has_state(LIVE)
            or (isinstance(task.task_spec, UnstructuredJoin) and is_arrival(task))
        )
    ]


def _follows(task: Task, to: PassedTask) -> bool:
    """Under the same splits, or under one opened there later. Older side branches stay."""
    stack = [tuple(fork) for fork in task.internal_data.get(FORKS, [])]
    depth = len(to.forks)
    if tuple(stack[:depth]) != to.forks:
        return False
    return len(stack) == depth or stack[depth][0] > to.clock


# -- other diagrams -----------------------------------------------------------------------------
def obstacles(workflow: Any, parsed: Parsed) -> Iterator[str]:
    """Why the case cannot move to these diagrams. Only what is live matters."""
    for scope in scopes(workflow):
        new = parsed.specs.get(scope.spec.name)
        if new is None:
            yield f"{scope.spec.name} is running, and gone from the new diagrams."
            continue
        for task in scope.tasks.values():
            if task.has_state(LIVE):
                yield from _task_obstacles(task, new)


def _task_obstacles(task: Task, new: Any) -> Iterator[str]:
    spec: Any = task.task_spec
    title = getattr(spec, "bpmn_name", None) or spec.name
    other = new.task_specs.get(spec.name)
    if other is None:
        if not isinstance(spec, BoundaryEvent):
            yield f"{title} is open, and gone from the new diagram."
        return
    if type(other) is not type(spec):
        yield f"{title} is open, and of another kind in the new diagram."
    elif isinstance(spec, UnstructuredJoin) and set(other._inputs) != set(spec._inputs):
        yield f"{title} waits for branches that the new diagram draws differently."
    elif getattr(other, "spec", None) != getattr(spec, "spec", None):
        yield f"{title} is open, and calls another process in the new diagram."
    split = f"{spec.name}.BoundaryEventSplit"
    if (split in new.task_specs) != (split in task.workflow.spec.task_specs):
        yield f"{title} is open, and has gained its first or lost its last boundary event."


def arm_new_boundaries(workflow: Any) -> None:
    """After the move: boundary events drawn since are armed on activities that are open."""
    for scope in scopes(workflow):
        for split in list(scope.tasks.values()):
            is_split = isinstance(split.task_spec, BoundaryEventSplit)
            if is_split and any(child.has_state(LIVE) for child in split.children):
                present = {child.task_spec.name for child in split.children}
                for name in split.task_spec._outputs:
                    if name not in present:
                        _arm(split, scope.spec.task_specs[name])


def _arm(split: Task, spec: Any) -> None:
    event = split._add_child(spec, TaskState.FUTURE)
    event.task_spec._predict(event, mask=UNFINISHED)
    event.task_spec._update(event)
