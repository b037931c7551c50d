"""What `cspr deadline` prints and hands to other programs."""

from __future__ import annotations

import json

import pytest

from engine.errors import CalendarNotKnown, CaseError
from processes import explain

PRINTED = """\
2018-12-31
  R02 Notify the Panel of the serious incident (must)
  5 working days after Thursday 20 December 2018 (date the local authority became aware) \
is Monday 31 December 2018; Christmas Day and Boxing Day do not count.
  counted  Fri 2018-12-21 · Mon 2018-12-24 · Thu 2018-12-27 · Fri 2018-12-28 · Mon 2018-12-31
  skipped  Sat 2018-12-22 Saturday · Sun 2018-12-23 Sunday · Tue 2018-12-25 Christmas Day · \
Wed 2018-12-26 Boxing Day · Sat 2018-12-29 Saturday
           Sun 2018-12-30 Sunday
  source   Working Together to Safeguard Children 2018, chapter 4: \
“within 5 working days of becoming aware that the incident has occurred”"""


def test_the_due_date_stands_first_and_the_reason_below(legal_time):
    (due,) = explain.due_dates("R02", ["2018-12-20"], legal_time=legal_time)

    assert explain.as_text(due) == PRINTED


def test_other_programs_get_the_same_as_values(legal_time):
    dues = explain.due_dates("R02", ["2018-12-20", "2018-06-29"], legal_time=legal_time)

    first, second = json.loads(json.dumps([explain.as_values(due) for due in dues]))

    assert list(first) == ["rule", "start", "due", "counted", "skipped", "source"]
    assert (first["rule"], first["start"], first["due"]) == ("R02", "2018-12-20", "2018-12-31")
    assert first["counted"][0] == "2018-12-21"
    assert {"on": "2018-12-25", "name": "Christmas Day"} in first["skipped"]
    assert second["due"] == "2018-07-06"


def test_a_rule_in_months_has_no_days_to_list(legal_time):
    (due,) = explain.due_dates("R25", ["2018-08-31"], legal_time=legal_time)

    text = explain.as_text(due)

    assert text.startswith("2019-02-28\n")
    assert "counted" not in text


@pytest.mark.parametrize(
    ("rule", "starts", "said"),
    [
        ("R2", ["2018-12-20"], "no deadline rule “R2”"),
        ("r02", ["2018-12-20"], "Did you mean R02"),
        ("notify", ["2018-12-20"], "Known are R02"),
        ("R02", ["2019-04-31"], "no such day as 2019-04-31"),
        ("R02", ["20188-01-01"], "“20188-01-01” is not a date"),
        ("R02", ["2018-12-20", ""], "not known yet"),
        ("R02", [], "at least one start date"),
        ("R02", ["2018-06-28"], "not in force on 28 June 2018"),
    ],
)
def test_bad_input_is_one_sentence(rule, starts, said, legal_time):
    with pytest.raises(CaseError) as refused:
        explain.due_dates(rule, starts, legal_time=legal_time)

    assert said in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_year_beyond_the_known_ones_is_never_guessed(legal_time):
    with pytest.raises(CalendarNotKnown, match="bank holidays of 2101 are not known"):
        explain.due_dates("R02", ["2101-03-01"], legal_time=legal_time)
