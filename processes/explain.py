"""Due dates with their arithmetic, for the command line: as values for JSON and as plain text."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from engine.errors import CaseError
from processes import words
from processes.diagram_functions import known_rule

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.definition import DueDate, LegalTime

_PER_LINE = 5


class SkippedDay(TypedDict):
    on: str
    name: str


class Explanation(TypedDict):
    """One due date as other programs read it."""

    rule: str
    start: str
    due: str
    counted: list[str]
    skipped: list[SkippedDay]
    source: str


def due_dates(rule_id: str, starts: Sequence[str], *, legal_time: LegalTime) -> list[DueDate]:
    """The rule's due date for each start (as 2018-12-20); `CaseError` says what is wrong."""
    rule = known_rule(legal_time, rule_id)
    if not starts:
        raise CaseError(f"{rule.id} needs at least one start date, as 2018-12-20.")
    return [legal_time.due(rule.id, {str(rule.starts_from): start}) for start in starts]


def as_values(due: DueDate) -> Explanation:
    return {
        "rule": due.rule.id,
        "start": due.start_on.isoformat() if due.start_on else "",
        "due": due.due_on.isoformat(),
        "counted": [day.isoformat() for day in due.counted],
        "skipped": [{"on": skip.on.isoformat(), "name": skip.name} for skip in due.skipped],
        "source": due.rule.source,
    }


def as_text(due: DueDate) -> str:
    """The due date alone on the first line, then why, indented."""
    rule = due.rule
    lines = [due.due_on.isoformat(), f"  {rule.id} {rule.title} ({rule.force})", f"  {due.because}"]
    if due.counted:
        lines += _column("counted", [words.short(day) for day in due.counted])
    if due.skipped:
        skipped = [f"{words.short(skip.on)} {skip.name}" for skip in due.skipped]
        lines += _column("skipped", skipped)
    return "\n".join([*lines, f"  source   {rule.source}"])


def _column(head: str, items: Sequence[str]) -> list[str]:
    rows = [items[at : at + _PER_LINE] for at in range(0, len(items), _PER_LINE)]
    heads = [head, *[""] * (len(rows) - 1)]
    return [f"  {head:<8} {' · '.join(row)}" for head, row in zip(heads, rows, strict=True)]
