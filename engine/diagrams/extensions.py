"""Camunda's additions to an element: its own, never those of the elements inside it."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from engine.diagrams.words import BPMN, CAMUNDA


def extensions_of(element: etree._Element, tag: str) -> Iterator[etree._Element]:
    """The element's own extension elements of that Camunda tag, at any depth of the extension."""
    for holder in element.findall(BPMN + "extensionElements"):
        yield from holder.iter(CAMUNDA + tag)


def properties_of(element: etree._Element) -> dict[str, str]:
    """`camunda:property` name -> value of the element itself, not of its form's fields."""
    found: dict[str, str] = {}
    for holder in element.findall(BPMN + "extensionElements"):
        for entry in holder.findall(f"{CAMUNDA}properties/{CAMUNDA}property"):
            found[entry.get("name") or ""] = entry.get("value") or ""
    return found


def documentation_of(element: etree._Element) -> str:
    """The guidance written on the element, paragraph by paragraph."""
    texts = (text_of(d) for d in element.findall(BPMN + "documentation"))
    return "\n\n".join(text for text in texts if text)


def line_of(element: etree._Element) -> int:
    """The line of the file on which the element begins."""
    line = element.sourceline
    return line if isinstance(line, int) else 1


def text_of(element: etree._Element) -> str:
    """All text in the element."""
    return "".join(str(text) for text in element.itertext()).strip()
