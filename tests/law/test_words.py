from __future__ import annotations

from datetime import date

import pytest

from processes import words

DUE_ON = date(2018, 12, 31)  # a Monday; Tuesday is New Year's Day


@pytest.mark.parametrize(
    ("today", "said", "severity"),
    [
        (date(2018, 12, 20), "due in 5 working days (11 days)", "running"),
        (date(2018, 12, 27), "due in 2 working days (4 days)", "soon"),
        (date(2018, 12, 28), "due in 1 working day (3 days)", "soon"),
        (date(2018, 12, 30), "due in 1 working day", "soon"),
        (date(2018, 12, 31), "due today", "today"),
        (date(2019, 1, 1), "1 day late", "late"),
        (date(2019, 1, 2), "1 working day late", "late"),
        (date(2019, 1, 3), "2 working days late", "late"),
    ],
)
def test_an_open_deadline_is_said_in_working_days(today, said, severity, legal_time):
    status = words.status(DUE_ON, None, today=today, between=legal_time.working_days_between)

    assert (status.words, status.severity) == (said, severity)


@pytest.mark.parametrize(
    ("met_on", "said", "severity"),
    [
        (date(2018, 12, 31), "done on 31 December 2018, in time", "met"),
        (date(2019, 1, 4), "done on 4 January 2019, 3 working days late", "met_late"),
    ],
)
def test_a_deadline_that_was_met_says_when(met_on, said, severity, legal_time):
    today = date(2026, 1, 1)

    status = words.status(DUE_ON, met_on, today=today, between=legal_time.working_days_between)

    assert (status.words, status.severity) == (said, severity)


def test_a_status_before_the_known_years_is_said_in_days(legal_time):
    status = words.status(
        date(2017, 12, 1), date(2017, 12, 11), today=DUE_ON, between=legal_time.working_days_between
    )

    assert status.words == "done on 11 December 2017, 10 days late"


@pytest.mark.parametrize(
    ("items", "said"),
    [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (list("abc"), "a, b and c")],
)
def test_a_list_reads_as_a_sentence_part(items, said):
    assert words.listed(items) == said
