"""Database versions: `upgrade` brings any database of this product to the newest one.

Alembic is set up here in code: no ini file, no path but the package's own.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from engine.store.triggers import create_triggers, missing_triggers

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine


def configuration(connection: Connection) -> Config:
    """Alembic's settings for one connection."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def upgrade(database: Engine) -> None:
    """Bring the database to the newest version, in one transaction, triggers included."""
    with database.begin() as connection:
        command.upgrade(configuration(connection), "head")
        create_triggers(connection)
        missing = missing_triggers(connection)
    if missing:
        message = f"the database did not keep its triggers: {', '.join(sorted(missing))}"
        raise RuntimeError(message)


def is_current(connection: Connection) -> bool:
    """Whether the database is at the newest version."""
    newest = ScriptDirectory.from_config(configuration(connection)).get_current_head()
    return MigrationContext.configure(connection).get_current_revision() == newest
