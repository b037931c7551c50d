"""Waking cases whose clocks are due, each on its own, so that one that fails stops no other."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import insert, select, update

from engine import clock
from engine.errors import CaseError
from engine.service import audit
from engine.service.audit import Entry
from engine.service.faults import wordless
from engine.service.results import IncidentView, Sweep
from engine.service.step import finish
from engine.service.verbs import held_for
from engine.service.views import SYSTEM
from engine.store import tables
from engine.store.database import reading, writing

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

    from engine.service.desk import Desk

log = logging.getLogger(__name__)

FIRST_WAIT = timedelta(minutes=5)
LONGEST_WAIT = timedelta(days=1)
_case, _incident = tables.case.c, tables.incident.c


class NothingFired(CaseError):
    """A clock is due, but nothing happens when it fires."""


def clocks_are_due(connection: Connection) -> bool:
    """One look at an index; loads no case."""
    return bool(_due_refs(connection, limit=1))


def fire_due_timers(desk: Desk, *, limit: int) -> Sweep:
    """See `Cases.fire_due_timers`."""
    with reading(desk.database) as connection:
        due = _due_refs(connection, limit=limit)
    moved = failed = 0
    for ref in due:
        try:
            moved += _fire(desk, ref)
        except Exception as error:
            log.exception("the clock of case %s failed", ref, exc_info=wordless(error))
            _keep_incident(desk.database, ref, error)
            failed += 1
    return Sweep(moved, failed)


def _due_refs(connection: Connection, *, limit: int) -> list[str]:
    now = clock.now()
    held_up = (
        select(_incident.id)
        .where(_incident.case_id == _case.id, ~_incident.solved, _incident.again_at > now)
        .exists()
    )
    # Only an open case has a clock that may fire; asking for its status too would lead the
    # database to the wrong index.
    due = select(_case.ref).where(_case.next_due_at <= now, ~held_up)
    return list(connection.execute(due.order_by(_case.next_due_at).limit(limit)).scalars())


def _fire(desk: Desk, ref: str) -> int:
    """Fire what is due in one case; 0 when another was quicker."""
    with writing(desk.database) as connection:
        step = held_for(desk, connection, ref, actor=None)
        row = step.held.row
        due_at = row["next_due_at"]
        if row["status"] != "open" or due_at is None or due_at > clock.now():
            return 0
        if step.case.fire_due_timers() == 0:
            raise NothingFired
        finish(step)
        connection.execute(
            update(tables.incident)
            .where(_incident.case_id == step.held.id, ~_incident.solved)
            .values(solved=True)
        )
    return 1


def _keep_incident(database: Engine, ref: str, error: Exception) -> None:
    """Count the failure and wait longer each time. Only what our own errors say is kept."""
    what = str(error) if isinstance(error, CaseError) else type(error).__name__
    now = clock.now()
    with writing(database) as connection:
        case_id = connection.execute(select(_case.id).where(_case.ref == ref)).scalar_one()
        old = connection.execute(
            select(_incident.tries, _incident.solved).where(_incident.case_id == case_id)
        ).one_or_none()
        tries = 1 if old is None or old.solved else old.tries + 1
        again_at = now + min(FIRST_WAIT * (1 << min(tries - 1, 20)), LONGEST_WAIT)
        values = {"at": now, "what": what, "tries": tries, "again_at": again_at, "solved": False}
        if old is None:
            connection.execute(insert(tables.incident).values(case_id=case_id, **values))
        else:
            mine = _incident.case_id == case_id
            connection.execute(update(tables.incident).where(mine).values(**values))
        body = {"what": what, "tries": tries}
        audit.count(connection, case_id, 1)
        audit.append(connection, [Entry("clock_failed", SYSTEM.id, case_id, body=body)])


def incidents(desk: Desk) -> tuple[IncidentView, ...]:
    """Cases whose clock could not be fired, those still failing first."""
    with reading(desk.database) as connection:
        rows = connection.execute(
            select(tables.incident, _case.ref)
            .join_from(tables.incident, tables.case)
            .order_by(_incident.solved, _incident.at.desc())
        )
        return tuple(
            IncidentView(row.id, row.ref, row.at, row.what, row.tries, row.solved) for row in rows
        )
