"""What the operators do with the values of a case, each within bounds."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping
from typing import Any

from engine.definition import Scalar, Value
from engine.expressions.reading import LARGEST_NUMBER, LONGEST_LIST, LONGEST_TEXT

Number = int | float
Binary = Callable[[Value, Value], Value]
Comparison = Callable[[Value, Value], bool]

_PLAIN = (str, int, float, bool, type(None))


class UnfitError(Exception):
    """These values do not fit the operation; the message says which."""


def bounded(value: object) -> Value:
    """The value itself, when a variable may hold it."""
    if isinstance(value, list):
        if len(value) > LONGEST_LIST:
            raise UnfitError(f"a list may hold {LONGEST_LIST} entries at most")
        return [_scalar(entry) for entry in value]
    return _scalar(value)


def _scalar(value: object) -> Scalar:
    if isinstance(value, str):
        if len(value) > LONGEST_TEXT:
            raise UnfitError(f"a text may hold {LONGEST_TEXT} characters at most")
    elif isinstance(value, (int, float)):
        if not abs(value) <= LARGEST_NUMBER:
            raise UnfitError("the number is too large")
    elif value is not None:
        raise UnfitError(f"{type(value).__name__} is not something a variable can hold")
    return value


def _numbers(name: str, work: Callable[[Number, Number], Number]) -> Binary:
    def apply(left: Value, right: Value) -> Value:
        if not (isinstance(left, (int, float)) and isinstance(right, (int, float))):
            raise UnfitError(
                f"{name} needs two numbers, not {described(left)} and {described(right)}"
            )
        if name in {"/", "//", "%"} and right == 0:
            raise UnfitError("division by nothing")
        return bounded(work(left, right))

    return apply


def _add(left: Value, right: Value) -> Value:
    if isinstance(left, (int, float)) and isinstance(right, (int, float)):
        return bounded(left + right)
    if isinstance(left, str) and isinstance(right, str):
        return bounded(left + right)
    if isinstance(left, list) and isinstance(right, list):
        return bounded(left + right)
    raise UnfitError(f"+ cannot join {described(left)} and {described(right)}")


def _ordered(name: str, work: Callable[[Any, Any], bool]) -> Comparison:
    def apply(left: Value, right: Value) -> bool:
        numbers = isinstance(left, (int, float)) and isinstance(right, (int, float))
        texts = isinstance(left, str) and isinstance(right, str)
        if not (numbers or texts):
            raise UnfitError(f"{name} cannot compare {described(left)} with {described(right)}")
        return work(left, right)

    return apply


def _contains(left: Value, right: Value) -> bool:
    if not isinstance(right, list):
        raise UnfitError(f"'in' looks into a list, not into {described(right)}")
    return left in right


def described(value: Value) -> str:
    """The kind of a value in words; never the value itself, which may identify somebody."""
    if value is None:
        return "nothing (null)"
    kinds = {bool: "yes/no", int: "a number", float: "a number", str: "a text", list: "a list"}
    return kinds[type(value)]


BINARY: Mapping[type[ast.operator], Binary] = {
    ast.Add: _add,
    ast.Sub: _numbers("-", operator.sub),
    ast.Mult: _numbers("*", operator.mul),
    ast.Div: _numbers("/", operator.truediv),
    ast.FloorDiv: _numbers("//", operator.floordiv),
    ast.Mod: _numbers("%", operator.mod),
}
COMPARISONS: Mapping[type[ast.cmpop], Comparison] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: _ordered("<", operator.lt),
    ast.LtE: _ordered("<=", operator.le),
    ast.Gt: _ordered(">", operator.gt),
    ast.GtE: _ordered(">=", operator.ge),
    ast.In: _contains,
    ast.NotIn: lambda left, right: not _contains(left, right),
}
