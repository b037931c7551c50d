"""Versions, easements, reminders, corrections: the same question always gives the same answer."""

from __future__ import annotations

from datetime import date, timedelta
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as some

from engine.definition import CalendarChange
from engine.errors import CalendarNotKnown, CaseError, FactMissing
from processes.deadlines import EnglishLegalTime, RuleNotInForce

SHIPPED = files("bpmn_diagrams").joinpath("deadlines.toml").read_bytes()
AWARE = {"authority_aware_on": "2018-12-20"}
VERSIONS = """
[facts]
aware_on = { title = "Date of awareness", type = "date" }
""" + "".join(
    f"""
[[rule]]
id = "R02"
title = "Notify the Panel"
counts = "working_days"
number = {number}
direction = "after"
starts_from = "aware_on"
force = "must"
recipients = []
law = ["R02"]
document = "Guidance of {year}"
phrase = "within {number} working days"
valid_from = {year}-01-01
{"valid_to = 2022-12-31" if year == 2020 else ""}
"""
    for number, year in ((5, 2020), (3, 2023))
)


def relaxed(effect, **more):
    return VERSIONS + "".join(
        (
            '\n[[relaxation]]\nrule = "R02"\nfrom = 2021-03-01\nto = 2021-03-31\n',
            f'effect = "{effect}"\nsays = "It was eased."\nsource = "a letter"\n',
            *(f"{key} = {value}\n" for key, value in more.items()),
        )
    )


def due_of(text, start):
    return EnglishLegalTime(text.encode()).due("R02", {"aware_on": start})


def test_a_due_date_says_why(legal_time):
    due = legal_time.due("R02", AWARE)

    assert due.because == (
        "5 working days after Thursday 20 December 2018 (date the local authority became aware) "
        "is Monday 31 December 2018; Christmas Day and Boxing Day do not count."
    )
    assert due.rule.source.startswith("Working Together to Safeguard Children 2018, chapter 4: “")


def test_a_reminder_comes_working_days_before_the_limit(legal_time):
    reminder = legal_time.due("R02", AWARE, remind=2)

    assert reminder.due_on == date(2018, 12, 27)
    assert "2 working days before the limit of Monday 31 December 2018" in reminder.because


def test_the_fixed_last_date_ends_every_period_of_grace(legal_time):
    due = legal_time.due("R37", {"arrangements_start_on": "2019-09-30"})

    assert due.due_on == date(2020, 9, 29)
    assert "Tuesday 29 September 2020 is the last date at all" in due.because


def test_a_fact_not_yet_known_is_named(legal_time):
    with pytest.raises(FactMissing, match="date the local authority became aware"):
        legal_time.due("R02", {"authority_aware_on": None})


@pytest.mark.parametrize("start", ["2019-04-31", "20190401", "soon", "2019-W01-1", "٢٠١٩-01-01", 7])
def test_a_start_that_is_no_date_is_refused(start, legal_time):
    with pytest.raises(CaseError, match=r"date|day"):
        legal_time.due("R02", {"authority_aware_on": start})


@pytest.mark.parametrize("start", ["2100-12-30", "2101-01-01", "9999-12-31"])
def test_beyond_the_known_years_no_date_is_guessed(start, legal_time):
    with pytest.raises(CalendarNotKnown, match="not known"):
        legal_time.due("R02", {"authority_aware_on": start})


def test_before_the_rule_there_is_no_date(legal_time):
    with pytest.raises(RuleNotInForce, match="R02 was not in force on 28 June 2018"):
        legal_time.due("R02", {"authority_aware_on": "2018-06-28"})


@pytest.mark.parametrize("rule", ["R25", "R35", "R37"])
def test_months_to_the_end_of_time_are_refused(rule, legal_time):
    with pytest.raises(CalendarNotKnown):
        legal_time.due_from(rule, date.max)


@pytest.mark.parametrize(
    ("start", "due_on", "document"),
    [
        ("2022-12-31", date(2023, 1, 9), "Guidance of 2020"),
        ("2023-01-01", date(2023, 1, 5), "Guidance of 2023"),
    ],
)
def test_the_start_chooses_the_version_of_the_rule(start, due_on, document):
    due = due_of(VERSIONS, start)

    assert due.due_on == due_on
    assert due.rule.source.startswith(document)


