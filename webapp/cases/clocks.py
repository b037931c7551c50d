"""A legal date with all that explains it: the same data for the page and for programs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.clock import today
from processes import words
from webapp.wording import FORCES

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from engine.definition import DueDate, LegalTime
    from engine.service import DeadlineView


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the strip: counted (`number` > 0) or passed over because of `name`."""

    on: date
    number: int
    name: str


@dataclass(frozen=True, slots=True)
class Clock:
    """A deadline in words. `severity` colours it, `words` says the same."""

    view: DeadlineView
    severity: str
    words: str
    limit: str
    days: tuple[Day, ...]
    binding: str
    binding_means: str


def clocks(views: Iterable[DeadlineView], legal_time: LegalTime) -> tuple[Clock, ...]:
    return tuple(clock(view, legal_time) for view in views)


def clock(view: DeadlineView, legal_time: LegalTime) -> Clock:
    severity, said = "withdrawn", "does not apply any more"
    if view.status != "withdrawn":
        status = words.status(
            view.due_on,
            view.met_on or view.proof_on,
            today=today(),
            between=legal_time.working_days_between,
        )
        severity, said = status.severity, status.words
    binding, means = FORCES[view.force]
    return Clock(view, severity, said, _limit(view, legal_time), strip(view.due), binding, means)


def _limit(view: DeadlineView, legal_time: LegalTime) -> str:
    """As in: 5 working days after the date the local authority became aware."""
    fact = legal_time.facts.get(view.rule.starts_from or "")
    return f"{view.rule.limit} the {words.lower_first(fact.title)}" if fact else view.rule.limit


def strip(due: DueDate | None) -> tuple[Day, ...]:
    """Every day between start and due date in the calendar's order."""
    if due is None:
        return ()
    counted = [Day(on, place, "") for place, on in enumerate(due.counted, start=1)]
    skipped = [Day(each.on, 0, each.name) for each in due.skipped]
    return tuple(sorted(counted + skipped, key=lambda day: day.on))


def as_data(view: DeadlineView) -> dict[str, object]:
    """For programs: dates as ISO texts."""
    due = view.due
    return {
        "case": view.case_ref,
        "rule": view.rule.id,
        "title": view.rule.title,
        "force": view.rule.force,
        "limit": view.rule.limit,
        "source": view.rule.source,
        "law": list(view.rule.law),
        "status": view.status,
        "start": view.started_on.isoformat() if view.started_on else None,
        "due": view.due_on.isoformat(),
        "met": view.met_on.isoformat() if view.met_on else None,
        "because": due.because if due else None,
        "counted": [on.isoformat() for on in due.counted] if due else [],
        "skipped": [{"on": s.on.isoformat(), "name": s.name} for s in due.skipped] if due else [],
    }
