"""The shipped bundle, damaged in one place: what could not run or be drawn is not published."""

from __future__ import annotations

import re

import pytest

from engine.checks import check
from processes.definition import definition

SHIPPED = definition().files()


def refused(**changed: bytes) -> set[str]:
    """The rules against the shipped bundle with some files changed, named without their ending."""
    files = {name: changed.get(name.partition(".")[0], text) for name, text in SHIPPED.items()}
    return {each.rule for each in check(files, definition()) if each.severity == "error"}


@pytest.mark.parametrize(
    "timer",
    [
        "on('2019-02-30')",
        "on(null)",
        "on(incident_place)",
        "on(died)",
        "on(months_after(authority_aware_on, 9999999))",
        "on(months_after(authority_aware_on, -1))",
        'due("R02", remind=-3)',
        'due("R02", remind=999999)',
    ],
)
def test_a_timer_that_can_give_no_day_is_refused(timer):
    text = SHIPPED["incident_notification.bpmn"].replace(b'due("R02", remind=1)', timer.encode())

    assert refused(incident_notification=text) == {"timer-fails"}


def test_a_bundle_brings_its_deadline_rules():
    without = {name: text for name, text in SHIPPED.items() if name != "deadlines.toml"}

    assert "rules-missing" in {each.rule for each in check(without, definition())}
    assert refused(deadlines=b"")


@pytest.mark.parametrize(
    ("pattern", "instead", "rule"),
    [
        (rb'width="\d+"', b'width="-5"', "di-dangling"),
        (rb"<di:waypoint [^>]*/>", b"", "di-missing"),
    ],
)
def test_what_could_not_be_drawn_is_refused(pattern, instead, rule):
    text = re.sub(pattern, instead, SHIPPED["delay_notice.bpmn"])

    assert refused(delay_notice=text) == {rule}
