from __future__ import annotations

import time

import pytest

from engine.checks import check
from engine.checks.coverage import as_markdown, coverage
from engine.diagrams import load
from processes.definition import definition

SHIPPED = definition().files()


def errors(files) -> set[tuple[str, str]]:
    return {(f.rule, f.element) for f in check(files, definition()) if f.severity == "error"}


def changed(name: str, old: str, new: str) -> dict[str, bytes]:
    text = SHIPPED[name].decode()
    assert old in text
    return {**SHIPPED, name: text.replace(old, new).encode()}


def test_the_shipped_bundle_may_be_published():
    assert check(SHIPPED, definition()) == [
        each for each in check(SHIPPED, definition()) if each.severity == "info"
    ]


def test_the_shipped_bundle_is_checked_within_two_seconds():
    began = time.perf_counter()

    check(SHIPPED, definition())

    assert time.perf_counter() - began < 2


@pytest.mark.parametrize(
    ("name", "old", "new", "rule"),
    [
        ("deadlines.toml", "number = 5\n", "number = 50\n", "law-limit"),
        ("notify_whom.dmn", "<text>true</text>", "<text>false</text>", "table-overlap"),
        ("incident_notification.bpmn", 'due("R02")', 'due("R03")', "law-clock-gone"),
        ("incident_notification.bpmn", ">notify_panel<", ">notify_government<", "law-must-follow"),
        ("incident_notification.bpmn", ">notify_panel<", ">notified_panel<", "name-unknown"),
        ("incident_notification.bpmn", 'id="Notify_panel"', 'id="Tell_panel"', "flow-nowhere"),
        (
            "serious_incident.bpmn",
            'calledElement="rapid_review"',
            'calledElement="review"',
            "call-unknown",
        ),
    ],
)
def test_a_change_against_the_law_or_the_language_is_refused(name, old, new, rule):
    files = changed(name, old, new)

    found = {rule for rule, _ in errors(files)}

    assert rule in found


def test_a_law_finding_shows_the_way_to_the_trouble():
    files = changed("incident_notification.bpmn", ">notify_panel<", ">notify_government<")

    finding = next(f for f in check(files, definition()) if f.rule == "law-must-follow")

    assert any("Judge the criteria" in step and "suspicion" in step for step in finding.path)


def test_every_duty_is_served_or_waived():
    open_duties = [s.duty.id for s in coverage(load(SHIPPED), definition()) if s.is_open]

    assert open_duties == []


def test_the_coverage_page_names_duties_and_elements_both_ways():
    text = as_markdown(load(SHIPPED), definition())

    assert "| R02 |" in text
    assert "| incident_notification | “Notify the Panel”" in text
