"""Everything a page about one case or one task shows, read from one state of the database."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from engine import clock
from engine.errors import CaseError, NotFound
from engine.expressions import compile_expression
from engine.service.completing import known
from engine.service.deadlines import enclosing
from engine.service.desk import read_task
from engine.service.next_steps import next_steps
from engine.service.rows import inbox_row
from engine.service.step import Step
from engine.service.trail import entries
from engine.service.verbs import held_for
from engine.service.views import (
    AnswerView,
    BackTo,
    CaseView,
    DeadlineView,
    FactView,
    MapPosition,
    MessageView,
    TaskPage,
    WaitView,
)
from engine.store import tables
from engine.store.database import reading

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from sqlalchemy import Connection, Row

    from engine.definition import DueDate, Value
    from engine.diagrams.forms import Form, Known
    from engine.service.bundles import LiveBundle
    from engine.service.desk import Desk
    from engine.service.views import Actor

MOST_TIMELINE = 1_000


def case(desk: Desk, ref: str, actor: Actor) -> CaseView:
    """See `Cases.case`."""
    with reading(desk.database) as connection:
        step = held_for(desk, connection, ref, actor=actor, lock=False)
        row = step.held.row
        named = select(tables.area.c.name).where(tables.area.c.code == row["area"])
        tasks = _tasks(step)
        deadlines = deadlines_of(step)
        return CaseView(
            ref=ref,
            title=row["title"],
            area=row["area"],
            area_name=connection.execute(named).scalar_one(),
            process=row["process"],
            bundle_number=step.bundle.number,
            status=row["status"],
            opened_at=row["opened_at"],
            opened_by=row["opened_by"],
            ended_at=row["ended_at"],
            ended_as=row["ended_as"],
            version=step.held.version,
            facts=_facts(step),
            tasks=tuple(
                inbox_row(desk, each, ref=ref, title=row["title"])
                for each in sorted(tasks, key=lambda t: (t.status != "open", -t.id))
            ),
            deadlines=deadlines,
            foreseen=_foreseen(step, {each.rule.id for each in deadlines}),
            timeline=entries(connection, step.bundle, case_id=step.held.id, limit=MOST_TIMELINE),
            answers=_answers(step, {each.id: each for each in tasks}),
            messages=_messages(step),
            positions=_positions(step),
            waits=_waits(step),
        )


def positions(desk: Desk, ref: str, actor: Actor) -> tuple[MapPosition, ...]:
    """See `Cases.positions`."""
    with reading(desk.database) as connection:
        return _positions(held_for(desk, connection, ref, actor=actor, lock=False))


def task(desk: Desk, task_id: int, actor: Actor) -> TaskPage:
    """See `Cases.task`."""
    with reading(desk.database) as connection:
        row = read_task(connection, task_id, actor=actor).asked
        step = held_for(desk, connection, row.ref, actor=actor, lock=False)
        node = step.bundle.node(row.process, row.element)
        if node is None:
            raise NotFound("The diagrams of this case do not know the task any more")
        what_is_known = _known(step, row, node.form)
        around = enclosing(step, row.seq) if row.status == "open" else ()
        duties = desk.definition.duties
        return TaskPage(
            task=inbox_row(desk, row, ref=row.ref, title=row.title),
            version=row.version,
            form=node.form,
            known=what_is_known,
            values=_values(connection, row, node.form, what_is_known.values),
            draft=json.loads(row.draft) if row.draft else None,
            draft_by=row.draft_by,
            draft_at=row.draft_at,
            guidance=node.documentation,
            law=tuple(duties[duty] for duty in node.law if duty in duties),
            deadline=_nearest(step, row, around),
            next_steps=next_steps(desk, step.bundle.diagrams.processes[row.process], node),
            back_to=_back_to(step, row) if row.status == "open" else (),
            may_work=actor.may_work(row.role, row.area),
        )


def deadlines_of(step: Step) -> tuple[DeadlineView, ...]:
    """All clocks of a case, open ones first, nearest first."""
    column = tables.deadline.c
    rows = step.connection.execute(
        select(tables.deadline).where(column.case_id == step.held.id)
    ).all()
    ordered = sorted(rows, key=lambda row: (row.status != "open", row.due_on, row.id))
    return tuple(_deadline(step, row) for row in ordered)


# -- parts of the case page ---------------------------------------------------------------------
def _tasks(step: Step) -> Sequence[Row[Any]]:
    wanted = select(tables.task).where(tables.task.c.case_id == step.held.id)
    return step.connection.execute(wanted).all()


def _facts(step: Step) -> tuple[FactView, ...]:
    """Those known so far, in the order of the rules' file."""
    now = step.case.facts
    return tuple(
        FactView(fact.id, fact.title, fact.type, now[fact.id])
        for fact in step.bundle.legal_time.facts.values()
        if now.get(fact.id) is not None
    )


def _deadline(step: Step, row: Row[Any]) -> DeadlineView:
    legal_time, today = step.bundle.legal_time, clock.today()
    until = row.met_on or row.proof_on or today
    still_open = row.status == "open" and row.proof_on is None
    late = row.status != "withdrawn" and until > row.due_on
    return DeadlineView(
        id=row.id,
        case_ref=step.held.row["ref"],
        rule=legal_time.rules[row.rule],
        element=row.element,
        host_name=step.bundle.title_of(row.element),
        started_on=row.started_on,
        due_on=row.due_on,
        due=_explained(step, row),
        status=row.status,
        met_on=row.met_on,
        proof_on=row.proof_on,
        proof_task=row.proof_task,
        overdue=late,
        late_by=legal_time.working_days_between(row.due_on, until) if late else 0,
        days_left=legal_time.working_days_between(today, row.due_on) if still_open else None,
    )


