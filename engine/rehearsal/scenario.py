"""A scenario: dates and answers given, and what is expected. Written as TOML by a process owner.

title = "A local review published in time"
story = "One paragraph for the reader."
process = "serious_incident"
facts = { arrangements_start_on = 2019-09-29 }      # what the area hands to the case

[[step]]
on = 2026-03-03                                     # the clock is set to noon of that day
do = "Record_awareness"                             # element id, or a list done in that order
as = "Local authority officer"                      # expected role, by title
item = "Northshire"                                 # one of a repeated task; absent: all
answers = { authority_aware_on = 2026-03-02 }       # the rest: ordinary.toml

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
met = 2026-03-09                                    # absent: still open
late = 0                                            # working days late, as of the last step's day
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from engine.definition import Value
from engine.errors import CaseError


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
    report: str | None = None
    correct: Mapping[str, Value] = field(default_factory=dict)
    refused: str | None = None


@dataclass(frozen=True, slots=True)
class ExpectedDeadline:
    """A clock as it must stand at the end. `late` counts working days; None: not looked at."""

    rule: str
    due: date
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
        table = tomllib.loads(data.decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise ScenarioFault(f"{name}: not readable as TOML: {fault}") from None
    try:
        return _scenario(name, table)
    except KeyError as missing:
        raise ScenarioFault(f"{name}: {missing} is missing") from None
    except (TypeError, ValueError, AttributeError) as fault:
        raise ScenarioFault(f"{name}: {fault}") from None


def _scenario(name: str, table: Mapping[str, Any]) -> Scenario:
    _known(table, {"title", "story", "process", "facts", "step", "expect"}, "the file")
    expect = table.get("expect", {})
    _known(expect, {"status", "end", "open", "deadline"}, "[expect]")
    steps = tuple(_step(number, step) for number, step in enumerate(table["step"], 1))
    if [s.on for s in steps] != sorted(s.on for s in steps):
        msg = "the steps must stand in the order of their dates"
        raise ValueError(msg)
    return Scenario(
        name=name, title=table["title"], story=table.get("story", ""), process=table["process"],
        facts=_values(table.get("facts", {})), steps=steps, status=expect.get("status", "finished"),
        end=expect.get("end"), still_open=tuple(expect.get("open", ())),
        deadlines=tuple(_deadline(row) for row in expect.get("deadline", ())),
    )  # fmt: skip


def _step(number: int, row: Mapping[str, Any]) -> Step:
    keys = {"on", "do", "as", "item", "answers", "report", "correct", "refused"}
    _known(row, keys, f"step {number}")
    if type(row.get("on")) is not date:
        raise ValueError(f"step {number}: `on` must be a date like 2026-03-03")
    do = row.get("do", ())
    return Step(
        on=row["on"], do=(do,) if isinstance(do, str) else tuple(do), role=row.get("as"),
        item=row.get("item"), answers=_values(row.get("answers", {})), report=row.get("report"),
        correct=_values(row.get("correct", {})), refused=row.get("refused"),
    )  # fmt: skip


def _deadline(row: Mapping[str, Any]) -> ExpectedDeadline:
    _known(row, {"rule", "due", "met", "late"}, "[[expect.deadline]]")
    return ExpectedDeadline(row["rule"], row["due"], row.get("met"), row.get("late"))


def _known(row: Mapping[str, Any], keys: set[str], where: str) -> None:
    if unknown := sorted(set(row) - keys):
        raise ValueError(
            f"{where}: {unknown[0]} is not known here; known are {', '.join(sorted(keys))}"
        )


def _values(row: Mapping[str, Any]) -> dict[str, Value]:
    """TOML dates become ISO texts, as the case's variables hold them."""
    return {
        name: value.isoformat() if isinstance(value, date) else value for name, value in row.items()
    }


def ordinary_answers(data: bytes) -> Mapping[str, Value]:
    """The answers nobody had to think about: field id -> value; "today" is the step's day."""
    return _values(tomllib.loads(data.decode()))


def answers_for(
    fields: Sequence[str], step: Step, ordinary: Mapping[str, Value]
) -> dict[str, Value]:
    """What is typed into a form of these fields in this step."""
    given = {name: ordinary[name] for name in fields if name in ordinary} | {
        name: value for name, value in step.answers.items() if name in fields
    }
    return {
        name: step.on.isoformat() if value == "today" else value for name, value in given.items()
    }
