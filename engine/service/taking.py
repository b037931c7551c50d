"""Who does a task: taking it, giving it back, passing it on, and what is typed so far."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update

from engine import clock
from engine.errors import Refused
from engine.service import audit
from engine.service.audit import Entry
from engine.service.desk import (
    conflict,
    on_behalf_of,
    read_task,
    require_open,
    require_reason,
    require_role,
)
from engine.store import tables
from engine.store.database import writing

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection, Row

    from engine.service.desk import Desk
    from engine.service.views import Actor, Typed

#: What a draft may hold; a form of the largest allowed answers fits.
MOST_DRAFT_CHARACTERS = 200_000


def claim(desk: Desk, task_id: int, *, actor: Actor) -> None:
    """See `Cases.claim`."""
    with writing(desk.database) as connection:
        row = _open_task(desk, connection, task_id, actor=actor)
        if row.assignee == actor.id:
            return
        if row.assignee is not None:
            by, at = _taken(connection, row)
            raise conflict(desk, "This task was taken", by=by, at=at)
        _set(connection, row.id, assignee=actor.id)
        _tell(connection, row, actor, action="claimed")


def release(desk: Desk, task_id: int, *, actor: Actor) -> None:
    """Give a task back to everybody of its role; only whoever has it can."""
    with writing(desk.database) as connection:
        row = _open_task(desk, connection, task_id, actor=actor)
        if row.assignee != actor.id:
            raise Refused("You have not taken this task")
        _set(connection, row.id, assignee=None)
        _tell(connection, row, actor, action="released")


def assign(desk: Desk, task_id: int, *, to: Actor, reason: str, actor: Actor) -> None:
    """Give a task to somebody of its role, also when another has it; the reason is kept."""
    reason = require_reason(reason)
    with writing(desk.database) as connection:
        row = _open_task(desk, connection, task_id, actor=actor)
        if not to.may_work(row.role, row.area):
            raise Refused(f"{desk.name_of(to.id)} does not have the role of this task")
        _set(connection, row.id, assignee=to.id)
        body = {"from": row.assignee, "to": to.id, "reason": reason}
        _tell(connection, row, actor, action="assigned", **body)


def save_draft(desk: Desk, task_id: int, typed: Typed, *, actor: Actor) -> None:
    """See `Cases.save_draft`."""
    draft = json.dumps({name: list(texts) for name, texts in typed.items()}, ensure_ascii=False)
    if len(draft) > MOST_DRAFT_CHARACTERS:
        raise Refused("What you typed is too long to be kept")
    with writing(desk.database) as connection:
        row = _open_task(desk, connection, task_id, actor=actor)
        _set(connection, row.id, draft=draft, draft_by=actor.id, draft_at=clock.now())


def _open_task(desk: Desk, connection: Connection, task_id: int, *, actor: Actor) -> Row[Any]:
    """The task, if it can be worked now; its case is locked, as by every other verb."""
    of_task = select(tables.task.c.case_id).where(tables.task.c.id == task_id)
    case = tables.case.c.id
    connection.execute(select(case).where(case == of_task.scalar_subquery()).with_for_update())
    row = read_task(connection, task_id, actor=actor).asked
    require_role(actor, desk.role_title(row.role), role=row.role, area=row.area)
    if row.closed_by is not None:
        raise conflict(desk, f"This task was {row.status}", by=row.closed_by, at=row.closed_at)
    require_open(row.case_status)
    return row


def _taken(connection: Connection, row: Row[Any]) -> tuple[str, datetime]:
    """Who has the task, and since when: the last time it was claimed or assigned."""
    entry = tables.audit.c
    wanted = select(entry.at).where(
        entry.case_id == row.case_id,
        entry.element == row.element,
        entry.action.in_(("claimed", "assigned")),
    )
    at = connection.execute(wanted.order_by(entry.seq.desc()).limit(1)).scalar_one()
    return row.assignee, at


def _set(connection: Connection, task_id: int, **values: object) -> None:
    connection.execute(
        update(tables.task)
        .where(tables.task.c.id == task_id, tables.task.c.status == "open")
        .values(**values)
    )


def _tell(
    connection: Connection, row: Row[Any], actor: Actor, *, action: str, **body: object
) -> None:
    entry = Entry(
        action=action,
        actor=actor.id,
        case_id=row.case_id,
        element=row.element,
        on_behalf_of=on_behalf_of(actor, row.role),
        body={"task": row.id, **body},
    )
    audit.count(connection, row.case_id, 1)
    audit.append(connection, [entry])
