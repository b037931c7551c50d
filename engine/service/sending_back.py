"""Putting a case back on a task that was done, with today's facts and what was answered then."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from engine import clock
from engine.errors import Refused
from engine.service.completing import form_of, hold_task
from engine.service.desk import on_behalf_of, require_reason
from engine.service.step import finish
from engine.store import tables
from engine.store.database import writing

if TYPE_CHECKING:
    from engine.service.desk import Desk
    from engine.service.results import Outcome
    from engine.service.step import Step
    from engine.service.views import Actor


def send_back(desk: Desk, task_id: int, *, to: int, reason: str, actor: Actor) -> Outcome:
    """See `Cases.send_back`."""
    reason = require_reason(reason)
    with writing(desk.database) as connection:
        step, row = hold_task(desk, connection, task_id, actor=actor)
        passed = {each.seq: each for each in step.rows.passed(connection, step.held.id)}
        if to not in passed:
            raise Refused("That task was never done in this case")
        again = step.case.send_back(row.seq, passed[to])
        step.say(
            "sent_back",
            {"from": row.element, "to": passed[to].element, "reason": reason},
            element=passed[to].element,
            on_behalf_of=on_behalf_of(actor, row.role),
        )
        outcome = finish(step)
        _type_again(step, done=to, again=again)
        return outcome


def _type_again(step: Step, *, done: int, again: int) -> None:
    """What was answered then is what is typed now: nobody types a form twice."""
    task, answer = tables.task.c, tables.answer.c
    rows = step.connection.execute(
        select(tables.task, answer["values"].label("given"), answer.by)
        .join_from(tables.task, tables.answer, answer.task_id == task.id)
        .where(task.case_id == step.held.id, task.seq == done)
    )
    row = rows.one_or_none()
    if row is None:
        return
    draft = form_of(step.bundle, row).typed(json.loads(row.given))
    step.connection.execute(
        update(tables.task)
        .where(task.case_id == step.held.id, task.seq == again, task.status == "open")
        .values(draft=json.dumps(draft), draft_by=row.by, draft_at=clock.now())
    )
