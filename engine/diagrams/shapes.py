"""One function for each shape of the notation: its outline, its symbols and the words inside it."""

from __future__ import annotations

from lxml import etree

from engine.diagrams import pen
from engine.diagrams.geometry import Box
from engine.diagrams.lettering import LINE_HEIGHT, PADDING, TASK_SIZE, wrap
from engine.diagrams.notation import (
    BANDS,
    event_kinds,
    is_activity,
    is_event,
    is_gateway,
    kind,
    label,
)
from engine.diagrams.pen import INK, PAPER, Ink, Lettering
from engine.diagrams.symbols import EVENTS, MARKERS, TASKS
from engine.diagrams.words import BPMN, SCOPES

HEAD_WIDTH = 30.0
_STEP = TASK_SIZE * LINE_HEIGHT
_DASHED = "5 3.2"


def shape(element: etree._Element, box: Box, ink: Ink, *, expanded: bool) -> str:
    """The drawing of one element; empty for kinds that have none."""
    if is_event(element):
        return _event(element, box, ink)
    if is_gateway(element):
        return _gateway(element, box, ink)
    if is_activity(element):
        return _activity(element, box, ink, expanded=expanded)
    return _surroundings(element, box)


def _surroundings(element: etree._Element, box: Box) -> str:
    """What a token never stands on: pools, lanes, notes, documents, groups."""
    name = kind(element)
    if name in BANDS:
        return _band(element, box)
    if name == "textAnnotation":
        return _note(element, box)
    if name in {"dataObjectReference", "dataObject", "dataInput", "dataOutput"}:
        return _document(box)
    if name == "dataStoreReference":
        return _store(box)
    return pen.rect(box, Ink("none"), radius=10, dash="10 5 2 5") if name == "group" else ""


def _band(element: etree._Element, box: Box) -> str:
    """A pool or lane with its name along the left edge; an outside body has it in the middle."""
    if kind(element) == "participant" and not element.get("processRef"):
        return pen.rect(box, Ink(pen.HEAD)) + _block(label(element), box, box.width - 20)
    outer = kind(element) == "participant" or element.find(f"{BPMN}childLaneSet") is not None
    head = Box(box.x, box.y, HEAD_WIDTH, box.height)
    lines = wrap(label(element), box.height - 8)
    first = (head.cx, box.cy - (len(lines) - 1) * _STEP / 2 + 4.2)
    words = pen.text(lines, first, Lettering(bold=outer))
    turned = f'<g transform="rotate(-90 {pen.number(head.cx)} {pen.number(box.cy)})">{words}</g>'
    return pen.rect(box) + pen.rect(head, Ink(pen.HEAD)) + turned


def _event(element: etree._Element, box: Box, ink: Ink) -> str:
    name, radius, centre = kind(element), box.width / 2, (box.cx, box.cy)
    goes_on = "false" in {element.get("cancelActivity"), element.get("isInterrupting")}
    dash = _DASHED if goes_on else ""
    drawn = [
        pen.circle(centre, radius, ink, line=3.5 if name == "endEvent" else pen.LINE, dash=dash)
    ]
    if name in {"boundaryEvent", "intermediateCatchEvent", "intermediateThrowEvent"}:
        drawn.append(pen.circle(centre, radius - 3.5, Ink("none", ink.stroke), line=1.2, dash=dash))
    kinds = event_kinds(element)
    if len(kinds) > 1:
        kinds = ["parallelMultiple" if element.get("parallelMultiple") == "true" else "multiple"]
    if kinds and (symbol := EVENTS.get(kinds[0])):
        throws = name in {"endEvent", "intermediateThrowEvent"}
        filled = (throws and kinds[0] != "timer") or kinds[0] == "terminate"
        stroke = PAPER if throws and kinds[0] == "message" else INK
        drawn.append(pen.at(centre, symbol, Ink(INK if filled else "none", stroke)))
    return "".join(drawn)


def _gateway(element: etree._Element, box: Box, ink: Ink) -> str:
    half = box.width / 2
    diamond = (
        f"M{pen.number(box.cx)} {pen.number(box.y)}l{pen.number(half)} {pen.number(half)}"
        f"l{pen.number(-half)} {pen.number(half)}l{pen.number(-half)} {pen.number(-half)}z"
    )
    inside = pen.at((box.cx, box.cy), _sign(kind(element), half), line=2.5)
    return pen.path(diamond, ink) + inside


