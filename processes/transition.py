"""Serious case reviews of the old boards: target, grace and end, by the rules R35 and R37."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from datetime import date

    from engine.definition import LegalTime

State = Literal["open", "grace", "breach", "done", "done late"]


@dataclass(frozen=True, slots=True)
class SeriousCaseReview:
    """The dates of one serious case review of a Local Safeguarding Children Board."""

    decided_on: date
    arrangements_start_on: date
    target_on: date  # six months from the decision
    limit_on: date  # end of grace, and never after 29 September 2020

    def could_be_commissioned(self) -> bool:
        """From the day the arrangements begin a board may commission no further review (R36)."""
        return self.decided_on < self.arrangements_start_on

    def target_passed_at_start(self) -> bool:
        return self.target_on < self.arrangements_start_on

    def state(self, today: date, published_on: date | None = None) -> State:
        if published_on is not None:
            return "done" if published_on <= self.target_on else "done late"
        if today < self.arrangements_start_on:
            return "open"
        return "grace" if today <= self.limit_on else "breach"


def serious_case_review(
    decided_on: date, arrangements_start_on: date, *, legal_time: LegalTime
) -> SeriousCaseReview:
    facts = {
        "scr_decided_on": decided_on.isoformat(),
        "arrangements_start_on": arrangements_start_on.isoformat(),
    }
    return SeriousCaseReview(
        decided_on=decided_on,
        arrangements_start_on=arrangements_start_on,
        target_on=legal_time.due("R35", facts).due_on,
        limit_on=legal_time.due("R37", facts).due_on,
    )
