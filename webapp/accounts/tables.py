"""Who may sign in, and which role they have in which area."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, String, Table, Text

from engine.store.tables import Instant, metadata

person = Table(
    "person",
    metadata,
    Column("id", String(60), primary_key=True),  # what the audit keeps; never reused
    Column("email", String(254), nullable=False, unique=True),  # lower case
    Column("name", Text, nullable=False),
    Column("password", Text),  # argon2; None: cannot sign in with one
    Column("active", Boolean, nullable=False),
    Column("uniquifier", String(64), nullable=False, unique=True),  # changing it ends all sessions
    Column("added_at", Instant, nullable=False),
)
grant = Table(
    "grant_",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("person", ForeignKey("person.id"), nullable=False),
    Column("role", String(60), nullable=False),
    Column("area", ForeignKey("area.code")),  # None: every area
    Index("grant_person", "person"),
)
calendar_feed = Table(  # the address of a person's deadlines for a calendar program
    "calendar_feed",
    metadata,
    Column("person", ForeignKey("person.id"), primary_key=True),
    Column("token_hash", String(64), nullable=False, unique=True),  # SHA-256; the token is not kept
    Column("made_at", Instant, nullable=False),
)
