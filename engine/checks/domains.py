"""Which values are worth trying for a name, so that every kind of answer is tried once."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import product

from engine.checks.logic import constants, is_question
from engine.checks.subject import Subject
from engine.definition import Scalar, Value
from engine.diagrams.fields import LISTS, Field
from engine.errors import CaseError
from engine.expressions import compile_expression

LIMIT = 4_096
OTHER = "(any other)"
_DATES = ("2018-06-28", "2018-06-29", "2018-06-30")


class TooManyError(Exception):
    """More kinds of answers than can be tried."""


def cases(
    subject: Subject, names: Iterable[str], trees: list[ast.expr]
) -> Iterator[dict[str, Value]]:
    """Every combination of answers that forms allow; raises `TooManyError`."""
    wanted = _with_hiding(subject, sorted(names))
    domains = [domain(subject, name, trees) for name in wanted]
    size = 1
    for values in domains:
        size *= len(values)
    if size > LIMIT or not size:
        raise TooManyError
    for chosen in product(*domains):
        case = dict(zip(wanted, chosen, strict=True))
        if possible(subject, case):
            yield case


def domain(subject: Subject, name: str, trees: list[ast.expr]) -> tuple[Value, ...]:
    """The values of a name worth trying; () when nothing says what it may hold."""
    fields = [field for _, field in subject.fields.get(name, ())]
    values: dict[Scalar, None] = {}
    for field in fields:
        values |= dict.fromkeys(_of_field(field, trees))
    fact = subject.facts.get(name)
    if fact is not None and not fields:
        values |= dict.fromkeys(_of_field(Field(name, name, fact.type, required=True), trees))
    for tree in _assigned(subject, name):
        if is_question(tree):
            values |= {True: None, False: None}
        else:
            values |= dict.fromkeys(constants(tree))
    values |= dict.fromkeys(_answered(subject, name))
    if any(not each.required or each.show_if for each in fields):
        values |= {None: None}
    if not values and name in subject.settable:
        values = dict.fromkeys(_texts(trees))
    return tuple(values)


def possible(subject: Subject, case: dict[str, Value]) -> bool:
    """Whether the forms allow these answers together.

    A hidden question has none, a shown one that must be answered has one.
    """
    for name, value in case.items():
        for _, field in subject.fields.get(name, ())[:1]:
            if not field.show_if:
                continue
            shown = _shown(subject, field, case)
            if (shown is False and value not in (None, [])) or (
                shown and field.required and value is None
            ):
                return False
    return True


def _shown(subject: Subject, field: Field, case: dict[str, Value]) -> bool | None:
    try:
        return bool(compile_expression(field.show_if, subject.functions).evaluate(case))
    except CaseError:
        return None


def _with_hiding(subject: Subject, names: list[str]) -> list[str]:
    """The names, and those on which it hangs whether they are asked."""
    found = dict.fromkeys(names)
    for name in names:
        for _, field in subject.fields.get(name, ())[:1]:
            if field.show_if:
                try:
                    more = compile_expression(field.show_if, subject.functions).names
                except CaseError:
                    continue
                found |= dict.fromkeys(each for each in sorted(more) if each in subject.fields)
    return list(found)


def _of_field(field: Field, trees: list[ast.expr]) -> Iterator[Scalar]:
    if field.type == "boolean":
        yield from (True, False)
    elif field.type == "enum":
        yield from (option.id for option in field.options)
    elif field.type == "long":
        yield from _numbers(field, trees)
    elif field.type == "date":
        yield from sorted({*_DATES, *_neighbours(trees)})
    elif field.type not in LISTS:
        yield from _texts(trees)


def _numbers(field: Field, trees: list[ast.expr]) -> list[int]:
    written = {c for tree in trees for c in constants(tree) if type(c) is int}
    tries = {number + step for number in written for step in (-1, 0, 1)} or {0, 1}
    tries |= {bound for bound in (field.minimum, field.maximum) if bound is not None}
    return sorted(
        n
        for n in tries
        if (field.minimum is None or n >= field.minimum)
        and (field.maximum is None or n <= field.maximum)
    )


def _neighbours(trees: list[ast.expr]) -> Iterator[str]:
    for tree in trees:
        for text in constants(tree):
            try:
                day = date.fromisoformat(str(text))
                yield from ((day + timedelta(days=step)).isoformat() for step in (-1, 0, 1))
            except (ValueError, OverflowError):
                continue


def _texts(trees: list[ast.expr]) -> list[str]:
    return [*sorted({c for tree in trees for c in constants(tree) if isinstance(c, str)}), OTHER]


def _assigned(subject: Subject, name: str) -> Iterator[ast.expr]:
    for text in subject.texts:
        if text.kind == "script" and text.trees and name in text.trees:
            yield text.trees[name]


def _answered(subject: Subject, name: str) -> Iterator[Scalar]:
    """What tables answer under this name."""
    for decision in subject.bundle.decisions.values():
        for place, column in enumerate(decision.outputs):
            if column.name == name:
                for row in decision.rules:
                    try:
                        tree = compile_expression(row.outputs[place], subject.functions).tree
                    except CaseError:
                        continue
                    yield from constants(tree)
