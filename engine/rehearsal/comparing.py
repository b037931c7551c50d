"""What was expected of a case, and what it is: every difference in words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from engine.rehearsal.scenario import ExpectedDeadline, Scenario
from engine.service import CaseView, DeadlineView


def differences(expected: Scenario, case: CaseView) -> Iterator[str]:
    """Sentences, none when all holds. `case` was read on the day of the last step."""
    if case.status != expected.status:
        yield f"the case is {case.status}, expected {expected.status}"
    if expected.end is not None and case.ended_as != expected.end:
        yield f"the case ended as {case.ended_as!r}, expected {expected.end!r}"
    still_open = sorted(task.element for task in case.tasks if task.status == "open")
    if still_open != sorted(expected.still_open):
        yield f"open tasks are {still_open}, expected {sorted(expected.still_open)}"
    yield from _clocks(expected, case)


def _clocks(expected: Scenario, case: CaseView) -> Iterator[str]:
    """Each expected clock takes one of the case's; a late one nobody expected is told."""
    left = list(case.deadlines)
    for wanted in expected.deadlines:
        found = next((row for row in left if _same(wanted, row)), None)
        if found is not None:
            left.remove(found)
            continue
        rows = [row for row in case.deadlines if row.rule.id == wanted.rule]
        said = "; ".join(
            _words(row.due_on, row.status, met=row.met_on, late=row.late_by) for row in rows
        )
        asked = _words(wanted.due, wanted.state, met=wanted.met, late=wanted.late)
        yield f"{wanted.rule}: {said or 'its clock never started'}; expected {asked}"
    for row in left:
        if row.overdue:
            said = _words(row.due_on, row.status, met=row.met_on, late=row.late_by)
            yield f"{row.rule.id}: {said}; nobody expected it to be late"


def open_clocks(case: CaseView, rule: str) -> tuple[date, ...]:
    """The days on which the rule's running clocks are due."""
    return tuple(
        row.due_on for row in case.deadlines if row.rule.id == rule and row.status == "open"
    )


def _same(expected: ExpectedDeadline, row: DeadlineView) -> bool:
    return (
        (row.rule.id, row.due_on, row.status, row.met_on)
        == (expected.rule, expected.due, expected.state, expected.met)
    ) and expected.late in {None, row.late_by}


def _words(due: date, state: str, *, met: date | None, late: int | None) -> str:
    said = f"due {due}, {state}" + (f" {met}" if met else "")
    return said if late is None else f"{said}, {late} working days late"
