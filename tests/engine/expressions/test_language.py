from __future__ import annotations

import pytest

from engine.definition import Function
from engine.errors import ExpressionError, FactMissing
from engine.expressions import compile_expression, unwrap


def _missing(_values, rule, remind=0):
    raise FactMissing(f"{rule} {remind}")


def _longest(first, second):
    return max(first, second, key=len)


FUNCTIONS = {
    "today": Function("today", lambda: "2024-03-01", 0, 0),
    "longest": Function("longest", _longest, 2, 2),
    "due": Function(
        "due",
        _missing,
        1,
        1,
        keywords=frozenset({"remind"}),
        wants_facts=True,
        returns="instant",
        names=lambda rule: frozenset({{"R02": "aware_on"}[rule]}),
    ),
    "seen": Function("seen", ",".join, 0, 0, wants_facts=True),
    "object": Function("object", object, 0, 0),
}


def evaluate(source, **values):
    return compile_expression(source, FUNCTIONS).evaluate(values)


def refused(source):
    with pytest.raises(ExpressionError) as caught:
        compile_expression(source, FUNCTIONS)
    return caught.value


@pytest.mark.parametrize(
    ("source", "result"),
    [
        ("died", True),
        ("died == true and not none_of_it", True),
        ("age < 18 or false", True),
        ("1 < age <= 17", True),
        ("harm in ['death', 'serious_harm']", True),
        ("harm not in agencies", True),
        ("'police' in agencies", True),
        ("on >= '2024-02-29'", True),
        ("on < today()", False),
        ("'a' if died else 'b'", "a"),
        ("age * 2 + 1 - 3 / 1", 32.0),
        ("age // 4 % 3", 1),
        ("-age", -17),
        ("agencies + ['school']", ["police", "school"]),
        ("null == none_of_it", False),
        ("nothing or 'else'", "else"),
        ("longest(harm, 'x')", "death"),
        ("\n  died\n  and age == 17\n", True),
    ],
)
def test_what_an_expression_means(source, result):
    values = {
        "died": True,
        "none_of_it": False,
        "age": 17,
        "harm": "death",
        "agencies": ["police"],
        "on": "2024-03-01",
        "nothing": None,
    }

    assert evaluate(source, **values) == result


def test_it_names_the_variables_it_reads_also_through_its_calls():
    found = compile_expression('due("R02", remind=2) < last or x', FUNCTIONS)

    assert found.names == {"aware_on", "last", "x"}


def test_it_lists_its_calls_with_what_is_written_out():
    call = compile_expression('due("R02", remind=2)', FUNCTIONS).calls[0]

    assert (call.name, call.constants, call.keywords) == ("due", ("R02",), {"remind": 2})


def test_a_call_with_a_variable_has_no_constants():
    assert compile_expression("longest(a, 'x')", FUNCTIONS).calls[0].constants is None


def test_only_a_call_of_an_instant_gives_an_instant():
    assert compile_expression('due("R02")', FUNCTIONS).returns == "instant"
    assert compile_expression("today()", FUNCTIONS).returns == "value"


def test_a_function_that_wants_facts_gets_all_variables_first():
    assert evaluate("seen()", a=1, b=2) == "a,b"


def test_a_name_without_a_value_is_told_with_its_column():
    with pytest.raises(ExpressionError, match="'b' has no value yet") as caught:
        evaluate("a or b", a=False)

    assert caught.value.column == 6


def test_only_the_side_that_is_needed_is_worked_out():
    assert evaluate("a or unknown", a=True) is True


def test_a_functions_own_reason_passes_unchanged():
    with pytest.raises(FactMissing, match="R02 2"):
        evaluate('due("R02", remind=2)')


@pytest.mark.parametrize(
    "source",
    [
        "a < 'x'",
        "a < null",
        "'x' * 2",
        "-'x'",
        "'x' in 'xyz'",
        "a + 'x'",
        "a / 0",
        "a % 0",
        "longest(1, 2)",
        "object()",
    ],
)
def test_values_that_do_not_fit_are_told_never_a_python_error(source):
    with pytest.raises(ExpressionError):
        evaluate(source, a=1)


@pytest.mark.parametrize(
    ("source", "column"),
    [
        ("a == ", 5),
        ("a and b.c", 7),
        ("état and b.c", 10),
        ("  a is None", 3),
        ("due('R99')", 1),
        ("due('R02', rimind=2)", 12),
        ("due()", 1),
        ("unknown(1)", 1),
        ("1 + today", 5),
        ("a # b", 3),
        ("a\\n", 2),
    ],
)
def test_what_is_not_allowed_is_told_with_its_column(source, column):
    assert refused(source).column == column


def test_an_empty_expression_is_told():
    assert "missing" in str(refused("  "))


@pytest.mark.parametrize(
    ("text", "inner"), [("${a}", "a"), (" ${ a } ", " a "), ("a", None), ("x${a}", None)]
)
def test_the_wrapping_of_an_attribute_is_taken_off(text, inner):
    assert unwrap(text) == inner
