"""Diagrams, tables and rules as the commands find them on disk."""

from __future__ import annotations

from pathlib import Path

DRAWN = (".bpmn", ".dmn")
KINDS = (*DRAWN, ".toml")


def bundle(path: Path) -> dict[str, bytes]:
    """A single file, or all diagrams, tables and rules of a folder, by file name.

    A folder without a diagram (such as the scenarios) holds no bundle: empty. Raises
    FileNotFoundError when there is no such path.
    """
    if not path.is_dir():
        return {path.name: path.read_bytes()}
    files = (one for one in sorted(path.iterdir()) if one.suffix in KINDS and one.is_file())
    found = {one.name: one.read_bytes() for one in files}
    return found if any(name.endswith(".bpmn") for name in found) else {}