def _sign(name: str, half: float) -> str:
    """The sign in a diamond: how its ways are chosen."""
    arm = pen.number(half * 0.42)
    if name == "exclusiveGateway":
        wide, high = pen.number(half * 0.27), pen.number(half * 0.34)
        cross = f"M-{wide} -{high}L{wide} {high}M{wide} -{high}L-{wide} {high}"
        return f'<path d="{cross}" stroke-width="3"/>'
    if name == "parallelGateway":
        return f'<path d="M-{arm} 0H{arm}M0 -{arm}V{arm}" stroke-width="3.5"/>'
    if name == "inclusiveGateway":
        return f'<circle r="{pen.number(half * 0.46)}"/>'
    if name == "complexGateway":
        return '<path d="M-10 0H10M0 -10V10M-7 -7L7 7M-7 7L7 -7"/>'
    if name == "eventBasedGateway":
        ring = pen.number(half * 0.6)
        return f'<g stroke-width="1.2"><circle r="{ring}"/>{EVENTS["multiple"]}</g>'
    return ""


def _activity(element: etree._Element, box: Box, ink: Ink, *, expanded: bool) -> str:
    name = kind(element)
    calls = name == "callActivity"
    dash = "2 4" if element.get("triggeredByEvent") == "true" else ""
    fill = Ink(PAPER, ink.stroke, ink.extra) if expanded else ink
    drawn = [pen.rect(box, fill, radius=10, line=3.8 if calls else pen.LINE, dash=dash)]
    if name == "transaction":
        drawn.append(pen.rect(box.grow(-3), Ink("none", ink.stroke), radius=8))
    if name in TASKS:
        drawn.append(pen.at((box.x + 6, box.y + 5), TASKS[name], scale=0.9))
    if expanded:
        lines = wrap(label(element), box.width - 14)
        drawn.append(pen.text(lines, (box.cx, box.y + 18), Lettering(bold=True)))
    else:
        drawn.append(_block(label(element), box, box.width - 2 * PADDING))
    return "".join(drawn) + _markers(element, box, expanded=expanded)


def _markers(element: etree._Element, box: Box, *, expanded: bool) -> str:
    """Along the bottom edge, centred: loop or instances, compensation, sub-process, ad hoc."""
    marks = []
    many = element.find(f"{BPMN}multiInstanceLoopCharacteristics")
    if many is not None:
        marks.append("sequential" if many.get("isSequential") == "true" else "parallel")
    if element.find(f"{BPMN}standardLoopCharacteristics") is not None:
        marks.append("loop")
    if element.get("isForCompensation") == "true":
        marks.append("compensation")
    if not expanded and (kind(element) in SCOPES or kind(element) == "callActivity"):
        marks.append("collapsed")
    if kind(element) == "adHocSubProcess":
        marks.append("adHoc")
    first = box.cx - (len(marks) - 1) * 10
    return "".join(
        pen.at((first + index * 20, box.bottom - 11), MARKERS[mark], line=pen.LINE)
        for index, mark in enumerate(marks)
    )


def _note(element: etree._Element, box: Box) -> str:
    bracket = f"M{pen.number(box.x + 10)} {pen.number(box.y)}h-10v{pen.number(box.height)}h10"
    lines = wrap(label(element), box.width - 14)
    return pen.path(bracket) + pen.text(lines, (box.x + 7, box.y + 15.8), Lettering(anchor="start"))


def _document(box: Box) -> str:
    fold = 10.0
    d = (
        f"M{pen.number(box.x)} {pen.number(box.y)}h{pen.number(box.width - fold)}l10 10"
        f"v{pen.number(box.height - fold)}h{pen.number(-box.width)}z"
        f"M{pen.number(box.right - fold)} {pen.number(box.y)}v10h10"
    )
    return pen.path(d, Ink())


def _store(box: Box) -> str:
    half, wide = pen.number(box.width / 2), pen.number(box.width)
    begin = f"M{pen.number(box.x)} {pen.number(box.y + 7)}a{half} 7 0 0"
    side, back = pen.number(box.height - 14), f"a{half} 7 0 0 1 -{wide} 0"
    return pen.path(f"{begin} 1 {wide} 0v{side}{back}z{begin} 0 {wide} 0m0 6{back}", Ink())


def _block(words: str, box: Box, limit: float) -> str:
    """Words in the middle of a box."""
    lines = wrap(words, limit)
    first = (box.cx, box.cy - len(lines) * _STEP / 2 + _STEP * 0.75)
    return pen.text(lines, first, Lettering())
