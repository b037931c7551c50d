"""Whole journeys through the shipped diagrams, in legal time."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

from engine.diagrams.reading import load
from engine.rehearsal import coverage, read_scenario
from processes.definition import definition

FOLDER = Path(__file__).parents[2] / "bpmn_diagrams" / "scenarios"
SHIPPED = [
    read_scenario(path.stem, path.read_bytes()) for path in sorted(FOLDER.glob("[0-9]*.toml"))
]
TIMELINES = Path(__file__).parents[1] / "law" / "vectors.json"
BY_NUMBER = {scenario.name[:2]: scenario for scenario in SHIPPED}


@pytest.mark.parametrize("scenario", SHIPPED, ids=lambda scenario: scenario.name)
def test_the_shipped_scenario_holds(played, scenario):
    rehearsal = played(scenario)

    assert rehearsal.failures == ()


@pytest.mark.parametrize(("number", "timeline"), [("01", "K01"), ("13", "K02"), ("10", "K03")])
def test_dates_are_those_of_the_worked_timelines(number, timeline):
    worked = {row["id"]: row for row in json.loads(TIMELINES.read_text())["case_timelines"]}
    names = {
        "R02": "notify_by",
        "R10": "rapid_review_by",
        "R25": "publish_by",
        "R23": "dispatch_by",
    }

    expected = {row.rule: row.due.isoformat() for row in BY_NUMBER[number].deadlines}

    assert {name: expected[rule] for rule, name in names.items()} == {
        name: worked[timeline][name] for name in names.values()
    }


def test_every_task_is_done_and_every_end_reached_in_some_scenario(played):
    rehearsals = [played(scenario) for scenario in SHIPPED]

    found = coverage(load(definition().files()), rehearsals)

    assert [f"{node.process}: {node.title}" for node in found.untried] == []
    assert len(found.passed) > 100


def test_fewer_scenarios_leave_tasks_and_ends_untried(played):
    rehearsals = [played(BY_NUMBER["03"])]

    untried = {node.id for node in coverage(load(definition().files()), rehearsals).untried}

    assert {"Notify_panel", "Rapid_review_follows", "Publish_report"} <= untried
    assert not untried & {"Tell_ofsted_and_minister", "Looked_after_notice_only"}


def test_every_scenario_tells_a_story_and_each_step_says_who():
    told = [scenario for scenario in SHIPPED if len(scenario.story.split()) >= 20]
    anonymous = [
        (scenario.name, step.on)
        for scenario in SHIPPED
        for step in scenario.steps
        if step.do and not step.role
    ]

    assert told == SHIPPED
    assert anonymous == []


def test_ordinary_answers_are_questions_of_the_shipped_forms():
    known = {field.id for node in load(definition().files()).nodes() for field in node.form.fields}

    written = set(tomllib.loads((FOLDER / "ordinary.toml").read_text("utf-8")))

    assert written - known == set()
