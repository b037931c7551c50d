"""How wide words are and where lines break, without a font engine.

Arial, Helvetica and Liberation Sans share these advance widths (thousandths of the letter size), so
one table serves the modeller, the browser and our own pictures.
"""

from __future__ import annotations

import re
from functools import lru_cache

TASK_SIZE, LABEL_SIZE = 12, 11  # letters inside and outside shapes, as modellers draw them
LINE_HEIGHT = 1.2
PADDING = 7  # kept free on both sides inside a task

_FIRST, _LAST = 32, 126
_ASCII = (
    *(278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278),  # space to /
    *(556,) * 10,  # digits
    *(278, 278, 584, 584, 584, 556, 1015),  # : to @
    *(667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833),  # A to M
    *(722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611),  # N to Z
    *(278, 278, 278, 469, 556, 333),  # [ to `
    *(556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833),  # a to m
    *(556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500),  # n to z
    *(334, 260, 334, 584),  # { to ~
)
_OTHER = {
    "\N{EN DASH}": 556,
    "\N{EM DASH}": 1000,
    "\N{RIGHT SINGLE QUOTATION MARK}": 222,
    "\N{LEFT SINGLE QUOTATION MARK}": 222,
    "\N{LEFT DOUBLE QUOTATION MARK}": 333,
    "\N{RIGHT DOUBLE QUOTATION MARK}": 333,
    "\N{POUND SIGN}": 556,
    "\N{HORIZONTAL ELLIPSIS}": 1000,
}
_USUAL = 600


def width(line: str, size: float = TASK_SIZE) -> float:
    """The width of one line in pixels."""
    return sum(_advance(letter) for letter in line) * size / 1000


def _advance(letter: str) -> int:
    code = ord(letter)
    return _ASCII[code - _FIRST] if _FIRST <= code <= _LAST else _OTHER.get(letter, _USUAL)


@lru_cache(maxsize=4096)
def wrap(words: str, limit: float, size: float = TASK_SIZE) -> tuple[str, ...]:
    """The lines of `words` in a box `limit` wide; a word wider than that stands alone."""
    lines: list[str] = []
    for paragraph in words.split("\n"):
        line = ""
        for word in paragraph.split():
            longer = f"{line} {word}" if line else word
            if line and width(longer, size) > limit:
                lines.append(line)
                line = word
            else:
                line = longer
        lines.append(line)
    return tuple(lines)


def cuts_a_word(words: str, limit: float, size: float = TASK_SIZE) -> bool:
    """Whether a single word is wider than the box, so that modellers would cut it in the middle."""
    return any(width(word, size) > limit for word in re.split(r"[\s-]", words))
