"""Adding people and what they may do where."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from engine.errors import CaseError
from tests.webapp.conftest import PASSWORD, Browser

if TYPE_CHECKING:
    from tests.webapp.conftest import Site
    from webapp.accounts.people import People


@pytest.fixture
def people(site: Site) -> People:
    found: People = site.app.extensions["cspr.people"]
    return found


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"email": "no address"}, "is not an e-mail address"),
        ({"name": " "}, "needs a name"),
        ({"name": "Some\nBody"}, "needs a name"),
        ({"password": "short"}, "at least 12 characters"),
        ({"grants": [("king", "N")]}, "no role 'king'"),
        ({"grants": [("la_officer", "X")]}, "no area 'X'"),
        ({"email": "OFFICER@example.org"}, "known already"),
    ],
)
def test_a_person_that_makes_no_sense_is_refused_in_a_sentence(
    site: Site, people: People, wrong: dict[str, Any], sentence: str
) -> None:
    right = {"email": "a@example.org", "name": "Some Body", "grants": [], "password": PASSWORD}

    with site.app.app_context(), pytest.raises(CaseError, match=sentence):
        people.add(**{**right, **wrong})


def test_somebody_added_can_sign_in_in_any_spelling_of_the_address(
    site: Site, people: People
) -> None:
    with site.app.app_context():
        grants = [("la_officer", "N"), ("la_officer", "S")]
        people.add("New@Example.org", name="New Person", grants=grants, password=PASSWORD)
    browser = Browser(site.app.test_client())

    answer = browser.sign_in("NEW@example.ORG", PASSWORD)

    assert answer.location == "/"
    assert "New Person" in browser.get("/").text


def test_somebody_without_a_password_cannot_sign_in_with_one(site: Site, people: People) -> None:
    with site.app.app_context():
        people.add("none@example.org", name="No Password", grants=[])

    for password in ("", "None", PASSWORD):
        assert (
            Browser(site.app.test_client()).sign_in("none@example.org", password).location is None
        )
