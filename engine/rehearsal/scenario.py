"""A scenario: dates and answers given, and what is expected. Written as TOML by a process owner.

title = "A local review published in time"
story = "One paragraph for the reader."
process = "serious_incident"
facts = { arrangements_start_on = 2019-09-29 }      # what the area hands to the case
neighbours = ["Westshire"]                          # other areas, for questions that list them

[[step]]
on = 2026-03-03                                     # the clock is set to noon of that day
do = "Record_awareness"                             # element id, or a list done in that order
as = "Local authority officer"                      # expected role, by title
item = "Northshire"                                 # one of a repeated task; absent: all
answers = { authority_aware_on = 2026-03-02 }       # the rest: ordinary.toml
due = { R02 = 2026-03-09 }                          # what an open clock must say after the step

[[step]]
on = 2026-03-04
report = "Found not to meet the criteria"           # something that may be reported at any time
correct = { authority_aware_on = 2026-03-01 }       # or a fact put right
refused = "words of the refusal"                    # or: this `do` must be refused

[expect]
status = "finished"
end = "Review published"
open = ["Record_late_notice"]                       # tasks left open at the end; default none

[[expect.deadline]]
rule = "R02"
due = 2026-03-09
met = 2026-03-09                                    # absent: not met
state = "met"                                       # absent: met, or open when `met` is absent
late = 0                                            # working days late, as of the last step's day

A clock that is late at the end without being listed here is told as a failure, too.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from engine.definition import Value
from engine.errors import CaseError

STATES = ("open", "met", "missed", "withdrawn")
_LATER = re.compile(r"in (\d{1,4}) days")


class ScenarioFault(CaseError):
    """The scenario cannot be read."""


@dataclass(frozen=True, slots=True)
class Step:
    """One day's work: tasks done, something reported, or facts corrected."""

    on: date
    do: tuple[str, ...] = ()
    role: str | None = None
    item: str | None = None
    answers: Mapping[str, Value] = field(default_factory=dict)
    due: Mapping[str, date] = field(default_factory=dict)
    report: str | None = None
    correct: Mapping[str, Value] = field(default_factory=dict)
    refused: str | None = None


@dataclass(frozen=True, slots=True)
class ExpectedDeadline:
    """A clock as it must stand at the end. `late` counts working days; None: not looked at."""

    rule: str
    due: date
    state: str
    met: date | None = None
    late: int | None = None


@dataclass(frozen=True, slots=True)
class Scenario:
    """What is given and what is expected; `name` is the file's name without its ending."""

    name: str
    title: str
    story: str
    process: str
    facts: Mapping[str, Value]
    neighbours: tuple[str, ...]
    steps: tuple[Step, ...]
    status: str
    end: str | None
    still_open: tuple[str, ...]
    deadlines: tuple[ExpectedDeadline, ...]


def read_scenario(name: str, data: bytes) -> Scenario:
    """The scenario in a TOML file.

    Raises `ScenarioFault` naming the file, the place and the remedy.
    """
    try:
        return _scenario(name, tomllib.loads(data.decode()))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as fault:
        raise ScenarioFault(f"{name}: not readable as TOML: {fault}") from None
    except (TypeError, ValueError, AttributeError) as fault:
        raise ScenarioFault(f"{name}: {fault}") from None


def _scenario(name: str, table: Mapping[str, Any]) -> Scenario:
    known = {"title", "story", "process", "facts", "neighbours", "step", "expect"}
    _known(table, known, "the file")
    expect = _table(table.get("expect", {}), "expect")
    _known(expect, {"status", "end", "open", "deadline"}, "[expect]")
    steps = tuple(_step(number, row) for number, row in enumerate(_rows(table, "step"), 1))
    if not steps:
        raise ValueError("the file needs at least one [[step]]")
    for number, (one, next_one) in enumerate(pairwise(steps), 2):
        if next_one.on < one.on:
            raise ValueError(f"step {number}: {next_one.on} lies before the step above it")
    return Scenario(
        name=name, title=_text(table, "title", "the file"), story=table.get("story", ""),
        process=_text(table, "process", "the file"),
        facts=_values(_table(table.get("facts", {}), "facts")),
        neighbours=_texts(table.get("neighbours", ()), "neighbours"), steps=steps,
        status=expect.get("status", "finished"), end=expect.get("end"),
        still_open=_texts(expect.get("open", ()), "open"),
        deadlines=tuple(
            _deadline(number, row) for number, row in enumerate(_rows(expect, "deadline"), 1)
        ),
    )  # fmt: skip


