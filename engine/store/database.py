"""Opening the database: SQLite on one machine, PostgreSQL when users outgrow it.

SQLite runs with a write-ahead log, durable commits and one writer at a time. `writing` takes the
lock at once, so that no transaction reads first and fails later; `reading` never waits for it.
"""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, create_engine, event, text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

BUSY_TIMEOUT = 30_000  # milliseconds a writer of another process is waited for
_turns: WeakKeyDictionary[Engine, Lock] = WeakKeyDictionary()
#: SQLite releases in which two processes that checkpoint cannot damage the write-ahead log
#: (https://www.sqlite.org/wal.html, "WAL-reset bug"): from 3.51.3, and fixed in 3.44.6 and 3.50.7.
_SOUND_FROM = (3, 51, 3)
_SOUND_FIXES = {(3, 44): 6, (3, 50): 7}


@dataclass(frozen=True, slots=True)
class DatabaseReport:
    """What a self-check says of the database."""

    kind: str  # sqlite | postgresql
    version: str
    settings: dict[str, str]
    warnings: tuple[str, ...]


def open_database(url: str, *, checkpoints: bool = True) -> Engine:
    """An engine with the settings the store relies on; no value of a row reaches an error or log.

    On SQLite exactly one process may checkpoint; every other opens with `checkpoints=False`.
    """
    if url.startswith("sqlite"):
        return _open_sqlite(url, checkpoints=checkpoints)
    driver = url.replace("postgresql://", "postgresql+psycopg://", 1)
    return create_engine(driver, pool_pre_ping=True, hide_parameters=True)


@contextmanager
def writing(database: Engine) -> Iterator[Connection]:
    """One transaction that may change rows; in this process one at a time on SQLite."""
    turn = _turns.setdefault(database, Lock()) if database.dialect.name == "sqlite" else None
    with turn or nullcontext(), database.begin() as connection:
        yield connection


@contextmanager
def reading(database: Engine) -> Iterator[Connection]:
    """One consistent look at the rows: it sees none of what is written meanwhile."""
    options: dict[str, Any] = {"read_only": True}
    if database.dialect.name == "postgresql":
        options |= {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    with database.connect().execution_options(**options) as connection, connection.begin():
        yield connection


def report(database: Engine) -> DatabaseReport:
    """Version, settings, and what an administrator should know of them."""
    with reading(database) as connection:
        if database.dialect.name != "sqlite":
            version = str(connection.scalar(text("show server_version")))
            return DatabaseReport("postgresql", version, {}, ())
        names = ("journal_mode", "synchronous", "foreign_keys", "wal_autocheckpoint")
        settings = {name: str(connection.scalar(text(f"pragma {name}"))) for name in names}
    return DatabaseReport("sqlite", sqlite3.sqlite_version, settings, tuple(_sqlite_warnings()))


def _sqlite_warnings(version: tuple[int, int, int] = sqlite3.sqlite_version_info) -> Iterator[str]:
    fixed = _SOUND_FIXES.get(version[:2])
    if version < _SOUND_FROM and (fixed is None or version[2] < fixed):
        yield (
            f"SQLite {'.'.join(map(str, version))} can damage its log when two processes "
            "checkpoint at once. Let one process only open this database, or use SQLite 3.51.3 "
            "or newer."
        )


def _open_sqlite(url: str, *, checkpoints: bool) -> Engine:
    patient = {"timeout": BUSY_TIMEOUT / 1000}
    database = create_engine(url, connect_args=patient, hide_parameters=True)
    pragmas = [
        "journal_mode=wal",
        "synchronous=full",
        f"busy_timeout={BUSY_TIMEOUT}",
        "foreign_keys=on",
        *([] if checkpoints else ["wal_autocheckpoint=0"]),
    ]

    def configure(connection: sqlite3.Connection, _record: Any) -> None:
        connection.isolation_level = None  # BEGIN is ours, below
        for pragma in pragmas:
            connection.execute(f"pragma {pragma}")

    def begin(connection: Connection) -> None:
        read_only = connection.get_execution_options().get("read_only")
        connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")

    event.listen(database, "connect", configure)
    event.listen(database, "begin", begin)
    return database
