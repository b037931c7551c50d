"""Flask-SQLAlchemy over the engine's own metadata and the engine's own connections.

People and cases stand in one database, opened once, with the settings the store relies on.
Statements go through the store's `reading` and `writing`: a session left open would keep others
from writing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_sqlalchemy import SQLAlchemy

from engine.store.database import open_database
from engine.store.tables import metadata

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy import Engine


class Database(SQLAlchemy):
    """`engine` is the store's, not a second pool of the same database."""

    def _make_engine(self, bind_key: str | None, options: dict[str, Any], app: Flask) -> Engine:
        del bind_key, options  # there is one database, and the store knows its settings
        return open_database(app.config["SQLALCHEMY_DATABASE_URI"])


db = Database(metadata=metadata)


def share(app: Flask, url: str) -> Engine:
    """Open the database of this app; `db.engine` is it inside the app's context."""
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    db.init_app(app)
    with app.app_context():
        engine = db.engine
    app.extensions["cspr.engine"] = engine
    return engine
