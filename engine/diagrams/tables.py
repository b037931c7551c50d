"""Decision tables (DMN): what they say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lxml import etree

from engine.diagrams.extensions import line_of

HIT_POLICIES = ("UNIQUE", "FIRST")


@dataclass(frozen=True, slots=True)
class Input:
    """A column that asks: `expression` in the closed language."""

    label: str
    expression: str
    type: str


@dataclass(frozen=True, slots=True)
class Output:
    """A column that answers: `name` becomes a variable."""

    label: str
    name: str
    type: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A row: the texts of its cells, in the order of the columns."""

    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    line: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision table. `hit_policy` is DMN's word."""

    id: str
    name: str
    file: str
    line: int
    hit_policy: str
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    rules: tuple[Rule, ...]
    is_table: bool = True


def decisions_of(file: str, root: etree._Element) -> Iterator[Decision]:
    """The decisions of a DMN file."""
    for element in root.iter("{*}decision"):
        table = element.find("{*}decisionTable")
        if table is None:
            yield Decision(
                element.get("id") or "",
                element.get("name") or "",
                file,
                line_of(element),
                "",
                (),
                (),
                (),
                is_table=False,
            )
            continue
        yield Decision(
            element.get("id") or "",
            element.get("name") or "",
            file,
            line_of(element),
            table.get("hitPolicy") or "UNIQUE",
            tuple(_input(column) for column in table.findall("{*}input")),
            tuple(
                Output(
                    column.get("label") or "", column.get("name") or "", column.get("typeRef") or ""
                )
                for column in table.findall("{*}output")
            ),
            tuple(_rule(row) for row in table.findall("{*}rule")),
        )


def _input(column: etree._Element) -> Input:
    expression = column.find("{*}inputExpression")
    text = expression.findtext("{*}text") if expression is not None else ""
    kind = expression.get("typeRef") if expression is not None else ""
    return Input(column.get("label") or "", (text or "").strip(), kind or "")


def _rule(row: etree._Element) -> Rule:
    def cells(tag: str) -> Sequence[str]:
        return [(cell.findtext("{*}text") or "").strip() for cell in row.findall(tag)]

    return Rule(
        tuple(cells("{*}inputEntry")),
        tuple(cells("{*}outputEntry")),
        line_of(row),
        (row.findtext("{*}description") or "").strip(),
    )
