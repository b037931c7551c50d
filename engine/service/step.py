"""One step of one case: from the locked row to everything that follows from it, before commit."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from engine import clock
from engine.errors import Stuck
from engine.service import audit, deadlines, outbox, tasks
from engine.service.audit import Entry
from engine.service.outbox import Notice
from engine.service.results import Outcome
from engine.store.case_rows import CaseRows

if TYPE_CHECKING:
    from sqlalchemy import Connection, Row

    from engine.definition import Value
    from engine.service.bundles import LiveBundle
    from engine.service.deadlines import Deadline
    from engine.service.desk import Desk
    from engine.service.views import Actor
    from engine.spiff.case import RunningCase
    from engine.store.case_rows import HeldCase

#: The open deadlines of a case -> the same with what a form proved.
Proof = Callable[["tuple[Deadline, ...]"], "tuple[Deadline, ...]"]


@dataclass(slots=True)
class Step:
    """A case held by one verb. `entries` and `notices` gather what will be written with it."""

    desk: Desk
    connection: Connection
    bundle: LiveBundle
    rows: CaseRows
    held: HeldCase
    actor: Actor
    version: int  # of the case once this step is saved
    open_rows: Sequence[Row[Any]] | None = None  # None: not read yet
    closed_task: int | None = None  # the task done by this verb
    entries: list[Entry] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    before: Mapping[str, Value] = field(default_factory=dict)  # facts when it was loaded
    new: bool = False
    facts_changed: bool = False
    deadlines: tuple[Deadline, ...] = ()  # open ones, once `finish` has looked at the clocks

    @property
    def case(self) -> RunningCase:
        return self.held.case

    def say(
        self,
        action: str,
        body: Mapping[str, object],
        *,
        element: str | None = None,
        on_behalf_of: str | None = None,
    ) -> None:
        """Keep a line for the audit."""
        self.entries.append(
            Entry(
                action=action,
                actor=self.actor.id,
                case_id=self.held.id,
                version=self.version,
                element=element,
                on_behalf_of=on_behalf_of,
                body=body,
            )
        )


def take(
    desk: Desk,
    connection: Connection,
    *,
    ref: str,
    bundle: LiveBundle,
    actor: Actor,
    lock: bool = True,
) -> Step:
    """Load the case on its bundle, locked unless it is only looked at. Raises `NotFound`."""
    rows = CaseRows(lambda _: bundle.runtime)
    held = rows.load(connection, ref, lock=lock)
    step = Step(desk, connection, bundle, rows, held, actor, version=held.version + 1)
    step.before = held.case.facts
    return step


def finish(
    step: Step,
    *,
    ended: str | None = None,
    status: str | None = None,
    proof: Proof | None = None,
) -> Outcome:
    """Let due clocks fire, carry everything over to the rows, and write it all down.

    `ended` is the status of a case that was ended by hand, `status` another one it takes on;
    `proof` adds what a form proved to the deadlines it is given.
    """
    runs = ended is None and (status or step.held.row["status"]) == "open"
    if runs and not step.new:
        step.case.fire_due_timers()
    step.facts_changed = step.facts_changed or bool(changed_facts(step))
    _tell_clocks(step)
    stored = deadlines.read(step)
    deadlines.keep(step, stored, proven=proof(stored) if proof is not None else stored)
    opened = tasks.keep(step)
    columns = _columns(step, ended=ended, status=status)
    _require_future(step, ended=ended)
    if step.new:
        audit.count(step.connection, step.held.id, len(step.entries))
    else:
        entries = step.held.row["entries"] + len(step.entries)
        columns |= {"entries": entries, "bundle": step.bundle.hash}
        if step.facts_changed:
            columns["facts_version"] = step.version
        if columns.get("status", step.held.row["status"]) != "open":
            columns["next_due_at"] = None  # the worker looks at open cases only
        step.rows.save(step.connection, step.held, **columns)
    audit.append(step.connection, step.entries)
    outbox.put(step.connection, step.notices)
    for passed in step.case.steps:
        step.desk.watch(passed.process, passed.element)
    now_is: str = columns.get("status", step.held.row["status"])
    return Outcome(step.held.row["ref"], step.version, now_is, opened)


def changed_facts(step: Step) -> dict[str, list[Value]]:
    """Facts that are other than before: id -> [old, new]."""
    now = step.case.facts
    return {
        name: [step.before.get(name), now.get(name)]
        for name in sorted({*step.before, *now})
        if step.before.get(name) != now.get(name)
    }


def _tell_clocks(step: Step) -> None:
    """Boundary clocks that fired are told to people, once each."""
    for number, passed in enumerate(step.case.steps):
        node = step.bundle.node(passed.process, passed.element)
        if node is None or node.kind != "boundaryEvent" or node.event.kind != "timer":
            continue
        body = {"process": passed.process, "clock": node.event.text}
        step.say("clock_fired", body, element=passed.element)
        key = f"{step.held.id}:{step.version}:clock_fired:{number}"
        told = {"case": step.held.row["ref"], "element": passed.element, "clock": node.event.text}
        step.notices.append(Notice(key, "clock_fired", step.held.id, told))


def _columns(step: Step, *, ended: str | None, status: str | None) -> dict[str, Any]:
    """What else changes in the case's row."""
    if ended is None and step.case.finished:
        ended = "finished"
    if ended is None:
        return {"status": status} if status is not None else {}
    ends = step.case.ends
    ended_as = ends[-1].name if ends and ended == "finished" else None
    step.say("ended", {"status": ended, "as": ended_as})
    return {"status": ended, "ended_at": clock.now(), "ended_as": ended_as}


def _require_future(step: Step, *, ended: str | None) -> None:
    """Either the case is over, or a person, a clock or a report can move it on."""
    case = step.case
    if ended is not None or case.finished:
        return
    waiting = any(at.state == "waiting" for at in case.position())
    if not (case.open_tasks() or case.waiting_messages() or waiting):
        raise Stuck
