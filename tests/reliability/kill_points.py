"""Kills a process at every statement and commit of a case's way, and looks at what is left.

Run as a program (it forks, so it wants a process of its own): prints one line of JSON.

    python -m tests.reliability.kill_points every=1                    a SQLite file of its own
    python -m tests.reliability.kill_points every=9 server=postgresql+psycopg://…
    python -m tests.reliability.kill_points every=4 torn               with a seeded fault

The seeded fault, the audit in a transaction of its own, is what the harness must catch.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url, select, text
from sqlalchemy.pool import NullPool

from engine import clock
from engine.service import Cases, audit
from engine.store import tables
from engine.store.database import open_database, reading
from tests.engine.service.conftest import DEFINITION, FILES

Way = list[tuple[str, Callable[[Cases], object]]]


def actor(cases: Cases) -> Any:
    return cases.actor("ben", "Ben", frozenset({("worker", None), ("partner", None)}))


def hand_in(element: str, **values: str) -> Callable[[Cases], object]:
    def complete(cases: Cases) -> object:
        ref = "2019-00001"
        task = next(each for each in cases.open_tasks(ref) if each.element == element)
        return cases.complete(task.id, version=None, actor=actor(cases), values=values)

    return complete


#: The moment of each step, and the step.
WAY: Way = [
    ("2019-03-04T10:00", hand_in("Record", aware_on="2019-03-04")),
    ("2019-03-12T00:01", lambda cases: cases.fire_due_timers()),
    ("2019-03-12T10:00", hand_in("Notify", notified_on="2019-03-08")),
    ("2019-03-12T10:05", hand_in("Review")),
    ("2019-03-12T10:10", hand_in("Tell")),
]


def prepare(url: str) -> None:
    """A case at its first task."""
    database = open_database(url)
    tables.metadata.create_all(database)
    cases = Cases(database, DEFINITION)
    with at("2019-03-04T09:00"):
        cases.publish(FILES, author="ben", reason="the first ones")
        cases.put_area("E1", "Eastshire", facts={}, actor=actor(cases))
        cases.open_case("incident", area="E1", title="An example", actor=actor(cases))
    database.dispose()


@contextmanager
def at(moment: str) -> Iterator[None]:
    with clock.at(datetime.fromisoformat(moment).replace(tzinfo=UTC)):
        yield


def walk(url: str, *, kill_at: int, acknowledge: Callable[[int], None]) -> int:
    """Take the whole way, dying at event number `kill_at`; the number of events seen."""
    seen = 0

    def tick(*_: object) -> None:
        nonlocal seen
        seen += 1
        if seen == kill_at:
            os.kill(os.getpid(), signal.SIGKILL)

    database = open_database(url)
    cases = Cases(database, DEFINITION)
    for name in ("before_cursor_execute", "commit", "checkin"):  # the last: it has committed
        event.listen(database, name, tick)
    for number, (moment, step) in enumerate(WAY, 1):
        with at(moment):
            step(cases)
        acknowledge(number)
        tick()
    return seen


def picture(database: Engine) -> str:
    """All that must be old or new as one: the same walk always leaves the same pictures."""
    with reading(database) as connection:
        return json.dumps([_rows(connection, each) for each in _LOOKS], default=str)


_case, _task, _deadline = tables.case.c, tables.task.c, tables.deadline.c
_LOOKS = (
    select(_case.version, _case.status, _case.ended_as, _case.facts, _case.entries),
    select(_task.element, _task.status, _task.due_on, _task.closed_by).order_by(_task.id),
    select(_deadline.rule, _deadline.status, _deadline.due_on, _deadline.met_on),
    select(tables.answer.c.task_id, tables.answer.c["values"]).order_by(tables.answer.c.id),
    select(tables.token.c.seq, tables.token.c.spec, tables.token.c.state).order_by("seq"),
    select(tables.passed.c.seq, tables.passed.c.spec).order_by(tables.passed.c.seq),
    select(tables.audit.c.seq, tables.audit.c.action).order_by(tables.audit.c.seq),
    select(tables.outbox.c.key).order_by(tables.outbox.c.id),
)


def _rows(connection: Connection, look: Any) -> list[Any]:
    return [list(row) for row in connection.execute(look)]


def pictures(url: str) -> list[str]:
    """Before the way, and after each of its steps, undisturbed."""
    database = open_database(url)
    cases = Cases(database, DEFINITION)
    found = [picture(database)]
    for moment, step in WAY:
        with at(moment):
            step(cases)
        found.append(picture(database))
    database.dispose()
    return found


def faults(url: str, acknowledged: int, expected: list[str]) -> list[str]:
    """What is wrong with a database somebody died on."""
    database = open_database(url)
    try:
        found = [] if picture(database) in expected[acknowledged : acknowledged + 2] else ["torn"]
        found += Cases(database, DEFINITION).verify().problems
        if database.dialect.name == "sqlite":
            with database.connect() as connection:
                said = connection.execute(text("pragma integrity_check")).scalar_one()
                found += [] if said == "ok" else [said]
        return found
    finally:
        database.dispose()


def die_at(url: str, kill_at: int) -> tuple[int, int | None]:
    """Walk in a child that dies; steps acknowledged, and the events if it came to the end."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        try:
            seen = walk(url, kill_at=kill_at, acknowledge=lambda n: _tell(writer, f"a{n}"))
            _tell(writer, f"e{seen}")
        finally:
            os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as told:
        words = told.read().split()
    os.waitpid(child, 0)
    end = next((int(word[1:]) for word in words if word[0] == "e"), None)
    return sum(word[0] == "a" for word in words), end


