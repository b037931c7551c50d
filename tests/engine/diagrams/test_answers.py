from __future__ import annotations

from datetime import UTC, datetime

import pytest

from engine import clock
from engine.diagrams.forms import Field, Form, Known, Option
from engine.errors import InvalidAnswers

AWARE = Field("aware_on", "Date the authority became aware", "date", required=True)
HARM = Field(
    "harm",
    "What harm was done?",
    "enum",
    options=(Option("death", "Death"), Option("none", "None")),
)


def problem(form: Form, typed: dict[str, list[str]], known: Known | None = None) -> str:
    with pytest.raises(InvalidAnswers) as raised:
        form.read(typed, known)
    return "; ".join(raised.value.problems.values())


def typed_date(day: str, month: str, year: str) -> dict[str, list[str]]:
    return {"aware_on-day": [day], "aware_on-month": [month], "aware_on-year": [year]}


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        (("31", "4", "2018"), "must be a real date: April 2018 has 30 days"),
        (("29", "2", "2019"), "must be a real date: February 2019 has 28 days"),
        (("0", "1", "2019"), "must be a real date: January 2019 has 31 days"),
        (("1", "13", "2019"), "must be a real date: there is no month 13"),
        (("1", "1", "20188"), "must have a year of 4 numbers, like 2018"),
        (("1", "1", "18"), "must have a year of 4 numbers, like 2018"),
        (("1", "1", "0018"), "must have a year between 1900 and 2100"),
        (("", "1", "2018"), "must include a day"),
        (("1", "", ""), "must include a month and year"),
        (("one", "1", "2018"), "must be a real date, like 29 6 2018"),
        (("٣", "1", "2018"), "must be a real date, like 29 6 2018"),
        (("-1", "1", "2018"), "must be a real date, like 29 6 2018"),
    ],
)
def test_a_date_that_is_none_is_refused_in_its_own_words(parts, words):
    form = Form((AWARE,))

    said = problem(form, typed_date(*parts))

    assert said == f"Date the authority became aware {words}"


@pytest.mark.parametrize("month", ["6", "06", "June", "jun"])
def test_a_date_may_be_typed_with_the_name_of_the_month(month):
    form = Form((AWARE,))

    values = form.read(typed_date("29", month, "2018"))

    assert values == {"aware_on": "2018-06-29"}


def test_a_leap_day_of_a_leap_year_is_a_date():
    assert Form((AWARE,)).read({"aware_on": ["2020-02-29"]}) == {"aware_on": "2020-02-29"}


def test_a_date_that_is_not_typed_is_asked_for_by_its_label():
    said = problem(Form((AWARE,)), typed_date("", "", ""))

    assert said == "Enter the date the authority became aware"


def test_a_date_in_the_future_names_today():
    form = Form((Field("seen_on", "Date seen", "date", not_after="today"),))

    with clock.at(datetime(2018, 7, 2, 12, tzinfo=UTC)):
        said = problem(form, {"seen_on": ["2018-07-03"]})

    assert said == "Date seen must be today or in the past"


def test_two_dates_in_the_wrong_order_are_both_named():
    form = Form((AWARE, Field("told_on", "Date of the notice", "date", not_before="aware_on")))

    said = problem(form, {"aware_on": ["2018-07-03"], "told_on": ["2018-07-02"]})

    assert said == (
        "Date of the notice must be the same as or after 3 July 2018, "
        "“Date the authority became aware”"
    )


def test_a_date_before_a_fact_names_the_fact_by_its_title():
    form = Form((Field("told_on", "Date of the notice", "date", not_before="incident_on"),))
    known = Known({"incident_on": "2018-07-03"}, {"incident_on": "Date of the incident"})

    said = problem(form, {"told_on": ["2018-07-02"]}, known)

    assert "“Date of the incident”" in said


@pytest.mark.parametrize(
    ("kind", "typed", "said"),
    [
        ("long", "1.5", "Size must be a whole number, like 12"),
        ("long", "1e3", "Size must be a whole number, like 12"),
        ("long", "-1", "Size must be between 0 and 18"),
        ("long", "9" * 30, "Size must be a whole number, like 12"),
        ("boolean", "maybe", "Select yes or no: Size"),
        ("enum", "big", "Size must be one of the answers listed"),
        ("choices", "big", "Size must be one of the answers listed"),
        ("areas", "E99", "Size must be one of the answers listed"),
        ("string", "x" * 201, "Size must be 200 characters or less; it is 1 too long"),
        ("text", "x" * 10_002, "Size must be 10,000 characters or less; it is 2 too long"),
        ("string", "a\x00b", "Size must not contain invisible control characters"),
        ("text", "a\ud800b", "Size must not contain invisible control characters"),
        ("list", "Health\nHealth", "Size must name “Health” once only"),
    ],
)
def test_an_answer_outside_its_bounds_is_refused_by_name(kind, typed, said):
    number = kind == "long"
    field = Field(
        "size",
        "Size",
        kind,
        options=(Option("small", "Small"),),
        minimum=0 if number else None,
        maximum=18 if number else None,
    )

    assert problem(Form((field,)), {"size": [typed]}) == said


