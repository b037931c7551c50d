"""An application over a small process of its own: real database, real service, real pages."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from engine.clock import at
from engine.service import SYSTEM
from engine.store.database import open_database
from processes.definition import definition, shipped_files
from webapp.app import create_app
from webapp.migrations import upgrade
from webapp.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse


PROCESS = Path(__file__).parent / "process"
#: A Wednesday without a holiday near it.
NOON = datetime(2026, 11, 18, 12, tzinfo=UTC)
DUTIES = {"R01", "R02", "R13", "R26"}
PASSWORD = "-".join(str(number) for number in range(10))
PEOPLE = {
    "officer": ("Olga Officer", [("la_officer", "N")]),
    "second": ("Sam Second", [("la_officer", "N")]),
    "partner": ("Petra Partner", [("safeguarding_partner", "N")]),
    "south": ("Sid South", [("la_officer", "S")]),
    "nobody": ("Nora Nobody", []),
}
INCIDENT = {
    "incident_on-day": "10", "incident_on-month": "11", "incident_on-year": "2026",
    "authority_aware_on-day": "11", "authority_aware_on-month": "11",
    "authority_aware_on-year": "2026", "died": "no", "harm": "serious_harm",
    "summary": "A fall at home, hospital told the authority.",
}  # fmt: skip


def small_files() -> dict[str, bytes]:
    """The small process over the law's own deadline rules."""
    files = {path.name: path.read_bytes() for path in PROCESS.glob("*.bpmn")}
    return files | {"deadlines.toml": shipped_files()["deadlines.toml"]}


@dataclass
class Site:
    """The application with people in it; `browser` is signed in as one of them."""

    app: Flask
    keys: dict[str, str]

    def browser(self, who: str) -> Browser:
        """Signed in without the password's deliberate slowness; tests of sign-in type it."""
        found = Browser(self.app.test_client())
        with found.client.session_transaction() as session:
            session.update(_user_id=self.keys[who], _fresh=True)
        return found


@dataclass
class Browser:
    """Sends what a browser without scripts would send, with the page's own token."""

    client: FlaskClient

    def sign_in(self, email: str, password: str) -> TestResponse:
        return self.post("/sign-in", {"email": email, "password": password}, page="/sign-in")

    def get(self, address: str) -> TestResponse:
        return self.client.get(address)

    def token(self, page: str) -> str:
        found = re.search(r'name="csrf_token" value="([^"]+)"', self.get(page).text)
        assert found, f"{page} has no form"
        return found[1]

    def post(
        self, address: str, typed: dict[str, object] | None = None, *, page: str = "/report"
    ) -> TestResponse:
        """`page` is where the token is taken from."""
        return self.client.post(address, data={"csrf_token": self.token(page), **(typed or {})})

    def hand_in(self, task: str, typed: dict[str, object]) -> TestResponse:
        """Fill in the page of a task and complete it."""
        found = re.search(r'name="version" value="(\d+)"', self.get(task).text)
        assert found
        return self.post(task, {"version": found[1], **typed}, page=task)

    def open_case(self, title: str = "A fall at home", area: str = "N") -> str:
        """Report an incident; gives the address of the first task."""
        sent = {"process": "small_process", "area": area, "title": title}
        answer = self.post("/report", sent)
        assert answer.status_code == 302, answer.text
        return answer.location


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with areas, the published process and people, made once and copied."""
    folder = tmp_path_factory.mktemp("template")
    settings = Settings.read({}, data=folder)
    database = open_database(settings.database_url)
    upgrade(database)
    database.dispose()
    app = application(settings)
    cases, people = app.extensions["cspr.cases"], app.extensions["cspr.people"]
    with app.app_context(), at(NOON):
        for code, name in (("N", "Northmere"), ("S", "Southwold Vale")):
            facts = {"arrangements_start_on": "2019-04-01"}
            cases.put_area(code, name, facts=facts, actor=SYSTEM)
        cases.publish(small_files(), author="owner", reason="test")
        for who, (name, grants) in PEOPLE.items():
            people.add(f"{who}@example.org", name=name, grants=grants, password=PASSWORD)
    app.extensions["cspr.engine"].dispose()
    return folder


def application(settings: Settings) -> Flask:
    duties = definition().duties
    process = replace(
        definition(),
        startable=("small_process",),
        statute={},
        waived={duty: "not part of it" for duty in duties if duty not in DUTIES},
        files=small_files,
    )
    return create_app(settings, process=process)


@pytest.fixture
def site(template: Path, tmp_path: Path) -> Iterator[Site]:
    """A fresh copy for every test; it is noon of 18 November 2026."""
    for kept in template.iterdir():
        (tmp_path / kept.name).write_bytes(kept.read_bytes())
    app = application(Settings.read({}, data=tmp_path))
    with app.app_context():
        found = app.extensions["cspr.people"].everyone()
    with at(NOON):
        yield Site(app, {person.email.split("@")[0]: person.fs_uniquifier for person in found})
    app.extensions["cspr.engine"].dispose()


@pytest.fixture
def officer(site: Site) -> Browser:
    return site.browser("officer")
