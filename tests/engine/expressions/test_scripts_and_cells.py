from __future__ import annotations

import pytest

from engine.definition import Function
from engine.errors import ExpressionError
from engine.expressions import compile_cell, compile_script

FUNCTIONS = {"today": Function("today", lambda: "2024-03-01", 0, 0)}


def test_later_lines_of_a_script_see_earlier_results():
    script = compile_script("a = x + 1\n\n# why\nb = a * 2\n", FUNCTIONS)

    assert script.run({"x": 2}) == {"a": 3, "b": 6}


def test_a_script_names_what_it_needs_and_what_it_sets():
    script = compile_script("a = x\nb = a\nx = b\n", FUNCTIONS)

    assert (script.names, script.assigns) == ({"x"}, ("a", "b", "x"))


def test_a_variable_set_after_it_is_read_is_needed():
    assert compile_script("a = b\nb = 1\n", FUNCTIONS).names == {"b"}


def test_running_a_script_leaves_the_variables_alone():
    values = {"x": 1}

    compile_script("x = 2", FUNCTIONS).run(values)

    assert values == {"x": 1}


@pytest.mark.parametrize(
    "source",
    [
        *("", "a", "a == 1", "a.b = 1", "a, b = 1", "a += 1", "_a = 1", "true = 1"),
        *("today = 1", "typename = 1", "for x in y: pass", "a = b = 1", "a = 1\n" * 51),
    ],
)
def test_only_lines_of_name_and_expression_are_a_script(source):
    with pytest.raises(ExpressionError):
        compile_script(source, FUNCTIONS)


def test_a_fault_in_a_script_is_told_with_line_and_column():
    with pytest.raises(ExpressionError, match="line 2") as caught:
        compile_script("a = 1\nbb = a +", FUNCTIONS)

    assert caught.value.column == 9


@pytest.mark.parametrize(
    ("cell", "value", "fits"),
    [
        ("-", 5, True),
        ("", None, True),
        ('"died"', "died", True),
        ('"died"', "harm", False),
        ('"a", "b"', "b", True),
        ('"a, b"', "a, b", True),
        ('not("x")', "x", False),
        ('not("x", "y")', "z", True),
        ("< 18", 17, True),
        (">= 18", 17, False),
        ("< 18", None, False),
        ("true", True, True),
        ("false", True, False),
        ("null", None, True),
        ("< today()", "2024-02-29", True),
        ("= limit", 3, True),
        ("!= limit", 3, False),
        ("< 5, > 10", 12, True),
    ],
)
def test_what_a_cell_means(cell, value, fits):
    assert compile_cell(cell, FUNCTIONS).holds(value, {"limit": 3}) is fits


def test_a_cell_names_the_variables_it_reads():
    assert compile_cell("< limit, other", FUNCTIONS).names == {"limit", "other"}


@pytest.mark.parametrize(
    "cell", ["[1..5]", "]1..5[", '"a',  "< ", "a b", "1,", "x.y", "y" * 3_000]
)  # fmt: skip
def test_other_cells_are_refused(cell):
    with pytest.raises(ExpressionError):
        compile_cell(cell, FUNCTIONS)


def test_a_fault_in_a_cell_is_told_with_its_column():
    with pytest.raises(ExpressionError) as caught:
        compile_cell('"a", x.y', FUNCTIONS)

    assert caught.value.column == 6


def test_a_cell_that_cannot_compare_says_so():
    with pytest.raises(ExpressionError, match="cannot compare"):
        compile_cell("< 18", FUNCTIONS).holds("text", {})
