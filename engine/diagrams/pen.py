"""The strokes of every picture: SVG with presentation attributes only, for a strict CSP."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from engine.diagrams.geometry import Box, Point
from engine.diagrams.lettering import LINE_HEIGHT, TASK_SIZE

INK, PAPER, HEAD, PALE = "#22242a", "#ffffff", "#f3f4f5", "#5a5f6b"
LINE = 1.5
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
FONT = "Arial, Liberation Sans, sans-serif"


@dataclass(frozen=True, slots=True)
class Ink:
    """How one shape is filled and outlined."""

    fill: str = PAPER
    stroke: str = INK
    extra: float = 0.0  # added to the width of the outline


PLAIN = Ink()
LINES = Ink(fill="none")


@dataclass(frozen=True, slots=True)
class Lettering:
    """How text is written; `halo` keeps it readable where it crosses a line or a colour."""

    size: int = TASK_SIZE
    anchor: str = "middle"
    bold: bool = False
    halo: bool = False


def number(value: float) -> str:
    """At most one decimal: the same picture on every machine."""
    shown = f"{value:.1f}".rstrip("0").rstrip(".")
    return "0" if shown == "-0" else shown


def clean(words: str) -> str:
    """Words as XML text, without what XML forbids and what turns the reading direction."""
    return escape(_seen(words))


def attribute(words: str) -> str:
    """Words as a quoted XML attribute value."""
    return quoteattr(_seen(words))


def _seen(words: str) -> str:
    return "".join(one for one in words if unicodedata.category(one) not in _UNSEEN)


def rect(
    box: Box, ink: Ink = PLAIN, *, radius: float = 0, line: float = LINE, dash: str = ""
) -> str:
    corner = f' rx="{number(radius)}"' if radius else ""
    return (
        f'<rect x="{number(box.x)}" y="{number(box.y)}" width="{number(box.width)}" '
        f'height="{number(box.height)}"{corner}'
        f"{_outline(ink, line, dash)}/>"
    )


def touch(box: Box) -> str:
    """A place that can be chosen though nothing is painted there."""
    return (
        f'<rect x="{number(box.x)}" y="{number(box.y)}" width="{number(box.width)}" '
        f'height="{number(box.height)}" fill="none" pointer-events="all"/>'
    )


def circle(
    centre: Point, radius: float, ink: Ink = PLAIN, *, line: float = LINE, dash: str = ""
) -> str:
    return (
        f'<circle cx="{number(centre[0])}" cy="{number(centre[1])}" r="{number(radius)}"'
        f"{_outline(ink, line, dash)}/>"
    )


def path(d: str, ink: Ink = LINES, *, line: float = LINE, more: str = "") -> str:
    return f'<path d="{d}"{_outline(ink, line, "")} stroke-linejoin="round"{more}/>'


def at(point: Point, drawing: str, ink: Ink = LINES, *, line: float = 1, scale: float = 1) -> str:
    """A small drawing moved to its place; fill and outline hold unless it says otherwise."""
    grown = f" scale({number(scale)})" if scale != 1 else ""
    return (
        f'<g transform="translate({number(point[0])} {number(point[1])}){grown}" '
        f'fill="{ink.fill}" stroke="{ink.stroke}" stroke-width="{number(line)}" '
        f'stroke-linejoin="round" stroke-linecap="round">{drawing}</g>'
    )


def text(lines: Iterable[str], first: Point, how: Lettering) -> str:
    """One element a line, a space between: words stay apart for a screen reader, lines centred."""
    style = ' font-weight="700"' if how.bold else ""
    if how.halo:
        style += f' stroke="{PAPER}" stroke-width="3" paint-order="stroke" stroke-linejoin="round"'
    step = how.size * LINE_HEIGHT
    return " ".join(
        f'<text x="{number(first[0])}" y="{number(first[1] + index * step)}" '
        f'font-size="{how.size}" text-anchor="{how.anchor}"{style}>{clean(line)}</text>'
        for index, line in enumerate(lines)
        if line
    )


def rounded(points: Sequence[Point], radius: float = 6) -> str:
    """The line with soft corners, so that the eye follows a bend instead of stopping at it."""
    steps = [f"M{_place(points[0])}"]
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        cut = min(radius, math.dist(corner, before) / 2, math.dist(corner, after) / 2)
        begin, end = _towards(corner, before, cut), _towards(corner, after, cut)
        steps.append(f"L{_place(begin)}Q{_place(corner)} {_place(end)}")
    steps.append(f"L{_place(points[-1])}")
    return "".join(steps)


def _towards(start: Point, end: Point, by: float) -> Point:
    length = math.dist(start, end)
    if not length:
        return start
    part = by / length
    return start[0] + (end[0] - start[0]) * part, start[1] + (end[1] - start[1]) * part


def _place(point: Point) -> str:
    return f"{number(point[0])} {number(point[1])}"


def _outline(ink: Ink, line: float, dash: str) -> str:
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    wide = number(line + ink.extra)
    return f' fill="{ink.fill}" stroke="{ink.stroke}" stroke-width="{wide}"{dashed}'
