"""One mail on the morning of a working day: what is overdue and what is due soon.

Its entry is written once for each person and day, whether or not there is something to say; what
it says is looked up when it is sent.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from engine.clock import LONDON, now, today
from engine.errors import CalendarNotKnown, NotFound
from engine.service.outbox import Notice
from processes import words
from webapp.accounts.signin import cases
from webapp.inbox.groups import group
from webapp.messages.notices import SIGNATURE, find, for_person, put_new, task_lines
from webapp.messages.post import Mail
from webapp.published import published

if TYPE_CHECKING:
    from flask import Flask

    from webapp.accounts.people import People, Person
    from webapp.inbox.groups import Group
    from webapp.messages.post import PostOffice

DIGEST = "digest"
#: Hours of London in which a digest is begun; whoever starts the server later needs none.
MORNING = range(7, 12)
#: Groups of the list of tasks that are told.
TOLD = frozenset({"overdue", "soon"})
MOST_TASKS = 50
MOST_READ = 500


class Digest:
    """The chore that writes the entries down, and their handler."""

    def __init__(self, app: Flask, people: People, *, post: PostOffice) -> None:
        self._app = app
        self._people = people
        self._post = post
        self._written_on: date | None = None

    def write_down(self) -> None:
        """See that everybody with a role has today's entry, once the morning has come."""
        on = today()
        if self._written_on == on or now().astimezone(LONDON).hour not in MORNING:
            return
        with self._app.app_context():
            if not _works(on):
                return
            entries = [
                Notice(f"{DIGEST}:{on}:{one.person_id}", DIGEST, None, _body(one, on))
                for one in self._people.everyone()
                if one.grants
            ]
            put_new(self._app.extensions["cspr.engine"], entries)
        self._written_on = on

    def send(self, notice: Notice) -> str:
        """Handler of the entries."""
        on = today()
        if notice.body["on"] != str(on):
            return "not sent: its day is over"
        with self._app.app_context():
            person = find(self._people, notice.body["to"])
            told = _tasks(person, on) if person else ()
        if not person or not told:
            return "not sent: nothing is due soon"
        number = sum(len(each.items) for each in told)
        subject = f"{words.number(number, 'task')} overdue or due soon on {words.weekday(on)}"
        lines = (*_lines(told, self._post.base_url), *SIGNATURE)
        self._post.send(Mail(notice.key, person.email, subject, lines))
        return "sent"


def _body(person: Person, on: date) -> dict[str, str]:
    return {"to": person.person_id, "on": str(on)}


def _works(on: date) -> bool:
    """Whether it is a working day; nobody is written to before diagrams are published."""
    try:
        between = published().legal_time().working_days_between
        return between(on - timedelta(days=1), on) == 1
    except (NotFound, CalendarNotKnown):
        return False


def _tasks(person: Person, on: date) -> tuple[Group, ...]:
    """Nearest dates come first in the list, so its first page holds what is told."""
    actor = cases().actor(person.person_id, person.name, person.grants)
    rows = for_person(person, cases().inbox(actor, limit=MOST_READ).rows)
    groups = group(rows, today=on, legal_time=published().legal_time())
    return tuple(each for each in groups if each.id in TOLD)


def _lines(told: tuple[Group, ...], base_url: str) -> list[str]:
    lines: list[str] = []
    for each in told:
        lines += [f"{each.heading} ({len(each.items)})", ""]
        for item in each.items[:MOST_TASKS]:
            lines += task_lines(item.row, base_url)
        if len(each.items) > MOST_TASKS:
            lines += [f"And {len(each.items) - MOST_TASKS} more: {base_url}/", ""]
    return lines
