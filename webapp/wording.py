"""Words for what the engine names by an id."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from processes import words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.definition import Value

#: How binding a rule is: what a tag says, and what it means.
FORCES = {
    "must": ("Law", "The law requires this."),
    "should": ("Guidance", "Statutory guidance: follow it unless there is a good reason not to."),
    "will": ("Guidance", "Statutory guidance says that this is done."),
    "may_not": ("Law", "The law does not allow this."),
    "informative": ("Background", "Statutory guidance explains this."),
    "expected": ("Expected", "The national panel expects this."),
    "local": ("Local target", "A target set here, not by law."),
}
STATUSES = {
    "open": "Open",
    "finished": "Finished",
    "withdrawn": "Withdrawn",
    "cancelled": "Cancelled",
    "suspended": "Suspended",
}
_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def value_in_words(
    value: Value, *, field: str = "", answers: Mapping[tuple[str, str], str] | None = None
) -> str:
    """An answer as a person reads it: Yes, 31 December 2018, the words of a listed answer."""
    if value is None or value in ("", []):
        return "Not answered"
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, list):
        parts = [value_in_words(each, field=field, answers=answers) for each in value]
        return words.listed(parts)
    text = str(value)
    if not _ISO_DATE.fullmatch(text):
        return (answers or {}).get((field, text), text)
    try:
        return words.day(date.fromisoformat(text))
    except ValueError:  # somebody's words that only look like a date
        return text
