"""Script tasks: lines `name = expression`, worked out from top to bottom."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.definition import Function, Value
from engine.errors import ExpressionError
from engine.expressions.language import Expression, compile_expression
from engine.expressions.reading import RESERVED

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.expressions.compiler import Call

MOST_LINES = 50
_LINE = re.compile(r"(?P<before>\s*(?P<name>[^\W\d_]\w*)\s*=(?!=))(?P<expression>.*)")


@dataclass(frozen=True, slots=True)
class Script:
    """`names` are the variables it needs from outside; `assigns` those it sets, in order."""

    source: str
    assigns: tuple[str, ...]
    names: frozenset[str]
    lines: tuple[tuple[str, Expression], ...]

    @property
    def calls(self) -> tuple[Call, ...]:
        return tuple(call for _, expression in self.lines for call in expression.calls)

    def run(self, values: Mapping[str, Value]) -> dict[str, Value]:
        """What the lines set; a later line sees what an earlier one set; `values` stays."""
        seen, results = dict(values), dict[str, Value]()
        for name, expression in self.lines:
            seen[name] = results[name] = expression.evaluate(seen)
        return results


def compile_script(source: str, functions: Mapping[str, Function]) -> Script:
    """Raises `ExpressionError` with the column, and the line in its sentence."""
    lines: list[tuple[str, Expression]] = []
    needed: set[str] = set()
    for number, text in enumerate(source.splitlines(), start=1):
        if not text.strip() or text.lstrip().startswith("#"):
            continue
        if len(lines) == MOST_LINES:
            raise ExpressionError(f"line {number}: a script has {MOST_LINES} lines at most")
        name, expression = _line(number, text, functions)
        needed |= expression.names - {known for known, _ in lines}
        lines.append((name, expression))
    if not lines:
        raise ExpressionError("the script has no line `name = expression`")
    return Script(
        source=source,
        assigns=tuple(dict.fromkeys(name for name, _ in lines)),
        names=frozenset(needed),
        lines=tuple(lines),
    )


def _line(number: int, text: str, functions: Mapping[str, Function]) -> tuple[str, Expression]:
    match = _LINE.fullmatch(text)
    if match is None:
        raise ExpressionError(f"line {number}: write `name = expression`")
    name = match["name"]
    if name in RESERVED or name in functions:
        raise ExpressionError(f"line {number}: {name} cannot be the name of a variable")
    try:
        return name, compile_expression(match["expression"], functions)
    except ExpressionError as error:
        column = len(match["before"]) + error.column
        raise ExpressionError(f"line {number}: {error}", column) from None
