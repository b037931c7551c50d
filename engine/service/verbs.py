"""What people do to a case as a whole."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sqlalchemy import func, select, text

from engine import clock
from engine.errors import NotFound, Refused
from engine.service import tasks
from engine.service.audit import CHAIN_LOCK
from engine.service.bundles import calendar_version
from engine.service.desk import require_area, require_open, require_reason
from engine.service.step import Step, finish, take
from engine.service.views import SYSTEM
from engine.store import tables
from engine.store.case_rows import CaseRows
from engine.store.database import writing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection

    from engine.definition import Value
    from engine.service.desk import Desk
    from engine.service.results import Outcome
    from engine.service.views import Actor


def open_case(
    desk: Desk,
    process: str,
    *,
    area: str,
    title: str,
    actor: Actor,
    values: Mapping[str, Value],
) -> Outcome:
    """See `Cases.open_case`."""
    if process not in desk.definition.startable:
        raise Refused(f"{process} cannot be started by itself")
    if not title.strip():
        raise Refused("Give the case a title, in words without names")
    with writing(desk.database) as connection:
        bundle = desk.bundles.current(connection)
        facts = _area_facts(connection, area, actor) | dict(values)
        if unknown := sorted(facts.keys() - bundle.legal_time.facts.keys()):
            raise Refused(f"{unknown[0]} is not a fact of a case")
        facts = bundle.read_facts(facts)
        case = bundle.runtime.start(process, facts)
        case.fire_due_timers()
        if case.finished:
            raise Refused(f"{process} ends as soon as it is started")
        rows = CaseRows(lambda _: bundle.runtime)
        held = rows.create(
            connection,
            case,
            ref=_next_ref(connection),
            process=process,
            bundle=bundle.hash,
            area=area,
            title=title.strip(),
            status="open",
            opened_at=clock.now(),
            opened_by=actor.id,
        )
        step = Step(desk, connection, bundle, rows, held, actor, version=held.version, new=True)
        step.say("opened", {"process": process, "bundle": bundle.number, "facts": facts})
        return finish(step)


def end(desk: Desk, ref: str, *, status: str, reason: str, actor: Actor) -> Outcome:
    """Withdraw or cancel: whatever is open goes, its deadlines too."""
    reason = require_reason(reason)
    with writing(desk.database) as connection:
        step = held_for(desk, connection, ref, actor=actor)
        if step.held.row["status"] not in {"open", "suspended"}:
            raise Refused(f"The case is {step.held.row['status']} already")
        step.case.cancel()
        step.say(status, {"reason": reason})
        return finish(step, ended=status)


def suspend(desk: Desk, ref: str, *, reason: str, actor: Actor) -> Outcome:
    """See `Cases.suspend`."""
    reason = require_reason(reason)
    with writing(desk.database) as connection:
        step = held_for(desk, connection, ref, actor=actor)
        require_open(step.held.row["status"])
        step.say("suspended", {"reason": reason})
        outcome = finish(step, status="suspended")
        tasks.hold(connection, step.held.id)
        return outcome


def resume(desk: Desk, ref: str, *, reason: str, actor: Actor) -> Outcome:
    """Go on; clocks that became due meanwhile fire at once."""
    reason = require_reason(reason)
    with writing(desk.database) as connection:
        step = held_for(desk, connection, ref, actor=actor)
        if step.held.row["status"] != "suspended":
            raise Refused("The case is not suspended")
        tasks.give_back(connection, step.held.id)
        step.held.row = {**step.held.row, "status": "open"}
        step.say("resumed", {"reason": reason})
        return finish(step, status="open")


def report(desk: Desk, ref: str, message: str, *, reason: str, actor: Actor) -> Outcome:
    """See `Cases.report`; the key of a message is the number of its token."""
    with writing(desk.database) as connection:
        step = held_for(desk, connection, ref, actor=actor)
        require_open(step.held.row["status"])
        waiting = {str(each.seq): each for each in step.case.waiting_messages()}
        told = waiting.get(message)
        if told is None:
            raise Refused("This cannot be reported now: the step it belongs to is over")
        step.case.send_message(told.seq)
        body = {"message": told.name} | ({"reason": reason.strip()} if reason.strip() else {})
        step.say("reported", body, element=told.element)
        return finish(step)


def held_for(
    desk: Desk, connection: Connection, ref: str, *, actor: Actor | None, lock: bool = True
) -> Step:
    """The case, locked, if the actor may see it; without an actor it is the system's own step."""
    case = tables.case.c
    found = connection.execute(
        select(case.bundle, case.area, calendar_version().label("calendar")).where(case.ref == ref)
    ).one_or_none()
    if found is None:
        raise NotFound("There is no such case")
    if actor is not None:
        require_area(actor, found.area)
    bundle = desk.bundles.get(connection, found.bundle, calendar=found.calendar)
    return take(desk, connection, ref=ref, bundle=bundle, actor=actor or SYSTEM, lock=lock)


def _area_facts(connection: Connection, area: str, actor: Actor) -> dict[str, Value]:
    row = connection.execute(
        select(tables.area.c.facts).where(tables.area.c.code == area)
    ).one_or_none()
    if row is None or not actor.may_see(area):
        raise NotFound("There is no such area")
    facts: dict[str, Value] = json.loads(row.facts)
    return facts


def _next_ref(connection: Connection) -> str:
    """The year and the number of the case; one verb at a time may take one."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"select pg_advisory_xact_lock({CHAIN_LOCK})"))
    last = connection.execute(select(func.coalesce(func.max(tables.case.c.id), 0))).scalar_one()
    return f"{clock.today().year}-{last + 1:05d}"
