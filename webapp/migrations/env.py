"""Alembic's entry: runs the versions on the connection `webapp.migrations` handed over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from alembic import context

from engine.store import tables
from webapp.accounts import tables as everything

if TYPE_CHECKING:
    from alembic.autogenerate.api import AutogenContext


def render(kind: str, item: Any, autogenerate: AutogenContext) -> str | Literal[False]:
    """Write our own column type by its name into a new version."""
    if kind == "type" and isinstance(item, tables.Instant):
        autogenerate.imports.add("from engine.store.tables import Instant")
        return "Instant()"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=everything.person.metadata,
    render_item=render,
    transaction_per_migration=False,
)
context.run_migrations()
