"""Conditions worked out when only some names are known: true, false, or it depends."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from engine.definition import Scalar, Value
from engine.expressions.operators import COMPARISONS, UnfitError
from engine.expressions.reading import CONSTANTS


class Depends:
    """The value of what hangs on a name that is not known."""

    def __repr__(self) -> str:
        return "it depends"


DEPENDS = Depends()
Worth = Value | Depends


def worth(node: ast.expr, known: Mapping[str, Value]) -> Worth:
    """The value of an expression, or DEPENDS; so is what fails: nothing is concluded."""
    match node:
        case ast.Constant(value=str() | int() | float() | None as constant):
            return constant
        case ast.Name(id=name):
            return {**known, **CONSTANTS}.get(name, DEPENDS)
        case ast.List(elts=elements):
            return _list([worth(element, known) for element in elements])
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            return _compared(op, worth(left, known), worth(right, known))
    return _joined(node, known)


def _joined(node: ast.expr, known: Mapping[str, Value]) -> Worth:
    match node:
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            inner = worth(operand, known)
            return DEPENDS if isinstance(inner, Depends) else not inner
        case ast.BoolOp(op=op, values=values):
            return _several([worth(value, known) for value in values], stop=isinstance(op, ast.Or))
    return DEPENDS


def _several(values: list[Worth], *, stop: bool) -> Worth:
    if any(not isinstance(value, Depends) and bool(value) is stop for value in values):
        return stop
    return DEPENDS if any(isinstance(value, Depends) for value in values) else not stop


def _list(values: list[Worth]) -> Worth:
    known = [value for value in values if isinstance(value, str | int | float | None)]
    return known if len(known) == len(values) else DEPENDS


def _compared(op: ast.cmpop, left: Worth, right: Worth) -> Worth:
    if isinstance(left, Depends) or isinstance(right, Depends):
        return DEPENDS
    try:
        return COMPARISONS[type(op)](left, right)
    except UnfitError:
        return DEPENDS


def constants(tree: ast.AST) -> Iterator[Scalar]:
    """The values written in an expression."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str | int | float | None):
            yield node.value
        elif isinstance(node, ast.Name) and node.id in CONSTANTS:
            yield CONSTANTS[node.id]


def is_question(tree: ast.expr) -> bool:
    """Whether the expression gives true or false whatever its names hold."""
    match tree:
        case ast.Compare() | ast.UnaryOp(op=ast.Not()):
            return True
        case ast.Constant(value=bool()):
            return True
        case ast.Name(id=name):
            return isinstance(CONSTANTS.get(name), bool)
        case ast.BoolOp(values=values):
            return all(is_question(value) for value in values)
    return False
