"""A form handed in: the one verb most people use."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select

from engine import clock
from engine.diagrams.forms import Known
from engine.errors import InvalidAnswers, NotFound, Refused
from engine.service.deadlines import enclosing, prove
from engine.service.desk import (
    change_to,
    conflict,
    on_behalf_of,
    read_task,
    require_open,
    require_role,
)
from engine.service.step import Step, changed_facts, finish, take
from engine.store import tables
from engine.store.database import writing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection, Row

    from engine.definition import Value
    from engine.diagrams.forms import Form
    from engine.service.bundles import LiveBundle
    from engine.service.desk import Desk, TaskRows
    from engine.service.results import Outcome
    from engine.service.views import Actor, Typed


def complete(
    desk: Desk,
    task_id: int,
    *,
    version: int | None,
    actor: Actor,
    typed: Typed | None,
    values: Mapping[str, Value] | None,
) -> Outcome:
    """See `Cases.complete`."""
    with writing(desk.database) as connection:
        step, row = hold_task(desk, connection, task_id, actor=actor)
        task = next(each for each in step.case.open_tasks() if each.seq == row.seq)
        form = form_of(step.bundle, row)
        _require_fresh(step, row, form=form, version=version)
        if typed is None:
            typed = _as_typed(form, values or {})
        answers = form.read(typed, known(step, form=form, variables=task.variables))
        around = enclosing(step, task.seq)
        step.case.complete(task.seq, _routed(step.bundle, answers))
        answer_id = _keep(step, row, answers)
        changed = changed_facts(step)
        step.say(
            "completed",
            {"task": row.id, "answer": answer_id} | ({"facts": changed} if changed else {}),
            element=row.element,
            on_behalf_of=on_behalf_of(actor, row.role),
        )
        step.closed_task = row.id
        return finish(
            step,
            proof=lambda stored: prove(stored, row.id, form=form, values=answers, around=around),
        )


def hold_task(
    desk: Desk, connection: Connection, task_id: int, *, actor: Actor
) -> tuple[Step, Row[Any]]:
    """The case of a task, locked, if the actor may do the task and nobody was quicker."""
    rows = read_task(connection, task_id, actor=actor)
    step = _take(desk, connection, rows, actor)
    if step.held.version != rows.asked.version:
        rows = read_task(connection, task_id, actor=actor)  # another verb ended in between
        step = _take(desk, connection, rows, actor)
    _require_mine(desk, rows.asked, actor)
    step.open_rows = rows.open
    return step, rows.asked


def _take(desk: Desk, connection: Connection, rows: TaskRows, actor: Actor) -> Step:
    asked = rows.asked
    bundle = desk.bundles.get(connection, asked.bundle, calendar=asked.calendar)
    return take(desk, connection, ref=asked.ref, bundle=bundle, actor=actor)


def _require_mine(desk: Desk, asked: Row[Any], actor: Actor) -> None:
    require_role(actor, desk.role_title(asked.role), role=asked.role, area=asked.area)
    if asked.status == "done":
        raise conflict(desk, "This task was done", by=asked.closed_by, at=asked.closed_at)
    if asked.status == "withdrawn":
        raise conflict(desk, "This task was withdrawn", by=asked.closed_by, at=asked.closed_at)
    require_open(asked.case_status)
    if asked.assignee not in {None, actor.id}:
        raise Refused(f"{desk.name_of(asked.assignee)} has taken this task; ask for its release")


def _require_fresh(step: Step, asked: Row[Any], *, form: Form, version: int | None) -> None:
    """A form that asks for a fact must not put back what somebody has corrected meanwhile.

    Work done in other branches does not stand in its way: what was typed is checked against the
    facts as they are now.
    """
    if version is None or max(asked.facts_version, 1) <= version <= asked.version:
        return
    facts = step.bundle.legal_time.facts
    if 0 < version < asked.facts_version and not any(each.id in facts for each in form.fields):
        return
    by, at = change_to(step.connection, asked.case_id, version=asked.facts_version)
    raise conflict(step.desk, "The case was changed", by=by, at=at)


def form_of(bundle: LiveBundle, row: Row[Any]) -> Form:
    """The form of the task as the case's own bundle draws it."""
    node = bundle.node(row.process, row.element)
    if node is None:
        raise NotFound("The diagrams of this case do not know the task any more")
    return node.form


def known(step: Step, *, form: Form, variables: Mapping[str, Value]) -> Known:
    """What the form's questions may compare with: `variables` of its token, and facts."""
    facts = step.bundle.legal_time.facts
    areas: dict[str, str] = {}
    if any(field.type == "areas" for field in form.fields):
        areas = other_areas(step.connection, step.held.row["area"])
    return Known(
        values={**variables, **step.case.facts},
        titles={fact.id: fact.title for fact in facts.values()},
        areas=areas,
        functions=step.bundle.functions,
    )


def other_areas(connection: Connection, own: str) -> dict[str, str]:
    rows = select(tables.area.c.code, tables.area.c.name).where(tables.area.c.code != own)
    return {row.code: row.name for row in connection.execute(rows.order_by("name"))}


def _as_typed(form: Form, values: Mapping[str, Value]) -> Typed:
    """Values handed in by a program go the same way as those typed by a person."""
    fields = {field.id for field in form.fields}
    if unknown := sorted(values.keys() - fields):
        raise InvalidAnswers({name: f"The form does not ask for {name}" for name in unknown})
    return form.typed(values)


def _routed(bundle: LiveBundle, answers: Mapping[str, Value]) -> dict[str, Value]:
    """Only what an expression reads, and facts, reach the engine: no words about people."""
    return {name: value for name, value in answers.items() if name in bundle.routing}


def _keep(step: Step, row: Row[Any], answers: Mapping[str, Value]) -> int:
    stored = insert(tables.answer).values(
        case_id=step.held.id,
        task_id=row.id,
        values=json.dumps(answers, ensure_ascii=False, separators=(",", ":")),
        at=clock.now(),
        by=step.actor.id,
    )
    number: int = step.connection.execute(stored.returning(tables.answer.c.id)).scalar_one()
    return number
