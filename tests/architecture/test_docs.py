"""What the pages of the documentation say can be done, can be done."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from webapp import settings
from webapp.cli.main import _parser

ROOT = Path(__file__).parents[2]
PAGES = sorted(
    path
    for place in (
        "*.md",
        "docs/**/*.md",
        "bpmn_diagrams/**/*.md",
        "benchmarks/*.md",
        "tests/**/*.md",
    )
    for path in ROOT.glob(place)
    if "node_modules" not in path.parts
)
COMMANDS = sorted(
    {
        line.strip()
        for page in PAGES
        for line in page.read_text(encoding="utf-8").splitlines()
        if line.startswith("    cspr ")
    }
)
LINK = re.compile(r"\]\(([^)#\s]+)[^)]*\)")


def words_of(command):
    """What would be typed: options in brackets too, a number for N, no remark behind it."""
    typed = re.split(r"\s{2,}", command)[0].replace("[", "").replace("]", "")
    return ["1" if word == "N" else word for word in shlex.split(typed, comments=True)[1:]]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_in_the_documentation_is_understood(command):
    assert _parser().parse_args(words_of(command)).run


def test_every_command_there_is_stands_in_the_documentation():
    (commands,) = (each for each in _parser()._actions if each.choices and each.dest == "command")

    assert {words_of(command)[0] for command in COMMANDS} == set(commands.choices)


def test_every_setting_is_explained_to_the_operator():
    wanted = set(re.findall(r"CSPR_[A-Z_]+", Path(settings.__file__).read_text(encoding="utf-8")))

    explained = re.findall(r"^\| `(CSPR_[A-Z_]+)`", page("docs/operating.md"), re.MULTILINE)

    assert set(explained) == wanted


def page(name):
    return ROOT.joinpath(name).read_text(encoding="utf-8")


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_within_the_repository_leads_somewhere(path):
    links = [link for link in LINK.findall(path.read_text(encoding="utf-8")) if ":" not in link]

    assert [link for link in links if not (path.parent / link).exists()] == []