def _tell(writer: int, word: str) -> None:
    os.write(writer, f"{word}\n".encode())


def tear() -> None:
    """The seeded fault: what was saved is committed before the audit is written."""
    whole = audit.append

    def torn(connection: Connection, entries: Any) -> None:
        connection.exec_driver_sql("commit")
        connection.exec_driver_sql("begin immediate")
        whole(connection, entries)

    audit.append = torn


class Files:
    """Copies of a SQLite file."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.base = f"sqlite:///{folder / 'base.db'}"

    def fresh(self, name: str) -> str:
        for suffix in ("", "-wal", "-shm"):
            (self._folder / f"{name}.db{suffix}").unlink(missing_ok=True)
        shutil.copy(self._folder / "base.db", self._folder / f"{name}.db")
        return f"sqlite:///{self._folder / name}.db"


class Server:
    """Copies of a PostgreSQL database."""

    def __init__(self, url: str) -> None:
        self._url = make_url(url)
        self._admin = create_engine(url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
        self._say("create database kill_base")
        self.base = self._named("kill_base")

    def fresh(self, name: str) -> str:
        self._say(f"drop database if exists kill_{name} with (force)")
        self._say(f"create database kill_{name} template kill_base")
        return self._named(f"kill_{name}")

    def close(self) -> None:
        for name in ("undisturbed", "killed", "base"):
            self._say(f"drop database if exists kill_{name} with (force)")

    def _say(self, statement: str) -> None:
        with self._admin.connect() as connection:
            connection.execute(text(statement))

    def _named(self, name: str) -> str:
        return self._url.set(database=name).render_as_string(hide_password=False)


def main(place: Files | Server, *, torn: bool, every: int) -> dict[str, int]:
    prepare(place.base)
    expected = pictures(place.fresh("undisturbed"))
    if torn:
        tear()
    _, events = die_at(place.fresh("killed"), 0)
    points = range(1, (events or 0) + 1, every)
    wrong = 0
    for kill_at in points:
        url = place.fresh("killed")
        acknowledged, _ = die_at(url, kill_at)
        wrong += bool(faults(url, acknowledged, expected))
    return {"events": events or 0, "points": len(points), "wrong": wrong}


def run(words: dict[str, str]) -> dict[str, int]:
    chosen = {"torn": "torn" in words, "every": int(words.get("every", "1"))}
    if "server" in words:
        server = Server(words["server"])
        try:
            return main(server, **chosen)
        finally:
            server.close()
    with tempfile.TemporaryDirectory() as made:
        return main(Files(Path(made)), **chosen)


if __name__ == "__main__":
    given = dict(word.partition("=")[::2] for word in sys.argv[1:])
    sys.stdout.write(json.dumps(run(given)))
