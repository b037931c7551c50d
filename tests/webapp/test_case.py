"""One case and the list of cases."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from engine.clock import at
from tests.webapp.conftest import INCIDENT, NOON

if TYPE_CHECKING:
    from tests.webapp.conftest import Browser, Site

CASE = "/cases/2026-00001"
NOTIFIED = {"notified_on-day": "16", "notified_on-month": "11", "notified_on-year": "2026"}


@pytest.fixture
def described(officer: Browser) -> Browser:
    """A case whose incident is described: the five days run."""
    officer.hand_in(officer.open_case(), INCIDENT)
    return officer


def test_the_page_says_at_a_glance_what_whose_when_and_what_to_do(described: Browser) -> None:
    glance = described.get(CASE).text.split('class="app-glance"')[1].split("app-jump")[0]

    assert "Wednesday 18 November 2026" in glance
    assert "due today" in glance
    assert "Local authority officer" in glance
    assert '/tasks/2"' in glance


def test_a_date_explains_itself_as_page_and_as_data(described: Browser) -> None:
    page = described.get(f"{CASE}/deadlines/1")
    data = described.get(f"{CASE}/deadlines/1.json").get_json()

    assert "Why Wednesday 18 November 2026?" in page.text
    assert data["start"] == "2026-11-11"
    assert data["due"] == data["counted"][-1] == "2026-11-18"
    assert data["skipped"] == [
        {"on": "2026-11-14", "name": "Saturday"},
        {"on": "2026-11-15", "name": "Sunday"},
    ]


def test_a_deadline_is_met_by_the_day_of_the_proof(described: Browser) -> None:
    described.hand_in("/tasks/2", NOTIFIED)

    assert "done on 16 November 2026, in time" in described.get(CASE).text


def test_a_late_case_says_so_without_any_worker(described: Browser) -> None:
    with at(NOON + timedelta(days=2)):
        page = described.get(CASE).text

    assert "2 working days late" in page
    assert "here, late" in page  # on the map


def test_the_map_shows_where_the_case_stands_in_words_too(described: Browser) -> None:
    page = described.get(CASE).text

    assert "<svg" in page
    assert "Notify the Panel: <strong>the case stands here</strong>" in page
    assert "Describe the incident: done" in page
    assert described.get(f"{CASE}/map/small_process.svg").mimetype == "image/svg+xml"


def test_correcting_a_date_shows_first_what_would_move(described: Browser) -> None:
    form = f"{CASE}/facts/authority_aware_on"
    typed = {f"authority_aware_on-{p}": v for p, v in (("day", "16"), ("month", "11"))}

    preview = described.post(form, {**typed, "authority_aware_on-year": "2026"}, page=form).text

    assert "Wednesday 18 November 2026" in preview
    assert "Monday 23 November 2026" in preview
    assert "Wednesday 18 November 2026" in described.get(CASE).text  # nothing has changed yet


def test_a_corrected_date_moves_the_deadline_and_keeps_the_reason(described: Browser) -> None:
    confirm = f"{CASE}/facts/authority_aware_on/confirm"

    refused = described.post(confirm, {"value": "2026-11-16"})
    described.post(confirm, {"value": "2026-11-16", "reason": "The log says Monday"})
    page = described.get(CASE).text

    assert refused.status_code == 422
    assert "Monday 23 November 2026" in page
    assert "The log says Monday" in page
    assert "(was 11 November 2026)" in page


def test_a_correction_that_is_no_date_comes_back_as_typed(described: Browser) -> None:
    form = f"{CASE}/facts/authority_aware_on"

    answer = described.post(form, {"authority_aware_on-day": "45"}, page=form)

    assert answer.status_code == 422
    assert 'value="45"' in answer.text


def test_what_can_be_reported_is_confirmed_first_and_then_happens(
    site: Site, described: Browser
) -> None:
    described.hand_in("/tasks/2", NOTIFIED)
    partner = site.browser("partner")
    link = partner.get(CASE).text.split(f'href="{CASE}/report?message=')[1].split('"')[0]

    asked = partner.get(f"{CASE}/report?message={link}").text
    partner.post(f"{CASE}/report", {"message": link, "reason": "An inquest"})

    assert "what follows from this report happens beside it" in asked
    assert "Note the other proceedings" in partner.get(CASE).text


def test_a_case_ends_early_only_with_a_reason(described: Browser) -> None:
    refused = described.post(f"{CASE}/end", {"how": "cancel"}, page=f"{CASE}/end")
    described.post(f"{CASE}/end", {"how": "cancel", "reason": "Opened twice"}, page=f"{CASE}/end")

    assert refused.status_code == 422
    assert "Cancelled" in described.get(CASE).text
    assert "Opened twice" in described.get(CASE).text


def test_the_way_to_the_end_leaves_a_finished_case(site: Site, described: Browser) -> None:
    described.hand_in("/tasks/2", NOTIFIED)

    decided = {"review_appropriate": "yes", "reasons": "There is much to learn."}
    site.browser("partner").hand_in("/tasks/3", decided)

    assert "Decision made" in described.get(CASE).text
    assert "2026-00001" not in described.get("/cases").text
    assert "2026-00001" in described.get("/cases?status=finished").text


@pytest.mark.parametrize("text", ["2026-00001", "fall at", "FALL"])
def test_a_case_is_found_by_reference_or_title(described: Browser, text: str) -> None:
    described.open_case("Something else")

    page = described.get(
        "/cases",
    ).text
    found = described.get(f"/cases?text={text}").text

    assert "Something else" in page
    assert "A fall at home" in found
    assert "Something else" not in found


@pytest.mark.parametrize("text", ["%", "_", '"', "NEAR(", "x" * 10_000])
def test_signs_of_a_search_language_are_searched_as_they_stand(
    described: Browser, text: str
) -> None:
    answer = described.get(
        "/cases",
    )
    found = described.client.get("/cases", query_string={"text": text})

    assert "2026-00001" in answer.text
    assert found.status_code == 200
    assert "2026-00001" not in found.text


def test_reporting_an_incident_asks_for_what_is_missing(officer: Browser) -> None:
    answer = officer.post("/report", {"title": ""})

    assert answer.status_code == 422
    assert "Enter a short title without names" in answer.text


def test_a_case_is_opened_only_where_one_has_a_role(officer: Browser) -> None:
    typed = {"process": "small_process", "area": "S", "title": "Elsewhere"}

    answer = officer.post("/report", typed)

    assert answer.status_code == 422
    assert "Elsewhere" in answer.text


def test_the_diagrams_are_shown_as_picture_and_as_text(officer: Browser) -> None:
    listing = officer.get("/diagrams").text
    page = officer.get("/diagrams/small_process").text

    assert "Small process" in listing
    assert "<svg" in page
    assert "5 working days after the date the local authority became aware" in page


def test_a_correction_confirmed_with_a_forged_date_is_read_like_any_answer(
    described: Browser,
) -> None:
    confirm = f"{CASE}/facts/authority_aware_on/confirm"

    answer = described.post(confirm, {"value": "2035-02-01", "reason": "Forged"})

    assert answer.status_code == 422
    assert "must be today or in the past" in answer.text
    assert "Forged" not in described.get(CASE).text


def test_the_title_of_the_window_carries_the_reference_only(described: Browser) -> None:
    window = described.get(CASE).text.split("<title>")[1].split("</title>")[0]

    assert "2026-00001" in window
    assert "fall" not in window


def test_a_suspended_case_leaves_the_lists_and_comes_back(described: Browser) -> None:
    refused = described.post(f"{CASE}/suspend", page=f"{CASE}/suspend")
    described.post(f"{CASE}/suspend", {"reason": "A court order"}, page=f"{CASE}/suspend")
    held, task = described.get(CASE).text, described.get("/tasks/2").text
    listed = described.get("/").text

    described.post(f"{CASE}/resume", {"reason": "The order ended"}, page=f"{CASE}/resume")

    assert refused.status_code == 422
    assert "A court order" in held
    assert "due today" in held.split('class="app-glance"')[1].split("app-jump")[0]
    assert "Notify the Panel" not in listed
    assert "The task comes back when the case is resumed" in task
    assert "Notify the Panel" in described.get("/").text


@pytest.mark.parametrize("verb", ["suspend", "resume"])
def test_nobody_of_another_area_stops_a_case_or_lets_it_go_on(
    site: Site, described: Browser, verb: str
) -> None:
    stranger = site.browser("south")

    asked = stranger.get(f"{CASE}/{verb}")
    sent = stranger.post(f"{CASE}/{verb}", {"reason": "None of my business"})

    assert (asked.status_code, sent.status_code) == (404, 404)
    assert "Notify the Panel" in described.get("/").text
