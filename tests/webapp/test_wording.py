"""Words for what the engine names by an id."""

from __future__ import annotations

import pytest

from processes.definition import definition
from webapp.wording import FORCES, value_in_words


def test_every_force_of_a_duty_has_words() -> None:
    assert {duty.force for duty in definition().duties.values()} <= FORCES.keys()


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "Not answered"),
        ([], "Not answered"),
        (True, "Yes"),
        (False, "No"),
        (0, "0"),
        ("2018-12-31", "31 December 2018"),
        (["Police", "Health"], "Police and Health"),
        ("2018-99-99 or so", "2018-99-99 or so"),
        ("2018-02-31", "2018-02-31"),
    ],
)
def test_an_answer_is_said_as_people_say_it(value: object, words: str) -> None:
    assert value_in_words(value) == words


def test_a_listed_answer_is_said_in_its_own_words() -> None:
    words = {("harm", "serious_harm"): "Serious harm"}

    assert value_in_words("serious_harm", field="harm", answers=words) == "Serious harm"
