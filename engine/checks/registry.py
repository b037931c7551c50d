"""The list of all rules. A rule is one function: its docstring is its page in the manual."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from engine.checks.finding import Finding, Hit
from engine.checks.subject import Subject

#: Stages in the order they run; a stage runs only when those before found no error.
STAGES = ("file", "wiring", "shape", "text", "choice", "play", "law", "engine")

Check = Callable[[Subject], Iterator[Hit]]


@dataclass(frozen=True, slots=True)
class Rule:
    """`bad` and `good` are examples in the language of `engine.checks.examples`.

    `bad` is empty where no diagram can be drawn that only this rule refuses.
    """

    id: str
    stage: str
    severity: str
    remedy: str
    check: Check
    bad: str
    good: str

    @property
    def page(self) -> str:
        """Why the rule is there."""
        return inspect.cleandoc(self.check.__doc__ or "")

    def findings(self, subject: Subject) -> Iterator[Finding]:
        """What the rule says about a bundle."""
        for hit in self.check(subject):
            yield Finding(
                hit.file,
                hit.line,
                hit.element,
                self.severity,
                self.id,
                hit.message,
                hit.remedy or self.remedy,
                hit.path,
            )


RULES: dict[str, Rule] = {}


def rule(
    rule_id: str, stage: str, *, remedy: str, bad: str, good: str, severity: str = "error"
) -> Callable[[Check], Check]:
    """Register a rule."""

    def register(check: Check) -> Check:
        if rule_id in RULES or stage not in STAGES:
            raise ValueError(rule_id)
        RULES[rule_id] = Rule(rule_id, stage, severity, remedy, check, bad, good)
        return check

    return register
