"""Points and boxes of a drawing, in pixels, y downwards."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

Point = tuple[float, float]
#: A direction smaller than this is none at all: the line runs along the side.
PARALLEL = 1e-9


@dataclass(frozen=True, slots=True)
class Box:
    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height

    @property
    def cx(self) -> float:
        return self.x + self.width / 2

    @property
    def cy(self) -> float:
        return self.y + self.height / 2

    def grow(self, by: float) -> Box:
        return Box(self.x - by, self.y - by, self.width + 2 * by, self.height + 2 * by)

    def overlap(self, other: Box) -> float:
        """The shared area; 0 for boxes that merely touch."""
        wide = min(self.right, other.right) - max(self.x, other.x)
        high = min(self.bottom, other.bottom) - max(self.y, other.y)
        return wide * high if wide > 0 and high > 0 else 0.0

    def holds(self, other: Box) -> bool:
        return (
            self.x <= other.x
            and self.y <= other.y
            and self.right >= other.right
            and self.bottom >= other.bottom
        )


def length_inside(a: Point, b: Point, box: Box) -> float:
    """How much of the straight line from `a` to `b` lies in the box (Liang-Barsky clipping)."""
    dx, dy = b[0] - a[0], b[1] - a[1]
    enters, leaves = 0.0, 1.0
    sides = (
        (-dx, a[0] - box.x),
        (dx, box.right - a[0]),
        (-dy, a[1] - box.y),
        (dy, box.bottom - a[1]),
    )
    for towards, distance in sides:
        if abs(towards) < PARALLEL:
            if distance <= 0:
                return 0.0
            continue
        at = distance / towards
        enters, leaves = (max(enters, at), leaves) if towards < 0 else (enters, min(leaves, at))
    return max(leaves - enters, 0.0) * math.hypot(dx, dy)


def bounds(boxes: Sequence[Box], points: Sequence[Point]) -> Box:
    """The smallest box around all of them; there must be at least one."""
    left = min([box.x for box in boxes] + [x for x, _ in points])
    top = min([box.y for box in boxes] + [y for _, y in points])
    right = max([box.right for box in boxes] + [x for x, _ in points])
    bottom = max([box.bottom for box in boxes] + [y for _, y in points])
    return Box(left, top, right - left, bottom - top)
