"""Deadlines in a calendar program."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, update

from tests.webapp.conftest import INCIDENT
from webapp.accounts.tables import calendar_feed, grant, person
from webapp.messages.icalendar import icalendar

if TYPE_CHECKING:
    from tests.webapp.conftest import Browser, Site

HERE = "/my-calendar"


def address_of(browser: Browser) -> str:
    page = browser.post(HERE, page=HERE).text
    found = re.search(r'value="http://localhost(/calendar/[\w-]{43}\.ics)"', page)
    assert found
    return found[1]


def parsed(content: bytes) -> list[dict[str, str]]:
    """The events, unfolded and unescaped as RFC 5545 says."""
    lines = content.decode().replace("\r\n ", "").removesuffix("\r\n").split("\r\n")
    assert (lines[0], lines[-1]) == ("BEGIN:VCALENDAR", "END:VCALENDAR")
    events: list[dict[str, str]] = []
    for line in lines:
        name, _, value = line.partition(":")
        if line == "BEGIN:VEVENT":
            events.append({})
        elif events:
            events[-1][name] = re.sub(r"\\(.)", lambda m: "\n" if m[1] == "n" else m[1], value)
    return events


@pytest.fixture
def running(officer: Browser) -> Browser:
    """A case whose notification is due on 18 November."""
    officer.hand_in(officer.open_case("Canary-title"), INCIDENT | {"summary": "Canary-form"})
    return officer


def test_a_calendar_program_reads_the_deadlines_without_signing_in(
    site: Site, running: Browser
) -> None:
    address = address_of(running)

    answer = site.app.test_client().get(address)

    (event,) = parsed(answer.data)
    assert answer.content_type == "text/calendar; charset=utf-8"
    assert event["DTSTART;VALUE=DATE"] == "20261118"
    assert event["DTEND;VALUE=DATE"] == "20261119"
    assert event["SUMMARY"].startswith("2026-00001 ")
    assert b"anary" not in answer.data


def test_an_event_keeps_its_name_when_its_date_moves(site: Site, running: Browser) -> None:
    address = address_of(running)
    before = parsed(running.get(address).data)[0]

    with site.app.app_context():
        cases, people = (site.app.extensions[f"cspr.{name}"] for name in ("cases", "people"))
        who = people.by_email("officer@example.org")
        me = cases.actor(who.person_id, who.name, who.grants)
        cases.correct_fact("2026-00001", "authority_aware_on", "2026-11-12", reason="x", actor=me)

    after = parsed(running.get(address).data)[0]
    assert before["UID"] == after["UID"]
    assert after["DTSTART;VALUE=DATE"] == "20261119"


def test_deadlines_of_other_areas_are_not_in_it(site: Site, running: Browser) -> None:
    south = site.browser("south")

    assert parsed(south.get(address_of(south)).data) == []


def test_the_token_itself_is_not_kept(site: Site, officer: Browser) -> None:
    token = address_of(officer).split("/")[2].removesuffix(".ics")

    with site.app.extensions["cspr.engine"].connect() as connection:
        (row,) = connection.execute(select(calendar_feed)).all()
    assert len(row.token_hash) == 64
    assert token not in str(row)
    assert token not in officer.get(HERE).text


@pytest.mark.parametrize("how", ["revoked", "made anew", "left", "no role any more"])
def test_an_address_ends_at_once(site: Site, running: Browser, how: str) -> None:
    address = address_of(running)
    engine = site.app.extensions["cspr.engine"]

    if how == "revoked":
        running.post(f"{HERE}/revoke", page=HERE)
    elif how == "made anew":
        address_of(running)
    elif how == "left":
        with engine.begin() as connection:
            connection.execute(update(person).values(active=False))
    else:
        with engine.begin() as connection:
            connection.execute(grant.delete())

    answer = site.app.test_client().get(address)
    unknown = site.app.test_client().get(f"/calendar/{'x' * 43}.ics")
    assert b"2026-00001" not in answer.data
    assert how == "no role any more" or (answer.status_code, answer.data) == (404, unknown.data)


@pytest.mark.parametrize("page", [HERE, f"{HERE}/revoke"])
def test_a_stranger_makes_and_revokes_no_address(site: Site, page: str) -> None:
    site.app.config["WTF_CSRF_ENABLED"] = False

    answer = site.app.test_client().post(page)

    assert answer.status_code == 302
    assert answer.location.startswith("/sign-in")


def test_long_lines_are_folded_and_no_text_begins_another_line() -> None:
    words = "é" * 60 + ", a; b\\c\r\nBEGIN:VEVENT\x0b"

    made = icalendar(
        [("1@cspr", date(2026, 12, 31), words)],
        name="n",
        made_at=datetime(2026, 11, 18, tzinfo=UTC),
    )

    (event,) = parsed(made)
    assert max(len(line) for line in made.split(b"\r\n")) == 75
    assert event["SUMMARY"] == words.replace("\r\n", "\n").replace("\x0b", " ")
    assert event["DTEND;VALUE=DATE"] == "20270101"
    assert event["DTSTAMP"] == "20261118T000000Z"
