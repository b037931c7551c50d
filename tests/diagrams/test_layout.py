"""The shipped diagrams can be read; and the meter that says so sees what spoils a picture."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.diagrams.picture import draw
from tests.diagrams.meter import measure

SHIPPED = sorted(Path(__file__).parents[2].joinpath("bpmn_diagrams").glob("*.bpmn"))
SAMPLE = Path(__file__).parents[1].joinpath("engine/pictures/sample.bpmn").read_bytes()
PROCESSES = {
    "serious_incident",
    "incident_notification",
    "rapid_review",
    "panel_response",
    "local_review",
    "national_review",
    "publication",
    "transitional_scr",
    "delay_notice",
}


def test_the_overview_and_eight_processes_are_shipped():
    assert {path.stem for path in SHIPPED} >= PROCESSES


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_diagram_has_no_overlap_no_flow_through_a_shape_and_one_crossing(path):
    assert measure(path.read_bytes()).judged(crossings=1, loops=3) == []


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_diagram_fits_a_screen(path):
    found = measure(path.read_bytes())

    assert 1.2 <= found.width / found.height <= 5


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_diagram_carries_no_colours_of_its_own(path):
    assert b"biocolor" not in path.read_bytes()


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_every_step_of_a_shipped_diagram_can_be_a_link(path):
    picture = draw(path.read_bytes(), link=lambda name: f"#{name}")

    assert 'aria-label=""' not in picture


def test_the_meter_finds_nothing_wrong_with_a_good_picture():
    found = measure(SAMPLE)

    assert found.judged(crossings=0, loops=0) == []
    assert (found.steps, found.bends, found.width, found.height) == (4, 1, 760, 530)


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        (
            '<dc:Bounds x="610" y="400"',
            '<dc:Bounds x="740" y="400"',
            "Explain and Explained overlap",
        ),
        ('<dc:Bounds x="270" y="110"', '<dc:Bounds x="270" y="150"', "Report_leak leaves its lane"),
        (
            "Mend the pipe",
            "Mend the pipe which has been leaking for very many days",
            "Mend needs 4 lines",
        ),
        ("Mend the pipe", "Mendthepipeatonce now", "Mend cuts a word"),
        ('<dc:Bounds x="328" y="345"', '<dc:Bounds x="310" y="345"', "Flow_calm lies on Flow_calm"),
        ('<dc:Bounds x="174" y="172"', '<dc:Bounds x="174" y="212"', "lies on the border of Lane"),
        ('<dc:Bounds x="749" y="462"', '<dc:Bounds x="749" y="312"', "labels of"),
        ('x="610" y="440" />', 'x="600" y="440" />', "Flow_late does not touch Explain"),
        ('x="550" y="300" />', 'x="550" y="310" />', "Flow_mended is slanted"),
        ('x="480" y="560"', 'x="650" y="560"', "Letter is slanted"),
        (
            '<di:waypoint x="320" y="325" /><di:waypoint x="320" y="402" />',
            (
                '<di:waypoint x="320" y="325" /><di:waypoint x="320" y="360" />'
                '<di:waypoint x="500" y="360" /><di:waypoint x="500" y="270" />'
                '<di:waypoint x="320" y="270" /><di:waypoint x="320" y="402" />'
            ),
            "Flow_calm runs through Mend",
        ),
        ('<dc:Bounds x="552" y="345" width="80"', '<dc:Bounds x="552" y="345" width="20"', "cuts"),
    ],
)
def test_the_meter_sees_a_planted_fault(old, new, fault):
    spoiled = SAMPLE.replace(old.encode(), new.encode())
    assert spoiled != SAMPLE

    assert fault in "; ".join(measure(spoiled).judged())


def test_the_meter_counts_crossings_and_flows_that_lead_back():
    crossed = SAMPLE.replace(
        b'<di:waypoint x="480" y="340" /><di:waypoint x="480" y="560" />',
        b'<di:waypoint x="480" y="340" /><di:waypoint x="480" y="500" />'
        b'<di:waypoint x="580" y="500" /><di:waypoint x="580" y="560" />',
    ).replace(
        b'<di:waypoint x="530" y="358" /><di:waypoint x="530" y="440" />',
        b'<di:waypoint x="530" y="358" /><di:waypoint x="530" y="520" />'
        b'<di:waypoint x="590" y="520" /><di:waypoint x="590" y="440" />',
    )
    backward = SAMPLE.replace(b'targetRef="Mended"', b'targetRef="Leak_seen"')

    assert measure(crossed).crossings == ["Flow_late crosses Letter"]
    assert measure(backward).leading_back == ["Flow_mended"]


def test_the_meter_sees_an_element_without_a_place():
    lost = SAMPLE.replace(b'bpmnElement="Flow_explained"', b'bpmnElement="Nobody"')

    assert "Flow_explained has no place" in measure(lost).faults
