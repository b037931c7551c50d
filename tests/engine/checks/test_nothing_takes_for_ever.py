from __future__ import annotations

import time

import pytest

from engine.checks import check
from engine.checks.example_world import OPENING, definition
from engine.checks.examples import bundle


def calls(files: int, end: str = "end e") -> str:
    """Each process calls the next one twice: two to the power of `files` ways through."""
    parts = [
        f"process q{n} {{start s; call a call=q{n + 1}; call b call=q{n + 1}; end e; s>a>b>e}}"
        for n in range(files)
    ]
    last = f"process q{files} {{start s; user u; {end}; s>u>e}}"
    return "; ".join(["start s; call c call=q0; end e; s>c>e", *parts, last])


def questions(count: int) -> str:
    steps = [
        f"user u{n} form=[{','.join(f'v{n}x{i} boolean' for i in range(40))}]" for n in range(count)
    ]
    path = ">".join(f"u{n}" for n in reversed(range(count)))
    return f"start s; {'; '.join(steps)}; end e; s>{path}>e"


LOOPS = (
    "start s; end e; s>m0; "
    + "; ".join(
        f"exclusive m{n}; user u{n} form=[way enum(a|b) required]; exclusive g{n}"
        for n in range(60)
    )
    + "; "
    + "; ".join(f'm{n}>u{n}>g{n}; g{n}>m0 [way == "a"]' for n in range(60))
    + "; "
    + "; ".join(f"g{n}>m{n + 1} [default]" for n in range(59))
    + "; g59>e [default]"
)
LAW = (
    'statute [must_follow = {id = "x", process = "p", law = "R1", says = "It follows.", '
    'when = "u", then = ["e"]}]'
)
BRANCHES = "start s; parallel a; parallel z; end e; s>a; z>e; " + "; ".join(
    f"user k{n}; user l{n}; user m{n}; a>k{n}>l{n}>m{n}>z" for n in range(30)
)


@pytest.mark.parametrize(
    "text",
    [calls(40), calls(40, "end e error=x"), calls(40) + "; " + LAW, questions(90), LOOPS, BRANCHES],
    ids=["calls", "errors nobody catches", "calls and law", "questions", "loops", "branches"],
)
def test_a_large_or_twisted_bundle_is_judged_in_seconds(text):
    files = bundle(text)
    began = time.perf_counter()

    check(files, definition(text), opening=OPENING)

    assert time.perf_counter() - began < 10
