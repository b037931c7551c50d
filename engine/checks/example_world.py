"""A small world in which the examples hold: its roles, duties, facts and deadline rules."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from engine import clock
from engine.checks.examples import statute
from engine.definition import (
    DeadlineRule,
    DueDate,
    Duty,
    Fact,
    Function,
    ProcessDefinition,
    Role,
    Value,
)
from engine.errors import ExpressionError, RuleProblem, RulesRefused

OPENING = frozenset({"aware_on", "things"})


def definition(text: str = "") -> ProcessDefinition:
    """A small world in which the examples hold: one role, two duties, two deadline rules."""
    rows = statute(text)
    duties = {name: Duty(name, f"Duty {name}", "must", "so it is written") for name in ("R1", "R2")}
    return ProcessDefinition(
        startable=("p",),
        roles=(Role("worker", "Worker"), Role("partner", "Partner")),
        duties=duties,
        waived={} if rows.pop("unwaived", None) else dict.fromkeys(duties, "an example"),
        statute=rows,
        legal_time=_legal_time,
        files=dict,
    )


class ExampleTime:
    """Two deadline rules that count from `aware_on`; it works out no dates."""

    rules: Mapping[str, DeadlineRule] = {
        name: DeadlineRule(
            name,
            f"Limit {name}",
            "should" if name == "R1" else "local",
            "aware_on",
            "5 working days after",
            "an example",
            (name,),
            counts="working_days",
            number=5,
        )
        for name in ("R1", "R2")
    }
    facts: Mapping[str, Fact] = {
        "aware_on": Fact("aware_on", "Date of awareness", "date"),
        "things": Fact("things", "Things", "list"),
        "died_on": Fact("died_on", "Date of death", "date"),
    }

    def due(self, rule_id: str, facts: Mapping[str, Value], *, remind: int = 0) -> DueDate:
        raise ExpressionError(f"{rule_id} {facts} {remind}: an example works out no dates")

    def working_days_between(self, start: object, end: object) -> int:
        raise ExpressionError(f"{start} {end}: an example counts no days")

    def functions(self) -> Mapping[str, Function]:
        def fact_of(rule: Value = "") -> frozenset[str]:
            return frozenset({str(self.rules[str(rule)].starts_from)})

        def instant(*_given: object, **_named: object) -> str:
            return clock.start_of(date(2018, 6, 29)).isoformat()

        return {
            "due": Function(
                "due", instant, 1, 1, frozenset({"remind"}), returns="instant", names=fact_of
            ),
            "on": Function("on", instant, 1, 1, returns="instant"),
            "today": Function("today", lambda: clock.today().isoformat(), 0, 0),
        }


def _legal_time(rules: bytes, _changes: object) -> ExampleTime:
    if rules == b"wrong":
        raise RulesRefused([RuleProblem(1, "R1", "the rule has no source", "Name its source.")])
    return ExampleTime()
