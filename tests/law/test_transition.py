from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from engine.diagrams import load
from engine.expressions import compile_expression
from processes.areas import Area
from processes.definition import definition
from processes.working_days import months

VECTORS = json.loads(Path(__file__).with_name("vectors.json").read_bytes())
ROWS = [pytest.param(row, id=row["id"]) for row in VECTORS["transitional_vectors"]]


def day(text):
    return date.fromisoformat(text)


def area(row):
    start = day(row["arrangements_start"])
    return Area("E1", "Somewhere", day(row["arrangements_published"]), start)


def facts(row):
    return {
        "scr_decided_on": row["scr_decision"],
        "arrangements_start_on": row["arrangements_start"],
    }


@pytest.fixture(scope="module")
def begun_in_time():
    """What the shipped diagram asks before a board may finish a review."""
    flows = load(definition().files()).processes["transitional_scr"].flows
    condition = flows["Flow_Decided_before_to_Note_commissioner"].condition
    return compile_expression(condition, {})


@pytest.mark.parametrize("row", ROWS)
def test_a_serious_case_review_has_its_target_and_its_end(row, legal_time):
    target_on = legal_time.due("R35", facts(row)).due_on
    limit_on = legal_time.due("R37", facts(row)).due_on

    assert target_on == day(row["six_month_target"])
    assert limit_on == day(row["hard_limit"])
    assert limit_on == min(day(row["grace_end"]), date(2020, 9, 29))
    assert months(day(row["arrangements_start"]), 12) == day(row["grace_end"])
    assert (target_on < day(row["arrangements_start"])) is row["target_already_passed_at_start"]


@pytest.mark.parametrize("row", ROWS)
def test_the_dates_of_an_area_are_warned_about_never_refused(row):
    found = area(row)

    assert found.latest_start_on() == day(row["latest_permitted_start"])
    assert bool(found.warnings()) is row["note"].startswith("INVALID: start")


@pytest.mark.parametrize("row", ROWS)
def test_the_diagram_lets_no_review_go_on_that_was_begun_too_late(row, begun_in_time):
    allowed = begun_in_time.evaluate(facts(row))

    assert (allowed and not area(row).warnings()) is row["valid"]
    assert allowed is not row["note"].startswith("INVALID as an SCR")


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
