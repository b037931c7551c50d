"""The audit as people read it: newest first, elements by their names."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from engine.service.views import TimelineEntry
from engine.store import tables
from engine.store.database import reading

if TYPE_CHECKING:
    from sqlalchemy import Connection, Row

    from engine.service.bundles import LiveBundle
    from engine.service.desk import Desk
    from engine.service.results import AuditFilter

_entry, _case = tables.audit.c, tables.case.c


def entries(
    connection: Connection, bundle: LiveBundle, *, case_id: int, limit: int
) -> tuple[TimelineEntry, ...]:
    """What happened in one case."""
    rows = connection.execute(
        select(tables.audit)
        .where(_entry.case_id == case_id)
        .order_by(_entry.seq.desc())
        .limit(limit)
    )
    return tuple(
        _told(row, name=bundle.title_of(row.element) if row.element else None) for row in rows
    )


def search(desk: Desk, filters: AuditFilter, *, limit: int) -> tuple[TimelineEntry, ...]:
    """See `Cases.audit`."""
    wanted = select(tables.audit, _case.ref).join_from(
        tables.audit, tables.case, _case.id == _entry.case_id, isouter=True
    )
    if filters.case_ref is not None:
        wanted = wanted.where(_case.ref == filters.case_ref)
    if filters.actor is not None:
        wanted = wanted.where(_entry.actor == filters.actor)
    if filters.action is not None:
        wanted = wanted.where(_entry.action == filters.action)
    if filters.before is not None:
        wanted = wanted.where(_entry.seq < filters.before)
    with reading(desk.database) as connection:
        rows = connection.execute(wanted.order_by(_entry.seq.desc()).limit(limit))
        return tuple(_told(row, ref=row.ref) for row in rows)


def _told(row: Row[Any], *, name: str | None = None, ref: str | None = None) -> TimelineEntry:
    return TimelineEntry(
        seq=row.seq,
        at=row.at,
        actor=row.actor,
        on_behalf_of=row.on_behalf_of,
        action=row.action,
        element=row.element,
        name=name,
        body=json.loads(row.body),
        case_ref=ref,
    )
