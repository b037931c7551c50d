"""Lists of tasks and cases, page by page. A page costs what it shows, not what there is."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, func, literal, or_, select, text, union_all

from engine import clock
from engine.service.rows import inbox_row
from engine.service.views import CasePage, CaseRow, InboxCounts, InboxPage, OpenDeadline
from engine.store import tables
from engine.store.database import reading

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement, Connection, Row, Select

    from engine.service.desk import Desk
    from engine.service.views import Actor, CaseFilter, InboxFilter, InboxRow

_task, _case, _deadline = tables.task.c, tables.case.c, tables.deadline.c
#: Stands in a cursor for tasks without a date; they come last.
_NO_DATE = "-"
MOST_ROWS = 500
MOST_WALKS = 12
#: Written out, not bound: only so do the databases see that the indexes of open tasks fit.
_IS_OPEN = text("task.status = 'open'")


def inbox(
    desk: Desk, actor: Actor, filters: InboxFilter, *, after: str | None, limit: int
) -> InboxPage:
    """See `Cases.inbox`. Dated tasks first, then those without a date: two walks of one index."""
    limit = max(1, min(limit, MOST_ROWS))
    with reading(desk.database) as connection:
        rows: list[Row[Any]] = []
        if after is None or not after.startswith(_NO_DATE):
            rows = _dated(connection, actor, filters, after=after, limit=limit + 1)
            after = None
        if len(rows) <= limit:
            rows += _undated(connection, actor, filters, after=after, limit=limit + 1 - len(rows))
    shown = rows[:limit]
    return InboxPage(
        tuple(inbox_row(desk, row, ref=row.ref, title=row.title) for row in shown),
        _cursor(shown[-1]) if len(rows) > limit else None,
    )


def counts(desk: Desk, actor: Actor) -> InboxCounts:
    """See `Cases.counts`: walks of indexes, no row is looked at."""
    today = clock.today()
    conditions = (
        _task.id.is_not(None),
        _task.assignee == actor.id,
        _task.due_on < today,
    )
    numbers = [
        sum(
            (select(func.count()).where(_IS_OPEN, part, each).scalar_subquery() for part in parts),
            literal(0),
        )
        for parts in [_parts(actor)]
        for each in conditions
    ]
    with reading(desk.database) as connection:
        return InboxCounts(*connection.execute(select(*numbers)).one())


def open_tasks(desk: Desk, ref: str) -> tuple[InboxRow, ...]:
    """See `Cases.open_tasks`."""
    rows = _tasks().where(_case.ref == ref, _task.status == "open").order_by(_task.seq)
    with reading(desk.database) as connection:
        found = connection.execute(rows).all()
    return tuple(inbox_row(desk, row, ref=row.ref, title=row.title) for row in found)


def cases(
    desk: Desk, actor: Actor, filters: CaseFilter, *, after: str | None, limit: int
) -> CasePage:
    """See `Cases.cases`."""
    limit = max(1, min(limit, MOST_ROWS))
    wanted = select(tables.case).where(may_see(actor), *_case_filters(filters))
    if after is not None and after.isdigit():
        wanted = wanted.where(_case.id < int(after))
    with reading(desk.database) as connection:
        rows = connection.execute(wanted.order_by(_case.id.desc()).limit(limit + 1)).all()
        shown = rows[:limit]
        nearest = _nearest_deadlines(connection, [row.id for row in shown])
    return CasePage(
        tuple(_case_row(row, nearest.get(row.id)) for row in shown),
        str(shown[-1].id) if len(rows) > limit else None,
    )


def open_deadlines(desk: Desk, actor: Actor) -> tuple[OpenDeadline, ...]:
    """See `Cases.open_deadlines`."""
    wanted = (
        select(_deadline.id, _case.ref, _deadline.rule, _deadline.due_on)
        .join_from(tables.deadline, tables.case, _case.id == _deadline.case_id)
        .where(may_see(actor), _deadline.status == "open", _deadline.proof_on.is_(None))
        .order_by(_deadline.due_on, _deadline.id)
        .limit(MOST_ROWS)
    )
    with reading(desk.database) as connection:
        return tuple(OpenDeadline(*row) for row in connection.execute(wanted))


def may_see(actor: Actor) -> ColumnElement[bool]:
    """The one predicate of which cases somebody sees."""
    areas = {area for _, area in actor.grants}
    if None in areas:
        return _case.id.is_not(None)
    return _case.area.in_(sorted(area for area in areas if area is not None))


def _parts(actor: Actor) -> list[ColumnElement[bool]]:
    """What the actor may work, in parts that do not overlap and have an index each."""
    everywhere = sorted(role for role, area in actor.grants if area is None)
    somewhere = sorted(
        (area, role) for role, area in actor.grants if area is not None and role not in everywhere
    )
    parts = [and_(_task.area == area, _task.role == role) for area, role in somewhere]
    if len(parts) > MOST_WALKS:
        parts = [or_(*parts)]
    return [_task.role.in_(everywhere), *parts] if everywhere else parts


def _tasks() -> Select[Any]:
    return select(tables.task, _case.ref, _case.title).join_from(
        tables.task, tables.case, _case.id == _task.case_id
    )


def _filters(actor: Actor, filters: InboxFilter) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = []
    if filters.area is not None:
        wanted.append(_task.area == filters.area)
    if filters.role is not None:
        wanted.append(_task.role == filters.role)
    if filters.mine:
        wanted.append(_task.assignee == actor.id)
    if filters.unclaimed:
        wanted.append(_task.assignee.is_(None))
    if filters.overdue:
        wanted.append(_task.due_on < clock.today())
    if filters.text.strip():
        wanted.append(_says(filters.text, _task.name, _case.title, _case.ref))
    return wanted


def _dated(
    connection: Connection, actor: Actor, filters: InboxFilter, *, after: str | None, limit: int
) -> list[Row[Any]]:
    wanted = [*_filters(actor, filters), _task.due_on.is_not(None)]
    if after is not None and (place := _place(after)) is not None:
        on, number = place
        later = and_(_task.due_on == on, _task.id > number)
        wanted += [_task.due_on >= on, or_(_task.due_on > on, later)]
    return _walk(connection, actor, wanted, order=(_task.due_on, _task.id), limit=limit)


def _undated(
    connection: Connection, actor: Actor, filters: InboxFilter, *, after: str | None, limit: int
) -> list[Row[Any]]:
    if filters.overdue:
        return []
    wanted = [*_filters(actor, filters), _task.due_on.is_(None)]
    if after is not None and (number := after.partition(":")[2]).isdigit():
        wanted.append(_task.id > int(number))
    return _walk(connection, actor, wanted, order=(_task.id,), limit=limit)


def _walk(
    connection: Connection,
    actor: Actor,
    wanted: Sequence[ColumnElement[bool]],
    *,
    order: tuple[Any, ...],
    limit: int,
) -> list[Row[Any]]:
    """The first rows in that order.

    They are found part by part, each along its index and no further than the page.
    """
    walks = [
        select(_task.id)
        .join_from(tables.task, tables.case, _case.id == _task.case_id)
        .where(_IS_OPEN, part, *wanted)
        .order_by(*order)
        .limit(limit)
        .subquery()
        for part in _parts(actor)
    ]
    if not walks:
        return []
    found = union_all(*(select(walk.c.id) for walk in walks))
    rows = _tasks().where(_task.id.in_(found))
    return list(connection.execute(rows.order_by(*order).limit(limit)))


def _cursor(row: Row[Any]) -> str:
    return f"{row.due_on or _NO_DATE}:{row.id}"


def _place(cursor: str) -> tuple[date, int] | None:
    """Where a page ended; a cursor nobody gave out begins at the first page."""
    on, _, number = cursor.partition(":")
    try:
        return date.fromisoformat(on), int(number)
    except ValueError:
        return None


def _says(words: str, *columns: Any) -> ColumnElement[bool]:
    return or_(*(column.icontains(words.strip(), autoescape=True) for column in columns))


def _case_filters(filters: CaseFilter) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = []
    if filters.area is not None:
        wanted.append(_case.area == filters.area)
    if filters.status is not None:
        wanted.append(_case.status == filters.status)
    if filters.text.strip():
        wanted.append(_says(filters.text, _case.title, _case.ref))
    if filters.overdue:
        late = select(_deadline.id).where(
            _deadline.case_id == _case.id,
            _deadline.status == "open",
            _deadline.proof_on.is_(None),
            _deadline.due_on < clock.today(),
        )
        wanted.append(late.exists())
    return wanted


def _nearest_deadlines(connection: Connection, ids: Sequence[int]) -> dict[int, tuple[date, str]]:
    rows = connection.execute(
        select(_deadline.case_id, _deadline.due_on, _deadline.rule).where(
            _deadline.case_id.in_(ids),
            _deadline.status == "open",
            _deadline.proof_on.is_(None),
        )
    )
    nearest: dict[int, tuple[date, str]] = {}
    for row in rows:
        found = (row.due_on, row.rule)
        nearest[row.case_id] = min(nearest.get(row.case_id, found), found)
    return nearest


def _case_row(row: Row[Any], nearest: tuple[date, str] | None) -> CaseRow:
    due_on, rule = nearest or (None, None)
    return CaseRow(
        ref=row.ref,
        title=row.title,
        area=row.area,
        process=row.process,
        status=row.status,
        opened_at=row.opened_at,
        ended_at=row.ended_at,
        ended_as=row.ended_as,
        next_due_on=due_on,
        next_rule=rule,
        overdue=due_on is not None and due_on < clock.today(),
    )
