"""Flows and associations: all sequence flows as one line, and what stands at their ends."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from lxml import etree

from engine.diagrams import pen
from engine.diagrams.geometry import Point
from engine.diagrams.notation import ends, is_activity, kind
from engine.diagrams.pen import INK, LINES, PALE, PAPER, Ink
from engine.diagrams.words import BPMN

#: What the flows a case has taken look like: a calm green, drawn under the usual line.
TAKEN = Ink("none", "#a3cdb6", 4.0)


def arrow_heads(prefix: str) -> str:
    """The definitions the lines refer to; `prefix` keeps the pictures of one page apart."""
    return "".join(
        f'<marker id="{prefix}-{name}" viewBox="{view}" refX="{x}" refY="{y}" markerWidth="{wide}" '
        f'markerHeight="{high}" markerUnits="userSpaceOnUse" orient="{turn}">{drawing}</marker>'
        for name, view, (x, y), (wide, high), turn, drawing in _HEADS
    )


_HEAD = "M1 1.5L11 6L1 10.5Z"
_HEADS = (
    ("arrow", "0 0 12 12", (11, 6), (11, 11), "auto", f'<path d="{_HEAD}" fill="{INK}"/>'),
    (
        "received",
        "0 0 12 12",
        (11, 6),
        (12, 12),
        "auto",
        f'<path d="{_HEAD}" fill="{PAPER}" stroke="{INK}"/>',
    ),
    (
        "sent",
        "0 0 12 12",
        (6, 6),
        (12, 12),
        "auto",
        f'<circle cx="6" cy="6" r="4" fill="{PAPER}" stroke="{INK}"/>',
    ),
    (
        "open",
        "0 0 12 12",
        (11, 6),
        (11, 11),
        "auto-start-reverse",
        f'<path d="M2 2L11 6L2 10" fill="none" stroke="{PALE}" stroke-width="1.3"/>',
    ),
    (
        "default",
        "0 0 24 14",
        (0, 7),
        (24, 14),
        "auto",
        f'<path d="M8 2L13 12" stroke="{INK}" stroke-width="1.5"/>',
    ),
    (
        "condition",
        "0 0 18 12",
        (0, 6),
        (18, 12),
        "auto",
        f'<path d="M1 6L9 1.5L17 6L9 10.5Z" fill="{PAPER}" stroke="{INK}"/>',
    ),
)


def trunk(flows: Iterable[Sequence[Point]], ink: Ink = LINES) -> str:
    """All these lines as one path, so that a stretch which branches share is not painted darker."""
    d = "".join(pen.rounded(points) for points in flows)
    return pen.path(d, ink) if d else ""


def line(
    flow: etree._Element,
    points: Sequence[Point],
    elements: Mapping[str, etree._Element],
    *,
    prefix: str,
) -> str:
    """One line; of a sequence flow only the ends, because `trunk` draws its length."""
    name = kind(flow)
    if name == "sequenceFlow":
        start = _start(flow, elements)
        more = _marker("start", start, prefix) + _marker("end", "arrow", prefix)
        return pen.path(pen.rounded(points), Ink("none", "none"), more=more)
    if name == "messageFlow":
        more = ' stroke-dasharray="9 6"' + _marker("start", "sent", prefix)
        return pen.path(pen.rounded(points), more=more + _marker("end", "received", prefix))
    way = flow.get("associationDirection")
    more = ' stroke-dasharray="1.5 4" stroke-linecap="round"'
    more += _marker("start", "open" if way == "Both" else "", prefix)
    more += _marker(
        "end", "open" if name != "association" or way in {"One", "Both"} else "", prefix
    )
    return pen.path(pen.rounded(points), Ink("none", PALE), more=more)


def _start(flow: etree._Element, elements: Mapping[str, etree._Element]) -> str:
    source = elements.get(ends(flow)[0])
    if source is None:
        return ""
    if source.get("default") == flow.get("id"):
        return "default"
    conditional = flow.find(f"{BPMN}conditionExpression") is not None
    return "condition" if conditional and is_activity(source) else ""


def _marker(side: str, name: str, prefix: str) -> str:
    return f' marker-{side}="url(#{prefix}-{name})"' if name else ""
