"""The self-check, as data: what an administrator would ask of a database that looks well."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, select, text

from engine import clock
from engine.errors import CaseError
from engine.service import audit
from engine.service.results import Check, Verification
from engine.store import tables
from engine.store.database import reading, report
from engine.store.triggers import missing_triggers

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sqlalchemy import Connection

    from engine.service.desk import Desk

#: A clock that is due for longer than this says that no worker runs.
WORKER_SILENT = timedelta(minutes=15)


def verify(desk: Desk) -> Verification:
    """See `Cases.verify`."""
    with reading(desk.database) as connection:
        found = audit.verify(connection)
    return Verification(found.rows, found.head, found.problems)


def examine(desk: Desk, handled: Iterable[str]) -> tuple[Check, ...]:
    """See `Cases.doctor`; `handled` are the kinds of outbox entries somebody handles."""
    with reading(desk.database) as connection:
        return tuple(_checks(desk, connection, frozenset(handled)))


def _checks(desk: Desk, connection: Connection, handled: frozenset[str]) -> Iterator[Check]:
    yield _database(desk, connection)
    missing = sorted(missing_triggers(connection))
    yield Check("audit protected", not missing, ", ".join(missing) or "all triggers are there")
    found = audit.verify(connection)
    yield Check(
        "audit whole", not found.problems, "; ".join(found.problems) or f"{found.rows} entries"
    )
    live = connection.execute(
        select(tables.bundle.c.number).where(tables.bundle.c.live)
    ).scalar_one_or_none()
    yield Check(
        "diagrams published", live is not None, f"number {live}" if live else "none is live"
    )
    yield _clocks(connection)
    yield _incidents(connection)
    yield from _outbox(connection, handled)
    yield _holidays(desk, connection)


def _database(desk: Desk, connection: Connection) -> Check:
    """Settings that would lose work are a fault; what an administrator should know is told."""
    found = report(desk.database)
    told = "; ".join([f"{found.kind} {found.version}", *found.warnings])
    if found.kind != "sqlite":
        return Check("database", passed=True, detail=told)
    said = connection.execute(text("pragma quick_check")).scalar_one()
    durable = found.settings["journal_mode"] == "wal" and found.settings["synchronous"] == "2"
    return Check("database", said == "ok" and durable, f"{told}; {said}")


def _clocks(connection: Connection) -> Check:
    late = clock.now() - WORKER_SILENT
    number = connection.execute(
        select(func.count()).where(
            tables.case.c.next_due_at <= late, tables.case.c.status == "open"
        )
    ).scalar_one()
    detail = f"{number} cases wait for the worker" if number else "nothing waits for the worker"
    return Check("worker", number == 0, detail)


def _incidents(connection: Connection) -> Check:
    number = connection.execute(select(func.count()).where(~tables.incident.c.solved)).scalar_one()
    return Check("incidents", number == 0, f"{number} cases whose clock cannot be fired")


def _outbox(connection: Connection, handled: frozenset[str]) -> Iterator[Check]:
    box = tables.outbox.c
    rows = connection.execute(
        select(box.kind, box.status, func.count().label("number"))
        .where(box.status != "done")
        .group_by(box.kind, box.status)
    ).all()
    dead = sum(row.number for row in rows if row.status == "dead")
    yield Check("outbox", dead == 0, f"{dead} entries were given up")
    nobody = sorted({row.kind for row in rows if row.kind not in handled})
    detail = f"nobody handles {', '.join(nobody)}" if nobody else "every kind has a handler"
    yield Check("outbox handlers", not nobody, detail)


def _holidays(desk: Desk, connection: Connection) -> Check:
    """Whether dates of the coming year can be worked out."""
    live = connection.execute(
        select(tables.bundle.c.hash).where(tables.bundle.c.live)
    ).scalar_one_or_none()
    if live is None:
        return Check("bank holidays", passed=True, detail="no rules are published yet")
    legal_time = desk.bundles.current(connection).legal_time
    today = clock.today()
    try:
        legal_time.working_days_between(today, today + timedelta(days=366))
    except CaseError as error:
        return Check("bank holidays", passed=False, detail=str(error))
    return Check("bank holidays", passed=True, detail="known for the coming year")
