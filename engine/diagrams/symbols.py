"""Small drawings inside BPMN shapes, drawn for this project.

Event symbols are centred on 0,0 in a circle of radius 18; task symbols fill 18 by 18 from the top
left corner; markers are centred on 0,0 in 14 by 14. Fill and outline come from the
group around them.
"""

from __future__ import annotations

import math

from engine.diagrams.pen import INK, PAPER


def _on_ring(turn: float, radius: float) -> str:
    """The point at that turn, clockwise from the top."""
    return f"{radius * math.sin(turn):.1f} {-radius * math.cos(turn):.1f}"


_HOURS = [hour * math.pi / 6 for hour in range(12)]
_TICKS = "".join(f"M{_on_ring(turn, 9.2)}L{_on_ring(turn, 7.6)}" for turn in _HOURS)
_CORNERS = [corner * 2 * math.pi / 5 for corner in range(5)]
_PENTAGON = "L".join(_on_ring(turn, 9) for turn in _CORNERS)

EVENTS = {
    "message": '<path d="M-9 -6h18v12h-18z"/><path d="M-9 -6l9 7 9-7" fill="none"/>',
    "timer": (
        f'<circle r="10.5" fill="{PAPER}" stroke-width="1.3"/><path d="{_TICKS}" fill="none"/>'
        '<path d="M0 -6.5V0L4.5 1.8" fill="none" stroke-width="1.6"/>'
    ),
    "escalation": '<path d="M0 -9L6 8L0 2L-6 8z"/>',
    "error": '<path d="M-8 8L-3 -7L3 2L8 -8L4 8L-2 -1z"/>',
    "signal": '<path d="M0 -9L9 6.5H-9z"/>',
    "conditional": '<path d="M-6.5 -8.5h13v17h-13zM-4 -5h8M-4 -1.7h8M-4 1.7h8M-4 5h8"/>',
    "link": '<path d="M-9 -4H2V-8L10 0L2 8V4H-9z"/>',
    "compensate": '<path d="M-10 0L-1 -7V7zM0 0L9 -7V7z"/>',
    "cancel": (
        '<path d="M-8 -5.5L-5.5 -8L0 -2.5L5.5 -8L8 -5.5L2.5 0L8 5.5L5.5 8L0 2.5L-5.5 8L-8 5.5'
        'L-2.5 0z"/>'
    ),
    "terminate": '<circle r="10.5" stroke="none"/>',
    "multiple": f'<path d="M{_PENTAGON}z"/>',
    "parallelMultiple": '<path d="M-2.5 -9h5v6.5H9v5H2.5V9h-5V2.5H-9v-5h6.5z"/>',
}

_ENVELOPE = "M1 3h17v12H1z"
_FLAP = "M1 3l8.5 6.5L18 3"
TASKS = {
    "userTask": '<circle cx="9" cy="5.5" r="3.8"/><path d="M1.5 17.5c0-9.5 15-9.5 15 0z"/>',
    "manualTask": (
        '<path d="M1.5 8.5L7 3.5q2-1 2 1L7.8 6H16q1.8 1 0 2.2H11h5.6q1.6 1.1 0 2.2H11h5'
        'q1.4 1.1 0 2.2h-5h4q1.2 1 0 2H5Q1.5 13 1.5 8.5z"/>'
    ),
    "serviceTask": (
        '<circle cx="9" cy="9" r="5.2"/><circle cx="9" cy="9" r="2"/>'
        '<path d="M9 1v2.8M9 14.2v2.8M1 9h2.8M14.2 9h2.8'
        'M3.3 3.3l2 2M12.7 12.7l2 2M3.3 14.7l2-2M12.7 5.3l2-2" stroke-width="2"/>'
    ),
    "sendTask": f'<path d="{_ENVELOPE}" fill="{INK}"/><path d="{_FLAP}" stroke="{PAPER}"/>',
    "receiveTask": f'<path d="{_ENVELOPE}{_FLAP}"/>',
    "scriptTask": (
        '<path d="M5 1h11q-5 4-2.5 8.5T11 17.5H.5Q6 13 3.5 8.8T5 1zM6 5.5h5M6 9h5.5M6.5 12.5h5"/>'
    ),
    "businessRuleTask": (
        '<path d="M1 3h17v3.5H1z" fill="#c9ccd1"/>'
        '<path d="M1 3h17v13H1zM1 6.5h17M1 11.2h17M6 6.5v9.5"/>'
    ),
}

MARKERS = {
    "parallel": '<path d="M-4.5 -5v10M0 -5v10M4.5 -5v10" stroke-width="2"/>',
    "sequential": '<path d="M-5 -4.5h10M-5 0h10M-5 4.5h10" stroke-width="2"/>',
    "loop": '<path d="M-2.5 5.2A5.5 5.5 0 1 1 2 5.4M-6.5 5.5h4.3v-4.3"/>',
    "compensation": '<path d="M-7 0L-.5 -5V5zM.5 0L7 -5V5z"/>',
    "collapsed": '<path d="M-7 -7H7V7H-7zM0 -4V4M-4 0H4"/>',
    "adHoc": '<path d="M-6.5 1.5q3.5-6 6.5-1.5t6.5-1.5" stroke-width="2.5"/>',
}

TICK = '<path d="M-4.5 .5L-1.2 3.8L4.8 -3.6"/>'
WARNING = (
    '<path d="M0 -6.5L6.8 5.5H-6.8z" stroke="none"/><path d="M0 -2.4V1.4M0 3.6v.2" fill="none"/>'
)
CLOCK = '<circle r="5.6"/><path d="M0 -3.2V0L2.4 1.2"/>'