def test_the_newest_version_is_the_rule():
    assert EnglishLegalTime(VERSIONS.encode()).rules["R02"].number == 3


def test_a_noted_easement_leaves_the_date_and_is_said_with_it():
    plain, noted = due_of(VERSIONS, "2021-02-26"), due_of(relaxed("noted"), "2021-02-26")

    assert noted.due_on == plain.due_on
    assert noted.because == f"{plain.because} It was eased."
    assert "eased" not in due_of(relaxed("noted"), "2021-04-01").because


def test_another_number_holds_for_clocks_that_start_in_the_span():
    text = relaxed("number", number=10)

    assert due_of(text, "2021-03-01").counted[-1] == date(2021, 3, 15)
    assert due_of(text, "2021-03-01").rule.limit == "10 working days after"
    assert len(due_of(text, "2021-02-26").counted) == 5


def test_suspended_days_are_skipped_by_every_clock_that_meets_them():
    due = due_of(relaxed("suspended"), "2021-02-25")

    assert due.due_on == date(2021, 4, 8)
    assert "suspended: a letter" in {skip.name for skip in due.skipped}


def test_the_eased_rules_of_2020_keep_their_dates_and_say_so(legal_time):
    due = legal_time.due("R10", {"partners_aware_on": "2020-04-30"})

    assert due.due_on == date(2020, 5, 22)
    assert "the Panel accepted that a rapid review may take longer" in due.because


def test_of_two_changes_of_a_day_the_later_wins(rules):
    new = CalendarChange(
        date(2026, 6, 15), "A day of celebration", working=False, source="Proclamation"
    )
    gone = CalendarChange(
        date(2026, 6, 15), "A day of celebration", working=True, source="Withdrawn"
    )
    facts = {"authority_aware_on": "2026-06-12"}

    proclaimed = EnglishLegalTime(rules, [gone, new]).due("R02", facts)
    withdrawn = EnglishLegalTime(rules, [new, gone]).due("R02", facts)

    assert proclaimed.skipped[2].name == "A day of celebration"
    assert proclaimed.due_on - withdrawn.due_on == timedelta(days=3)


def test_a_weekend_stays_a_weekend_whatever_is_changed(rules):
    change = CalendarChange(
        date(2026, 6, 13), "A working Saturday", working=True, source="A mistake"
    )

    legal_time = EnglishLegalTime(rules, [change])

    assert not legal_time.calendar.is_working_day(date(2026, 6, 13))


RULE_IDS = some.sampled_from(["R02", "R10", "R11", "R18", "R23", "R25", "R35", "R37"])


@given(RULE_IDS, some.dates(date(2018, 6, 29), date(2090, 1, 1)))
def test_explaining_a_date_again_gives_the_same_date(rule_id, start):
    legal_time = EnglishLegalTime(SHIPPED)

    due = legal_time.due_from(rule_id, start)

    assert legal_time.due_from(due.rule.id, due.start_on) == due
    assert set(due.counted).isdisjoint(skip.on for skip in due.skipped)
    if due.counted:
        passed = sorted([*due.counted, *(skip.on for skip in due.skipped)])
        assert due.due_on == due.counted[-1]
        assert len(passed) == abs((due.due_on - due.start_on).days)
        assert due.start_on not in passed


CHANGES = [
    CalendarChange(date(2026, 6, 15), "A day of celebration", working=False, source="made up"),
    CalendarChange(date(2026, 6, 20), "A Saturday", working=False, source="made up"),
    CalendarChange(date(2026, 8, 31), "No summer holiday", working=True, source="made up"),
    CalendarChange(date(2026, 12, 25), "Christmas again", working=False, source="made up"),
]


@given(some.dates(date(2026, 5, 1), date(2027, 1, 31)), some.integers(0, 300))
def test_working_days_between_counts_each_working_day_once(start, length):
    legal_time = EnglishLegalTime(SHIPPED, CHANGES)
    days = [start + timedelta(days=n) for n in range(1, length + 1)]
    counted = sum(legal_time.calendar.is_working_day(day) for day in days)

    end = start + timedelta(days=length)

    assert legal_time.working_days_between(start, end) == counted
    assert legal_time.working_days_between(end, start) == -counted