def _explained(step: Step, row: Row[Any]) -> DueDate | None:
    """How the date is worked out; nothing where the facts give another date by now."""
    try:
        due = step.bundle.legal_time.due(row.rule, step.case.facts)
    except CaseError:
        return None
    return due if due.due_on == row.due_on else None


def _foreseen(step: Step, begun: Collection[str]) -> tuple[DueDate, ...]:
    """Limits that run by the facts although the case has not reached their step, nearest first."""
    legal_time = step.bundle.legal_time
    if step.held.row["status"] != "open":
        return ()
    facts = {**dict.fromkeys(legal_time.facts), **step.case.facts}
    found = []
    for rule in legal_time.rules.values():
        if not rule.foreseen_while or rule.id in begun:
            continue
        condition = compile_expression(rule.foreseen_while, step.bundle.functions)
        try:
            if condition.evaluate(facts):
                found.append(legal_time.due(rule.id, step.case.facts))
        except CaseError:
            continue  # a fact it needs is not known yet
    return tuple(sorted(found, key=lambda due: due.due_on))


def _answers(step: Step, tasks: Mapping[int, Row[Any]]) -> tuple[AnswerView, ...]:
    column = tables.answer.c
    rows = step.connection.execute(
        select(tables.answer).where(column.case_id == step.held.id).order_by(column.id)
    )
    return tuple(_answer(step.bundle, row, tasks[row.task_id]) for row in rows)


def _answer(bundle: LiveBundle, row: Row[Any], of: Row[Any]) -> AnswerView:
    """With the labels of the form it answers; what that form no longer asks keeps its id."""
    node = bundle.node(of.process, of.element)
    labels = {field.id: field.label for field in node.form.fields} if node is not None else {}
    values: dict[str, Value] = json.loads(row.values)
    said = tuple((name, labels.get(name, name), value) for name, value in values.items())
    return AnswerView(row.id, of.id, of.name, said, row.at, row.by)


def _messages(step: Step) -> tuple[MessageView, ...]:
    if step.held.row["status"] != "open":
        return ()
    found = []
    for each in step.case.waiting_messages():
        node = step.bundle.node(each.process, each.element)
        found.append(
            MessageView(
                key=str(each.seq),
                name=each.name,
                process=each.process,
                element=each.element,
                host_name=step.bundle.title_of(each.host) if each.host else "",
                interrupting=each.interrupting,
                guidance=node.documentation if node is not None else "",
            )
        )
    return tuple(found)


def _positions(step: Step) -> tuple[MapPosition, ...]:
    """One entry a diagram: where the case waits on it, and what it passed there."""
    here: dict[str, set[str]] = {step.held.row["process"]: set()}
    been: dict[str, set[str]] = {step.held.row["process"]: set()}
    for at in sorted(step.case.position(), key=lambda at: at.seq):
        here.setdefault(at.process, set()).add(at.element)
    for passed in step.rows.passed(step.connection, step.held.id):
        been.setdefault(passed.process, set()).add(passed.element)
    processes = step.bundle.diagrams.processes
    return tuple(
        MapPosition(
            process,
            processes[process].name or process,
            frozenset(here.get(process, ())),
            frozenset(been.get(process, ())),
        )
        for process in {**here, **been}
    )


def _waits(step: Step) -> tuple[WaitView, ...]:
    """Dates the case waits for on its way; clocks beside an activity hold nothing up."""
    found = []
    for at in step.case.position():
        node = step.bundle.node(at.process, at.element)
        if node is not None and node.attached_to is None and node.event.kind == "timer":
            found.append(WaitView(at.process, at.element, node.name, at.until))
    return tuple(sorted(found, key=lambda wait: (wait.until is None, wait.until, wait.element)))


# -- parts of the task page ---------------------------------------------------------------------
def _known(step: Step, row: Row[Any], form: Form) -> Known:
    of_token = (each.variables for each in step.case.open_tasks() if each.seq == row.seq)
    return known(step, form=form, variables=next(of_token, {}))


def _values(
    connection: Connection, row: Row[Any], form: Form, facts: Mapping[str, Value]
) -> dict[str, Value]:
    """The answers given, once it is done; before, what the case knows already."""
    if row.status == "done":
        given = select(tables.answer.c["values"]).where(tables.answer.c.task_id == row.id)
        answers: dict[str, Value] = json.loads(connection.execute(given).scalar_one())
        return answers
    return {field.id: facts[field.id] for field in form.fields if field.id in facts}


def _nearest(step: Step, row: Row[Any], around: tuple[int, ...]) -> DeadlineView | None:
    column = tables.deadline.c
    meant = step.connection.execute(
        select(tables.deadline).where(
            column.case_id == step.held.id,
            column.rule == row.rule,
            column.due_on == row.due_on,
            column.host.in_(around),
        )
    ).first()
    return _deadline(step, meant) if meant is not None else None


def _back_to(step: Step, row: Row[Any]) -> tuple[BackTo, ...]:
    passed = step.rows.passed(step.connection, step.held.id)
    possible = step.case.back_targets(row.seq, passed)
    return tuple(
        BackTo(target.seq, step.bundle.title_of(target.element))
        for target in possible
        if target.refusal is None
    )
