"""The pure functions a diagram may call in its timers, questions and tables."""

from __future__ import annotations

from datetime import timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING

from engine import clock
from engine.definition import Function
from engine.errors import CalendarNotKnown, CaseError, FactMissing
from processes import words, working_days
from processes.working_days import YearNotKnown

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from engine.definition import DeadlineRule, LegalTime, Value
    from processes.working_days import Calendar

_MOST = 3_660  # days or months a diagram may count at once; a larger number is a slip


def functions(legal_time: LegalTime, calendar: Calendar) -> Mapping[str, Function]:
    """By name. Dates go in and come out as ISO texts, instants as ISO texts in UTC."""
    known = (_due(legal_time), _earliest(legal_time), *_dates(calendar), *_PLAIN)
    return MappingProxyType({function.name: function for function in known})


def known_rule(legal_time: LegalTime, rule_id: str) -> DeadlineRule:
    """The rule of that id; a sentence names the nearest one if there is none."""
    try:
        return legal_time.rules[rule_id]
    except KeyError:
        near = words.nearest(rule_id, tuple(legal_time.rules))
        raise CaseError(f"There is no deadline rule “{rule_id[:40]}”. {near}") from None


def _due(legal_time: LegalTime) -> Function:
    def due(facts: Mapping[str, Value], rule: str, *, remind: int = 0) -> str:
        if not _is_count(remind):
            raise CaseError(f"remind needs a number of working days, not {remind!r}")
        known_rule(legal_time, rule)
        due_on = legal_time.due(rule, facts, remind=remind).due_on
        return (clock.start_of(due_on) if remind else clock.end_of(due_on)).isoformat()

    def names(rule: Value = "") -> frozenset[str]:
        fact = known_rule(legal_time, str(rule)).starts_from
        return frozenset({fact} if fact else ())

    return Function(
        "due", due, 1, 1, keywords=frozenset({"remind"}), wants_facts=True, returns="instant",
        names=names,
    )  # fmt: skip


def _earliest(legal_time: LegalTime) -> Function:
    """As in earliest("R23", today()): the first date whose copies are not due before today."""

    def earliest(rule_id: str, not_due_before: Value) -> str:
        rule, limit = known_rule(legal_time, rule_id), _date(not_due_before)
        if rule.direction != "before" or rule.starts_from is None:
            raise CaseError(f"{rule.id} does not count back from a date, so no date is too early")
        day = limit
        while legal_time.due(rule.id, {rule.starts_from: day.isoformat()}).due_on < limit:
            day += timedelta(days=1)
        return day.isoformat()

    return Function("earliest", earliest, 2, 2)


def _dates(calendar: Calendar) -> tuple[Function, ...]:
    def working_days_after(on: date, number: int) -> date:
        return calendar.working_days(on, number).ends_on

    def working_days_before(on: date, number: int) -> date:
        return calendar.working_days(on, number, back=True).ends_on

    return (
        Function("today", lambda: clock.today().isoformat(), 0, 0),
        Function("on", _start_of, 1, 1, returns="instant"),
        _counting("days_after", working_days.days),
        _counting("months_after", working_days.months),
        _counting("working_days_after", working_days_after),
        _counting("working_days_before", working_days_before),
    )


def _start_of(value: Value) -> str:
    return clock.start_of(_date(value)).isoformat()


def _counting(name: str, count: Callable[[date, int], date]) -> Function:
    def call(value: Value, number: Value) -> str:
        if not _is_count(number):
            raise CaseError(f"{name} counts from 0 to {_MOST}, not {number!r}")
        try:
            return count(_date(value), int(str(number))).isoformat()
        except YearNotKnown as error:
            raise CalendarNotKnown(str(error)) from None

    return Function(name, call, 2, 2)


def _date(value: Value) -> date:
    if value is None or value == "":
        raise FactMissing("A date is needed here and is not known yet.")
    try:
        return words.read_date(str(value))
    except ValueError as error:
        raise CaseError(str(error)) from None


def _is_count(value: Value) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _MOST


def _length(value: Value) -> int:
    if isinstance(value, list | str):
        return len(value)
    raise CaseError("len counts a list or the letters of a text; this is neither")


def _extreme(name: str, choose: Callable[..., Value]) -> Function:
    def call(*values: Value) -> Value:
        given = values[0] if len(values) == 1 and isinstance(values[0], list) else values
        if not given or any(value is None for value in given):
            raise FactMissing(f"{name} needs values that are all known.")
        return choose(given)

    return Function(name, call, 1, 10)


_PLAIN = (Function("len", _length, 1, 1), _extreme("min", min), _extreme("max", max))
