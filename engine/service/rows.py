"""From rows of the database to the values the service gives away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine import clock
from engine.service.views import InboxRow

if TYPE_CHECKING:
    from sqlalchemy import Row

    from engine.service.desk import Desk


def inbox_row(desk: Desk, row: Row[Any], *, ref: str, title: str) -> InboxRow:
    """A task's row in a list; whether it is overdue is worked out from the dates now."""
    return InboxRow(
        id=row.id,
        case_ref=ref,
        case_title=title,
        area=row.area,
        process=row.process,
        element=row.element,
        name=row.name,
        item=row.item,
        role=row.role,
        role_title=desk.role_title(row.role),
        status=row.status,
        rule=row.rule,
        due_on=row.due_on,
        overdue=row.status == "open" and row.due_on is not None and row.due_on < clock.today(),
        assignee=row.assignee,
        opened_at=row.opened_at,
        closed_at=row.closed_at,
        closed_by=row.closed_by,
    )
