"""A running case: the verbs on it, and what it shows. None of SpiffWorkflow's types leave it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.bpmn.specs.event_definitions.message import MessageEventDefinition
from SpiffWorkflow.bpmn.specs.mixins.events.end_event import EndEvent
from SpiffWorkflow.bpmn.util.event import BpmnEvent
from SpiffWorkflow.util.task import TaskState

from engine import clock
from engine.errors import Refused, Stuck
from engine.expressions import bounded
from engine.spiff import looking, moves, rows, timers
from engine.spiff.corrections.marks import DONE, FINISHED
from engine.spiff.corrections.writes import set_fact, tick, write
from engine.spiff.hosts import Hosts, host_clock
from engine.spiff.pruning import predict, prune, scopes
from engine.spiff.running import CaseWorkflow, check_goes_on, engine_faults, run_on
from engine.spiff.values import (
    BackTarget,
    Changes,
    HostClock,
    LivePosition,
    OpenTask,
    PassedTask,
    Step,
    TokenRow,
    WaitingMessage,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from uuid import UUID

    from SpiffWorkflow.task import Task

    from engine.definition import Value
    from engine.spiff.runtime import Runtime

MOST_TIMERS = 500  # that may fire in one request


class RunningCase:
    """Made by `Runtime.start` or `Runtime.restore`. A verb that raises leaves it unusable."""

    def __init__(self, runtime: Runtime, workflow: CaseWorkflow, *, next_seq: int = 1) -> None:
        self._runtime = runtime
        self._workflow = workflow
        self._next_seq = next_seq
        self._numbers: dict[UUID, int] = {}
        self._stored: dict[UUID, TokenRow] = {}
        self._told: dict[UUID, TokenRow] | None = None  # by `changes`, until they are saved
        self._recorded: set[UUID] = set()
        self._passed: list[PassedTask] = []
        self._steps: list[Step] = []
        self._ends: list[Step] = []
        self._hosts = Hosts(workflow)

    # -- what it shows --------------------------------------------------------------------------
    @property
    def process(self) -> str:
        return str(self._workflow.spec.name)

    @property
    def finished(self) -> bool:
        return bool(self._workflow.completed)

    @property
    def facts(self) -> Mapping[str, Value]:
        """Case-wide facts as they are now."""
        return dict(self._workflow.known)

    @property
    def steps(self) -> tuple[Step, ...]:
        """Elements passed since the case was started or loaded."""
        return tuple(self._steps)

    @property
    def ends(self) -> tuple[Step, ...]:
        """Those of them that are ends of the case's own process."""
        return tuple(self._ends)

    def open_tasks(self) -> tuple[OpenTask, ...]:
        found = looking.for_people(self._workflow)
        return _by_seq(looking.open_task(task, self._numbers) for task in found)

    def waiting_messages(self) -> tuple[WaitingMessage, ...]:
        found = filter(looking.waits_for_message, looking.live_tasks(self._workflow))
        return _by_seq(looking.waiting_message(task, self._numbers) for task in found)

    def position(self) -> tuple[LivePosition, ...]:
        return _by_seq(looking.positions(self._workflow, self._numbers))

    def clocks(self) -> tuple[HostClock, ...]:
        return tuple(
            host_clock(host, timer, call, host_seq=self._number(host))
            for host, timer, call in self._hosts
        )

    # -- verbs ----------------------------------------------------------------------------------
    def complete(self, seq: int, variables: Mapping[str, Value]) -> None:
        """Hand in a user task. `Refused` unless it is open."""
        task = self._open(seq)
        with engine_faults():
            write(task, {name: bounded(value) for name, value in variables.items()})
            task.run()
            self._note(task)
        self._run_on()

    def fire_due_timers(self) -> int:
        """The earliest first, each followed by all it leads to, until none is due any more."""
        fired = 0
        while (task := timers.next_due(self._workflow, clock.now())) is not None:
            fired += 1
            if fired > MOST_TIMERS:
                raise Stuck(f"More than {MOST_TIMERS} clocks of this case are due at once.")
            with engine_faults():
                timers.fire(task)
            self._run_on()
        return fired

    def send_message(self, seq: int, variables: Mapping[str, Value] | None = None) -> None:
        """Report what a waiting message names, to this one event and no other."""
        task = self._task(seq)
        if task is None or not looking.waits_for_message(task):
            raise Refused("This cannot be reported now: the case no longer waits for it.")
        values = {name: bounded(value) for name, value in (variables or {}).items()}
        definition: MessageEventDefinition = task.task_spec.event_definition
        with engine_faults():
            task.task_spec.catch(task, BpmnEvent(definition, values))
            task.task_spec._update(task)
        self._run_on()

    def set_facts(self, facts: Mapping[str, Value]) -> None:
        """Set facts in every branch at once; waiting timers that read them are worked out anew."""
        for name, value in facts.items():
            if name not in self._workflow.facts:
                raise Refused(f"{name} is not a fact of a case.")
            stamp = tick(self._workflow.task_tree)
            set_fact(self._workflow, name, bounded(value), stamp=stamp)
        self._run_on()

    def calendar_changed(self) -> None:
        """Waiting timers are worked out anew over the calendar the runtime has now."""
        with engine_faults():
            timers.reschedule(self._workflow)

    def back_targets(self, seq: int, passed: Iterable[PassedTask]) -> tuple[BackTarget, ...]:
        """For each finished activity, whether the case may go back to it from this open task."""
        task = self._open(seq)
        return tuple(
            BackTarget(to.seq, to.process, to.element, moves.refusal(task, to, self._numbers))
            for to in passed
        )

    def send_back(self, seq: int, to: PassedTask) -> int:
        """Reopen a finished activity, with today's facts; the number of its new task."""
        task = self._open(seq)
        refusal = moves.refusal(task, to, self._numbers)
        if refusal is not None:
            raise Refused(refusal)
        with engine_faults():
            reopened = moves.send_back(task, to, self._numbers)
        self._run_on()
        return self._number(reopened)

    def cancel(self) -> None:
        """End the case where it stands."""
        self._workflow.cancel()
        self._settle()

    # -- other diagrams -------------------------------------------------------------------------
    def obstacles(self, runtime: Runtime) -> tuple[str, ...]:
        """Why this case cannot go on with the runtime's diagrams; empty when it can."""
        return tuple(dict.fromkeys(moves.obstacles(self._workflow, runtime.parsed)))

    def migrated(self, runtime: Runtime) -> RunningCase:
        """The same case on other diagrams; save that one. `Refused` when there are obstacles."""
        if found := self.obstacles(runtime):
            raise Refused(" ".join(found))
        changes = self.changes()
        current = sorted(self._rows().values(), key=lambda row: row.seq)
        moved = runtime.restore(
            self.process,
            head=changes.head,
            facts=changes.facts,
            next_seq=changes.next_seq,
            rows=current,
        )
        moved._stored, moved._passed = dict(self._stored), list(self._passed)
        with engine_faults():
            moves.arm_new_boundaries(moved._workflow)
            moved._hosts = Hosts(moved._workflow)
        moved._run_on()
        return moved

    # -- rows -----------------------------------------------------------------------------------
    def changes(self) -> Changes:
        """What differs from the rows as they were loaded or last saved."""
        self._told = current = self._rows()
        written = tuple(row for i, row in current.items() if self._stored.get(i) != row)
        gone = tuple(row.seq for i, row in self._stored.items() if i not in current)
        due = [row.due_at for row in current.values() if row.due_at is not None]
        return Changes(
            head=rows.dumps(rows.head_of(self._workflow, self._numbers)),
            facts=rows.dumps(self._workflow.known),
            next_seq=self._next_seq,
            next_due_at=min(due, default=None),
            written=written,
            gone=gone,
            passed=tuple(self._passed),
        )

    def saved(self) -> None:
        """Whoever wrote the last `changes()` into the rows says so; the next differ from these."""
        self._stored = self._rows() if self._told is None else self._told
        self._told = None
        self._passed = []

    def resume(self, head: str, facts: str, stored: Iterable[TokenRow]) -> None:
        """Take up the case where its rows say it stands. Called once, by `Runtime.restore`."""
        stored = list(stored)
        self._workflow.known.update(json.loads(facts))
        tasks = rows.restore(self._workflow, head, stored)
        by_seq = {row.seq: row for row in stored}
        for seq, task in tasks.items():
            self._numbers[task.id] = seq
            self._stored[task.id] = by_seq[seq]
            if task.has_state(FINISHED):
                self._recorded.add(task.id)
        predict(self._workflow)
        self._hosts = Hosts(self._workflow)

    def begin(self, variables: Mapping[str, Value]) -> None:
        """Start running. Called once, by `Runtime.start`."""
        self._workflow.task_tree.data.update({k: bounded(v) for k, v in variables.items()})
        self._run_on()

    # -- inside ---------------------------------------------------------------------------------
    def _run_on(self) -> None:
        """All that needs nobody; then the books, and the check that the case goes on."""
        with engine_faults():
            run_on(self._workflow, self._note)
            if self._workflow.changed_facts:
                timers.reschedule(self._workflow, self._workflow.changed_facts)
                self._workflow.changed_facts.clear()
        check_goes_on(self._workflow)
        self._settle()

    def _settle(self) -> None:
        """Number the new tasks, record those that ended, forget what is not needed."""
        self._record()
        self._forget()

    def _record(self) -> None:
        for task in rows.in_order(self._workflow):
            self._number(task)
            ended = task.state == TaskState.COMPLETED and DONE in task.internal_data
            if ended and task.id not in self._recorded:
                self._recorded.add(task.id)
                self._passed.append(rows.passed_task(task, self._numbers, clock.now()))

    def _forget(self) -> None:
        prune(self._workflow)
        predict(self._workflow)

    def _rows(self) -> dict[UUID, TokenRow]:
        return {
            task.id: rows.token_row(task, self._numbers) for task in rows.in_order(self._workflow)
        }

    def _number(self, task: Task) -> int:
        if task.id not in self._numbers:
            self._numbers[task.id] = self._next_seq
            self._next_seq += 1
        return self._numbers[task.id]

    def _note(self, task: Task) -> None:
        self._hosts.armed(task)
        spec: Any = task.task_spec
        element = getattr(spec, "bpmn_id", None)
        if element is None or task.state != TaskState.COMPLETED:
            return
        scope = task.workflow
        node = self._runtime.parsed.node(scope.spec, element)
        step = Step(node.process, element, node.name, node.kind, clock.now())
        self._steps.append(step)
        if isinstance(spec, EndEvent) and scope is self._workflow:
            self._ends.append(step)

    def _task(self, seq: int) -> Task | None:
        for scope in scopes(self._workflow):
            for task in scope.tasks.values():
                if self._numbers.get(task.id) == seq:
                    return task
        return None

    def _open(self, seq: int) -> Task:
        task = self._task(seq)
        if task is None or task.state != TaskState.READY or not task.task_spec.manual:
            raise Refused("This task is not open any more.")
        return task


def _by_seq(found: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(sorted(found, key=lambda value: value.seq))
