"""The embedded worker: one thread that fires clocks and empties the outbox."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING

from engine.service import outbox
from engine.service.cases import HANDLED
from engine.service.faults import wordless

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sqlalchemy import Engine

    from engine.service.cases import Cases

log = logging.getLogger(__name__)

#: Cases moved and entries handled before the worker looks whether it should stop.
BATCH = 100
DEFAULT_HANDLERS: Mapping[str, outbox.Handler] = dict.fromkeys(HANDLED, outbox.shown_in_inbox)


def handle(
    cases: Cases, database: Engine, handlers: Mapping[str, outbox.Handler], *, limit: int = BATCH
) -> int:
    """Do what is due, at most `limit` of each sort; how much was done. Every driver calls this."""
    kinds = tuple(handlers)
    done = 0
    if cases.due_work(kinds).timers:
        done += cases.fire_due_timers(limit=limit).moved
    while done < 2 * limit and cases.due_work(kinds).outbox:
        outbox.handle_next(database, handlers)
        done += 1
    return done


class Worker:
    """Looks every `seconds` whether something is due. A fault is logged; the next look comes."""

    def __init__(
        self,
        cases: Cases,
        database: Engine,
        *,
        handlers: Mapping[str, outbox.Handler] = DEFAULT_HANDLERS,
        chores: Sequence[Callable[[], object]] = (),
        seconds: float = 5.0,
    ) -> None:
        """`chores` are done before every look; each knows itself whether it is time."""
        self._cases = cases
        self._database = database
        self._handlers = handlers
        self._chores = chores
        self._seconds = seconds
        self._wake = threading.Event()
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="worker", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self, *, wait: float = 10.0) -> None:
        """Finish the case in hand, then end."""
        self._stopping = True
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join(wait)

    def _run(self) -> None:
        while not self._stopping:
            done = 0
            try:
                self._do_chores()
                done = handle(self._cases, self._database, self._handlers, limit=BATCH)
            except Exception as error:
                log.exception("the worker could not do what is due", exc_info=wordless(error))
            if done < BATCH:
                self._wake.wait(self._seconds)
            self._wake.clear()

    def _do_chores(self) -> None:
        """A chore that fails keeps neither the others nor the clocks from going on."""
        for chore in self._chores:
            try:
                chore()
            except Exception as error:
                log.exception("a chore of the worker failed", exc_info=wordless(error))
