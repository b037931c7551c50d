"""Every start day from 29 June 2018 to the end of 2035, against a calendar written a second time.

Nothing here comes from the library the product uses: Easter by the computus, the Mondays by rule,
the exceptions by hand from the proclamations.
"""

from __future__ import annotations

from datetime import date, timedelta

import pytest

DAY = timedelta(days=1)
FIRST, LAST = date(2018, 6, 29), date(2035, 12, 31)
RULES = [
    *("R02", "R03", "R04", "SUMMARIES", "R10", "R11", "R15", "R17", "R18"),
    *("R23", "R24", "R25", "R26", "R35", "R37"),
]
EXTRA = {date(2022, 6, 3), date(2022, 9, 19), date(2023, 5, 8)}
MOVED = {  # from the Monday it would have been to the day it was
    date(2020, 5, 4): date(2020, 5, 8),
    date(2022, 5, 30): date(2022, 6, 2),
}


def easter_sunday(year):
    """Anonymous Gregorian computus (Meeus, Jones, Butcher)."""
    golden = year % 19
    century, rest = divmod(year, 100)
    skipped, correction = divmod(century, 4)
    moon = (19 * golden + century - skipped - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    weekday = (32 + 2 * correction + 2 * (rest // 4) - moon - rest % 4) % 7
    late = (golden + 11 * moon + 22 * weekday) // 451
    month, day = divmod(moon + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)


def monday_from(day):
    while day.weekday() != 0:
        day += DAY
    return day


def days_off(year):
    """Bank holidays of a year with substitute days, weekends not among them."""
    easter = easter_sunday(year)
    may, spring = monday_from(date(year, 5, 1)), monday_from(date(year, 5, 25))
    found = {easter - 2 * DAY, easter + DAY, monday_from(date(year, 8, 25))}
    found |= {MOVED.get(may, may), MOVED.get(spring, spring)}
    for fixed in (date(year, 1, 1), date(year, 12, 25), date(year, 12, 26)):
        day = fixed
        while day.weekday() >= 5 or day in found:
            day += DAY
        found.add(day)
    return found


OFF = EXTRA.union(*(days_off(year) for year in range(2018, 2038)))


def count_working_days(start, number, step):
    day, left = start, number
    while left:
        day += step * DAY
        left -= day.weekday() < 5 and day not in OFF
    return day


def add_months(start, number):
    """The corresponding day, found by going back from a day that does not exist."""
    years, month = divmod(start.month - 1 + number, 12)
    for day in range(start.day, 0, -1):
        try:
            return date(start.year + years, month + 1, day)
        except ValueError:
            continue
    raise AssertionError


def expected(rule, start):
    if rule.id == "R37":
        return min(add_months(start, 12), date(2020, 9, 29))
    if rule.counts == "months":
        return add_months(start, rule.number)
    return count_working_days(start, rule.number, 1 if rule.direction == "after" else -1)


@pytest.mark.parametrize(
    "rule_id",
    RULES,
)
def test_a_rule_agrees_with_the_second_calendar_on_every_start_day(rule_id, legal_time):
    rule = legal_time.rules[rule_id]
    starts = [FIRST + n * DAY for n in range((LAST - FIRST).days + 1)]

    differing = {
        start: due.due_on
        for start in starts
        if (due := legal_time.due_from(rule_id, start)).due_on != expected(rule, start)
    }

    assert not differing


def test_no_shipped_rule_is_left_out_above(legal_time):
    assert set(RULES) == set(legal_time.rules)


def test_both_calendars_agree_on_every_single_day(legal_time):
    days = [FIRST + n * DAY for n in range((LAST - FIRST).days + 1)]

    assert [day for day in days if legal_time.calendar.is_working_day(day)] == [
        day for day in days if day.weekday() < 5 and day not in OFF
    ]


def test_working_days_between_undoes_counting(legal_time):
    start = FIRST

    while start < LAST:
        end = legal_time.calendar.working_days(start, 15).ends_on
        assert legal_time.working_days_between(start, end) == 15
        assert legal_time.working_days_between(end, start) == -15
        start += 23 * DAY
