"""Files of the repository that are made from others: whether each is what its sources give.

python -m tests.architecture.built_files           names those that are not, exit 1
python -m tests.architecture.built_files --write   makes them anew
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from engine.checks import manual
from engine.checks.coverage import as_markdown
from engine.diagrams import load
from engine.diagrams.picture import draw
from processes.definition import definition

ROOT = Path(__file__).parents[2]


class Built(NamedTuple):
    """A file and what makes its text."""

    path: Path
    make: Callable[[], str]


def pictures() -> Iterator[Built]:
    """The picture of each shipped diagram, beside it."""
    for diagram in sorted(ROOT.joinpath("bpmn_diagrams").glob("*.bpmn")):
        yield Built(diagram.with_suffix(".svg"), lambda source=diagram: draw(source.read_bytes()))


def pages() -> Iterator[Built]:
    """The pages of the documentation that are written from the program."""
    shipped = definition()
    yield Built(ROOT / "docs/checks.md", manual)
    yield Built(ROOT / "docs/law-coverage.md", lambda: as_markdown(load(shipped.files()), shipped))


#: Each gives the built files of one kind.
KINDS: tuple[Callable[[], Iterator[Built]], ...] = (pictures, pages)


def stale() -> list[Built]:
    """What is missing or differs from what its sources give."""
    every = [built for kind in KINDS for built in kind()]
    return [built for built in every if _written(built.path) != built.make()]


def left_over() -> list[Path]:
    """Pictures whose diagram is gone."""
    wanted = {built.path for built in pictures()}
    return [path for path in ROOT.glob("bpmn_diagrams/*.svg") if path not in wanted]


def main(arguments: Sequence[str]) -> int:
    """Check, or with `--write` make, every built file."""
    found, gone = stale(), left_over()
    if "--write" in arguments:
        for built in found:
            built.path.write_text(built.make(), encoding="utf-8", newline="\n")
        for path in gone:
            path.unlink()
        return 0
    names = [str(path.relative_to(ROOT)) for path in (*(one.path for one in found), *gone)]
    if names:
        sys.stderr.write("".join(f"{name} is not what its sources give\n" for name in names))
        sys.stderr.write("renew with: python -m tests.architecture.built_files --write\n")
    return 1 if names else 0


def _written(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.exists() else None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
