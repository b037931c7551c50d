"""Cells of a decision table: unary tests such as `"a", "b"`, `< 18`, `not("x")`, `-`."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.errors import ExpressionError
from engine.expressions.language import Expression, compile_expression
from engine.expressions.operators import COMPARISONS, UnfitError
from engine.expressions.reading import LONGEST

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.definition import Function, Value
    from engine.expressions.compiler import Call

_COMPARISON = re.compile(r"\s*(<=|>=|!=|==|=|<|>)")
_NOT = re.compile(r"\s*not\s*\((?P<inner>.*)\)\s*", re.DOTALL)
_OPERATORS = {
    "=": ast.Eq,
    "==": ast.Eq,
    "!=": ast.NotEq,
    "<": ast.Lt,
    "<=": ast.LtE,
    ">": ast.Gt,
    ">=": ast.GtE,
}


@dataclass(frozen=True, slots=True)
class Test:
    """One comparison of the input: `operator` is == != < <= > >=, the right side an expression."""

    __test__ = False  # not a test case, whatever its name makes a test runner think

    operator: str
    right: Expression

    def holds(self, value: Value, values: Mapping[str, Value]) -> bool:
        compare = COMPARISONS[_OPERATORS[self.operator]]
        right = self.right.evaluate(values)
        if (value is None or right is None) and self.operator not in {"==", "!="}:
            return False  # nothing is neither before nor after anything
        try:
            return compare(value, right)
        except UnfitError as error:
            raise ExpressionError(str(error)) from None


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell without tests (written `-` or left empty) holds for every value."""

    source: str
    tests: tuple[Test, ...]
    negated: bool

    @property
    def names(self) -> frozenset[str]:
        return frozenset[str]().union(*(test.right.names for test in self.tests))

    @property
    def calls(self) -> tuple[Call, ...]:
        return tuple(call for test in self.tests for call in test.right.calls)

    def holds(self, value: Value, values: Mapping[str, Value]) -> bool:
        """Whether the input `value` fits; `values` are the case's variables."""
        if not self.tests:
            return True
        return any(test.holds(value, values) for test in self.tests) is not self.negated


def compile_cell(source: str | None, functions: Mapping[str, Function]) -> Cell:
    """Raises `ExpressionError` with the column."""
    text = source or ""
    if len(text) > LONGEST:
        raise ExpressionError(f"the cell is longer than {LONGEST} characters", LONGEST)
    if text.strip() in {"", "-"}:
        return Cell(text, (), negated=False)
    if text.lstrip()[0] in "[]" or ".." in text:
        raise ExpressionError("intervals are not supported; write a comparison such as >= 5")
    match = _NOT.fullmatch(text)
    inner, start = (match["inner"], match.start("inner")) if match else (text, 0)
    tests = tuple(_test(part, start + offset, functions) for offset, part in _parts(inner))
    return Cell(text, tests, negated=match is not None)


def _test(text: str, offset: int, functions: Mapping[str, Function]) -> Test:
    match = _COMPARISON.match(text)
    operator, begin = (match[1], match.end()) if match else ("==", 0)
    try:
        right = compile_expression(text[begin:], functions)
    except ExpressionError as error:
        raise ExpressionError(str(error), offset + begin + error.column) from None
    return Test("==" if operator == "=" else operator, right)


def _parts(text: str) -> list[tuple[int, str]]:
    """The text cut at commas outside quotes and brackets; each part with its offset."""
    parts, begin, depth, quote = [], 0, 0, ""
    for position, letter in enumerate(text):
        if quote:
            quote = "" if letter == quote else quote
        elif letter in "\"'":
            quote = letter
        elif letter in "([":
            depth += 1
        elif letter in ")]":
            depth -= 1
        elif letter == "," and depth == 0:
            parts.append((begin, text[begin:position]))
            begin = position + 1
    parts.append((begin, text[begin:]))
    return parts
