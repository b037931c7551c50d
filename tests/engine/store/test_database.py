from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from engine.store.database import _sqlite_warnings, open_database, reading, report, writing


def _count(connection) -> int:
    return connection.scalar(text("select count(*) from area"))


def _add(connection, code: str) -> None:
    connection.execute(
        text("insert into area (code, name, facts) values (:c, 'x', '{}')"), {"c": code}
    )


def test_what_is_written_is_read_after_the_transaction(database):
    with writing(database) as connection:
        _add(connection, "A1")

    with reading(database) as connection:
        assert _count(connection) == 1


def test_a_transaction_that_raises_leaves_nothing(database):
    def broken() -> None:
        with writing(database) as connection:
            _add(connection, "A1")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        broken()

    with reading(database) as connection:
        assert _count(connection) == 0


def test_foreign_keys_hold_on_either_database(database):
    row = "insert into bundle_file (bundle, name, content) values ('none', 'x', '')"

    with pytest.raises(IntegrityError), writing(database) as connection:
        connection.execute(text(row))


def test_sqlite_commits_durably_into_a_write_ahead_log(sqlite_database):
    found = report(sqlite_database)

    assert found.kind == "sqlite"
    assert found.settings == {
        "journal_mode": "wal",
        "synchronous": "2",
        "foreign_keys": "1",
        "wal_autocheckpoint": "1000",
    }


def test_only_one_process_checkpoints(sqlite_url):
    other = open_database(sqlite_url, checkpoints=False)

    assert report(other).settings["wal_autocheckpoint"] == "0"
    other.dispose()


@pytest.mark.parametrize(
    ("version", "warned"),
    [
        ((3, 40, 1), True),
        ((3, 44, 5), True),
        ((3, 44, 6), False),
        ((3, 50, 7), False),
        ((3, 51, 2), True),
        ((3, 51, 3), False),
        ((3, 53, 0), False),
    ],
)
def test_sqlite_with_the_log_bug_is_named(version, warned):
    assert bool(list(_sqlite_warnings(version))) is warned


def test_postgresql_tells_its_version(postgresql_database):
    assert report(postgresql_database).version[:1].isdigit()


def test_a_reader_does_not_wait_for_a_writer(sqlite_database):
    with writing(sqlite_database) as writer:
        _add(writer, "A1")

        with reading(sqlite_database) as reader:
            assert _count(reader) == 0


def test_writers_of_one_process_take_turns(sqlite_database):
    together = threading.Barrier(8)

    def one(number: int) -> None:
        together.wait()
        with writing(sqlite_database) as connection:
            before = _count(connection)
            _add(connection, f"A{number}")
            assert _count(connection) == before + 1

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(one, range(8)))

    with reading(sqlite_database) as connection:
        assert _count(connection) == 8
