"""How readable a drawn diagram is: everything that overlaps, crosses, sticks out or leads nowhere.

A test aid. Each fault is a sentence with the ids of the elements, so that its author finds it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import combinations, pairwise

from lxml import etree

from engine.diagrams.geometry import Box, Point, bounds, length_inside
from engine.diagrams.interchange import (
    Drawing,
    missing_from,
    read_drawing,
    without_place_for_label,
)
from engine.diagrams.lettering import (
    LABEL_SIZE,
    LINE_HEIGHT,
    PADDING,
    TASK_SIZE,
    cuts_a_word,
    width,
    wrap,
)
from engine.diagrams.notation import (
    BANDS,
    elements,
    ends,
    is_activity,
    is_gateway,
    kind,
    label,
    lanes_of,
)
from engine.diagrams.words import SCOPES
from engine.diagrams.xml import parse

Segment = tuple[Point, Point]
NEAR = 4.0  # shapes closer than this look as if they touched
TITLE_HEIGHT = 22.0  # of an expanded sub-process
SYMBOL_ROOM = 28.0  # the symbol in a task's corner, which a third line of text would hit
WIDEST, MOST_STEPS = 1920, 20  # a usual screen; what a reader keeps in mind


@dataclass
class Measured:
    """What was found in one diagram; `faults` must be empty before it is shipped."""

    faults: list[str] = field(default_factory=list)
    crossings: list[str] = field(default_factory=list)
    leading_back: list[str] = field(default_factory=list)
    bends: int = 0
    steps: int = 0
    width: int = 0
    height: int = 0

    def judged(self, *, crossings: int = 1, loops: int = 3) -> list[str]:
        """The faults, with what exceeds the allowed numbers."""
        found = list(self.faults)
        if len(self.crossings) > crossings:
            found.append(f"{len(self.crossings)} crossings: {'; '.join(self.crossings)}")
        if len(self.leading_back) > loops:
            found.append(f"{len(self.leading_back)} flows lead back: {self.leading_back}")
        if self.steps > MOST_STEPS:
            found.append(f"{self.steps} boxes and diamonds; at most {MOST_STEPS} can be followed")
        if self.width > WIDEST:
            found.append(f"{self.width} pixels wide; at most {WIDEST} can be read")
        return found


def measure(xml: bytes) -> Measured:
    """The measures of one BPMN file."""
    root = parse("diagram", xml)
    meter = _Meter(root, read_drawing(root))
    found = Measured()
    found.faults += meter.missing()
    found.faults += meter.shapes()
    found.faults += meter.edges()
    found.faults += meter.running_together()
    found.faults += meter.labels()
    found.faults += meter.inner_texts()
    found.crossings += meter.crossings()
    found.leading_back += meter.leading_back()
    meter.count(found)
    return found


class _Meter:
    def __init__(self, root: etree._Element, drawing: Drawing) -> None:
        self.root, self.drawing = root, drawing
        self.elements = elements(root)
        self.edges_of = drawing.edges
        self.nodes = {n: b for n, b in drawing.shapes.items() if not self._is(n, BANDS)}
        self.bands = {n: b for n, b in drawing.shapes.items() if self._is(n, BANDS)}
        self.frames = {n for n in self.nodes if n in drawing.expanded and self._is(n, SCOPES)}

    def _is(self, name: str, kinds: frozenset[str]) -> bool:
        return kind(self.elements[name]) in kinds

    def _inside(self, name: str, frame: str) -> bool:
        return any(one.get("id") == frame for one in self.elements[name].iterancestors())

    def _host(self, name: str) -> str:
        return self.elements[name].get("attachedToRef") or ""

    def count(self, found: Measured) -> None:
        flat = [self.elements[name] for name in self.nodes if name not in self.frames]
        found.steps = sum(is_activity(one) or is_gateway(one) for one in flat)
        found.bends = sum(len(points) - 2 for points in self.edges_of.values())
        whole = bounds([*self.drawing.shapes.values(), *self.drawing.labels.values()], [])
        found.width, found.height = round(whole.width), round(whole.height)

    def missing(self) -> Iterator[str]:
        yield from (f"{name} has no place" for name in missing_from(self.drawing, self.root))
        for name in without_place_for_label(self.drawing, self.root):
            yield f"the label of {name} has no place"

    # -- shapes and lanes
    def shapes(self) -> Iterator[str]:
        for (one, a), (two, b) in combinations(self.nodes.items(), 2):
            hung = self._host(one) == two or self._host(two) == one
            nested = self._inside(one, two) or self._inside(two, one)
            if not hung and not nested and a.grow(NEAR).overlap(b) > 0:
                yield f"{one} and {two} overlap"
            if self._inside(one, two) and not self._host(one) and not b.holds(a):
                yield f"{one} leaves {two}"
        for name, path in lanes_of(self.root).items():
            band = self.bands.get(path[-1].get("id") or "")
            if band and name in self.nodes and not band.holds(self.nodes[name]):
                yield f"{name} leaves its lane {label(path[-1])}"

    # -- flows
    def edges(self) -> Iterator[str]:
        for name, points in self.edges_of.items():
            flow, segments = self.elements[name], list(pairwise(points))
            source, target = ends(flow)
            straight = kind(flow) in {"sequenceFlow", "messageFlow"}
            if straight and any(a[0] != b[0] and a[1] != b[1] for a, b in segments):
                yield f"{name} is slanted"
            for end, at in ((source, points[0]), (target, points[-1])):
                box = self.drawing.shapes.get(end)
                if box and not _on_edge(box, at):
                    yield f"{name} does not touch {end}"
            yield from self._through(name, (source, target), segments)

    def _through(self, name: str, own: tuple[str, str], segments: list[Segment]) -> Iterator[str]:
        hosts = {self._host(end) for end in own if end in self.elements}
        for other, box in self.nodes.items():
            within = any(end in self.elements and self._inside(end, other) for end in own)
            if other in self.frames and within:
                continue
            core = box.grow(-2) if other in own or other in hosts else box.grow(3)
            if any(length_inside(a, b, core) > 0 for a, b in segments):
                yield f"{name} runs through {other}"

    def leading_back(self) -> Iterator[str]:
        for name in self.edges_of:
            if kind(self.elements[name]) != "sequenceFlow":
                continue
            source, target = ends(self.elements[name])
            start = self._host(source) or source if source in self.elements else ""
            a, b = self.drawing.shapes.get(start), self.drawing.shapes.get(target)
            if a and b and b.cx < a.x:
                yield name

    def crossings(self) -> Iterator[str]:
        for (one, p), (two, q) in combinations(self.edges_of.items(), 2):
            if any(_cross(a, b) for a in pairwise(p) for b in pairwise(q)):
                yield f"{one} crosses {two}"

    def running_together(self) -> Iterator[str]:
        for (one, p), (two, q) in combinations(self.edges_of.items(), 2):
            family = set(ends(self.elements[one])) & set(ends(self.elements[two]))
            if not family and any(_run_on(a, b) for a in pairwise(p) for b in pairwise(q)):
                yield f"{one} runs on top of {two}"

    # -- words outside shapes
    def labels(self) -> Iterator[str]:
        placed: dict[str, Box] = {}
        for name, box in self.drawing.labels.items():
            element = self.elements[name]
            if label(element) and not is_activity(element):
                placed[name] = _ink_of(label(element), box)
                if cuts_a_word(label(element), box.width + 1, LABEL_SIZE):
                    yield f"the label of {name} cuts a word"
        for name, box in placed.items():
            yield from self._label(name, box, placed)

    def _label(self, name: str, box: Box, placed: dict[str, Box]) -> Iterator[str]:
        for other, there in placed.items():
            if other > name and box.overlap(there) > 0:
                yield f"the labels of {name} and {other} overlap"
        for other, shape in self.nodes.items():
            if self._hits(name, box, other, shape):
                yield f"the label of {name} lies on {other}"
        for flow, points in self.edges_of.items():
            if any(length_inside(a, b, box) > 0 for a, b in pairwise(points)):
                yield f"the label of {name} lies on {flow}"
        for band, there in self.bands.items():
            if box.overlap(there) > 0 and not there.holds(box):
                yield f"the label of {name} lies on the border of {band}"

    def _hits(self, name: str, box: Box, other: str, shape: Box) -> bool:
        if other in self.frames:
            title = Box(shape.x, shape.y, shape.width, TITLE_HEIGHT)
            return box.overlap(title) > 0 or (box.overlap(shape) > 0 and not shape.holds(box))
        own_diamond = other == name and is_gateway(self.elements[name])
        return box.overlap(shape) > (box.width * 3 if own_diamond else 0)  # its corners are free

    # -- words inside shapes
    def inner_texts(self) -> Iterator[str]:
        for name, box in self.drawing.shapes.items():
            element = self.elements[name]
            if is_activity(element):
                yield from self._task(name, box)
            elif kind(element) == "textAnnotation":
                lines = wrap(label(element), box.width - 14)
                if len(lines) * TASK_SIZE * LINE_HEIGHT + 8 > box.height + 1:
                    yield f"the text of {name} is higher than its bracket"
            elif name in self.bands:
                outside = kind(element) == "participant" and not element.get("processRef")
                room = (box.width if outside else box.height) - 4
                if len(wrap(label(element), room)) > (3 if outside else 2):
                    yield f"the name of {name} does not fit"

    def _task(self, name: str, box: Box) -> Iterator[str]:
        words, room = label(self.elements[name]), box.width - 2 * PADDING
        lines = wrap(words, room)
        if cuts_a_word(words, room):
            yield f"{name} cuts a word"
        elif name in self.frames:
            return
        elif len(lines) > 3:
            yield f"{name} needs {len(lines)} lines"
        elif len(lines) == 3 and width(lines[0]) > box.width - 2 * SYMBOL_ROOM:
            yield f"the first of three lines of {name} runs into the symbol"


def _ink_of(words: str, box: Box) -> Box:
    """What the words cover of the place given to them."""
    lines = wrap(words, box.width + 1, LABEL_SIZE)
    wide = max(width(line, LABEL_SIZE) for line in lines)
    return Box(box.cx - wide / 2, box.y, wide, len(lines) * LABEL_SIZE * LINE_HEIGHT)


def _on_edge(box: Box, at: Point) -> bool:
    spot = Box(*at, 0, 0)
    return box.grow(1.5).holds(spot) and not box.grow(-1.5).holds(spot)


def _cross(one: Segment, two: Segment) -> bool:
    (a, b), (c, d) = one, two
    if (a[1] == b[1]) == (c[1] == d[1]):
        return False
    (h1, h2), (v1, v2) = (one, two) if a[1] == b[1] else (two, one)
    return min(h1[0], h2[0]) < v1[0] < max(h1[0], h2[0]) and min(v1[1], v2[1]) < h1[1] < max(
        v1[1], v2[1]
    )


def _run_on(one: Segment, two: Segment) -> bool:
    """Whether two parallel stretches lie so close that they look like one."""
    (a, b), (c, d) = one, two
    axis = 1 if a[0] == b[0] else 0
    if (c[0] == d[0]) != (a[0] == b[0]):
        return False
    shared = min(max(a[axis], b[axis]), max(c[axis], d[axis])) - max(
        min(a[axis], b[axis]), min(c[axis], d[axis])
    )
    return shared > 2 and abs(a[1 - axis] - c[1 - axis]) < 6
