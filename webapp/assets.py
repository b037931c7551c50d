"""The built files: from a plain name to the hashed one with its integrity value."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

DIST = Path(__file__).parent / "static" / "dist"


@dataclass(frozen=True, slots=True)
class Asset:
    """One built file by its address; `integrity` lets the browser refuse anything else."""

    path: str
    integrity: str


def assets() -> dict[str, Asset]:
    """Every built file by its plain name (`app.css`, `app.js`)."""
    manifest = json.loads((DIST / "manifest.json").read_text(encoding="utf-8"))
    return {
        name: Asset(f"/static/dist/{entry['file']}", entry["integrity"])
        for name, entry in manifest.items()
    }
