"""From sign-in to the notified Panel, without a single script."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from engine.clock import today

if TYPE_CHECKING:
    from datetime import date

    from playwright.sync_api import Page

    from tests.browser.conftest import Visit

pytestmark = pytest.mark.browser
NO_SCRIPTS = pytest.mark.parametrize("window", [{"scripts": False}], indirect=True, ids=["plain"])


def _type_day(page: Page, name: str, on: date) -> None:
    for part, number in (("day", on.day), ("month", on.month), ("year", on.year)):
        page.locator(f"#{name}-{part}").fill(str(number))


def _choose(page: Page, **answers: str) -> None:
    for name, value in answers.items():
        page.locator(f'input[name="{name}"][value="{value}"]').check()


def _write(page: Page, **texts: str) -> None:
    for name, text in texts.items():
        page.locator(f'[name="{name}"]').fill(text)


def _report(page: Page, title: str) -> None:
    page.get_by_role("link", name="Report an incident").first.click()
    _choose(page, process="serious_incident", area="NM")
    _write(page, title=title)
    page.get_by_role("button", name="Open the case").click()


def _record(page: Page, aware_on: date) -> None:
    _type_day(page, "authority_aware_on", aware_on)
    _type_day(page, "partners_aware_on", aware_on)
    _choose(page, incident_place="this_area", normally_resident="yes", looked_after="no", died="no")
    _write(
        page,
        incident_summary="A fall, the hospital rang.",
        authority_aware_by="Duty team",
        children_count="1",
        children_known_as="Child A",
    )
    page.get_by_role("button", name="Complete").click()


def _judge(page: Page, decided_on: date) -> None:
    _choose(
        page,
        suspicion="suspected",
        harm="serious_harm",
        limb="a",
        partner_dissents="no",
        other_areas_concerned="no",
    )
    for name in ("suspicion_basis", "harm_reason", "other_areas_reason", "criteria_judged_by"):
        _write(page, **{name: "As discussed."})
    for view in ("view_authority", "view_health", "view_police"):
        _write(page, **{view: "Notify."})
    _type_day(page, "criteria_judged_on", decided_on)
    page.get_by_role("button", name="Complete").click()


@NO_SCRIPTS
def test_an_incident_is_reported_judged_and_notified_without_scripts(window: Visit) -> None:
    page = window.page
    window.sign_in("Amira Holt")

    _report(page, "Taken through by hand")
    _record(page, today())
    window.page.get_by_role("button", name="Sign out").click()
    window.sign_in("Ben Farrow")
    page.locator("li", has_text="Taken through by hand").get_by_role("link").first.click()
    _judge(page, today())
    page.get_by_role("button", name="Sign out").click()
    window.sign_in("Amira Holt")
    rows = page.locator("li", has_text="Taken through by hand")
    rows.get_by_role("link", name="Notify the Panel").click()
    _type_day(page, "panel_notified_on", today())
    _write(page, panel_notification_reference="N-1", panel_notified_by="Duty team")
    page.get_by_role("button", name="Complete").click()

    assert "in time" in page.locator("#deadlines").inner_html()
    assert "Notify the Panel: completed" in page.locator("#history").inner_text()


@NO_SCRIPTS
def test_an_impossible_date_comes_back_as_typed_without_scripts(window: Visit) -> None:
    page = window.page
    window.sign_in("Amira Holt")
    _report(page, "A date that cannot be")

    _type_day(page, "authority_aware_on", today() + timedelta(days=1))
    page.locator("#incident_on-day").fill("31")
    page.locator("#incident_on-month").fill("4")
    page.locator("#incident_on-year").fill("2026")
    page.get_by_role("button", name="Complete").click()

    assert "April 2026 has 30 days" in page.locator(".govuk-error-summary").inner_text()
    assert page.locator("#incident_on-day").input_value() == "31"


def test_with_scripts_a_dependent_question_appears_with_its_answer(window: Visit) -> None:
    page = window.page
    window.sign_in("Amira Holt")
    _report(page, "Hidden until asked")
    dependent = page.get_by_label("Which authority looked after the child")

    before = dependent.is_visible()
    _choose(page, looked_after="yes")

    assert (before, dependent.is_visible()) == (False, True)
    assert window.complaints == []
