"""What a BPMN file says, as plain facts by element: nothing of places, order, prefixes or spelling.

A fact is named by a group (the question of a form it belongs to, or nothing) and by what it says.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from lxml import etree

from engine.diagrams.notation import kind, label, lanes_of
from engine.diagrams.words import BPMN, CAMUNDA, DC, DI, PLAIN, SCOPES, WAYPOINT

Fact = tuple[str, str]


@dataclass(slots=True)
class Thing:
    """One element. `orders` are lists whose order people see, such as the questions of a form."""

    kind: str
    name: str = ""
    facts: dict[Fact, str] = field(default_factory=dict)
    orders: dict[str, list[str]] = field(default_factory=dict)
    refers: set[Fact] = field(default_factory=set)  # facts whose value is the id of another element

    @property
    def title(self) -> str:
        """Its kind and the words on it."""
        return f"{self.kind} “{self.name}”" if self.name else self.kind


Meaning = dict[str, Thing]

_HOLDERS = frozenset(
    {"definitions", "process", "collaboration", "laneSet", "childLaneSet", *SCOPES}
)
_NOT_THINGS = frozenset({"laneSet", "childLaneSet", "extensionElements", "documentation"})
_SKIPPED = frozenset({"incoming", "outgoing", "flowNodeRef", "laneSet", "childLaneSet"})
_DRAWN = (DI, DC, WAYPOINT[: WAYPOINT.index("}") + 1])
_REFERENCES = {
    "sourceRef": "from",
    "targetRef": "to",
    "attachedToRef": "stands on",
    "default": "way taken otherwise",
    "processRef": "process",
    "messageRef": "message",
    "errorRef": "error",
    "escalationRef": "escalation",
    "signalRef": "signal",
}
_WORDS = {
    "isInterrupting": "ends the work around it",
    "calledElement": "calls",
    "isExecutable": "can be run",
    "isSequential": "one after the other",
    f"{CAMUNDA}decisionRef": "decision table",
    f"{CAMUNDA}candidateGroups": "role",
    f"{CAMUNDA}collection": "once for each of",
    f"{CAMUNDA}elementVariable": "each is called",
    f"{CAMUNDA}type": "type",
    "conditionExpression": "condition",
    "documentation": "guidance",
    "timeDate": "timer",
    "script": "script",
    "text": "text",
}
#: What an attribute means when it is not written.
_DEFAULTS = {
    "isInterrupting": "true",
    "isSequential": "false",
    "parallelMultiple": "false",
    "triggeredByEvent": "false",
    "isForCompensation": "false",
    "isClosed": "false",
    "isExecutable": "false",
    "isCollection": "false",
    "instantiate": "false",
    "startQuantity": "1",
    "completionQuantity": "1",
    "gatewayDirection": "Unspecified",
    "associationDirection": "None",
    "processType": "None",
    "textFormat": "text/plain",
    "{http://www.w3.org/2001/XMLSchema-instance}type": "tFormalExpression",
}


def meaning_of_diagram(root: etree._Element) -> Meaning:
    """The facts of every element of a BPMN file, by its id."""
    found: Meaning = {}
    for child in root:
        _walk(child, None, found)
    for name, path in lanes_of(root).items():
        if name in found:
            _refer(found[name], ("", "lane"), path[-1].get("id") or "")
    return found


def _walk(element: etree._Element, owner: Thing | None, found: Meaning) -> None:
    if not isinstance(element.tag, str) or element.tag.startswith(_DRAWN):
        return
    if _is_thing(element):
        owner = Thing(PLAIN.get(kind(element), _spaced(kind(element))), label(element).strip())
        found[element.get("id") or ""] = owner
        owner.facts["", "kind"] = owner.kind
        if kind(element) == "boundaryEvent":
            goes_on = element.get("cancelActivity") == "false"
            owner.facts["", "ends the work it stands on"] = "no" if goes_on else "yes"
        _attributes(element, owner, ("", ""))
    elif owner is not None and kind(element) not in _SKIPPED:
        _part(element, owner, "")
        return
    for child in element:
        _walk(child, owner, found)


def _is_thing(element: etree._Element) -> bool:
    parent = element.getparent()
    return (
        bool(element.get("id"))
        and str(element.tag).startswith(BPMN)
        and kind(element) not in _NOT_THINGS
        and parent is not None
        and kind(parent) in _HOLDERS
    )


def _part(element: etree._Element, owner: Thing, group: str, path: str = "") -> None:
    """Something inside an element: guidance, condition, timer, form, property."""
    before = len(owner.facts)
    if element.tag in _KEYED:
        _keyed(element, owner, group)
        return
    if element.tag == f"{CAMUNDA}formField":
        group, path = f"question {element.get('id')}", ""
        owner.orders.setdefault("order of the questions", []).append(element.get("id") or "")
    else:
        path = _path(element, owner, group, path)
    _attributes(element, owner, (group, path))
    if words := (element.text or "").strip():
        flat = kind(element) in _PROSE
        owner.facts[_free(owner, (group, path))] = " ".join(words.split()) if flat else words
    for child in element:
        if isinstance(child.tag, str) and kind(child) not in _SKIPPED:
            _part(child, owner, group, path)
    if len(owner.facts) == before and kind(element) not in _WRAPPERS:
        owner.facts[_free(owner, (group, path))] = "yes"


def _path(element: etree._Element, owner: Thing, group: str, path: str) -> str:
    """A name for what is said here; wrappers that say nothing themselves are left out of it."""
    name = kind(element)
    if name in _WRAPPERS:
        return path
    if name in _REPEATS:
        owner.facts[_free(owner, (group, "repeated"))] = _REPEATS[name]
        return path
    step = _WORDS.get(name, _spaced(name.removesuffix("EventDefinition")))
    if name.endswith("EventDefinition"):
        owner.facts[_free(owner, (group, "kind of event"))] = step
    return step if step == path else f"{path} {step}".strip()


def _free(owner: Thing, fact: Fact) -> Fact:
    """The fact's name, numbered where the element says it more than once."""
    group, what = fact
    number = 2
    while (group, what) in owner.facts:
        what, number = f"{fact[1]} {number}", number + 1
    return group, what


