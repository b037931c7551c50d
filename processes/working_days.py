"""Counting as the law counts: working days of England, and months.

Pure: dates in, dates out, no clock, no network, nothing of ours. "Working day" is not defined in
the guidance; counted out are Saturdays, Sundays and the bank holidays of England (which include
Good Friday and Christmas Day). The day of the event is day 0 and never counted; months end on
the corresponding date, else on the last day of the month, and are not moved off a weekend
(Dodds v Walker [1981] 1 WLR 1027).
"""

from __future__ import annotations

from bisect import bisect_right
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from types import MappingProxyType

import holidays

#: The duty began on 29 June 2018; the library works the bank holidays out up to 2100.
KNOWN_YEARS = range(2018, 2101)
WEEKEND = ("Saturday", "Sunday")
_SATURDAY = 5
_DAY = timedelta(days=1)


class YearNotKnown(LookupError):
    """The bank holidays of a year are not known. `year` says which."""

    def __init__(self, year: int) -> None:
        known = f"{KNOWN_YEARS[0]} to {KNOWN_YEARS[-1]}"
        super().__init__(
            f"The bank holidays of {year} are not known (known are {known}), so no date is guessed."
        )
        self.year = year


@dataclass(frozen=True, slots=True)
class Count:
    """Where a count ended, and every day it passed, in counting order."""

    ends_on: date
    counted: tuple[date, ...] = ()
    skipped: tuple[tuple[date, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """How a limit is read. The default is ours; each setting is one other known reading."""

    start_counts: bool = False  # A: the start is day 1 if it is a working day (stricter)
    start_moves_to_working_day: bool = (
        False  # B: a start on a day off counts as the next working day
    )
    clear_days: bool = False  # C: that many whole working days in between (backward only)
    months_begin_with_start: bool = False  # D: months end the day before the corresponding date


@dataclass(frozen=True, slots=True)
class Calendar:
    """England's bank holidays with what was added or taken away since the library was made."""

    added: Mapping[date, str] = field(default_factory=lambda: MappingProxyType({}))
    removed: frozenset[date] = frozenset()

    def day_off(self, day: date) -> str | None:
        """Why `day` is not a working day; None if it is one.

        A weekend stays a weekend, whatever holiday falls on it or is taken away.
        """
        _require_known(day)
        if (weekday := day.weekday()) >= _SATURDAY:
            return WEEKEND[weekday - _SATURDAY]
        if day in self.added:
            return self.added[day]
        return None if day in self.removed else bank_holidays().get(day)

    def is_working_day(self, day: date) -> bool:
        return self.day_off(day) is None

    def working_days(
        self, start: date, number: int, *, back: bool = False, reading: Reading | None = None
    ) -> Count:
        """The `number`-th working day after `start`, or before it; 0 is `start` itself."""
        reading = reading or Reading()
        if number == 0:
            return Count(start)
        if reading.clear_days and back:
            number += 1
        if reading.start_moves_to_working_day and not back:
            start = self.on_or_after(start)
        if reading.start_counts and not back:
            start -= _DAY
        return self._walk(start, number, back=back)

    def _walk(self, start: date, number: int, *, back: bool) -> Count:
        _require_known(start)
        counted: list[date] = []
        skipped: list[tuple[date, str]] = []
        day = start
        while len(counted) < number:
            day += -_DAY if back else _DAY
            name = self.day_off(day)
            if name is None:
                counted.append(day)
            else:
                skipped.append((day, name))
        return Count(day, tuple(counted), tuple(skipped))

    def on_or_after(self, day: date) -> date:
        """`day` if it is a working day, else the next one."""
        while not self.is_working_day(day):
            day += _DAY
        return day

    def between(self, start: date, end: date) -> int:
        """Working days after `start` up to and including `end`; negative when `end` is earlier."""
        if end < start:
            return -self.between(end, start)
        _require_known(start)
        _require_known(end)
        return _weekdays(start, end) - self._holidays(start, end)

    def _holidays(self, start: date, end: date) -> int:
        """Bank holidays on weekdays after `start` up to and including `end`."""
        usual = _weekday_holidays()
        found = bisect_right(usual, end) - bisect_right(usual, start)
        inside = {day for day in (*self.added, *self.removed) if start < day <= end}
        for day in inside:
            if day.weekday() < _SATURDAY:
                found += (self.day_off(day) is not None) - (day in bank_holidays())
        return found


def months(start: date, number: int, *, reading: Reading | None = None) -> date:
    """The corresponding date `number` months later (earlier, if negative), clamped, never moved."""
    index = start.year * 12 + start.month - 1 + number
    year, month = index // 12, index % 12 + 1
    if not date.min.year <= year <= date.max.year:
        raise YearNotKnown(year)
    day = date(year, month, min(start.day, monthrange(year, month)[1]))
    return day - _DAY if reading and reading.months_begin_with_start else day


def days(start: date, number: int) -> date:
    """Calendar days later (earlier, if negative)."""
    try:
        return start + number * _DAY
    except OverflowError:
        raise YearNotKnown(date.max.year + 1 if number > 0 else 0) from None


def _require_known(day: date) -> None:
    if day.year not in KNOWN_YEARS:
        raise YearNotKnown(day.year)


def _weekdays(start: date, end: date) -> int:
    """Mondays to Fridays after `start` up to and including `end`."""
    weeks, rest = divmod((end - start).days, 7)
    last = (start + n * _DAY for n in range(1, rest + 1))
    return 5 * weeks + sum(day.weekday() < _SATURDAY for day in last)


@lru_cache(maxsize=1)
def _weekday_holidays() -> tuple[date, ...]:
    return tuple(sorted(day for day in bank_holidays() if day.weekday() < _SATURDAY))


@lru_cache(maxsize=1)
def bank_holidays() -> Mapping[date, str]:
    """England's bank holidays of all known years, by day.

    Without the subdivision the library leaves out Easter Monday and the August bank holiday.
    """
    found = holidays.country_holidays("GB", subdiv="ENG", years=KNOWN_YEARS)
    named = {day: name.replace("(observed)", "(substitute day)") for day, name in found.items()}
    return MappingProxyType(named)
