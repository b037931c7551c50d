"""The list of tasks."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from engine.clock import at
from tests.webapp.conftest import INCIDENT, NOON

if TYPE_CHECKING:
    from tests.webapp.conftest import Browser, Site


def test_a_new_case_stands_in_the_inbox_of_its_role(officer: Browser) -> None:
    officer.open_case("A fall at home")

    page = officer.get("/").text

    assert "Describe the incident" in page
    assert "A fall at home" in page
    assert "No date" in page


@pytest.mark.parametrize(
    ("days", "heading", "words"),
    [
        (0, "Due within two working days", "due today"),
        (-2, "Due within two working days", "due in 2 working days"),
        (1, "Overdue", "1 working day late"),
        (-7, "Later", "due in 5 working days (7 days)"),
    ],
)
def test_tasks_are_grouped_by_the_time_the_law_leaves(
    officer: Browser, days: int, heading: str, words: str
) -> None:
    with at(NOON - timedelta(days=7)):
        officer.hand_in(officer.open_case(), INCIDENT)

    with at(NOON + timedelta(days=days)):
        page = officer.get("/").text

    assert heading in page
    assert words in page


def test_a_taken_task_is_mine_until_it_is_released(officer: Browser) -> None:
    task = officer.open_case()

    officer.post(f"{task}/claim")
    taken = officer.get("/?show=mine").text
    officer.post(f"{task}/release")
    released = officer.get("/?show=mine").text

    assert "Describe the incident" in taken
    assert "Describe the incident" not in released


def test_a_task_somebody_else_took_names_them(site: Site, officer: Browser) -> None:
    task = officer.open_case()
    officer.post(f"{task}/claim")

    second = site.browser("second")

    assert "Olga Officer" in second.get("/").text
    assert "Olga Officer" in second.post(f"{task}/claim").text


def test_only_those_who_hold_the_role_in_the_area_see_the_task(
    site: Site, officer: Browser
) -> None:
    officer.open_case("Seen in the north")

    pages = {who: site.browser(who).get("/").text for who in ("partner", "south", "nobody")}

    assert not [who for who, page in pages.items() if "Seen in the north" in page]


def test_more_tasks_than_a_page_holds_follow_on_the_next(
    officer: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webapp.inbox.views.PAGE", 1)
    officer.open_case("The first one")
    officer.open_case("The second one")

    first = officer.get("/").text
    after = first.split("after=")[1].split('"')[0].replace("&amp;", "&")
    second = officer.get(f"/?after={after}").text

    assert ("The first one" in first) != ("The first one" in second)


@pytest.mark.parametrize("after", ["nonsense", "9999999", "'; drop table task", "%00", "a" * 5000])
def test_a_cursor_nobody_gave_out_is_no_fault_of_ours(officer: Browser, after: str) -> None:
    assert officer.get(f"/?after={after}").status_code in {200, 404, 422}
