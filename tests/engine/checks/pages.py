"""The pages of the documentation that are written from the program.

`python -m tests.engine.checks.pages` writes them anew.
"""

from __future__ import annotations

from pathlib import Path

from engine.checks import manual
from engine.checks.coverage import as_markdown
from engine.diagrams import load
from processes.definition import definition

DOCS = Path(__file__).parents[3] / "docs"


def pages() -> dict[str, str]:
    shipped = definition()
    coverage = as_markdown(load(shipped.files()), shipped)
    return {"checks.md": manual(), "law-coverage.md": coverage}


if __name__ == "__main__":
    for name, text in pages().items():
        (DOCS / name).write_text(text, "utf-8")
