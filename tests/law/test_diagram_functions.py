"""What a diagram may call, through the language diagrams are written in."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from engine import clock
from engine.errors import CaseError, FactMissing
from engine.expressions import compile_expression

FACTS = {"authority_aware_on": "2018-12-20", "publication_on": "2022-06-13", "areas": ["A", "B"]}


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ('due("R02")', "2019-01-01T00:00:00+00:00"),
        ('due("R02", remind=2)', "2018-12-27T00:00:00+00:00"),
        ('due("R23")', "2022-05-31T23:00:00+00:00"),
        ("on(publication_on)", "2022-06-12T23:00:00+00:00"),
        ("on(days_after(authority_aware_on, 28))", "2019-01-17T00:00:00+00:00"),
        ("days_after(publication_on, 0)", "2022-06-13"),
        ("months_after('2018-08-31', 6)", "2019-02-28"),
        ("working_days_after(authority_aware_on, 3)", "2018-12-27"),
        ("working_days_before(publication_on, 7)", "2022-05-31"),
        ("today()", "2022-06-02"),
        ("working_days_before(publication_on, 7) >= today()", False),
        ("len(areas)", 2),
        ("min(publication_on, today())", "2022-06-02"),
        ("max(3, 1, 2)", 3),
        ("max(areas)", "B"),
    ],
)
def test_a_diagram_works_dates_out(source, value, legal_time):
    expression = compile_expression(source, legal_time.functions())

    with clock.at(datetime(2022, 6, 1, 23, 30, tzinfo=UTC)):  # already 2 June in London
        found = expression.evaluate(FACTS)

    assert found == value


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ('due("R02")', {"authority_aware_on"}),
        ('due("R02", remind=2)', {"authority_aware_on"}),
        ("on(publication_on)", {"publication_on"}),
    ],
)
def test_a_timer_tells_the_facts_it_reads(source, names, legal_time):
    expression = compile_expression(source, legal_time.functions())

    assert expression.names == names
    assert expression.returns == "instant"


@pytest.mark.parametrize("today", ["2022-06-01", "2022-06-02", "2022-06-04", "2026-12-25"])
def test_the_earliest_publication_leaves_time_for_the_copies_and_the_day_before_does_not(
    today, legal_time
):
    earliest = compile_expression("earliest('R23', day)", legal_time.functions())

    found = date.fromisoformat(earliest.evaluate({"day": today}))

    assert legal_time.due_from("R23", found).due_on >= date.fromisoformat(today)
    too_early = legal_time.due_from("R23", found - timedelta(days=1))
    assert too_early.due_on < date.fromisoformat(today)


def test_an_unknown_rule_is_refused_with_the_nearest(legal_time):
    with pytest.raises(CaseError, match=r"no deadline rule “R2”. Did you mean R02\?"):
        compile_expression('due("R2")', legal_time.functions())


@pytest.mark.parametrize("source", ['due("R10")', "on(partners_aware_on)", "min(nothing, 1)"])
def test_a_date_not_yet_known_is_missing_not_wrong(source, legal_time):
    expression = compile_expression(source, legal_time.functions())

    with pytest.raises(FactMissing):
        expression.evaluate({"partners_aware_on": None, "nothing": None})


@pytest.mark.parametrize(
    "source",
    [
        "days_after('2018-08-31', 0 - 1)",
        "days_after('2018-08-31', 99999)",
        "days_after('2018-08-31', 1.5)",
        "days_after('31.8.2018', 1)",
        "days_after('9999-12-31', 1)",
        "months_after('9999-12-31', 1)",
        "working_days_after('2100-12-31', 1)",
        "on('9999-12-32')",
        'due("R02", remind=99999)',
        'due("R02", remind="2")',
        "len(3)",
        'earliest("R02", today())',
        'earliest("R99", today())',
        "min('a', 1)",
    ],
)
def test_what_makes_no_sense_is_refused_in_a_sentence(source, legal_time):
    expression = compile_expression(source, legal_time.functions())

    with pytest.raises(CaseError):
        expression.evaluate(FACTS)
