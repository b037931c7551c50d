"""Legal time: the deadline rules of one bundle over one state of England's calendar.

Every due date explains itself, and working it out again from the same facts gives the same date.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING

from engine.definition import DueDate, Skipped
from engine.errors import CalendarNotKnown, CaseError, FactMissing
from processes import diagram_functions, words, working_days
from processes.deadline_rules import limit_words, read_rules
from processes.working_days import Calendar, Count, YearNotKnown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.definition import CalendarChange, DeadlineRule, Fact, Function, Value
    from processes.deadline_rules import Relaxation, Version
    from processes.working_days import Reading


class RuleNotInForce(CalendarNotKnown):
    """No version of the rule was in force on that date, so no date is guessed."""


class EnglishLegalTime:
    """`engine.definition.LegalTime` for England."""

    def __init__(self, rules: bytes, changes: Sequence[CalendarChange] = ()) -> None:
        """`rules` is a `deadlines.toml`; raises `RulesRefused` with every fault."""
        self._book = read_rules(rules)
        self.calendar = changed_calendar(changes)
        newest = {rule_id: versions[-1].rule for rule_id, versions in self._book.versions.items()}
        self._rules = MappingProxyType(newest)

    @property
    def rules(self) -> Mapping[str, DeadlineRule]:
        """The newest version of each rule."""
        return self._rules

    @property
    def facts(self) -> Mapping[str, Fact]:
        return self._book.facts

    def versions(self, rule_id: str) -> tuple[DeadlineRule, ...]:
        """All versions of a rule, oldest first; KeyError for an unknown rule."""
        return tuple(version.rule for version in self._book.versions[rule_id])

    def due(self, rule_id: str, facts: Mapping[str, Value], *, remind: int = 0) -> DueDate:
        """As `LegalTime.due`; a start before the rule began raises `RuleNotInForce`."""
        fact = self._book.facts[str(self._rules[rule_id].starts_from)]
        start = _start(rule_id, fact, facts.get(fact.id))
        due = self.due_from(rule_id, start)
        if not remind:
            return due
        try:
            earlier = self.calendar.working_days(due.due_on, remind, back=True).ends_on
        except YearNotKnown as error:
            raise CalendarNotKnown(str(error)) from None
        ahead = words.number(remind, "working day")
        because = f"{ahead} before the limit of {words.weekday(due.due_on)}. {due.because}"
        return replace(due, due_on=earlier, because=because)

    def due_from(self, rule_id: str, start: date, *, reading: Reading | None = None) -> DueDate:
        """When the rule is due for a clock that starts on that date, under one reading."""
        version = self._version(rule_id, start)
        try:
            return self._explained(version, start, reading)
        except YearNotKnown as error:
            raise CalendarNotKnown(f"{rule_id} from {words.day(start)}: {error}") from None

    def working_days_between(self, start: date, end: date) -> int:
        try:
            return self.calendar.between(start, end)
        except YearNotKnown as error:
            raise CalendarNotKnown(str(error)) from None

    def functions(self) -> Mapping[str, Function]:
        return diagram_functions.functions(self, self.calendar)

    def _version(self, rule_id: str, start: date) -> Version:
        versions = self._book.versions[rule_id]
        for version in versions:
            if version.covers(start):
                return version
        began = words.listed([words.day(v.rule.valid_from) for v in versions if v.rule.valid_from])
        message = f"{rule_id} was not in force on {words.day(start)}"
        raise RuleNotInForce(f"{message}; it holds from {began}." if began else f"{message}.")

    def _explained(self, version: Version, start: date, reading: Reading | None) -> DueDate:
        relaxed = self._book.relaxations.get(version.rule.id, ())
        rule = _eased(version.rule, start, relaxed)
        calendar = _suspended(self.calendar, relaxed)
        count = _count(rule, start, calendar=calendar, reading=reading)
        due_on = min(count.ends_on, version.no_later_than or date.max)
        fact = self._book.facts[str(rule.starts_from)]
        because = _sentence(rule, start, fact=fact, count=count, due_on=due_on)
        first, last = sorted((start, count.ends_on))
        notes = [f" {item.says}" for item in relaxed if item.touches(first, last)]
        skipped = tuple(Skipped(day, name) for day, name in count.skipped)
        return DueDate(rule, start, due_on, count.counted, skipped, because + "".join(notes))


def changed_calendar(changes: Sequence[CalendarChange]) -> Calendar:
    """England's calendar with an administrator's changes; of two for one day the later wins."""
    added: dict[date, str] = {}
    removed: set[date] = set()
    for change in changes:
        if change.working:
            added.pop(change.on, None)
            removed.add(change.on)
        else:
            added[change.on] = change.name
    return Calendar(MappingProxyType(added), frozenset(removed))


def _start(rule_id: str, fact: Fact, value: Value) -> date:
    if value is None or value == "":
        title = words.lower_first(fact.title)
        raise FactMissing(f"{rule_id} counts from the {title}, which is not known yet.")
    try:
        return words.read_date(str(value))
    except ValueError as error:
        raise CaseError(str(error)) from None


def _eased(rule: DeadlineRule, start: date, relaxed: Sequence[Relaxation]) -> DeadlineRule:
    """The rule with another number, where one was allowed for clocks that start on that date."""
    for item in relaxed:
        if item.number is not None and item.touches(start, start):
            rule = replace(rule, number=item.number, limit=limit_words(rule, item.number))
    return rule


def _suspended(calendar: Calendar, relaxed: Sequence[Relaxation]) -> Calendar:
    days = {day: f"suspended: {item.source}" for item in relaxed for day in item.suspended_days()}
    if not days:
        return calendar
    return replace(calendar, added=MappingProxyType({**days, **calendar.added}))


def _count(
    rule: DeadlineRule, start: date, *, calendar: Calendar, reading: Reading | None
) -> Count:
    back = rule.direction == "before"
    if rule.counts == "working_days":
        return calendar.working_days(start, rule.number, back=back, reading=reading)
    number = -rule.number if back else rule.number
    if rule.counts == "calendar_days":
        return Count(working_days.days(start, number))
    return Count(working_days.months(start, number, reading=reading))


def _sentence(rule: DeadlineRule, start: date, *, fact: Fact, count: Count, due_on: date) -> str:
    """From what, how, to when, in one sentence."""
    from_what = f"{words.weekday(start)} ({words.lower_first(fact.title)})"
    if rule.number == 0:
        return f"The same day as {from_what}."
    text = f"{rule.limit} {from_what} is {words.weekday(count.ends_on)}"
    if due_on != count.ends_on:
        text += f", but {words.weekday(due_on)} is the last date at all"
    holidays = [name for _, name in count.skipped if name not in working_days.WEEKEND]
    if holidays:
        unique = list(dict.fromkeys(holidays))
        text += f"; {words.listed(unique)} {'do' if len(unique) > 1 else 'does'} not count"
    return f"{text}."
