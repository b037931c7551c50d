"""What can go wrong, one type per reason.

The docstring is the message a person sees when no better one is given.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


class CaseError(Exception):
    """Something the system was asked to do cannot be done."""

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or type(self).__doc__)


class NotFound(CaseError):
    """There is no such thing here."""


class NotAllowed(CaseError):
    """Your role does not allow this."""


class Conflict(CaseError):
    """Somebody else was quicker. What you typed is kept.

    `by` is that person's id and `at` when it was, where both are known.
    """

    def __init__(
        self, message: str | None = None, *, by: str | None = None, at: datetime | None = None
    ) -> None:
        super().__init__(message or "Somebody else was quicker. What you typed is kept.")
        self.by = by
        self.at = at


class Refused(CaseError):
    """This step is not possible now."""


class InvalidAnswers(CaseError):
    """Some answers need your attention.

    `problems` maps a field id to one sentence; the sentence names the field's label.
    """

    def __init__(self, problems: dict[str, str]) -> None:
        super().__init__("; ".join(problems.values()))
        self.problems = problems


class ExpressionError(CaseError):
    """An expression cannot be read or worked out. `column` counts from 1."""

    def __init__(self, message: str, column: int = 1) -> None:
        super().__init__(message)
        self.column = column


class FactMissing(CaseError):
    """A date cannot be worked out, because the fact it counts from is not known yet."""


class CalendarNotKnown(CaseError):
    """The bank holidays of that year are not known, so no date is guessed."""


@dataclass(frozen=True, slots=True)
class RuleProblem:
    """One fault of a deadline rules file; `line` counts from 1, `key` is like "R02.number"."""

    line: int
    key: str
    message: str
    remedy: str


class RulesRefused(CaseError):
    """The deadline rules cannot be used. `problems` says where and why, all at once."""

    def __init__(self, problems: Sequence[RuleProblem]) -> None:
        first = problems[0]
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        super().__init__(
            f"deadline rules, line {first.line}: {first.message}. {first.remedy}.{more}"
        )
        self.problems = tuple(problems)


class DiagramRefused(CaseError):
    """The diagrams cannot be run. `findings` says where and why, all at once."""

    def __init__(self, findings: list[object]) -> None:
        first = f", the first: {findings[0]}" if findings else ""
        super().__init__(f"{len(findings)} findings stand in the way{first}")
        self.findings = findings


class NotDrawable(CaseError):
    """The file does not say where its shapes stand. Arrange them in the modeller and save."""


class Stuck(CaseError):
    """The case would stand still for ever; the step was undone."""
