"""The audit of a case, told in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from processes import words
from webapp.accounts.signin import people
from webapp.wording import value_in_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from engine.service import TimelineEntry

#: {name} is the element's name, {title} the rule's, the others stand in the entry.
TITLES = {
    "opened": "Case opened",
    "completed": "{name}: completed",
    "claimed": "{name}: taken",
    "released": "{name}: released",
    "assigned": "{name}: given to {to}",
    "handed_over": "{name}: handed over",
    "sent_back": "Sent back to {name}",
    "reported": "Reported: {message}",
    "fact_corrected": "Corrected",
    "calendar_changed": "Calendar changed: {on}, {name_of_day}",
    "deadline_started": "{title}: the clock runs",
    "deadline_moved": "{title}: the date moved",
    "deadline_met": "{title}: done",
    "deadline_missed": "{title}: the limit passed, the work ended",
    "deadline_withdrawn": "{title}: does not apply any more",
    "clock_fired": "{name}: the time had come",
    "suspended": "Suspended",
    "resumed": "Resumed",
    "migrated": "Moved to newer diagrams",
    "withdrawn": "Case withdrawn",
    "cancelled": "Case cancelled",
    "ended": "Case ended",
}
#: Dates of an entry, with the words before them.
DATES = {"due": "Due", "old": "Was", "new": "Now", "met": "Done on", "on": "On"}


@dataclass(frozen=True, slots=True)
class Known:
    """Words for the ids in an entry."""

    facts: Mapping[str, str]
    rules: Mapping[str, str]
    answers: Mapping[tuple[str, str], str]


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that happened. `details` are (what, how it was or is)."""

    at: datetime
    title: str
    who: str
    details: tuple[tuple[str, str], ...]


def story(entries: Iterable[TimelineEntry], known: Known) -> tuple[Line, ...]:
    """The entries in the order given."""
    return tuple(_line(entry, known) for entry in entries)


def _line(entry: TimelineEntry, known: Known) -> Line:
    body = entry.body
    pattern = TITLES.get(entry.action, entry.action.replace("_", " ").capitalize())
    title = pattern.format(
        name=entry.name or entry.element or "The case",
        title=known.rules.get(str(body.get("rule")), str(body.get("rule"))),
        to=people().name(str(body.get("to"))),
        message=body.get("message"),
        on=_day(body.get("on")),
        name_of_day=body.get("name"),
    )
    return Line(entry.at, title, _who(entry), tuple(_details(entry, known)))


def _who(entry: TimelineEntry) -> str:
    """Nobody fires a clock: it only became due while this person's step was worked out."""
    if entry.action == "clock_fired":
        return people().name("system")
    return people().name(entry.actor)


def _details(entry: TimelineEntry, known: Known) -> Iterable[tuple[str, str]]:
    body = entry.body
    facts = body.get("facts")
    for fact, change in facts.items() if isinstance(facts, dict) else ():
        old, new = change if isinstance(change, list) else (None, change)
        said = value_in_words(new, field=fact, answers=known.answers)
        if old not in (None, "", []):
            said += f" (was {value_in_words(old, field=fact, answers=known.answers)})"
        if new not in (None, "", []) or old not in (None, "", []):
            yield known.facts.get(fact, fact), said
    for name, label in DATES.items():
        if name in body and entry.action != "calendar_changed":
            yield label, _day(body[name])
    if body.get("reason"):
        yield "Reason", str(body["reason"])


def _day(value: object) -> str:
    try:
        return words.weekday(date.fromisoformat(str(value)))
    except ValueError:
        return str(value)
