"""The demonstration: invented people and cases that went through the real service."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from engine.service import Actor
from processes.definition import definition, shipped_files
from tests.webapp.conftest import Browser
from webapp import demo
from webapp.app import create_app
from webapp.migrations import upgrade
from webapp.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Flask, float]]:
    """The application and how many seconds the seeding took."""
    app = create_app(Settings.read({}, data=tmp_path_factory.mktemp("demo"), demo=True))
    upgrade(app.extensions["cspr.engine"])
    app.extensions["cspr.cases"].publish(shipped_files(), author="owner", reason="test")
    began = time.process_time()
    demo.seed(app)
    yield app, time.process_time() - began
    app.extensions["cspr.engine"].dispose()


def _tasks(app: Flask) -> list[tuple[str, bool]]:
    everywhere = frozenset((role.id, None) for role in definition().roles)
    rows = app.extensions["cspr.cases"].inbox(Actor("x", "x", everywhere)).rows
    return [(row.element, row.overdue) for row in rows]


def test_it_is_there_in_five_seconds(seeded: tuple[Flask, float]) -> None:
    assert seeded[1] < 5


def test_cases_stand_in_different_places_and_one_of_them_is_late(
    seeded: tuple[Flask, float],
) -> None:
    tasks = _tasks(seeded[0])

    assert ("Notify_panel", True) in tasks
    assert ("Notify_panel", False) in tasks
    assert {"Judge_criteria", "Hold_meeting", "Draft_report"} <= {name for name, _ in tasks}


def test_every_role_with_users_has_somebody() -> None:
    held = {role for _, _, grants in demo.PEOPLE for role, _ in grants}

    assert held == {role.id for role in definition().roles if role.liaison is None}


def test_seeding_again_changes_nothing(seeded: tuple[Flask, float]) -> None:
    before = _tasks(seeded[0])

    demo.seed(seeded[0])

    assert _tasks(seeded[0]) == before


def test_one_click_signs_in_as_anybody(seeded: tuple[Flask, float]) -> None:
    browser = Browser(seeded[0].test_client())
    page = browser.get("/sign-in").text
    chosen = page.split('name="person" value="')[1].split('"')[0]

    browser.post("/demo/sign-in", {"person": chosen}, page="/sign-in")

    assert "Amira Holt" in browser.get("/").text


def test_outside_the_demonstration_nobody_can_be_chosen(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    app = create_app(Settings.read({}, data=tmp_path_factory.mktemp("real")))
    upgrade(app.extensions["cspr.engine"])
    browser = Browser(app.test_client())

    answer = browser.post("/demo/sign-in", {"person": "p-1"}, page="/sign-in")

    assert "Choose who you want to be" not in browser.get("/sign-in").text
    assert answer.status_code == 404
    app.extensions["cspr.engine"].dispose()
