"""Every kind of shape the notation knows, one small diagram each."""

from __future__ import annotations

import pytest
from lxml import etree

from engine.diagrams.picture import draw
from engine.diagrams.symbols import EVENTS, MARKERS, TASKS

FRAME = """<d:definitions xmlns:d="http://www.omg.org/spec/BPMN/20100524/MODEL"
 xmlns:b="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:c="http://www.omg.org/spec/DD/20100524/DC">
<d:process id="p">{}</d:process>
<b:BPMNDiagram><b:BPMNPlane bpmnElement="p"><b:BPMNShape bpmnElement="x">
<c:Bounds x="0" y="0" width="36" height="36"/></b:BPMNShape></b:BPMNPlane></b:BPMNDiagram>
</d:definitions>"""


def picture_of(element: str) -> str:
    picture = draw(FRAME.format(element).encode())
    etree.fromstring(picture.encode())
    return picture


@pytest.mark.parametrize("kind", [one for one in EVENTS if "ultiple" not in one])
@pytest.mark.parametrize("event", ["startEvent", "intermediateThrowEvent", "endEvent"])
def test_an_event_carries_the_symbol_of_its_kind(event, kind):
    element = f'<d:{event} id="x"><d:{kind}EventDefinition/></d:{event}>'

    assert EVENTS[kind] in picture_of(element)


def test_an_event_of_several_kinds_is_a_pentagon():
    both = "<d:timerEventDefinition/><d:messageEventDefinition/>"

    assert EVENTS["multiple"] in picture_of(f'<d:startEvent id="x">{both}</d:startEvent>')


def test_an_event_that_does_not_interrupt_is_dashed():
    assert "stroke-dasharray" in picture_of('<d:boundaryEvent id="x" cancelActivity="false"/>')
    assert "stroke-dasharray" not in picture_of('<d:boundaryEvent id="x"/>')


@pytest.mark.parametrize("kind", TASKS)
def test_a_task_carries_the_symbol_of_its_kind(kind):
    assert TASKS[kind] in picture_of(f'<d:{kind} id="x" name="Do"/>')


def test_gateways_of_every_kind_look_different():
    kinds = ("exclusive", "parallel", "inclusive", "complex", "eventBased")

    pictures = {picture_of(f'<d:{kind}Gateway id="x"/>') for kind in kinds}

    assert len(pictures) == len(kinds)


@pytest.mark.parametrize(
    ("element", "marker"),
    [
        ('<d:task id="x"><d:multiInstanceLoopCharacteristics/></d:task>', "parallel"),
        (
            '<d:task id="x"><d:multiInstanceLoopCharacteristics isSequential="true"/></d:task>',
            "sequential",
        ),
        ('<d:task id="x"><d:standardLoopCharacteristics/></d:task>', "loop"),
        ('<d:task id="x" isForCompensation="true"/>', "compensation"),
        ('<d:callActivity id="x"/>', "collapsed"),
        ('<d:adHocSubProcess id="x"/>', "adHoc"),
    ],
)
def test_a_marker_says_how_often_or_what_is_inside(element, marker):
    assert MARKERS[marker] in picture_of(element)


@pytest.mark.parametrize(
    "element",
    [
        '<d:textAnnotation id="x"><d:text>Mind the step</d:text></d:textAnnotation>',
        '<d:dataObjectReference id="x" name="Report"/>',
        '<d:dataStoreReference id="x" name="Archive"/>',
        '<d:group id="x"/>',
        '<d:transaction id="x"/>',
    ],
)
def test_notes_documents_groups_and_transactions_are_drawn(element):
    assert picture_of(element) != picture_of('<d:nothing id="x"/>')
