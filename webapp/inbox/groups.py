"""Tasks by what the law's time says of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from processes import words

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from engine.definition import LegalTime
    from engine.service import InboxRow

#: Heading and severities, the worst first.
GROUPS = (
    ("overdue", "Overdue", {"late"}),
    ("soon", "Due within two working days", {"today", "soon"}),
    ("later", "Later", {"running"}),
    ("undated", "No date", {""}),
)


@dataclass(frozen=True, slots=True)
class Item:
    """A task with its date in words; `left` is empty where no date applies."""

    row: InboxRow
    severity: str
    left: str


@dataclass(frozen=True, slots=True)
class Group:
    id: str
    heading: str
    items: tuple[Item, ...]


def group(rows: Iterable[InboxRow], *, today: date, legal_time: LegalTime) -> tuple[Group, ...]:
    """The groups that have something in them."""
    items = [_item(row, today, legal_time) for row in rows]
    found = (
        Group(name, heading, tuple(item for item in items if item.severity in severities))
        for name, heading, severities in GROUPS
    )
    return tuple(each for each in found if each.items)


def _item(row: InboxRow, today: date, legal_time: LegalTime) -> Item:
    if row.due_on is None:
        return Item(row, "", "")
    between = legal_time.working_days_between
    status = words.status(row.due_on, None, today=today, between=between)
    return Item(row, status.severity, status.words)
