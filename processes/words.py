"""How dates and deadlines are said to people: pages, messages and the command line alike."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import TYPE_CHECKING, Literal

from engine.errors import CalendarNotKnown

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

# Not strftime: that would follow the locale of the machine.
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July",
    "August", "September", "October", "November", "December",
)  # fmt: skip
_SOON = 2  # working days before the due date from which a page turns amber

Severity = Literal["met", "met_late", "running", "soon", "today", "late"]


@dataclass(frozen=True, slots=True)
class Status:
    """Where one deadline stands today. `severity` orders and colours; people read `words`."""

    words: str
    severity: Severity


def day(on: date) -> str:
    """As in: 31 December 2018."""
    return f"{on.day} {_MONTHS[on.month - 1]} {on.year}"


def weekday(on: date) -> str:
    """As in: Monday 31 December 2018."""
    return f"{_DAYS[on.weekday()]} {day(on)}"


def short(on: date) -> str:
    """As in: Mon 2018-12-31."""
    return f"{_DAYS[on.weekday()][:3]} {on.isoformat()}"


def lower_first(text: str) -> str:
    """A title inside a sentence."""
    return text[:1].lower() + text[1:]


def number(count: int, noun: str) -> str:
    """As in: 1 working day, 5 working days."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def listed(items: Sequence[str]) -> str:
    """As in: a, b and c."""
    return " and ".join(part for part in (", ".join(items[:-1]), *items[-1:]) if part)


def nearest(name: str, known: Sequence[str]) -> str:
    """What a person probably meant, else all there is."""
    written_out = re.sub(r"(?<!\d)(\d)(?!\d)", r"0\1", name.upper())  # R2 as R02
    near = get_close_matches(written_out, known, n=1)
    return f"Did you mean {near[0]}?" if near else f"Known are {', '.join(known)}."


def read_date(text: str) -> date:
    """2018-12-20 as a date; ValueError says in a sentence what is wrong with anything else."""
    match = re.fullmatch(r"([0-9]{4})-([0-9]{2})-([0-9]{2})", text)
    if not match:
        raise ValueError(f"“{text[:40]}” is not a date. Write year-month-day, as 2018-12-20.")
    try:
        return date(*map(int, match.groups()))
    except ValueError:
        raise ValueError(f"There is no such day as {text}. Write year-month-day.") from None


def status(
    due_on: date, met_on: date | None, *, today: date, between: Callable[[date, date], int]
) -> Status:
    """Lateness from dates alone; `between` counts working days, as `working_days_between`."""
    if met_on is not None:
        return _met(due_on, met_on, between)
    if today > due_on:
        return Status(f"{_span(due_on, today, between)} late", "late")
    if today == due_on:
        return Status("due today", "today")
    calendar_days = (due_on - today).days
    left = _working_days(today, due_on, between)
    if left is None:
        return Status(f"due in {number(calendar_days, 'day')}", "running")
    same = left == calendar_days
    words = number(left, "working day") + ("" if same else f" ({number(calendar_days, 'day')})")
    return Status(f"due in {words}", "soon" if left <= _SOON else "running")


def _met(due_on: date, met_on: date, between: Callable[[date, date], int]) -> Status:
    if met_on <= due_on:
        return Status(f"done on {day(met_on)}, in time", "met")
    return Status(f"done on {day(met_on)}, {_span(due_on, met_on, between)} late", "met_late")


def _span(start: date, end: date, between: Callable[[date, date], int]) -> str:
    """Working days, or days where only a weekend or a holiday has passed."""
    passed = _working_days(start, end, between)
    return number(passed, "working day") if passed else number((end - start).days, "day")


def _working_days(start: date, end: date, between: Callable[[date, date], int]) -> int | None:
    """None in years whose bank holidays are not known: old records are shown all the same."""
    try:
        return between(start, end)
    except CalendarNotKnown:
        return None
