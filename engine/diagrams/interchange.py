"""Where the shapes of a diagram stand: its diagram interchange part, read and checked."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field

from lxml import etree

from engine.diagrams.geometry import Box, Point
from engine.diagrams.notation import BIOCOLOR, elements, is_node, kind, label
from engine.diagrams.words import DC, DI, WAYPOINT
from engine.errors import NotDrawable

#: Larger drawings are a mistake or an attack; the widest shipped diagram is below 2,000.
FARTHEST = 100_000.0
_COLOUR = re.compile(r"#[0-9A-Fa-f]{3,8}|[a-z]{3,20}")
_DRAWN_FLOWS = frozenset({"sequenceFlow", "messageFlow"})


@dataclass(slots=True)
class Drawing:
    """Geometry by element id."""

    shapes: dict[str, Box] = field(default_factory=dict)
    expanded: set[str] = field(default_factory=set)
    edges: dict[str, list[Point]] = field(default_factory=dict)
    labels: dict[str, Box] = field(default_factory=dict)
    fills: dict[str, str] = field(default_factory=dict)


def read_drawing(root: etree._Element) -> Drawing:
    """The first page of the file's drawing; further pages show collapsed sub-processes from inside.

    Raises `NotDrawable` for a file without drawing and for places that are no finite numbers.
    """
    plane = root.find(f"{DI}BPMNDiagram/{DI}BPMNPlane")
    if plane is None:
        raise NotDrawable
    known, drawing = elements(root), Drawing()
    for entry in plane:
        name = entry.get("bpmnElement") or ""
        if name not in known:
            continue
        if kind(entry) == "BPMNShape":
            _read_shape(entry, name, drawing)
        elif kind(entry) == "BPMNEdge":
            points = [_point(one, name) for one in entry.iterfind(WAYPOINT)]
            if len(points) > 1:
                drawing.edges[name] = points
        place = entry.find(f"{DI}BPMNLabel/{DC}Bounds")
        if place is not None:
            drawing.labels[name] = _box(place, name)
    if not drawing.shapes:
        raise NotDrawable
    return drawing


def missing_from(drawing: Drawing, root: etree._Element) -> list[str]:
    """Ids of the nodes, lanes, pools, notes and flows that have no place.

    What a collapsed sub-process holds is drawn on a page of its own and not missed here.
    """
    known, wanted = elements(root), {"participant", "lane", "textAnnotation", *_DRAWN_FLOWS}
    return [
        name
        for name, element in known.items()
        if (kind(element) in wanted or is_node(element))
        and name not in drawing.shapes
        and name not in drawing.edges
        and not any(
            is_node(outer) and outer.get("id") not in drawing.expanded
            for outer in element.iterancestors()
        )
    ]


def without_place_for_label(drawing: Drawing, root: etree._Element) -> list[str]:
    """Ids whose label modellers would drop on top of lines, because no place is given."""
    return [
        name
        for name, element in elements(root).items()
        if label(element)
        and name not in drawing.labels
        and (name in drawing.shapes or name in drawing.edges)
        and (kind(element) in _DRAWN_FLOWS or kind(element).endswith(("Event", "Gateway")))
    ]


def _read_shape(entry: etree._Element, name: str, drawing: Drawing) -> None:
    place = entry.find(f"{DC}Bounds")
    if place is None:
        raise NotDrawable(
            f"The shape of {name} has no place. Move it in the modeller and save again."
        )
    drawing.shapes[name] = _box(place, name)
    if entry.get("isExpanded") == "true":
        drawing.expanded.add(name)
    fill = entry.get(f"{BIOCOLOR}fill")
    if fill and _COLOUR.fullmatch(fill):
        drawing.fills[name] = fill


def _box(place: etree._Element, name: str) -> Box:
    x, y, width, height = (_number(place, key, name) for key in ("x", "y", "width", "height"))
    return Box(x, y, max(width, 0.0), max(height, 0.0))


def _point(waypoint: etree._Element, name: str) -> Point:
    return _number(waypoint, "x", name), _number(waypoint, "y", name)


def _number(element: etree._Element, key: str, name: str) -> float:
    written = element.get(key) or ""
    try:
        number = float(written)
    except ValueError:
        number = math.nan
    if not abs(number) <= FARTHEST:
        raise NotDrawable(
            f"The place of {name} is not a usable number: {key}={written[:40]!r}. "
            "Move it in the modeller and save again."
        )
    return number