@pytest.mark.parametrize(
    ("kind", "typed", "value"),
    [
        ("string", "  O'Brien \t née  Null ", "O'Brien née Null"),
        ("string", "مريم", "مريم"),
        ("string", "gpj\u202eexe", "gpjexe"),
        ("string", "e\u0301", "é"),
        ("text", "one\r\ntwo", "one\ntwo"),
        ("string", "{{7*7}} ${7*7} <script>", "{{7*7}} ${7*7} <script>"),
        ("long", "\u22125", -5),
        ("boolean", "no", False),
        ("enum", "small", "small"),
        ("choices", "small", ["small"]),
        ("areas", "E08", ["E08"]),
        ("list", "Health\n\n Police ", ["Health", "Police"]),
    ],
)
def test_an_answer_is_kept_as_it_was_meant(kind, typed, value):
    field = Field("size", "Size", kind, options=(Option("small", "Small"),))

    values = Form((field,)).read({"size": [typed]}, Known(areas={"E08": "Elsewhere"}))

    assert values == {"size": value}


def test_two_answers_to_one_question_are_refused():
    assert problem(Form((HARM,)), {"harm": ["death", "none"]}) == (
        "The answer to “What harm was done?” must have one answer only"
    )


def test_an_input_of_no_question_is_refused_by_its_name():
    assert problem(Form((HARM,)), {"status": ["closed"]}) == (
        "“status” is not a question of this form"
    )


def test_a_question_that_does_not_apply_is_neither_asked_nor_answered():
    cause = Field("cause", "Cause of death", "string", required=True, show_if="harm == 'death'")
    form = Form((HARM, cause))

    hidden = form.read({"harm": ["none"], "cause": ["typed before"]})

    assert hidden == {"harm": "none", "cause": None}
    assert problem(form, {"harm": ["death"]}) == "Enter Cause of death"


def test_questions_hidden_by_a_hidden_question_are_hidden_too():
    second = Field("inquest", "Is there an inquest?", "boolean", show_if="harm == 'death'")
    third = Field("opened_on", "Date opened", "date", required=True, show_if="inquest == True")
    form = Form((HARM, second, third))

    values = form.read({"harm": ["none"], "inquest": ["yes"]})

    assert values == {"harm": "none", "inquest": None, "opened_on": None}


def test_every_problem_is_named_at_once():
    form = Form((AWARE, Field("name", "Name", "string", required=True), HARM))

    with pytest.raises(InvalidAnswers) as raised:
        form.read({"harm": ["other"]})

    assert set(raised.value.problems) == {"aware_on", "name", "harm"}


def test_nobody_answering_an_optional_list_gives_an_empty_list():
    assert Form((Field("areas", "Other areas", "areas"),)).read({}) == {"areas": []}


def test_what_was_read_is_shown_again_as_it_is_typed():
    form = Form((AWARE, HARM, Field("died", "Died?", "boolean"), Field("who", "Agencies", "list")))
    values = {"aware_on": "2018-06-29", "harm": "death", "died": False, "who": ["A", "B"]}

    typed = form.typed(values)

    assert typed["aware_on-month"] == ["6"]
    assert typed["who"] == ["A\nB"]
    assert form.read(typed) == values


def test_a_text_handed_in_as_a_date_is_refused_and_not_lost():
    optional = Form((Field("told_on", "When were they told?", "date"),))

    assert "must include a month and year" in problem(optional, optional.typed({"told_on": "soon"}))


def test_a_default_is_shown_before_anybody_answers():
    assert Form((Field("copies", "Copies", "long", default="3"),)).typed({}) == {"copies": ["3"]}


def test_a_limit_without_words_of_its_own_is_told_by_its_date_only() -> None:
    form = Form((Field("told_on", "Date of the notice", "date", not_before="worked_out_on"),))
    typed = {"told_on": ["2018-07-01"]}

    said = problem(form, typed, Known(values={"worked_out_on": "2018-07-03"}))

    assert said == "Date of the notice must be the same as or after 3 July 2018"
