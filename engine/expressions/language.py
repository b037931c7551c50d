"""Expressions: read once, then worked out as often as needed, in about a microsecond."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from engine.expressions.compiler import Call, Closure, Compiler, Values
from engine.expressions.reading import read

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.definition import Function, Value


@dataclass(frozen=True, slots=True)
class Expression:
    """`names` are all variables it reads, also through its calls: due("R02") reads R02's fact."""

    source: str
    names: frozenset[str]
    calls: tuple[Call, ...]
    returns: str  # value | instant, as the outermost call declares
    tree: ast.Expression = field(repr=False, compare=False)
    _closure: Closure = field(repr=False, compare=False)

    def evaluate(self, values: Values) -> Value:
        """Raises `ExpressionError` for an unknown name or values that do not fit."""
        return self._closure(values)


def compile_expression(source: str, functions: Mapping[str, Function]) -> Expression:
    """Raises `ExpressionError` with the column of the first thing that is not allowed."""
    tree, text = read(source)
    compiler = Compiler(text, functions)
    closure = compiler.closure(tree.body)
    return Expression(
        source=source.strip(),
        names=frozenset(compiler.names),
        calls=tuple(compiler.calls),
        returns=_returned_by(tree.body, functions),
        tree=tree,
        _closure=closure,
    )


def _returned_by(node: ast.expr, functions: Mapping[str, Function]) -> str:
    match node:
        case ast.Call(func=ast.Name(id=name)):
            return functions[name].returns
    return "value"


def unwrap(text: str) -> str | None:
    """What stands in `${...}`, or None when the text is not written so."""
    match = re.fullmatch(r"\s*\$\{(.*)\}\s*", text, re.DOTALL)
    return match[1] if match else None
