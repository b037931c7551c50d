from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from processes.areas import Area
from processes.transition import serious_case_review
from processes.working_days import months

VECTORS = json.loads(Path(__file__).with_name("vectors.json").read_bytes())
ROWS = [pytest.param(row, id=row["id"]) for row in VECTORS["transitional_vectors"]]


def day(text):
    return date.fromisoformat(text)


def area(row):
    start = day(row["arrangements_start"])
    return Area("E1", "Somewhere", day(row["arrangements_published"]), start)


def review(row, legal_time):
    return serious_case_review(
        day(row["scr_decision"]), day(row["arrangements_start"]), legal_time=legal_time
    )


@pytest.mark.parametrize("row", ROWS)
def test_a_serious_case_review_has_its_target_and_its_end(row, legal_time):
    found = review(row, legal_time)

    assert found.target_on == day(row["six_month_target"])
    assert found.limit_on == day(row["hard_limit"])
    assert found.limit_on == min(day(row["grace_end"]), date(2020, 9, 29))
    assert months(day(row["arrangements_start"]), 12) == day(row["grace_end"])
    assert found.target_passed_at_start() is row["target_already_passed_at_start"]


@pytest.mark.parametrize("row", ROWS)
def test_the_dates_of_an_area_are_warned_about_never_refused(row):
    found = area(row)

    assert found.latest_start_on() == day(row["latest_permitted_start"])
    assert bool(found.warnings()) is row["note"].startswith("INVALID: start")


@pytest.mark.parametrize("row", ROWS)
def test_no_review_can_be_commissioned_once_the_arrangements_have_begun(row, legal_time):
    allowed = review(row, legal_time).could_be_commissioned()

    assert (allowed and not area(row).warnings()) is row["valid"]
    assert allowed is not row["note"].startswith("INVALID as an SCR")


@pytest.mark.parametrize(
    ("today", "published_on", "state"),
    [
        ("2019-01-13", None, "open"),
        ("2019-01-14", None, "grace"),
        ("2020-01-14", None, "grace"),
        ("2020-01-15", None, "breach"),
        ("2020-01-15", "2019-05-20", "done"),
        ("2020-01-15", "2019-05-21", "done late"),
    ],
)
def test_where_a_serious_case_review_stands(today, published_on, state, legal_time):
    first = VECTORS["transitional_vectors"][0]

    found = review(first, legal_time).state(day(today), day(published_on) if published_on else None)

    assert found == state


def test_an_area_opens_its_cases_with_the_start_of_its_arrangements():
    somewhere = Area("E1", "Somewhere", None, date(2019, 9, 29))

    assert somewhere.opening_facts() == {"arrangements_start_on": "2019-09-29"}
    assert somewhere.warnings() == ()


def test_all_that_is_odd_about_an_area_is_said():
    odd = Area("E1", "Somewhere", date(2019, 7, 1), date(2018, 6, 1))

    assert odd.warnings() == (
        "Arrangements were to be published by 29 June 2019.",
        "New arrangements could not begin before 29 June 2018.",
        "The arrangements begin before they were published.",
    )
