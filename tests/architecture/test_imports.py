"""Imports point one way, and the linter that says so catches what does not."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("engine", "processes", "webapp")
LINT = "from importlinter.cli import lint_imports; raise SystemExit(lint_imports(no_cache=True))"


def lint(house: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", LINT], cwd=house, capture_output=True, text=True, check=False
    )


@pytest.fixture
def copy(tmp_path):
    """Our sources apart, where a violation can be planted."""
    for package in PACKAGES:
        leave_out = shutil.ignore_patterns("__pycache__", "node_modules", "static", "frontend")
        shutil.copytree(ROOT / package, tmp_path / package, ignore=leave_out)
    shutil.copy(ROOT / ".importlinter", tmp_path)
    return tmp_path


def test_imports_keep_every_contract():
    done = lint(ROOT)

    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("module", "line", "contract"),
    [
        ("engine/clock.py", "import processes.roles", "Imports point one way"),
        ("processes/roles.py", "import webapp", "Imports point one way"),
        ("engine/errors.py", "import engine.store.tables", "Inside the engine"),
        ("engine/store/tables.py", "import SpiffWorkflow", "Only engine.spiff knows SpiffWorkflow"),
        ("webapp/__init__.py", "import SpiffWorkflow", "Only engine.spiff knows SpiffWorkflow"),
        ("engine/clock.py", "import flask", "Only webapp knows Flask"),
        ("processes/roles.py", "import sqlalchemy", "The law knows neither database"),
        ("processes/working_days.py", "import engine.clock", "Counting days needs nothing of ours"),
        ("engine/diagrams/words.py", "import engine.diagrams.model", "No circles"),
    ],
)
def test_a_planted_violation_is_caught(copy, module, line, contract):
    planted = copy / module
    planted.write_text(planted.read_text(encoding="utf-8") + f"\n{line}\n", encoding="utf-8")

    done = lint(copy)

    assert done.returncode == 1
    broken = [said for said in done.stdout.splitlines() if "BROKEN" in said]
    assert any(said.startswith(contract) for said in broken), done.stdout
