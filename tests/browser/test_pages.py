"""Main pages in a real browser: readable by everybody, at any width, under the strict policy."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.browser.conftest import Visit

pytestmark = pytest.mark.browser
SIZES = [{"width": 1280}, {"width": 320}]
BOTH = pytest.mark.parametrize("window", SIZES, indirect=True, ids=["1280", "320"])
PAGES = [
    "/my-calendar",
    "/",
    "/cases",
    "/cases/2026-00001",
    "/cases/2026-00005",
    "/report",
    "/diagrams",
    "/diagrams/serious_incident",
    "/nothing-here",
]


def _case(address: str, window: Visit) -> str:
    """The reference carries the year in which the demonstration was seeded."""
    window.go("/cases")
    year = window.page.locator(".app-row__task").first.inner_text()[:4]
    return address.replace("2026", year)


@BOTH
@pytest.mark.parametrize("address", PAGES)
@pytest.mark.usefixtures("axe")
def test_a_page_has_no_fault_of_access_policy_or_width(window: Visit, address: str) -> None:
    window.sign_in("Amira Holt")
    address = _case(address, window)

    window.go(address)

    assert window.violations() == []
    assert window.overflow() <= 0
    assert [line for line in window.complaints if "404" not in line] == []


@BOTH
@pytest.mark.usefixtures("axe")
def test_the_sign_in_page_has_no_fault(window: Visit) -> None:
    window.go("/sign-in")

    assert window.violations() == []
    assert window.overflow() <= 0
    assert window.complaints == []


@BOTH
@pytest.mark.usefixtures("axe")
def test_a_task_and_its_errors_have_no_fault(window: Visit) -> None:
    window.sign_in("Amira Holt")
    window.page.get_by_role("link", name="Notify the Panel").first.click()
    window.page.get_by_text("Why this date").click()
    as_given = window.violations()

    window.page.get_by_role("button", name="Complete").click()

    assert as_given == []
    assert window.violations() == []
    assert window.overflow() <= 0
    assert window.page.title().startswith("Error: ")
    assert [line for line in window.complaints if "422" not in line] == []
