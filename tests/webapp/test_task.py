"""Doing one task."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from engine.diagrams.forms import Field, Form, Known
from tests.webapp.conftest import INCIDENT
from webapp.tasks.questions import sections

if TYPE_CHECKING:
    from tests.webapp.conftest import Browser, Site


def test_a_completed_task_leads_to_the_case_and_names_what_is_next(officer: Browser) -> None:
    task = officer.open_case()

    answer = officer.hand_in(task, INCIDENT)
    case = officer.get(answer.location).text

    assert answer.location.startswith("/cases/")
    assert "Completed. Next for you: Notify the Panel." in case


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"incident_on-day": "31", "incident_on-month": "4"}, "April 2026 has 30 days"),
        ({"incident_on-year": "20188"}, "must have a year of 4 numbers"),
        ({"incident_on-year": "0018"}, "must have a year between 1900 and 2100"),
        ({"incident_on-month": "0"}, "there is no month 0"),
        ({"incident_on-day": ""}, "must include a day"),
        ({"incident_on-year": "2027"}, "must be today or in the past"),
        ({"authority_aware_on-day": "9"}, "the same as or after 10 November 2026"),
        ({"children": "many"}, "must be a whole number"),
        ({"harm": "unheard_of"}, "must be one of the answers listed"),
        ({"summary": "x" * 501}, "it is 1 too long"),
        ({"died": "yes", "how_it_happened": ""}, "Enter an answer: How did the child die?"),
    ],
)
def test_a_wrong_answer_comes_back_as_typed_and_is_named(
    officer: Browser, typed: dict[str, str], sentence: str
) -> None:
    task = officer.open_case()

    answer = officer.hand_in(task, {**INCIDENT, **typed})

    assert answer.status_code == 422
    assert sentence.lower() in answer.text.lower()
    assert "There is a problem" in answer.text
    assert all(text in answer.text for text in typed.values() if text != "unheard_of")


def test_every_error_of_the_summary_leads_to_an_input_of_the_page(officer: Browser) -> None:
    task = officer.open_case()

    page = officer.hand_in(task, {"died": "yes"}).text

    summary = page.split("govuk-error-summary__list")[1].split("</ul>")[0]
    anchors = [part.split('"')[0] for part in summary.split('href="#')[1:]]
    assert "incident_on-day" in anchors
    assert all(f'id="{anchor}"' in page for anchor in anchors)


def test_a_draft_is_kept_as_typed_and_nothing_is_checked(officer: Browser) -> None:
    task = officer.open_case()

    officer.post(f"{task}/draft", {"incident_on-day": "99", "summary": "Half a sent"}, page=task)
    page = officer.get(task).text

    assert 'value="99"' in page
    assert "Half a sent" in page
    assert "Draft by you" in page


def test_of_two_people_one_completes_and_the_other_keeps_what_was_typed(
    site: Site, officer: Browser
) -> None:
    task = officer.open_case()
    second = site.browser("second")
    version = second.get(task).text.split('name="version" value="')[1].split('"')[0]
    token = second.token(task)
    officer.hand_in(task, INCIDENT)

    typed = {**INCIDENT, "summary": "What the second person wrote."}
    answer = second.client.post(task, data={"csrf_token": token, "version": version, **typed})

    assert answer.status_code == 409
    assert "This task was done by Olga Officer at 12:00 on 18 November 2026" in answer.text
    assert "What the second person wrote." in answer.text


@pytest.mark.parametrize("version", ["", "0", "999", "one", "1e3", "-1", "9" * 40])
def test_a_form_made_for_another_state_of_the_case_comes_back_to_be_checked(
    officer: Browser, version: str
) -> None:
    task = officer.open_case()

    answer = officer.post(task, {**INCIDENT, "version": version}, page=task)

    assert answer.status_code == 409
    assert "A fall at home, hospital told" in answer.text
    assert 'action="/sign-out"' in answer.text


def test_a_field_the_form_does_not_ask_for_is_refused_by_name(officer: Browser) -> None:
    task = officer.open_case()

    answer = officer.hand_in(task, {**INCIDENT, "status": "closed"})

    assert answer.status_code == 422
    assert "“status” is not a question of this form" in answer.text


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", "{{7*7}}", "${7*7}", "O'Brien 🙂 Łucja"]
)
def test_what_is_typed_is_shown_as_typed_and_never_run(officer: Browser, text: str) -> None:
    task = officer.open_case()

    answer = officer.hand_in(task, {**INCIDENT, "summary": text})
    case = officer.get(answer.location).text

    assert "<script>alert" not in case
    assert text.replace("<", "&lt;").replace(">", "&gt;").replace("'", "&#39;") in case


def test_a_question_that_depends_on_an_answer_stands_below_that_answer(officer: Browser) -> None:
    page = officer.get(officer.open_case()).text

    revealed = page.split('id="conditional-died"')[1].split("</div>")[0]

    assert "How did the child die?" in revealed


def test_the_page_says_why_the_task_is_there_why_the_date_and_what_comes_next(
    officer: Browser,
) -> None:
    officer.hand_in(officer.open_case(), INCIDENT)

    page = officer.get("/tasks/2").text

    assert "You work as Local authority officer in Northmere" in page
    assert "Wednesday 18 November 2026" in page
    assert "Saturday" in page  # passed over, with its name
    assert "within 5 working days of becoming aware" in page
    assert "Decide on a review" in page


def test_a_finished_task_shows_who_answered_what(officer: Browser) -> None:
    task = officer.open_case()
    officer.hand_in(task, INCIDENT)

    page = officer.get(task).text

    assert "Completed by Olga Officer, 18 November 2026 at 12:00" in page
    assert "Serious harm" in page
    assert '<form method="post" novalidate' not in page


def test_somebody_of_the_area_with_another_role_reads_but_cannot_do_it(
    site: Site, officer: Browser
) -> None:
    task = officer.open_case()
    partner = site.browser("partner")

    shown = partner.get(task)
    done = partner.post(task, INCIDENT)

    assert "You can see it, but not do it" in shown.text
    assert done.status_code == 403


def test_a_task_can_be_sent_back_with_a_reason(officer: Browser) -> None:
    officer.hand_in(officer.open_case(), INCIDENT)
    form = "/tasks/2/send-back"
    choice = officer.get(form).text.split('type="radio" value="')[1].split('"')[0]

    refused = officer.post(form, {"to": choice}, page=form)
    sent = officer.post(form, {"to": choice, "reason": "The date was wrong"}, page=form)
    case = officer.get(sent.location).text

    assert "Give a reason" in refused.text
    assert "The date was wrong" in case
    assert "Describe the incident" in officer.get("/").text


def test_completing_says_who_goes_on_when_it_is_somebody_else(officer: Browser) -> None:
    officer.hand_in(officer.open_case(), INCIDENT)
    notified = {f"notified_on-{p}": v for p, v in (("day", "16"), ("month", "11"))}

    answer = officer.hand_in("/tasks/2", {**notified, "notified_on-year": "2026"})

    said = officer.get(answer.location).text
    assert "Next for others: Decide on a review (Safeguarding partners)." in said


def test_a_limit_the_process_worked_out_is_told_before_it_is_broken() -> None:
    field = Field(
        "publication_on", "On what day?", "date", hint="A hint.", not_before="earliest_on"
    )
    known = Known(values={"earliest_on": "2026-12-02"})

    asked = sections(Form((field,)), {}, known=known)

    assert asked[0].questions[0].hint == "A hint. The earliest day is Wednesday 2 December 2026."


def test_a_task_is_given_to_somebody_of_its_team_with_a_reason(
    site: Site, officer: Browser
) -> None:
    form = f"{officer.open_case()}/assign"
    page = officer.get(form).text
    to = page.split('name="to"')[1].split('value="')[1].split('"')[0]

    refused = officer.post(form, {"to": to}, page=form)
    given = officer.post(form, {"to": to, "reason": "Olga is away"}, page=form)

    case = officer.get(given.location).text
    assert "Give a reason" in refused.text
    assert "given to Sam Second" in case
    assert "Olga is away" in case
    assert 'value="p-' not in page.split("Sam Second")[1]  # not to oneself, nor to other roles
    assert "Petra Partner" not in page


@pytest.mark.parametrize(("who", "status"), [("partner", 403), ("south", 404)])
def test_only_the_team_of_a_task_gives_it_away(
    site: Site, officer: Browser, who: str, status: int
) -> None:
    form = f"{officer.open_case()}/assign"
    other = site.browser(who)

    asked = other.get(form)
    sent = other.post(form, {"to": "anybody", "reason": "Because"})

    assert (asked.status_code, sent.status_code) == (status, status)
    assert "Sam Second" not in asked.text


def test_a_task_is_not_given_to_somebody_without_its_role(officer: Browser) -> None:
    form = f"{officer.open_case()}/assign"

    answer = officer.post(form, {"to": "p-forged", "reason": "Because"}, page=form)

    assert answer.status_code == 422
    assert "Select who is to do the task" in answer.text
