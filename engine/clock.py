"""What time it is, and for whom. The only module that reads the system's clock.

A rehearsal or a test sets another time with `at(...)`; threads and nested uses do not
disturb each other.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
_set_to: ContextVar[datetime | None] = ContextVar("set_to", default=None)


def now() -> datetime:
    """The instant it is, in UTC, always aware."""
    return _set_to.get() or datetime.now(UTC)


def today() -> date:
    """The date in London, where the law's days begin and end."""
    return now().astimezone(LONDON).date()


@contextmanager
def at(instant: datetime) -> Iterator[None]:
    """Let it be `instant` (aware) inside the block."""
    if instant.tzinfo is None:
        msg = "an instant needs its time zone"
        raise ValueError(msg)
    token = _set_to.set(instant.astimezone(UTC))
    try:
        yield
    finally:
        _set_to.reset(token)


def start_of(day: date) -> datetime:
    """Midnight in London at which `day` begins, in UTC."""
    return datetime.combine(day, time.min, LONDON).astimezone(UTC)


def end_of(day: date) -> datetime:
    """The first instant after `day` in London: what is done before it was done on the day."""
    return start_of(day + timedelta(days=1))
