"""The page docs/law-coverage.md, printed by `python -m processes.law_coverage`."""

from __future__ import annotations

import sys

from engine.checks.coverage import as_markdown
from engine.diagrams import load
from processes.definition import definition


def page() -> str:
    """The page for the shipped bundle."""
    shipped = definition()
    return as_markdown(load(shipped.files()), shipped)


if __name__ == "__main__":
    sys.stdout.write(page())
