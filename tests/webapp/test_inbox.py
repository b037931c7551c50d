"""The list of tasks."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.webapp.conftest import Browser, Site


def test_a_new_case_stands_in_the_inbox_of_its_role(officer: Browser) -> None:
    officer.open_case("A fall at home")

    page = officer.get("/").text

    assert "Describe the incident" in page
    assert "A fall at home" in page
    assert "No date" in page
