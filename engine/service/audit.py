"""Who did what, when: append-only, each row carrying the hash of the one before it.

A body holds ids, field names and facts before and after, never what a person wrote in a form:
answers stay in their own table and the entry names the answer's number.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, insert, select, text, update

from engine import clock
from engine.store import tables
from engine.store.triggers import GENESIS, missing_triggers

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Connection, Row

#: Held to the end of the transaction, so that the chain has one end (PostgreSQL only; on SQLite
#: there is one writer).
CHAIN_LOCK = 0x43535052
_last = select(tables.audit.c.seq, tables.audit.c.hash).order_by(tables.audit.c.seq.desc()).limit(1)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line to be written; `version` is the case's version after the step."""

    action: str
    actor: str
    case_id: int | None = None
    version: int | None = None
    element: str | None = None
    on_behalf_of: str | None = None
    body: Mapping[str, object] = field(default_factory=dict)


def append(connection: Connection, entries: Sequence[Entry]) -> None:
    """Write entries behind the last one. Call it late: others wait for the chain's end."""
    if not entries:
        return
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"select pg_advisory_xact_lock({CHAIN_LOCK})"))
    last = connection.execute(_last).one_or_none()
    seq, previous = (last.seq, last.hash) if last is not None else (0, GENESIS)
    at = clock.now()
    rows = []
    for entry in entries:
        seq += 1
        row = _row(entry, seq=seq, at=at, previous=previous)
        previous = row["hash"]
        rows.append(row)
    connection.execute(insert(tables.audit), rows)


def count(connection: Connection, case_id: int, number: int) -> None:
    """Tell the case how many entries it has got; a verb that saves the case does it with that."""
    case = tables.case
    connection.execute(
        update(case).where(case.c.id == case_id).values(entries=case.c.entries + number)
    )


def _row(entry: Entry, *, seq: int, at: datetime, previous: str) -> dict[str, Any]:
    body = dict(entry.body)
    if entry.version is not None:
        body["version"] = entry.version
    row = {
        "seq": seq,
        "case_id": entry.case_id,
        "at": at,
        "actor": entry.actor,
        "on_behalf_of": entry.on_behalf_of,
        "action": entry.action,
        "element": entry.element,
        "body": json.dumps(body, ensure_ascii=False, separators=(",", ":"), sort_keys=True),
        "previous": previous,
    }
    return row | {"hash": digest(row)}


def digest(row: Mapping[str, Any]) -> str:
    """The hash of a row over everything in it and the hash before it."""
    parts = [row[name] for name in ("seq", "case_id", "actor", "on_behalf_of", "action")]
    parts += [row["at"].isoformat(timespec="microseconds"), row["element"], row["body"]]
    canonical = json.dumps([row["previous"], *parts], ensure_ascii=False, separators=(",", ":"))
    return sha256(canonical.encode()).hexdigest()


# -- reading it back ----------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Reading:
    rows: int
    head: str
    problems: tuple[str, ...]


def verify(connection: Connection) -> Reading:
    """Every row hashes to what it says, follows the one before, and no case is ahead of it."""
    problems = [
        f"The database lacks the trigger {name}: the audit is not protected."
        for name in sorted(missing_triggers(connection))
    ]
    entries: Counter[int] = Counter()
    seq, previous = 0, GENESIS
    for row in connection.execute(select(tables.audit).order_by(tables.audit.c.seq)):
        seq += 1
        problems += _faults(row, seq, previous)
        seq, previous = row.seq, row.hash
        if row.case_id is not None:
            entries[row.case_id] += 1
    problems += _cut_off(connection, entries)
    rows = connection.execute(select(func.count()).select_from(tables.audit)).scalar_one()
    return Reading(rows, previous, tuple(problems))


def _faults(row: Row[Any], seq: int, previous: str) -> Iterator[str]:
    if row.seq != seq:
        yield f"Rows are missing before entry {row.seq}: entry {seq} was expected."
    elif row.previous != previous:
        yield f"Entry {row.seq} does not follow the entry before it."
    if digest(row._asdict()) != row.hash:
        yield f"Entry {row.seq} was changed after it was written."


def _cut_off(connection: Connection, entries: Counter[int]) -> list[str]:
    """Cases that know of more entries than there are: the end of the audit was taken away."""
    case = tables.case.c
    return [
        f"Case {row.ref} has {row.entries} entries, but {entries[row.id]} are there."
        for row in connection.execute(select(case.id, case.ref, case.entries))
        if row.entries != entries[row.id]
    ]
