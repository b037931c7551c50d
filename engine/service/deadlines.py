"""The deadlines of a case: a boundary clock `due(rule)` arms one for its activity (its host).

It stays open while the host is open, whether the clock fired or not. When the host ends it is met
on the day of the latest proof. Without any, it is met on the day the host ended, unless a form in
the host asks for the proof: then the host ended another way (nothing was published), and the
deadline goes with it, or is missed if its day had passed. It goes when the host is withdrawn; but
where a clock that is a hard limit took the host away, what was due by then is missed for good.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, insert, select, update

from engine import clock
from engine.errors import FactMissing
from engine.service.outbox import Notice
from engine.store import tables

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.definition import Value
    from engine.diagrams.forms import Form
    from engine.service.step import Step

_row = tables.deadline.c
_OPEN = select(tables.deadline).where(_row.case_id == bindparam("case"), _row.status == "open")
_CHANGES = ("started_on", "due_on", "status", "proof_on", "proof_task", "met_on")
_CHANGE = (
    update(tables.deadline)
    .where(_row.id == bindparam("key"))
    .values(**{name: bindparam(name) for name in _CHANGES})
)


@dataclass(frozen=True, slots=True)
class Deadline:
    """A row of table `deadline`; `id` is 0 until it is stored."""

    id: int
    rule: str
    host: int
    element: str
    started_on: date | None
    due_on: date
    status: str = "open"
    proof_on: date | None = None
    proof_task: int | None = None
    met_on: date | None = None


def read(step: Step) -> tuple[Deadline, ...]:
    """The open deadlines as stored. Reads nothing for a bundle without clocks."""
    if step.new or not step.bundle.clocks:
        return ()
    rows = step.connection.execute(_OPEN, {"case": step.held.id})
    return tuple(
        Deadline(
            row.id, row.rule, row.host, row.element, row.started_on, row.due_on,
            row.status, row.proof_on, row.proof_task, row.met_on,
        )
        for row in rows
    )  # fmt: skip


def prove(
    stored: tuple[Deadline, ...],
    task_id: int,
    *,
    form: Form,
    values: Mapping[str, Value],
    around: tuple[int, ...],
) -> tuple[Deadline, ...]:
    """The deadlines with the dates a form gives as proof that a rule's duty was done.

    `around` are the activities the task runs in: their clocks come first; only when none of them
    has the rule, the proof counts for the rule's other clocks.
    """
    for field in form.fields:
        given = values.get(field.id)
        if not field.proves or not given:
            continue
        on = date.fromisoformat(str(given))
        for rule in field.proves:
            of_rule = [each for each in stored if each.rule == rule]
            meant = [each for each in of_rule if each.host in around] or of_rule
            stored = tuple(
                replace(each, proof_on=on, proof_task=task_id)
                if each in meant and (each.proof_on is None or each.proof_on < on)
                else each
                for each in stored
            )
    return stored


def enclosing(step: Step, seq: int) -> tuple[int, ...]:
    """The activity itself and those it runs in, from the inside out."""
    scopes = {at.seq: at.scope for at in step.case.position()}
    found = [seq]
    while scopes.get(found[-1]):
        found.append(scopes[found[-1]])
    return tuple(found)


def keep(step: Step, stored: tuple[Deadline, ...], *, proven: tuple[Deadline, ...]) -> None:
    """Bring the rows in line with the clocks of the running case; `step.deadlines` is what is open.

    `proven` are the stored ones with the proofs of this step.
    """
    if not step.bundle.clocks:
        return
    states = {(each.rule, each.host_seq): (each.state, each.host) for each in step.case.clocks()}
    cut_off = _cut_off(step)
    now = []
    for deadline in proven:
        state, _ = states.pop((deadline.rule, deadline.host), ("withdrawn", ""))
        if state == "open":
            now.append(_worked_out_again(step, deadline) if step.facts_changed else deadline)
        else:
            now.append(_ended(step, deadline, _ending(step, deadline, state, cut_off)))
    changed = [
        {"key": new.id, **{name: getattr(new, name) for name in _CHANGES}}
        for old, new in zip(stored, now, strict=True)
        if old != new
    ]
    if changed:
        step.connection.execute(_CHANGE, changed)
    armed = _armed(step, states)
    step.deadlines = (*(each for each in now if each.status == "open"), *armed)


def _armed(step: Step, states: Mapping[tuple[str, int], tuple[str, str]]) -> list[Deadline]:
    """Start the deadlines of hosts that were reached by this step.

    A clock whose fact is not known yet starts with the step that tells it.
    """
    made = []
    for (rule, host), (state, element) in states.items():
        if state != "open":
            continue
        try:
            due = step.bundle.legal_time.due(rule, step.case.facts)
        except FactMissing:
            continue
        made.append(Deadline(0, rule, host, element, due.start_on, due.due_on))
        step.say("deadline_started", {"rule": rule, "due": str(due.due_on)}, element=element)
    if made:
        rows = [asdict(each) | {"case_id": step.held.id} for each in made]
        for row in rows:
            del row["id"]
        step.connection.execute(insert(tables.deadline), rows)
    return made


def _worked_out_again(step: Step, deadline: Deadline) -> Deadline:
    """The date by the facts as they are now; the old one stays in the audit."""
    try:
        due = step.bundle.legal_time.due(deadline.rule, step.case.facts)
    except FactMissing:
        return deadline
    if due.due_on == deadline.due_on:
        return deadline
    told = {"rule": deadline.rule, "old": str(deadline.due_on), "new": str(due.due_on)}
    step.say("deadline_moved", told, element=deadline.element)
    key = f"{step.held.id}:{step.version}:deadline_moved:{deadline.id}"
    body = {"case": step.held.row["ref"], **told}
    step.notices.append(Notice(key, "deadline_moved", step.held.id, body))
    return replace(deadline, due_on=due.due_on, started_on=due.start_on)


def _cut_off(step: Step) -> frozenset[str]:
    """Activities this step took away because their hard limit passed."""
    fired = (step.bundle.node(passed.process, passed.element) for passed in step.case.steps)
    return frozenset(
        node.attached_to
        for node in fired
        if node is not None and node.attached_to and node.interrupting
        if node.event.kind == "timer"
    )


def _ending(step: Step, deadline: Deadline, host: str, cut_off: frozenset[str]) -> str:
    """What becomes of a deadline whose host is `completed` or `withdrawn`."""
    proven = deadline.proof_on is not None
    wants_proof = (deadline.element, deadline.rule) in step.bundle.provable
    if host == "completed" and (proven or not wants_proof):
        return "met"
    for_good = host == "completed" or deadline.element in cut_off
    return "missed" if for_good and not proven and clock.today() > deadline.due_on else "withdrawn"


def _ended(step: Step, deadline: Deadline, status: str) -> Deadline:
    """Met, missed for good (no later step can meet it) or gone; the audit says which."""
    told = {"rule": deadline.rule}
    if status != "withdrawn":
        told["due"] = str(deadline.due_on)
    met_on = None
    if status == "met":
        met_on = deadline.proof_on or clock.today()
        told["met"] = str(met_on)
    step.say(f"deadline_{status}", told, element=deadline.element)
    return replace(deadline, status=status, met_on=met_on)
