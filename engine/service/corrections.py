"""Facts and calendar set right: look first at every deadline that moves, then confirm."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, insert, select

from engine import clock
from engine.diagrams.forms import Form, Known
from engine.errors import CaseError, FactMissing, NotFound, Refused
from engine.service import audit
from engine.service.audit import Entry
from engine.service.bundles import calendar_version
from engine.service.desk import require_area, require_reason
from engine.service.results import DeadlineMove, FactPreview
from engine.service.step import finish
from engine.service.verbs import held_for
from engine.store import tables
from engine.store.database import reading, writing

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sqlalchemy import Connection, Row

    from engine.definition import CalendarChange, LegalTime, Value
    from engine.service.bundles import LiveBundle
    from engine.service.desk import Desk
    from engine.service.views import Actor

_ENDED = ("finished", "withdrawn", "cancelled")
_OPEN = (
    select(
        tables.deadline,
        tables.case.c.ref,
        tables.case.c.bundle,
        tables.case.c.facts,
    )
    .join_from(tables.deadline, tables.case)
    .where(tables.deadline.c.status == "open")
    .order_by(tables.deadline.c.case_id, tables.deadline.c.due_on)
)
_OF_CASE = _OPEN.where(tables.case.c.ref == bindparam("ref"))


# -- a fact of one case -------------------------------------------------------------------------
def preview_fact(desk: Desk, ref: str, fact: str, *, value: str, actor: Actor) -> FactPreview:
    """See `Cases.preview_fact`."""
    with reading(desk.database) as connection:
        case = tables.case.c
        row = connection.execute(
            select(case.facts, case.area, case.bundle, calendar_version().label("calendar")).where(
                case.ref == ref
            )
        ).one_or_none()
        if row is None:
            raise NotFound("There is no such case")
        require_area(actor, row.area)
        bundle = desk.bundles.get(connection, row.bundle, calendar=row.calendar)
        return _preview(connection, bundle, ref, fact, value=value, facts=json.loads(row.facts))


def correct_fact(
    desk: Desk, ref: str, fact: str, *, value: str, reason: str, actor: Actor
) -> FactPreview:
    """See `Cases.correct_fact`."""
    reason = require_reason(reason)
    with writing(desk.database) as connection:
        step = held_for(desk, connection, ref, actor=actor)
        if step.held.row["status"] in _ENDED:
            raise Refused(f"The case is {step.held.row['status']}: its facts stand")
        preview = _preview(connection, step.bundle, ref, fact, value=value, facts=step.case.facts)
        _require_change(preview)
        step.case.set_facts({fact: preview.new})
        changed = {fact: [preview.old, preview.new]}
        step.say("fact_corrected", {"facts": changed, "reason": reason})
        finish(step)
        return preview


def _preview(
    connection: Connection,
    bundle: LiveBundle,
    ref: str,
    fact: str,
    *,
    value: str,
    facts: Mapping[str, Value],
) -> FactPreview:
    known = bundle.legal_time.facts
    if fact not in known:
        raise NotFound(f"There is no fact {fact}")
    field = bundle.fact_field(fact)
    new = Form((field,)).read({fact: [value]}, Known(values=facts))[fact]
    rows = connection.execute(_OF_CASE, {"ref": ref}).all()
    moves = _moves(bundle, rows, legal_time=bundle.legal_time, facts={**facts, fact: new})
    return FactPreview(fact, known[fact].title, facts.get(fact), new, tuple(moves))


def _require_change(preview: FactPreview) -> None:
    if preview.old == preview.new:
        raise Refused(f"{preview.title} says so already")
    for move in preview.moves:
        if move.new_on is None:
            raise Refused(f"{move.rule.title} could not be worked out any more: {move.why}")


def _moves(
    bundle: LiveBundle,
    rows: Sequence[Row[Any]],
    *,
    legal_time: LegalTime,
    facts: Mapping[str, Value],
) -> Iterator[DeadlineMove]:
    """Deadlines that would be due on another day by this legal time and these facts."""
    for row in rows:
        rule = legal_time.rules[row.rule]
        name = bundle.title_of(row.element)
        try:
            due = legal_time.due(row.rule, facts)
        except FactMissing:
            why = "the date it counts from is not known"
            yield DeadlineMove(row.ref, rule, name, row.due_on, None, None, why)
        except CaseError as error:
            yield DeadlineMove(row.ref, rule, name, row.due_on, None, None, str(error))
        else:
            if due.due_on != row.due_on:
                yield DeadlineMove(row.ref, rule, name, row.due_on, due.due_on, due)


# -- the calendar -------------------------------------------------------------------------------
def preview_calendar_change(desk: Desk, change: CalendarChange) -> tuple[DeadlineMove, ...]:
    """See `Cases.preview_calendar_change`."""
    with reading(desk.database) as connection:
        return tuple(_calendar_moves(desk, connection, change))


def add_calendar_change(
    desk: Desk, change: CalendarChange, *, actor: Actor
) -> tuple[DeadlineMove, ...]:
    """All cases in one transaction: no two pages may disagree about a date."""
    if not (change.name.strip() and change.source.strip()):
        raise Refused("Give the day's name and the source that proclaims it")
    with writing(desk.database) as connection:
        moves = tuple(_calendar_moves(desk, connection, change))
        _store(connection, change, actor)
        for ref in _refs_with_clocks(connection):
            step = held_for(desk, connection, ref, actor=None)
            step.case.calendar_changed()
            step.facts_changed = True
            step.say("calendar_changed", {"on": str(change.on), "name": change.name})
            finish(step)
    return moves


def _calendar_moves(
    desk: Desk, connection: Connection, change: CalendarChange
) -> Iterator[DeadlineMove]:
    calendar: int = connection.execute(select(calendar_version())).scalar_one()
    changes = (*desk.bundles.changes(connection, calendar), change)
    thought: dict[str, LegalTime] = {}
    for row in connection.execute(_OPEN).all():
        if row.bundle not in thought:
            thought[row.bundle] = desk.bundles.legal_time(connection, row.bundle, changes)
        bundle = desk.bundles.get(connection, row.bundle, calendar=calendar)
        facts = json.loads(row.facts)
        yield from _moves(bundle, [row], legal_time=thought[row.bundle], facts=facts)


def _store(connection: Connection, change: CalendarChange, actor: Actor) -> None:
    values = {
        "on": change.on,
        "name": change.name.strip(),
        "working": change.working,
        "source": change.source.strip(),
    }
    connection.execute(insert(tables.calendar_change).values(**values, at=clock.now(), by=actor.id))
    body = values | {"on": str(change.on)}
    audit.append(connection, [Entry("calendar_change_added", actor.id, body=body)])


def _refs_with_clocks(connection: Connection) -> list[str]:
    case = tables.case.c
    deadlines = select(tables.deadline.c.case_id).where(tables.deadline.c.status == "open")
    refs = (
        select(case.ref)
        .where(
            case.status.in_(("open", "suspended")),
            case.next_due_at.is_not(None) | case.id.in_(deadlines),
        )
        .order_by(case.id)
    )
    return list(connection.execute(refs).scalars())
