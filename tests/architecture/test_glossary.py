"""The glossary is the word list of the code: each word once, and no second name for a thing."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = ROOT.joinpath("docs/glossary.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| ([^|]+?) \| ([^|]+?) \|(?: ([^|]+?) \|)?$", PAGE, re.MULTILINE)
ENTRIES = [row for row in ROWS if row[0] not in {"word", "---"}]
UNUSED = sorted({word.strip() for *_, column in ENTRIES for word in column.split(",") if word})


def names_in(path: Path) -> set[str]:
    """What the module defines, in lower case with underscores."""
    kinds = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    tree = ast.parse(path.read_text(encoding="utf-8"))
    defined = {node.name for node in ast.walk(tree) if isinstance(node, kinds)}
    return {re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower() for name in {*defined, path.stem}}


def test_each_word_is_explained_once():
    words = [word for word, *_ in ENTRIES]

    assert len(words) > 35
    assert len(words) == len(set(words))


@pytest.mark.parametrize(
    "word",
    [
        "bundle",
        "case",
        "task",
        "token",
        "deadline rule",
        "deadline",
        "duty",
        "area",
        "role",
        "dispatch",
    ],
)
def test_the_words_of_the_design_are_explained(word):
    assert word in [entry[0] for entry in ENTRIES]


def test_no_second_name_is_used_for_a_thing():
    second = re.compile(
        "|".join(rf"(?:^|_){word.replace(' ', '_').lower()}(?:_|$)" for word in UNUSED)
    )

    found = [
        f"{path.relative_to(ROOT)}: {name}"
        for package in ("engine", "processes", "webapp")
        for path in ROOT.joinpath(package).rglob("*.py")
        for name in names_in(path)
        if second.search(name.strip("_"))
    ]

    assert found == []
