"""A look for due clocks with 100,000 pending, and what firing the due ones costs."""

from __future__ import annotations

import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

from sqlalchemy import insert, select

from benchmarks.world import DEFINITION, FILES
from engine import clock
from engine.service import SYSTEM, Cases
from engine.store.database import open_database, writing
from engine.store.tables import case, metadata

PENDING = 100_000
DUE = 200
LOOKS = 200


def measure() -> dict[str, object]:
    with tempfile.TemporaryDirectory() as folder:
        database = open_database(f"sqlite:///{Path(folder) / 'cases.db'}")
        metadata.create_all(database)
        cases = Cases(database, DEFINITION)
        begin = datetime(2026, 3, 2, 9, tzinfo=UTC)
        with clock.at(begin):
            prepare(database, cases)
            idle = median(timed(cases.due_work) for _ in range(LOOKS))
        with clock.at(begin + timedelta(days=30)):
            begun = time.process_time()
            moved = 0
            while (swept := cases.fire_due_timers(limit=100)).moved:
                moved += swept.moved
            spent = (time.process_time() - begun) * 1000
        database.dispose()
    return {
        "idle_look_ms": idle,
        "pending": PENDING,
        "due_fired": moved,
        "fire_cpu_ms_each": spent / moved,
    }


def prepare(database, cases: Cases) -> None:
    """Real cases whose clock will be due, among many rows whose clock is far away."""
    cases.publish(FILES, author="bench", reason="bench")
    cases.put_area("B", "Benchshire", facts={"aware_on": "2026-03-02"}, actor=SYSTEM)
    worker = cases.actor("b", "Ben", frozenset({("worker", "B")}))
    for _ in range(DUE):
        cases.open_case("rounds", area="B", title="Round", actor=worker)
    with writing(database) as connection:
        row = dict(connection.execute(select(case).limit(1)).mappings().one())
        far = clock.now() + timedelta(days=3_000)
        rows = [
            row | {"id": n, "ref": f"FAR-{n}", "next_due_at": far}
            for n in range(10_000, 10_000 + PENDING)
        ]
        connection.execute(insert(case), rows)


def timed(look) -> float:
    begun = time.perf_counter()
    look()
    return (time.perf_counter() - begun) * 1000
