"""The closed language of conditions, timers, table cells and script lines.

A small part of Python's syntax, compiled once to closures: names of variables, constants,
comparisons, `and or not`, `in`, arithmetic, `a if b else c`, lists, and calls of registered
functions. There is nothing to loop with, no attribute, no index, and no text of a diagram or a
form ever reaches Python's own evaluation.
"""

from __future__ import annotations

from engine.expressions.cells import Cell, Test, compile_cell
from engine.expressions.compiler import Call
from engine.expressions.language import Expression, compile_expression, unwrap
from engine.expressions.operators import bounded
from engine.expressions.scripts import Script, compile_script

__all__ = [
    "Call",
    "Cell",
    "Expression",
    "Script",
    "Test",
    "bounded",
    "compile_cell",
    "compile_expression",
    "compile_script",
    "unwrap",
]
