"""What kind of thing an element of a BPMN file is, and what it is called."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from engine.diagrams.words import ACTIVITIES, BPMN, NODES

BIOCOLOR = "{http://bpmn.io/schema/bpmn/biocolor/1.0}"
BANDS = frozenset({"participant", "lane"})


def kind(element: etree._Element) -> str:
    """The element's name without its namespace; empty for comments and the like."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def is_event(element: etree._Element) -> bool:
    return kind(element).endswith("Event")


def is_gateway(element: etree._Element) -> bool:
    return kind(element).endswith("Gateway")


def is_activity(element: etree._Element) -> bool:
    return kind(element) in ACTIVITIES


def is_node(element: etree._Element) -> bool:
    """Whether a token can stand on it."""
    return kind(element) in NODES


def event_kinds(event: etree._Element) -> list[str]:
    """What an event waits for or sends: "timer", "message", ...; empty for a plain one."""
    tail = "EventDefinition"
    return [kind(child)[: -len(tail)] for child in event if kind(child).endswith(tail)]


def label(element: etree._Element) -> str:
    """What a reader sees on the picture."""
    if kind(element) == "textAnnotation":
        return element.findtext(f"{BPMN}text") or ""
    return element.get("name") or ""


def ends(flow: etree._Element) -> tuple[str, str]:
    """The ids at both ends of a sequence flow, message flow, association or data association."""
    parent = flow.getparent()
    if kind(flow) in {"dataInputAssociation", "dataOutputAssociation"} and parent is not None:
        owner = parent.get("id") or ""
        if kind(flow) == "dataInputAssociation":
            return flow.findtext(f"{BPMN}sourceRef") or "", owner
        return owner, flow.findtext(f"{BPMN}targetRef") or ""
    return flow.get("sourceRef") or "", flow.get("targetRef") or ""


def elements(root: etree._Element) -> dict[str, etree._Element]:
    """Every BPMN element that has an id, in the file's order."""
    return {
        name: element
        for element in root.iter(f"{BPMN}*")
        if (name := element.get("id")) and element is not root
    }


def lanes_of(root: etree._Element) -> dict[str, tuple[etree._Element, ...]]:
    """For each node the lanes it lies in, outermost first."""
    found: dict[str, tuple[etree._Element, ...]] = {}
    for lane in root.iter(f"{BPMN}lane"):
        outer = [one for one in lane.iterancestors() if kind(one) == "lane"]
        path = (*reversed(outer), lane)
        for reference in lane.iterfind(f"{BPMN}flowNodeRef"):
            name = (reference.text or "").strip()
            if len(path) > len(found.get(name, ())):
                found[name] = path
    return found


def nodes_in(scope: etree._Element) -> Iterator[etree._Element]:
    """The nodes directly inside a process or sub-process, in the file's order."""
    return (child for child in scope if kind(child) and is_node(child))
