"""What the symbols of one diagram mean: those that occur, each as a small picture with words."""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from engine.diagrams import pen
from engine.diagrams.geometry import Box
from engine.diagrams.interchange import read_drawing
from engine.diagrams.notation import elements, event_kinds, is_event, kind
from engine.diagrams.pen import INK, PLAIN
from engine.diagrams.shapes import shape
from engine.diagrams.words import BPMN, SCOPES
from engine.diagrams.xml import parse

__all__ = ["Sign", "legend"]

#: What a reader is told, in the order told: key -> (the element that shows it, words).
_SIGNS: dict[str, tuple[str, str]] = {
    "userTask": ("<userTask/>", "somebody does this"),
    "businessRuleTask": ("<businessRuleTask/>", "a decision table answers"),
    "scriptTask": ("<scriptTask/>", "the system works it out"),
    "callActivity": ("<callActivity/>", "a process of its own"),
    "several": ("<task><multiInstanceLoopCharacteristics/></task>", "once for each"),
    "exclusiveGateway": ("<exclusiveGateway/>", "one way"),
    "inclusiveGateway": ("<inclusiveGateway/>", "every way that applies"),
    "parallelGateway": ("<parallelGateway/>", "all ways"),
    "startEvent": ("<startEvent/>", "here it starts"),
    "timer": (
        '<boundaryEvent cancelActivity="false"><timerEventDefinition/></boundaryEvent>',
        "on that date; the work goes on",
    ),
    "message": (
        '<boundaryEvent cancelActivity="false"><messageEventDefinition/></boundaryEvent>',
        "may be reported at any time",
    ),
    "interrupts": (
        "<boundaryEvent><messageEventDefinition/></boundaryEvent>",
        "unbroken ring: ends the work it stands on",
    ),
    "waits": (
        "<intermediateCatchEvent><timerEventDefinition/></intermediateCatchEvent>",
        "waits for that date",
    ),
    "sends": ("<endEvent><messageEventDefinition/></endEvent>", "a message is sent"),
    "endEvent": ("<endEvent/>", "here it ends"),
}
_BIG, _SMALL = Box(2, 2, 44, 34), Box(7, 3, 32, 32)


@dataclass(frozen=True, slots=True)
class Sign:
    """One entry: `picture` is an `<svg>` hidden from screen readers, because `words` say it."""

    picture: str
    words: str


def legend(xml: bytes) -> list[Sign]:
    """The signs that occur on the first page of the drawing, in a fixed order.

    Raises `NotDrawable` and `Unreadable` as `draw` does.
    """
    root = parse("diagram", xml)
    shapes, known = read_drawing(root).shapes, elements(root)
    found = {key for name in shapes for key in _keys(known[name])}
    return [Sign(_picture(drawn), words) for key, (drawn, words) in _SIGNS.items() if key in found]


def _keys(element: etree._Element) -> set[str]:
    """Which signs an element shows."""
    name, kinds = kind(element), event_kinds(element)
    if name == "boundaryEvent":
        goes_on = element.get("cancelActivity") == "false"
        return {*kinds} if goes_on else {"interrupts"}
    if name == "intermediateCatchEvent" and kinds == ["timer"]:
        return {"waits"}
    if is_event(element) and name != "startEvent":
        return {"sends" if kinds == ["message"] else name}
    if element.find(f"{BPMN}multiInstanceLoopCharacteristics") is not None:
        return {name, "several"}
    return {name} - SCOPES


def _picture(drawn: str) -> str:
    sample = etree.fromstring(f'<definitions xmlns="{BPMN[1:-1]}">{drawn}</definitions>')[0]
    box = _BIG if kind(sample).endswith(("Task", "Activity")) else _SMALL
    inside = shape(sample, box, PLAIN, expanded=False)
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 38" width="48" height="38" '
        f'aria-hidden="true" focusable="false" font-family="{pen.FONT}" fill="{INK}">{inside}</svg>'
    )
