"""Small and flat, one name for one thing, nothing silenced without a reason."""

from __future__ import annotations

import ast
import re
import subprocess
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("engine", "processes", "webapp")
MODULE_LINES, FUNCTION_LINES, SILENCES = 400, 50, 10
VAGUE = {"utils", "util", "helpers", "helper", "common", "misc", "calendar", "base", "manager"}
SILENCE = re.compile(r"#\s*(noqa|type:\s*ignore|pragma:|pylint:|mypy:|nosec)\b[^#]*(#\s*\S.*)?")
CLOCK = re.compile(r"\b(datetime\.(now|utcnow|today)|date\.today|time\.time)\(")
#: In pieces, so that this file does not name what it looks for.
NEVER_NAMED = ["".join(parts) for parts in (
    ("registry.", "npmjs"),
    ("pypi.", "org"),
    ("files.python", "hosted"),
    ("/wo", "rk/"),
    ("/ro", "ot/"),
    ("../sha", "red"),
    ("../.lib", "rary"),
)]  # fmt: skip
#: Our own sources only: other programs' built files have their own makers.
BUILT = ("webapp/static/",)


def sources(*folders: str) -> list[Path]:
    found = (path for folder in folders for path in ROOT.joinpath(folder).rglob("*.py"))
    return sorted(path for path in found if "node_modules" not in path.parts)


def tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listed.returncode == 0:
        names = filter(None, listed.stdout.split("\0"))
        return [ROOT / name for name in names if not name.startswith(BUILT)]
    return sources(*PACKAGES, "tests")  # an unpacked archive


def lasting() -> list[Path]:
    """Sources that people go on changing; a migration is written once and kept as it was."""
    every = sources(*PACKAGES, "tests", "benchmarks")
    return [path for path in every if "versions" not in path.parts]


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_no_module_is_longer_than_a_person_holds_in_mind():
    lengths = {named(path): len(path.read_text("utf-8").splitlines()) for path in lasting()}

    assert {name: lines for name, lines in lengths.items() if lines > MODULE_LINES} == {}


def test_no_function_is_longer_than_a_page():
    long = [
        f"{named(path)}:{one.lineno} {one.name}"
        for path in lasting()
        for one in functions(path)
        if (one.end_lineno or one.lineno) - one.lineno + 1 > FUNCTION_LINES
    ]

    assert long == []


def test_no_module_has_a_name_that_says_nothing():
    every = sources(*PACKAGES, "tests")

    assert [
        named(path) for path in every if VAGUE & {*path.parts[len(ROOT.parts) :], path.stem}
    ] == []


def test_only_the_clock_reads_the_time_of_the_system():
    readers = [
        named(path) for path in sources(*PACKAGES) if CLOCK.search(path.read_text(encoding="utf-8"))
    ]

    assert readers == ["engine/clock.py"]


@pytest.mark.parametrize(
    ("library", "home"),
    [("SpiffWorkflow", "engine/spiff/"), ("flask", "webapp/")],
)
def test_a_library_is_named_only_at_home(library, home):
    pattern = re.compile(rf"^\s*(from|import) {library}\b", re.MULTILINE)

    guests = [named(p) for p in sources(*PACKAGES) if pattern.search(p.read_text(encoding="utf-8"))]

    assert [name for name in guests if not name.startswith(home)] == []


def silences() -> list[tuple[str, bool]]:
    """Each silencing mark with whether a reason stands behind it."""
    return [
        (f"{named(path)}:{number} {line.strip()}", bool(mark[2]))
        for path in sources(*PACKAGES, "tests", "benchmarks")
        if path != Path(__file__)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if (mark := SILENCE.search(line))
    ]


def test_nothing_is_silenced_without_a_reason_and_hardly_anything_with_one():
    found = silences()

    assert [line for line, has_reason in found if not has_reason] == []
    assert len(found) <= SILENCES, "\n".join(line for line, _ in found)


@pytest.mark.parametrize(
    ("line", "has_reason"),
    [
        ("x = f()  # noqa: S101", False),
        ("x = f()  # type: ignore[misc]  # the library's own type is private", True),
    ],
)
def test_a_silencing_mark_is_seen_with_and_without_a_reason(line, has_reason):
    mark = SILENCE.search(line)

    assert mark
    assert bool(mark[2]) == has_reason


def test_no_tracked_file_names_a_registry_or_a_place_on_one_machine():
    found = [
        f"{named(path)}: {word}"
        for path in tracked()
        if path.is_file()
        for text in [path.read_bytes().decode("utf-8", "replace")]
        for word in NEVER_NAMED
        if word in text
    ]

    assert found == []


def test_the_top_level_names_belong_to_this_distribution_alone():
    owners = packages_distributions()

    assert {name: set(owners.get(name, ["cspr"])) for name in PACKAGES} == {
        name: {"cspr"} for name in PACKAGES
    }


def test_the_wheel_holds_exactly_the_four_packages():
    settings = tomllib.loads(ROOT.joinpath("pyproject.toml").read_text(encoding="utf-8"))

    packages = settings["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]

    assert packages == ["bpmn_diagrams", *PACKAGES]