#: Extension entries known by their name instead of their place: tag -> (name, value).
_KEYED = {
    f"{CAMUNDA}property": (("name", "id"), "value", "{}"),
    f"{CAMUNDA}constraint": (("name",), "config", "{}"),
    f"{CAMUNDA}value": (("id",), "name", "answer {}"),
}
_WRAPPERS = frozenset({"extensionElements", "formData", "properties", "validation"})
_REPEATS = {
    "multiInstanceLoopCharacteristics": "once for each entry of a list",
    "standardLoopCharacteristics": "as a loop",
}
_PROSE = frozenset({"documentation", "text"})


def _keyed(element: etree._Element, owner: Thing, group: str) -> None:
    names, value, shown = _KEYED[str(element.tag)]
    name = next((found for key in names if (found := element.get(key))), "")
    owner.facts[_free(owner, (group, shown.format(name)))] = element.get(value) or ""
    if element.tag == f"{CAMUNDA}value":
        owner.orders.setdefault(f"order of the answers to {group}", []).append(name)


def _attributes(element: etree._Element, owner: Thing, at: Fact) -> None:
    group, path = at
    for key, value in element.attrib.items():
        attribute, words = str(key), str(value)
        if (
            attribute in {"id", "cancelActivity"}
            or _DEFAULTS.get(attribute) == words.rpartition(":")[2]
        ):
            continue
        what = _REFERENCES.get(attribute) or _WORDS.get(attribute) or _local(attribute)
        fact = (group, f"{path} {what}".strip() if path and path != what else what)
        if attribute in _REFERENCES:
            _refer(owner, fact, words)
        else:
            owner.facts[_free(owner, fact)] = " ".join(words.split()) if key == "name" else words


def _refer(owner: Thing, fact: Fact, target: str) -> None:
    owner.facts[fact] = target
    owner.refers.add(fact)


def _local(attribute: str) -> str:
    return _spaced(etree.QName(attribute).localname)


def _spaced(name: str) -> str:
    """`standardLoopCharacteristics` as words."""
    return "".join(f" {one.lower()}" if one.isupper() else one for one in name).strip()


def titles(meaning: Mapping[str, Thing]) -> dict[str, str]:
    """What each element is called in a sentence."""
    return {name: thing.name or f"{thing.kind} {name}" for name, thing in meaning.items()}
