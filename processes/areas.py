"""An area and its new arrangements: what its cases are opened with, and dates worth a second look.

The dates beyond the law text come from the Children and Social Work Act 2017 transitional rules as
announced in 2018: arrangements published by 29 June 2019, in operation within three months and by
29 September 2019. Early areas exist and so do old records, so these are warnings, never refusals.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from processes import words, working_days

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.definition import Value

TRANSITION_BEGAN_ON = date(2018, 6, 29)
LAST_PUBLICATION_ON = date(2019, 6, 29)
LAST_START_ON = date(2019, 9, 29)
_MONTHS_TO_START = 3


@dataclass(frozen=True, slots=True)
class Area:
    """A local authority area. The start is a planned date until it comes."""

    code: str
    name: str
    published_on: date | None
    arrangements_start_on: date

    def opening_facts(self) -> Mapping[str, Value]:
        """What every case of the area knows when it is opened."""
        return {"arrangements_start_on": self.arrangements_start_on.isoformat()}

    def latest_start_on(self) -> date:
        """By when arrangements published on that date had to be in operation."""
        if self.published_on is None:
            return LAST_START_ON
        return min(working_days.months(self.published_on, _MONTHS_TO_START), LAST_START_ON)

    def warnings(self) -> tuple[str, ...]:
        """Sentences for whoever enters the dates; none when they fit the transition."""
        found = []
        published, start = self.published_on, self.arrangements_start_on
        if published and published > LAST_PUBLICATION_ON:
            last = words.day(LAST_PUBLICATION_ON)
            found.append(f"Arrangements were to be published by {last}.")
        if start < TRANSITION_BEGAN_ON:
            first = words.day(TRANSITION_BEGAN_ON)
            found.append(f"New arrangements could not begin before {first}.")
        if start > self.latest_start_on():
            last = words.day(self.latest_start_on())
            found.append(f"These arrangements were to begin by {last}.")
        if published and start < published:
            found.append("The arrangements begin before they were published.")
        return tuple(found)
