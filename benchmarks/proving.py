"""The store's equality proof: memory, whole JSON and rows agree at every step of random cases."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from engine.store.database import open_database
from engine.store.tables import metadata
from tests.engine.proof import prove

CASES = 300
FIRST = 100_000  # seeds the test suite does not use


def measure() -> dict[str, object]:
    with tempfile.TemporaryDirectory() as folder:
        database = open_database(f"sqlite:///{Path(folder) / 'cases.db'}")
        metadata.create_all(database)
        begun = time.perf_counter()
        ended = prove(database, count=CASES, first=FIRST)
        database.dispose()
    return {
        "random_cases_equal": CASES,
        "ran_to_their_end": ended,
        "seconds": time.perf_counter() - begun,
    }
