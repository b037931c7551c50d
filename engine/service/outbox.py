"""What has to happen outside the database, written down in the same transaction as its cause.

An entry is handled at least once. Its key never changes: whoever handles it twice can see so
(the e-mail's Message-ID). Kinds nobody handles wait; the self-check says so.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, insert, select, update

from engine import clock
from engine.service.faults import wordless
from engine.store import tables
from engine.store.database import writing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection, Engine, Row

log = logging.getLogger(__name__)

#: Tries before an entry is dead, and the wait before the next: 1, 2, 4, … minutes, at most a day.
MOST_TRIES = 12
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Notice:
    """Something to be told outside. `key` names it for ever."""

    key: str
    kind: str
    case_id: int | None
    body: Mapping[str, Any]


#: Does the thing and says what it did, for people who look after the system.
Handler = Callable[[Notice], str]


def shown_in_inbox(_notice: Notice) -> str:
    """Handler of an installation without e-mail: the list of tasks itself is the notice."""
    return "shown in the list of tasks"


def put(connection: Connection, notices: Sequence[Notice]) -> None:
    if not notices:
        return
    now = clock.now()
    rows = [
        {
            "key": notice.key,
            "case_id": notice.case_id,
            "kind": notice.kind,
            "body": json.dumps(notice.body, separators=(",", ":"), sort_keys=True),
            "status": "pending",
            "due_at": now,
            "attempts": 0,
        }
        for notice in notices
    ]
    connection.execute(insert(tables.outbox), rows)


def waits(connection: Connection, kinds: Sequence[str]) -> bool:
    """Whether an entry of these kinds is due."""
    return connection.execute(_due(kinds, clock.now()).limit(1)).first() is not None


def handle_next(database: Engine, handlers: Mapping[str, Handler]) -> bool:
    """Handle the entry that is due first; False when there is none.

    The try is counted and the next one set before the handler runs: if the process dies inside
    it, the entry comes again after its wait.
    """
    with writing(database) as connection:
        row = connection.execute(
            _due(list(handlers), clock.now()).limit(1).with_for_update(skip_locked=True)
        ).first()
        if row is None:
            return False
        again_at = clock.now() + wait_after(row.attempts)
        _change(connection, row.id, attempts=row.attempts + 1, due_at=again_at)
    notice = Notice(row.key, row.kind, row.case_id, json.loads(row.body))
    try:
        note = handlers[row.kind](notice)
    except Exception as error:
        log.exception("outbox entry %s failed", row.key, exc_info=wordless(error))
        _failed(database, row, type(error).__name__)
    else:
        with writing(database) as connection:
            _change(connection, row.id, status="done", note=note, last_error=None)
    return True


def wait_after(tries: int) -> timedelta:
    """How long to wait after that many tries went before this one."""
    doublings: int = 2 ** min(tries, 20)
    return min(FIRST_WAIT * doublings, LONGEST_WAIT)


def _due(kinds: Sequence[str], now: datetime) -> Any:
    box = tables.outbox.c
    return (
        select(tables.outbox)
        .where(box.status == "pending", box.due_at <= now, box.kind.in_(kinds))
        .order_by(box.due_at, box.id)
    )


def _failed(database: Engine, row: Row[Any], error: str) -> None:
    """Only the error's type is kept: its text may carry what must not be in logs."""
    dead = row.attempts + 1 >= MOST_TRIES
    with writing(database) as connection:
        _change(connection, row.id, last_error=error, status="dead" if dead else "pending")


def _change(connection: Connection, entry: int, **values: object) -> None:
    changed = update(tables.outbox).where(tables.outbox.c.id == bindparam("entry"))
    connection.execute(changed.values(**values), {"entry": entry})
