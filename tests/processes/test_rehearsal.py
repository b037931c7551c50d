"""What a scenario that is wrong is told, in words its writer understands."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from engine.rehearsal import ScenarioFault, read_scenario

SHORT = Path(__file__).parents[2] / "bpmn_diagrams" / "scenarios" / "03_looked_after_child.toml"
TEXT = SHORT.read_text("utf-8")


@pytest.fixture
def failures(stage, ordinary):
    """What the short scenario is told after `old` was replaced by `new` in its file."""

    def play(old, new):
        assert old in TEXT
        scenario = read_scenario("changed", TEXT.replace(old, new).encode())
        return stage.play(scenario, ordinary).failures

    return play


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "due = 2019-04-26",
            "due = 2019-04-24",
            "R04: due 2019-04-26, met 2019-04-26, 0 working days late; expected due 2019-04-24",
        ),
        (
            'rule = "R04"',
            'rule = "R02"',
            "R02: its clock never started; expected due 2019-04-26, met 2019-04-26, 0 working days",
        ),
        (
            'end = "No rapid review needed"',
            'end = "Withdrawn"',
            "the case ended as 'No rapid review needed', expected 'Withdrawn'",
        ),
        (
            'as = "Director of children\'s services"',
            'as = "Agency"',
            "step 2: Judge_criteria is with Director of children's services, expected Agency",
        ),
        (
            'do = "Tell_ofsted_and_minister"',
            'do = "Notify_panel"',
            "step 3 (2019-04-26): Notify_panel is not open; open are: Tell_ofsted_and_minister",
        ),
        ("died = true", "dyed = true", "step 1: no form of this step has a field dyed"),
        (
            "incident_on = 2019-04-16",
            "incident_on = 2019-05-16",
            "step 1: Record_incident: incident_on: The answer to “When did the incident happen?”",
        ),
    ],
)
def test_a_wrong_expectation_is_told(failures, old, new, said):
    assert failures(old, new)[0].startswith(said)


def test_work_left_open_is_told(failures):
    left = (
        '[[step]]\non = 2019-04-26\ndo = "Tell_ofsted_and_minister"\nas = "Local authority officer"'
    )

    said = failures(left, "")

    assert "the case is open, expected finished" in said
    assert "open tasks are ['Tell_ofsted_and_minister'], expected []" in said


def test_lateness_nobody_expected_is_told(stage, ordinary):
    text = TEXT[: TEXT.index("[[expect.deadline]]")].replace("on = 2019-04-26", "on = 2019-04-29")
    text = text.replace(
        "[expect]", '[expect]\nstatus = "open"\nopen = ["Record_looked_after_notice_lateness"]'
    ).replace('end = "No rapid review needed"\n', "")

    said = stage.play(read_scenario("late", text.encode()), ordinary).failures

    assert said == (
        "R04: due 2019-04-26, met 2019-04-29, 1 working days late; nobody expected it to be late",
    )


def test_a_clock_expected_elsewhere_after_a_step_is_told(stage, ordinary):
    scenario = read_scenario("short", TEXT.encode())
    first, second, *others = scenario.steps
    moved = replace(second, due={"R04": date(2019, 4, 25)})

    said = stage.play(replace(scenario, steps=(first, moved, *others)), ordinary).failures

    assert said == ("step 2 (2019-04-18): R04 is 2019-04-26, expected 2019-04-25",)


def test_a_refusal_that_does_not_come_is_told(failures):
    said = failures(
        'do = "Tell_ofsted_and_minister"', 'do = "Tell_ofsted_and_minister"\nrefused = "too early"'
    )

    assert said == ("step 3: Tell_ofsted_and_minister was accepted, not refused",)


def test_what_cannot_be_reported_now_is_told_with_what_can(failures):
    said = failures('do = "Tell_ofsted_and_minister"', 'report = "Other proceedings"')

    assert said == ("step 3: 'Other proceedings' cannot be reported now, only: nothing",)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("[expect]", "[expekt]", "the file: expekt is not known here; known are expect"),
        ("on = 2019-04-18", 'on = "18 April"', "step 2: `on` must be a date like 2026-03-03"),
        ("on = 2019-04-18", "on = 2019-04-16", "step 2: 2019-04-16 lies before the step above"),
        ("on = 2019-04-18", "when = 2019-04-18", "step 2: when is not known here"),
        ('process = "', 'proces = "', "the file: proces is not known here"),
        ('process = "serious_incident"\n', "", "the file: `process` is missing"),
        ('do = "Judge_criteria"', "do = 7", 'step 2, do: must be "a text" or'),
        ("due = 2019-04-26", "", "[[expect.deadline]] 1: `due` must be a date"),
        ("late = 0", 'state = "done"', "[[expect.deadline]] 1: state must be one of open, met"),
        ('title = "', "title = ", "not readable as TOML"),
        ("[[step]]", "[step]", "not readable as TOML"),
    ],
)
def test_a_fault_in_the_file_is_located(old, new, said):
    assert old in TEXT

    with pytest.raises(ScenarioFault, match="changed: ") as fault:
        read_scenario("changed", TEXT.replace(old, new).encode())

    assert said in str(fault.value)


def test_a_scenario_without_steps_is_refused():
    with pytest.raises(ScenarioFault, match=r"at least one \[\[step\]\]"):
        read_scenario("empty", b'title = "t"\nprocess = "p"')
