"""Nothing a process owner can write reaches Python, memory or time beyond small bounds."""

from __future__ import annotations

import time
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.definition import Function
from engine.errors import CaseError, ExpressionError
from engine.expressions import compile_cell, compile_expression, compile_script

FUNCTIONS = {"today": Function("today", lambda: "2024-03-01", 0, 0)}
VALUES = {"a": 1, "b": "text", "c": [1, 2], "d": True, "e": None}

ESCAPES = [
    "__import__('os')",
    "import os",
    "open('/etc/hostname')",
    "eval('1')",
    "exec('1')",
    "().__class__.__base__.__subclasses__()",
    "[].__class__.__mro__[1]",
    "''.__class__",
    "'{0.__class__}'.format(a)",
    "f'{a.__class__}'",
    "globals()",
    "locals()",
    "vars()",
    "getattr(a, 'x')",
    "type(a)",
    "lambda: 1",
    "(x := 1)",
    "[x for x in c]",
    "{x for x in c}",
    "{1: 2}",
    "(yield)",
    "await a",
    "a.b",
    "c[0]",
    "a if a else b.c",
    "today.__globals__",
    "today()()",
    "(today)().x",
    "today(*c)",
    "today(**a)",
    "print(1)",
    "breakpoint()",
    "help()",
    "_a",
    "__builtins__",
    "a; b",
    "a = 1",
    "assert a",
    "del a",
    "...",
    "b'x'",
    "1j",
    "u'x'",
    "a @ b",
    "~a",
    "a << 99",
    "a | b",
    "a ** 9",
    "(1, 2)",
    "*a",
    "\u202ea",
    "a\x00",
    "a\\\nb",
]
BOMBS = [
    "9**9**9",
    "1" * 1_999,
    "9" * 20,
    "1e400",
    "(" * 1_500,
    "(" * 900 + "a" + ")" * 900,
    "-" * 1_900 + "1",
    "not " * 400 + "a",
    "+".join("a" * 900),
    "a" * 3_000,
    "[" * 300 + "]" * 300,
    "[" + "1," * 900 + "]",
    "a if a else " * 160 + "a",
    "a == " * 350 + "a",
    "today()" + "+today()" * 200,
    "'" + "x" * 1_999,
]


@pytest.mark.parametrize("source", ESCAPES)
def test_known_escapes_do_not_compile(source):
    with pytest.raises(ExpressionError):
        compile_expression(source, FUNCTIONS)


def test_a_text_is_no_template():
    with pytest.raises(ExpressionError, match="two numbers"):
        compile_expression("'%s' % a", FUNCTIONS).evaluate(VALUES)


@pytest.mark.parametrize("source", BOMBS)
def test_bombs_are_refused_at_once(source):
    begun = time.perf_counter()

    with pytest.raises(ExpressionError):
        compile_expression(source, FUNCTIONS)

    assert time.perf_counter() - begun < 0.5


@pytest.mark.parametrize(
    "line", ["x = x + x", "x = x * x"], ids=["texts that double", "numbers that square"]
)
def test_values_cannot_grow_without_bound(line):
    script = compile_script("\n".join([line] * 50), FUNCTIONS)
    start = "ab" if "+" in line else 9

    with pytest.raises(ExpressionError, match=r"at most|too large"):
        script.run({"x": start})


def test_the_value_of_a_variable_is_never_read_as_an_expression():
    found = compile_expression("b", FUNCTIONS).evaluate({"b": "${__import__('os')}"})

    assert found == "${__import__('os')}"


def test_a_variable_that_is_no_plain_value_cannot_be_put_into_a_list():
    with pytest.raises(ExpressionError):
        compile_expression("[a]", FUNCTIONS).evaluate({"a": object()})


TOKENS = [
    *("a", "b", "c", "d", "e", "unknown", "today", "today()", "true", "null", "1", "0.5", "'x'"),
    *("(", ")", "[", "]", ",", ".", ":", "=", "==", "!=", "<", ">=", "+", "-", "*", "/", "//"),
    *("%", "**", "and", "or", "not", "in", "is", "if", "else", "for", "lambda", "#", "\\", "{"),
    *("}", "@", "f'", '"', "_", "__class__", "\n", " ", "é", "$"),
]


@given(st.lists(st.sampled_from(TOKENS), max_size=14).map(" ".join))
def test_any_row_of_words_gives_a_value_or_our_reason(source):
    for work in (
        lambda: compile_expression(source, FUNCTIONS).evaluate(VALUES),
        lambda: compile_script(source, FUNCTIONS).run(VALUES),
        lambda: compile_cell(source, FUNCTIONS).holds(1, VALUES),
    ):
        with suppress(CaseError):
            work()


@given(st.text(max_size=60))
def test_any_text_gives_a_value_or_our_reason(source):
    column = 1
    try:
        compile_expression(source, FUNCTIONS).evaluate(VALUES)
    except ExpressionError as reason:
        column = reason.column

    assert 1 <= column <= len(source) + 1
