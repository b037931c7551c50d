"""Live state on a picture: a fill, a badge whose shape tells the state without colour, words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from engine.diagrams import pen
from engine.diagrams.geometry import Box
from engine.diagrams.lettering import width
from engine.diagrams.pen import Ink, Lettering
from engine.diagrams.symbols import CLOCK, TICK, WARNING

State = Literal["open", "due_soon", "late", "passed"]

#: Calm tints; every outline and badge has a contrast of at least 4.5 to 1 on white.
INKS: dict[State, Ink] = {
    "open": Ink("#e8eff8", "#1d4f91", 1.0),
    "due_soon": Ink("#fff6d6", "#6b5900", 1.0),
    "late": Ink("#fbe6e3", "#b3251d", 1.0),
    "passed": Ink("#eef4f0", "#3a7257", 0.0),
}
WORDS: dict[State, str] = {"open": "open", "due_soon": "due soon", "late": "late", "passed": "done"}
_HIGH, _SIZE, _GLYPH = 22.0, 12, 18.0
_BOLD = 1.08  # bold letters are that much wider


@dataclass(frozen=True, slots=True)
class Mark:
    """How many cases or tasks stand on an element and what the worst of them is.

    `words` stands in the badge ("2, 1 late"); without them the count and the state do. A passed
    element carries a tick, and text only where `words` are given.
    """

    count: int = 0
    state: State = "open"
    words: str = ""

    @property
    def text(self) -> str:
        """What the badge says."""
        if self.words or self.state == "passed":
            return self.words
        return f"{self.count} {WORDS[self.state]}"

    @property
    def spoken(self) -> str:
        """What a screen reader says after the element's name; never the colour alone."""
        return self.text or WORDS[self.state]


def badge_room(box: Box, mark: Mark) -> Box:
    """What the badge of a shape covers: its upper right corner.

    Never the middle of its upper edge, where an arrow may enter.
    """
    if not mark.text:
        return Box(box.right - 10, box.y - 6, 16, 16)
    wide = 16 + _glyph_room(mark) + width(mark.text, _SIZE) * _BOLD
    return Box(max(box.right - wide + 12, box.cx + 10), box.y - 8, wide, _HIGH)


def badge(box: Box, mark: Mark) -> str:
    """Pill = open, pointed with a clock = due soon, angular with a sign = late, tick = passed."""
    place, ink = badge_room(box, mark), INKS[mark.state]
    if not mark.text:
        centre = (place.cx, place.cy)
        ring = pen.circle(centre, place.width / 2, Ink(pen.PAPER, ink.stroke), line=1.3)
        return ring + pen.at(centre, TICK, _line(ink.stroke), line=1.8)
    middle = place.cx + max(_glyph_room(mark) / 2 - 2, 0)
    words = pen.text([mark.text], (middle, place.cy + 4.2), Lettering(size=_SIZE, bold=True))
    return f'{_outline(place, mark.state)}<g fill="{_letters(mark.state)}">{words}</g>'


def _glyph_room(mark: Mark) -> float:
    return 0.0 if mark.state == "open" else _GLYPH


def _outline(place: Box, state: State) -> str:
    ink = INKS[state]
    sign = (place.x + 14, place.cy)
    if state == "due_soon":
        high, tip = pen.number(place.height / 2), pen.number(place.height / 4)
        side = pen.number(place.width - place.height / 2)
        d = (
            f"M{pen.number(place.x)} {pen.number(place.cy)}l{tip} -{high}h{side}"
            f"l{tip} {high}l-{tip} {high}h-{side}z"
        )
        return pen.path(d, Ink("#ffdd00", pen.INK), line=1.2) + pen.at(
            sign, CLOCK, _line(pen.INK), line=1.4
        )
    filled = Ink(ink.stroke, pen.PAPER)
    if state == "late":
        warning = pen.at(sign, WARNING, Ink(pen.PAPER, ink.stroke), line=1.5)
        return pen.rect(place, filled, radius=2) + warning
    if state == "passed":
        return pen.rect(place, filled, radius=6) + pen.at(sign, TICK, _line(pen.PAPER), line=2)
    return pen.rect(place, filled, radius=place.height / 2)


def _letters(state: State) -> str:
    return pen.INK if state == "due_soon" else pen.PAPER


def _line(stroke: str) -> Ink:
    return Ink("none", stroke)
