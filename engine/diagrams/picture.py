"""A diagram as SVG, drawn from the places its owner gave: no browser, no script, no style sheet.

The same file gives the same text on every machine. Geometry and line breaks agree with the
modellers'; the symbols are ours.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from lxml import etree

from engine.diagrams import pen
from engine.diagrams.geometry import Box, bounds
from engine.diagrams.interchange import Drawing, missing_from, read_drawing
from engine.diagrams.lettering import LABEL_SIZE, LINE_HEIGHT, wrap
from engine.diagrams.lines import TAKEN, arrow_heads, line, trunk
from engine.diagrams.marks import INKS, Mark, badge, badge_room
from engine.diagrams.notation import (
    BANDS,
    elements,
    ends,
    is_activity,
    is_node,
    kind,
    label,
)
from engine.diagrams.pen import INK, PLAIN, Ink, Lettering
from engine.diagrams.reading_order import reading_order
from engine.diagrams.shapes import shape
from engine.diagrams.words import BPMN
from engine.diagrams.xml import parse
from engine.errors import NotDrawable

__all__ = ["Link", "Mark", "draw"]

#: Where a step leads when it is chosen; None for no link.
Link = Callable[[str], str | None]
_MARGIN = 16.0
_NAMED = 5
_HEAD = 26.0  # the strip of an open sub-process that leads to it
_NO_MARKS: Mapping[str, Mark] = MappingProxyType({})


def draw(
    xml: bytes,
    *,
    marks: Mapping[str, Mark] = _NO_MARKS,
    link: Link | None = None,
    title: str | None = None,
    description: str | None = None,
    prefix: str | None = None,
) -> str:
    """The picture as an `<svg>` element, ready to be put into a page or a file.

    `marks` gives the live state by element id (flows may be marked as passed too; without any flow
    marked, a flow between two reached steps counts as taken). `link` gives a step's address.
    `prefix` begins every id in the picture; two of one diagram on one page need different ones.
    Raises `NotDrawable` where places are missing and `Unreadable` for what is no XML.
    """
    root = parse("diagram", xml)
    drawing = read_drawing(root)
    if missing := missing_from(drawing, root):
        shown = ", ".join(missing[:_NAMED]) + (" and others" if missing[_NAMED:] else "")
        raise NotDrawable(
            f"Not everything has a place on the picture: {shown}. "
            "Open the file in the modeller, arrange it and save."
        )
    return _Picture(root, drawing, marks, link).svg(title, description, prefix)


@dataclass(slots=True)
class _Picture:
    root: etree._Element
    drawing: Drawing
    marks: Mapping[str, Mark]
    link: Link | None

    def svg(self, title: str | None, description: str | None, prefix: str | None) -> str:
        known = elements(self.root)
        name = _title(self.root) if title is None else title
        own = re.sub(r"[^A-Za-z0-9_-]", "-", prefix or f"diagram-{_process_id(self.root)}")
        words = self._summary(known) if description is None else description
        box = self._extent()
        body = "".join(self._body(known, own))
        size = f'width="{pen.number(box.width)}" height="{pen.number(box.height)}"'
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{_numbers(box)}" {size} '
            f'role="{"group" if self.link else "img"}" '
            f'aria-labelledby="{own}-title {own}-words" font-family="{pen.FONT}" fill="{INK}">'
            f'<title id="{own}-title">{pen.clean(name)}</title>'
            f'<desc id="{own}-words">{pen.clean(words)}</desc>'
            f"<defs>{arrow_heads(own)}</defs>{body}</svg>\n"
        )

    def _body(self, known: Mapping[str, etree._Element], prefix: str) -> Iterator[str]:
        shapes, edges = self.drawing.shapes, self.drawing.edges
        frames, nodes = self._layers(known)
        for name in frames:
            yield self._outline(name, known[name])
        flows = {name: p for name, p in edges.items() if kind(known[name]) == "sequenceFlow"}
        taken = self._taken(known, flows)
        yield trunk((flows[name] for name in flows if name in taken), TAKEN)
        yield trunk(flows.values())
        letters = {name: p for name, p in edges.items() if kind(known[name]) == "messageFlow"}
        for name in (one for one in edges if one not in letters):
            yield line(known[name], edges[name], known, prefix=prefix)
        for name in (*shapes, *edges):
            yield self._label(name, known[name])
        for name in nodes:
            yield self._step(name, known[name])
        for name, points in letters.items():  # in front: they begin with a ring on a shape's edge
            yield line(known[name], points, known, prefix=prefix)

    def _layers(self, known: Mapping[str, etree._Element]) -> tuple[list[str], list[str]]:
        """What lies behind the flows (pools, lanes, open sub-processes) and what in front of them.

        The front is in reading order, so that the tab key walks through the steps as a reader does.
        """
        shapes, _expanded = self.drawing.shapes, self.drawing.expanded
        bands = [
            name for what in ("participant", "lane") for name in shapes if kind(known[name]) == what
        ]
        order = [node.get("id") or "" for node in reading_order(self.root, shapes)]
        drawn = [name for name in order if name in shapes]
        others = [name for name in shapes if name not in order and name not in bands]
        open_ones = [name for name in drawn if self._is_frame(name, known[name])]
        return [*bands, *open_ones], [*others, *drawn]

    def _is_frame(self, name: str, element: etree._Element) -> bool:
        return name in self.drawing.expanded and is_activity(element)

    def _taken(self, known: Mapping[str, etree._Element], flows: Mapping[str, object]) -> set[str]:
        marked = {name for name in flows if name in self.marks}
        if marked:
            return marked
        passed = {name for name, mark in self.marks.items() if mark.state == "passed"}
        pairs = {name: ends(known[name]) for name in flows}
        return {name for name, (a, b) in pairs.items() if a in passed and b in self.marks}

    def _outline(self, name: str, element: etree._Element) -> str:
        ink = self._ink(name, self.marks.get(name))
        expanded = name in self.drawing.expanded
        return shape(element, self.drawing.shapes[name], ink, expanded=expanded)

    def _step(self, name: str, element: etree._Element) -> str:
        """A shape with its state and link; of an open sub-process, drawn already, only its head."""
        box, mark = self.drawing.shapes[name], self.marks.get(name)
        if self._is_frame(name, element):
            drawn = pen.touch(Box(box.x, box.y, box.width, _HEAD))
        else:
            drawn = self._outline(name, element)
        if not is_node(element):
            return drawn
        drawn += badge(box, mark) if mark else ""
        said = ": ".join(filter(None, (label(element), mark.spoken if mark else "")))
        target = self.link(name) if self.link else None
        if target is not None:
            spoken = pen.attribute(said or name.replace("_", " "))
            return f"<a href={pen.attribute(target)} aria-label={spoken}>{drawn}</a>"
        return f"<g><title>{pen.clean(said)}</title>{drawn}</g>" if mark else drawn

    def _ink(self, name: str, mark: Mark | None) -> Ink:
        if mark:
            return INKS[mark.state]
        fill = self.drawing.fills.get(name)
        return Ink(fill) if fill else PLAIN

    def _label(self, name: str, element: etree._Element) -> str:
        """The words outside the shape, where they were put or else where modellers put them."""
        if is_activity(element) or kind(element) in BANDS or kind(element) == "textAnnotation":
            return ""
        box = self.drawing.labels.get(name) or self._usual_place(name)
        lines = wrap(label(element), box.width + 1, LABEL_SIZE)
        first = (box.cx, box.y + LABEL_SIZE * LINE_HEIGHT * 0.75)
        return pen.text(lines, first, Lettering(size=LABEL_SIZE, halo=True))

    def _usual_place(self, name: str) -> Box:
        """Below a shape; above the middle of a line."""
        if name in self.drawing.shapes:
            box = self.drawing.shapes[name]
            return Box(box.cx - 45, box.bottom, 90, 20)
        points = self.drawing.edges[name]
        (ax, ay), (bx, by) = points[(len(points) - 1) // 2 :][:2]
        return Box((ax + bx) / 2 - 45, (ay + by) / 2 - 25, 90, 20)

    def _extent(self) -> Box:
        boxes_of = self.drawing.shapes
        boxes = [*boxes_of.values(), *self.drawing.labels.values()]
        boxes += [
            badge_room(boxes_of[name], mark)
            for name, mark in self.marks.items()
            if name in boxes_of
        ]
        points = [point for edge in self.drawing.edges.values() for point in edge]
        return bounds(boxes, points).grow(_MARGIN)

    def _summary(self, known: Mapping[str, etree._Element]) -> str:
        lanes = [label(one) for one in known.values() if kind(one) == "lane" and label(one)]
        steps = sum(is_activity(known[name]) for name in self.drawing.shapes)
        words = f"{steps} steps" + (f", worked by: {'; '.join(lanes)}" if lanes else "")
        live = [
            f"{label(known[name])}: {mark.spoken}"
            for name, mark in self.marks.items()
            if name in known and mark.state != "passed" and label(known[name])
        ]
        return f"{words}. {'; '.join(live)}." if live else f"{words}."


def _title(root: etree._Element) -> str:
    for process in root.iterfind(f"{BPMN}process"):
        if process.get("name"):
            return process.get("name") or ""
    return _process_id(root).replace("_", " ").capitalize()


def _process_id(root: etree._Element) -> str:
    process = root.find(f"{BPMN}process")
    return (process.get("id") if process is not None else None) or "process"


def _numbers(box: Box) -> str:
    return " ".join(pen.number(value) for value in (box.x, box.y, box.width, box.height))
