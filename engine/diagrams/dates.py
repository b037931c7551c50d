"""Dates as people type them: three boxes or one ISO text. Each mistake has its own words."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Sequence
from datetime import date

EARLIEST_YEAR = 1900
LATEST_YEAR = 2100
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_ISO = re.compile(r"([0-9]+)-([0-9]+)-([0-9]+)")
_NUMBER = re.compile(r"[0-9]{1,6}")
_PARTS = ("day", "month", "year")
_YEAR_DIGITS = 4
_SHORTEST_NAME = 3  # "Jun"


class NotADateError(ValueError):
    """Words to put behind the question: "must be a real date"."""


def read(iso: str, parts: Sequence[str]) -> str | None:
    """The ISO text of a date typed in three boxes or as ISO; None if nothing was typed."""
    given = list(parts)
    if iso:
        found = _ISO.fullmatch(iso)
        if found is None:
            raise NotADateError("must be a real date, like 29 6 2018")
        given = [found[3], found[2], found[1]]
    if not any(given):
        return None
    missing = [name for name, text in zip(_PARTS, given, strict=True) if not text]
    if missing:
        raise NotADateError(f"must include a {' and '.join(missing)}")
    return _real(_whole(given[0]), _month(given[1]), _year(given[2])).isoformat()


def words(day: date) -> str:
    """The date as it is written in a letter: 29 June 2018."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def parts(name: str, iso: str) -> dict[str, list[str]]:
    """What the three boxes of the input `name` show for an ISO text.

    Any other text is shown as it is, to be refused and not lost.
    """
    found = _ISO.fullmatch(iso)
    shown = [str(int(found[3])), str(int(found[2])), found[1]] if found else [iso, "", ""]
    return {
        f"{name}-{part}": [text] if text else [] for part, text in zip(_PARTS, shown, strict=True)
    }


def _real(day: int, month: int, year: int) -> date:
    if not 1 <= month <= len(MONTHS):
        raise NotADateError(f"must be a real date: there is no month {month}")
    longest = monthrange(year, month)[1]
    if not 1 <= day <= longest:
        raise NotADateError(f"must be a real date: {MONTHS[month - 1]} {year} has {longest} days")
    return date(year, month, day)


def _whole(text: str) -> int:
    if not _NUMBER.fullmatch(text):
        raise NotADateError("must be a real date, like 29 6 2018")
    return int(text)


def _month(text: str) -> int:
    for number, name in enumerate(MONTHS, 1):
        if len(text) >= _SHORTEST_NAME and name.lower().startswith(text.lower()):
            return number
    return _whole(text)


def _year(text: str) -> int:
    year = _whole(text)
    if len(text) != _YEAR_DIGITS:
        raise NotADateError("must have a year of 4 numbers, like 2018")
    if not EARLIEST_YEAR <= year <= LATEST_YEAR:
        raise NotADateError(f"must have a year between {EARLIEST_YEAR} and {LATEST_YEAR}")
    return year
