from __future__ import annotations

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from engine.store.database import open_database
from engine.store.triggers import missing_triggers
from webapp.accounts.tables import person
from webapp.migrations import is_current, upgrade


@pytest.fixture
def empty(database_url):
    opened = open_database(database_url)
    yield opened
    opened.dispose()


def test_an_empty_database_is_brought_to_the_tables_the_code_knows(empty):
    upgrade(empty)

    with empty.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, person.metadata) == []
        assert is_current(connection)


def test_the_triggers_are_there_after_every_upgrade(empty):
    upgrade(empty)
    table = "" if empty.dialect.name == "sqlite" else " on audit"
    with empty.begin() as connection:
        connection.execute(text(f"drop trigger audit_no_update{table}"))

    upgrade(empty)

    with empty.connect() as connection:
        assert missing_triggers(connection) == frozenset()


def test_a_database_of_another_version_is_not_current(empty):
    with empty.connect() as connection:
        assert not is_current(connection)
