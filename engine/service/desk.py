"""What every verb and question needs: the database, the bundles, who may do what."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, select

from engine.clock import LONDON
from engine.errors import Conflict, NotAllowed, NotFound, Refused
from engine.service.bundles import calendar_version, role_titled
from engine.service.views import SYSTEM
from engine.store import tables

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection, Engine, Row

    from engine.definition import ProcessDefinition
    from engine.service.bundles import Bundles
    from engine.service.views import Actor

#: All open tasks of the case a task belongs to, and the task itself, with what the verbs ask of
#: the case: one statement tells where a task stands.
_asked = select(tables.task.c.case_id).where(tables.task.c.id == bindparam("task"))
_TASKS = (
    select(
        tables.task,
        tables.case.c.ref,
        tables.case.c.title,
        tables.case.c.version,
        tables.case.c.facts_version,
        tables.case.c.bundle,
        tables.case.c.status.label("case_status"),
        calendar_version().label("calendar"),
    )
    .join_from(tables.task, tables.case, tables.case.c.id == tables.task.c.case_id)
    .where(
        ((tables.task.c.case_id == _asked.scalar_subquery()) & (tables.task.c.status == "open"))
        | (tables.task.c.id == bindparam("task"))
    )
    .order_by(tables.task.c.seq)
)


@dataclass(frozen=True, slots=True)
class Desk:
    """Shared by all threads; holds no connection."""

    database: Engine
    definition: ProcessDefinition
    bundles: Bundles
    name_of: Callable[[str], str]
    watch: Callable[[str, str], None]  # told process and element of everything a case passes

    def role_of(self, name: str, *, by_lane: bool) -> str:
        """The id of the role a lane or an expression names; an unknown one stays as it is."""
        role = role_titled(self.definition, name) if by_lane else None
        return role.id if role is not None else name

    def role_title(self, role_id: str) -> str:
        return next((r.title for r in self.definition.roles if r.id == role_id), role_id)


@dataclass(frozen=True, slots=True)
class TaskRows:
    """A task's row beside the open ones of its case, read without a lock."""

    asked: Row[Any]
    open: tuple[Row[Any], ...]


def read_task(connection: Connection, task_id: int, *, actor: Actor) -> TaskRows:
    """`NotFound` for a task that does not exist or lies in an area the actor must not see."""
    rows = connection.execute(_TASKS, {"task": task_id}).all()
    asked = next((row for row in rows if row.id == task_id), None)
    if asked is None or not actor.may_see(asked.area):
        raise NotFound("There is no such task")
    return TaskRows(asked, tuple(row for row in rows if row.status == "open"))


def require_role(actor: Actor, role_title: str, *, role: str, area: str) -> None:
    if not actor.may_work(role, area):
        raise NotAllowed(f"This is a task of {role_title}; you do not have that role here")


def require_area(actor: Actor, area: str) -> None:
    """A case of another area is a case that does not exist."""
    if not actor.may_see(area):
        raise NotFound("There is no such case")


def require_open(status: str) -> None:
    if status != "open":
        raise Refused(f"The case is {status}: nothing can be done in it")


def require_reason(reason: str) -> str:
    if not reason.strip():
        raise Refused("Give a reason: it is kept with the change")
    return reason.strip()


def change_to(connection: Connection, case_id: int, *, version: int) -> tuple[str, datetime]:
    """Who took the case to that version, and when; else the latest change."""
    entry = tables.audit.c
    rows = connection.execute(
        select(entry.actor, entry.at, entry.body)
        .where(entry.case_id == case_id)
        .order_by(entry.seq.desc())
    ).all()
    found = next((row for row in rows if json.loads(row.body).get("version") == version), rows[0])
    return found.actor, found.at


def conflict(desk: Desk, what: str, *, by: str, at: datetime) -> Conflict:
    """A conflict that names who was quicker, and when."""
    local = at.astimezone(LONDON)
    when = f"at {local:%H:%M} on {local.day} {local:%B %Y}"
    name = SYSTEM.name if by == SYSTEM.id else desk.name_of(by)
    message = f"{what} by {name} {when}. What you typed is kept."
    return Conflict(message, by=by, at=at)


def on_behalf_of(actor: Actor, role: str) -> str | None:
    """The outside body for which a liaison works."""
    return role if role in actor.liaison_for else None
