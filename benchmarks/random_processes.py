"""The large proof: random processes run three ways, equal after every step."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from engine.store.database import open_database
from tests.engine import proof


def prove(count: int = 1_000, seed: int = 0) -> dict[str, float]:
    """Raises AssertionError at the first difference; `seed` is the first of `count` processes."""
    with tempfile.TemporaryDirectory() as folder:
        database = open_database(f"sqlite:///{Path(folder) / 'proof.db'}")
        begun = time.perf_counter()
        finished = proof.prove(database, count=count, first=seed)
        seconds = time.perf_counter() - begun
        database.dispose()
    return {"processes": count, "ran to their end": finished, "seconds": round(seconds, 1)}


if __name__ == "__main__":
    print(prove())
