"""Deadlines as an iCalendar file (RFC 5545)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

#: RFC 5545, 3.1: "Lines of text SHOULD NOT be longer than 75 octets, excluding the line break."
LONGEST_LINE = 75


def icalendar(events: Iterable[tuple[str, date, str]], *, name: str, made_at: datetime) -> bytes:
    """All-day events of (UID, day, words)."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//cspr//deadlines//EN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{_text(name)}",
    ]
    for uid, on, words in events:
        lines += [
            "BEGIN:VEVENT",
            f"UID:{uid}",
            f"DTSTAMP:{made_at:%Y%m%dT%H%M%SZ}",
            f"DTSTART;VALUE=DATE:{on:%Y%m%d}",
            f"DTEND;VALUE=DATE:{on + timedelta(days=1):%Y%m%d}",
            f"SUMMARY:{_text(words)}",
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    return b"".join(_folded(line) for line in lines)


def _text(words: str) -> str:
    """A value of type TEXT: RFC 5545, 3.3.11. Other control characters become spaces."""
    for special in ("\\", ";", ","):
        words = words.replace(special, f"\\{special}")
    words = words.replace("\r\n", "\n").replace("\n", "\\n")
    return "".join(each if each.isprintable() else " " for each in words)


def _folded(line: str) -> bytes:
    """Continued on the next line after a space, never inside a character."""
    parts = [b""]
    for character in line:
        octets = character.encode()
        if len(parts[-1]) + len(octets) > LONGEST_LINE:
            parts.append(b" ")
        parts[-1] += octets
    return b"\r\n".join(parts) + b"\r\n"
