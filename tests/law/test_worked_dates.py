"""Every value of vectors.json: dates worked out by hand and by two other calendars."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from engine import clock
from engine.definition import CalendarChange
from processes.deadlines import EnglishLegalTime
from processes.working_days import Reading

VECTORS = json.loads(Path(__file__).with_name("vectors.json").read_bytes())
RULE = {
    "5wd notify": "R02",
    "15wd rapid review": "R10",
    "7wd before publication": "R23",
    "6 months complete and publish": "R25",
}
READINGS = {
    "inclusive_start_day": Reading(start_counts=True),
    "roll_nonworking_start_then_exclude": Reading(start_moves_to_working_day=True),
    "clear_days_between": Reading(clear_days=True),
    "months_beginning_with_start (day before)": Reading(months_begin_with_start=True),
}


def day(text):
    return date.fromisoformat(text)


def rows(key):
    return [pytest.param(row, id=row["id"]) for row in VECTORS[key]]


@pytest.mark.parametrize("row", rows("working_day_and_month_vectors"))
def test_a_worked_date_comes_out_with_its_counted_and_skipped_days(row, legal_time):
    rule = legal_time.rules[RULE[row["rule"]]]

    due = legal_time.due(rule.id, {rule.starts_from: row["start"]})

    weekends = {"Saturday", "Sunday"}
    holidays = sorted(skip.on.isoformat() for skip in due.skipped if skip.name not in weekends)
    assert due.due_on == day(row["expected"])
    assert [on.isoformat() for on in due.counted] == row.get("counted", [])
    assert holidays == row.get("skipped_bank_holidays", [])


@pytest.mark.parametrize("row", rows("working_day_and_month_vectors"))
def test_other_readings_of_the_limit_give_the_other_dates(row, legal_time):
    rule_id, start = RULE[row["rule"]], day(row["start"])

    found = {
        name: legal_time.due_from(rule_id, start, reading=READINGS[name]).due_on.isoformat()
        for name in row["alternatives"]
    }

    assert found == row["alternatives"]


@pytest.mark.parametrize("row", rows("working_day_and_month_vectors"))
def test_the_instant_of_a_limit_is_the_end_of_its_day_in_london(row, legal_time):
    rule = legal_time.rules[RULE[row["rule"]]]
    last_second = row["end_of_day_utc"].replace("Z", "+00:00")

    instant = legal_time.functions()["due"].call({rule.starts_from: row["start"]}, rule.id)

    assert clock.datetime.fromisoformat(instant) - timedelta(seconds=1) == (
        clock.datetime.fromisoformat(last_second)
    )


@pytest.mark.parametrize(
    "row", [row for row in rows("working_day_and_month_vectors") if "n" in row.values[0]]
)
def test_the_rule_counts_what_the_worked_date_counts(row, legal_time):
    assert legal_time.rules[RULE[row["rule"]]].number == row["n"]


@pytest.mark.parametrize(
    "row",
    [
        param
        for param in rows("working_day_and_month_vectors")
        if param.values[0]["kind"] == "calendar_months"
    ],
)
def test_a_report_can_go_out_on_the_last_working_day_of_its_six_months(row, legal_time):
    limit = legal_time.due("R25", {"review_decided_on": row["start"]}).due_on

    calendar = legal_time.calendar
    last = calendar.working_days(limit, 1, back=True).ends_on
    publication_on = limit if calendar.is_working_day(limit) else last
    dispatch = legal_time.due("R23", {"publication_on": publication_on.isoformat()})

    assert publication_on.isoformat() == row["last_working_day_on_or_before"]
    dispatched_by = row["latest_dispatch_for_publication_on_last_working_day"]
    assert dispatch.due_on.isoformat() == dispatched_by


def change(on, *, working):
    return CalendarChange(day(on), "changed", working, "a proclamation")


# What was changed after the clocks of these rows had started.
CHANGED = {
    "State Funeral proclaimed during the period": [("2022-09-19", "new")],
    "State Funeral": [("2022-09-19", "new")],
    "State Funeral: the dispatch deadline moves EARLIER": [("2022-09-19", "new")],
    "Coronation": [("2023-05-08", "new")],
    "Coronation: dispatch deadline moves EARLIER": [("2023-05-08", "new")],
    "VE day move": [("2020-05-08", "new"), ("2020-05-04", "gone")],
    "Jubilee move + extra day": [
        ("2022-06-02", "new"),
        ("2022-06-03", "new"),
        ("2022-05-30", "gone"),
    ],
}
BY_LENGTH = {
    5: ("R02", "authority_aware_on"),
    15: ("R10", "partners_aware_on"),
    7: ("R23", "publication_on"),
}


@pytest.mark.parametrize("row", rows("calendar_change_vectors"))
def test_a_bank_holiday_proclaimed_while_a_clock_runs_moves_its_limit(row, rules):
    rule_id, fact = BY_LENGTH[row["n"]]
    changes = CHANGED[row["what"]]
    earlier = [change(on, working=kind == "new") for on, kind in changes]
    proclaimed = [change(on, working=kind == "gone") for on, kind in changes]

    before = EnglishLegalTime(rules, earlier).due(rule_id, {fact: row["start"]})
    after = EnglishLegalTime(rules, [*earlier, *proclaimed]).due(rule_id, {fact: row["start"]})

    assert before.due_on.isoformat() == row["before_change"]
    assert after.due_on.isoformat() == row["after_change"]


@pytest.mark.parametrize("row", rows("calendar_change_vectors"))
def test_the_shipped_calendar_knows_the_proclaimed_days(row, legal_time):
    rule_id, fact = BY_LENGTH[row["n"]]

    due = legal_time.due(rule_id, {fact: row["start"]})

    assert due.due_on.isoformat() == row["after_change"]


@pytest.mark.parametrize("row", rows("case_timelines"))
def test_a_whole_case_has_its_dates(row, legal_time):
    facts = {
        "authority_aware_on": row["aware"],
        "partners_aware_on": row["aware"],
        "review_decided_on": row["lcspr_decision"],
        "publication_on": row["planned_publication"],
    }

    due = {rule: legal_time.due(rule, facts).due_on for rule in ("R02", "R10", "R25", "R23")}
    clear = legal_time.due_from(
        "R23", day(facts["publication_on"]), reading=Reading(clear_days=True)
    )

    assert due["R02"] == day(row["notify_by"])
    assert due["R10"] == day(row["rapid_review_by"])
    assert due["R25"] == day(row["publish_by"])
    assert due["R23"] == day(row["dispatch_by"])
    assert clear.due_on == day(row["dispatch_by_if_clear_days"])
    assert (day(facts["publication_on"]) <= due["R25"]) is row["publication_in_time"]