def _step(number: int, row: Mapping[str, Any]) -> Step:
    where = f"step {number}"
    _known(row, {"on", "do", "as", "item", "answers", "due", "report", "correct", "refused"}, where)
    due = _table(row.get("due", {}), f"{where}, due")
    return Step(
        on=_date(row, "on", where), do=_texts(row.get("do", ()), f"{where}, do"),
        role=row.get("as"), item=row.get("item"),
        answers=_values(_table(row.get("answers", {}), f"{where}, answers")),
        due={rule: _date(due, rule, where) for rule in due}, report=row.get("report"),
        correct=_values(_table(row.get("correct", {}), f"{where}, correct")),
        refused=row.get("refused"),
    )  # fmt: skip


def _deadline(number: int, row: Mapping[str, Any]) -> ExpectedDeadline:
    where = f"[[expect.deadline]] {number}"
    _known(row, {"rule", "due", "met", "late", "state"}, where)
    met = _date(row, "met", where) if "met" in row else None
    state = row.get("state", "met" if met else "open")
    if state not in STATES:
        raise ValueError(f"{where}: state must be one of {', '.join(STATES)}")
    rule = _text(row, "rule", where)
    return ExpectedDeadline(rule, _date(row, "due", where), state, met, row.get("late"))


def _known(row: Mapping[str, Any], keys: set[str], where: str) -> None:
    if unknown := sorted(set(row) - keys):
        raise ValueError(
            f"{where}: {unknown[0]} is not known here; known are {', '.join(sorted(keys))}"
        )


def _rows(table: Mapping[str, Any], name: str) -> Sequence[Mapping[str, Any]]:
    rows = table.get(name, ())
    if not all(isinstance(row, dict) for row in rows):
        raise ValueError(f"{name}: write each one under a heading [[...]]")
    return tuple(rows)


def _table(value: object, where: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise TypeError(f"{where}: must be written as {{ name = value }}")
    return value


def _date(row: Mapping[str, Any], name: str, where: str) -> date:
    value = row.get(name)
    if type(value) is not date:
        raise ValueError(f"{where}: `{name}` must be a date like 2026-03-03")
    return value


def _text(row: Mapping[str, Any], name: str, where: str) -> str:
    value = row.get(name)
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{where}: `{name}` is missing")
    return value


def _texts(value: object, where: str) -> tuple[str, ...]:
    """One word, or a list of them."""
    several = (value,) if isinstance(value, str) else value
    if not isinstance(several, (list, tuple)) or not all(isinstance(one, str) for one in several):
        raise ValueError(f'{where}: must be "a text" or ["several", "texts"]')
    return tuple(several)


def _values(row: Mapping[str, Any]) -> dict[str, Value]:
    """TOML dates become ISO texts, as the case's variables hold them."""
    return {
        name: value.isoformat() if isinstance(value, date) else value for name, value in row.items()
    }


def ordinary_answers(data: bytes) -> Mapping[str, Value]:
    """The answers nobody had to think about: field id -> value.

    "today" is the step's day, "in 28 days" is counted from it.
    """
    try:
        return _values(tomllib.loads(data.decode()))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as fault:
        raise ScenarioFault(f"ordinary answers: not readable as TOML: {fault}") from None


def answers_for(
    fields: Sequence[str], step: Step, ordinary: Mapping[str, Value]
) -> dict[str, Value]:
    """What is typed into a form of these fields in this step."""
    given = {**ordinary, **step.answers}
    return {name: _on_the_day(given[name], step.on) for name in fields if name in given}


def _on_the_day(value: Value, today: date) -> Value:
    if value == "today":
        return today.isoformat()
    later = _LATER.fullmatch(value) if isinstance(value, str) else None
    return (today + timedelta(days=int(later[1]))).isoformat() if later else value
