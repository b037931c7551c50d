"""A legal date with all that explains it: the same data for the page and for programs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.clock import today
from processes import words
from webapp.wording import FORCES

if TYPE_CHECKING:
    from datetime import date

    from engine.definition import DeadlineRule, DueDate, LegalTime
    from engine.service import CaseView, DeadlineView

#: Clocks that run; a foreseen one runs although the case has not reached its step.
RUNNING = frozenset({"open", "foreseen"})
#: What else may have become of a deadline that was not met.
GONE = {
    "withdrawn": ("withdrawn", "does not apply any more"),
    "missed": ("met_late", "was not done in time"),
}


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the strip: counted (`number` > 0) or passed over because of `name`."""

    on: date
    number: int
    name: str


@dataclass(frozen=True, slots=True)
class Clock:
    """A limit in words. `severity` colours it, `words` says the same.

    `number` leads to its own page; None for a limit foreseen before the case reaches its step.
    """

    number: int | None
    case_ref: str
    rule: DeadlineRule
    host_name: str
    status: str
    started_on: date | None
    due_on: date
    due: DueDate | None
    severity: str
    words: str
    limit: str
    days: tuple[Day, ...]
    binding: str
    binding_means: str


def clocks(case: CaseView, legal_time: LegalTime) -> tuple[Clock, ...]:
    """Those that run, the nearest first, with those foreseen; then those of the past."""
    all_of_them = [clock(view, legal_time) for view in case.deadlines]
    all_of_them += [_foreseen(due, case.ref, legal_time) for due in case.foreseen]
    return tuple(sorted(all_of_them, key=lambda each: (each.status not in RUNNING, each.due_on)))


def clock(view: DeadlineView, legal_time: LegalTime) -> Clock:
    """One deadline of a case."""
    severity, said = GONE.get(view.status, ("", ""))
    if not said:
        done_on = view.met_on or view.proof_on
        severity, said = _stands(view.due_on, done_on, legal_time)
    binding, means = FORCES[view.force]
    return Clock(
        number=view.id,
        case_ref=view.case_ref,
        rule=view.rule,
        host_name=view.host_name,
        status=view.status,
        started_on=view.started_on,
        due_on=view.due_on,
        due=view.due,
        severity=severity,
        words=said,
        limit=_limit(view.rule, legal_time),
        days=strip(view.due),
        binding=binding,
        binding_means=means,
    )


def _foreseen(due: DueDate, case_ref: str, legal_time: LegalTime) -> Clock:
    severity, said = _stands(due.due_on, None, legal_time)
    binding, means = FORCES[due.rule.force]
    return Clock(
        number=None,
        case_ref=case_ref,
        rule=due.rule,
        host_name="",
        status="foreseen",
        started_on=due.start_on,
        due_on=due.due_on,
        due=due,
        severity=severity,
        words=said,
        limit=_limit(due.rule, legal_time),
        days=strip(due),
        binding=binding,
        binding_means=means,
    )


def _stands(due_on: date, done_on: date | None, legal_time: LegalTime) -> tuple[str, str]:
    between = legal_time.working_days_between
    status = words.status(due_on, done_on, today=today(), between=between)
    return status.severity, status.words


def _limit(rule: DeadlineRule, legal_time: LegalTime) -> str:
    """As in: 5 working days after the date the local authority became aware."""
    fact = legal_time.facts.get(rule.starts_from or "")
    return f"{rule.limit} the {words.lower_first(fact.title)}" if fact else rule.limit


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
