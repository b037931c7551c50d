"""From an entry of the outbox to one mail for each person it concerns.

A mail names reference, task and date and links to the page; what a case is about stays behind
the sign-in. Whom it concerns is asked again when it is sent: rights may have been taken away.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from engine.clock import today
from engine.service import outbox
from engine.service.outbox import Notice
from engine.store import tables
from engine.store.database import writing
from processes import words
from webapp.accounts.signin import cases
from webapp.messages.post import Mail

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from flask import Flask
    from sqlalchemy import Engine

    from engine.service import InboxRow
    from webapp.accounts.people import People, Person
    from webapp.messages.post import PostOffice

RULE = re.compile(r'due\(\s*"(\w+)"')
#: Why somebody is written to: kind of the outbox entry -> first words of the subject.
BECAUSE = {
    "task_opened": "New task",
    "clock_fired": "A date has come",
    "deadline_moved": "Date changed",
}
MAIL = "mail"


class Notices:
    """Handlers of one application; they need no context of their own."""

    def __init__(self, app: Flask, people: People, *, post: PostOffice) -> None:
        self._app = app
        self._people = people
        self._post = post

    def handlers(self) -> Mapping[str, outbox.Handler]:
        """What the worker is to handle, by kind."""
        told: dict[str, Callable[[Notice, InboxRow], bool]] = {
            "task_opened": lambda notice, task: task.id == notice.body["task"],
            "clock_fired": lambda notice, task: task.rule in _rules(notice),
            "deadline_moved": lambda notice, task: task.rule == notice.body["rule"],
        }
        return {kind: self._addressing(about) for kind, about in told.items()} | {MAIL: self._send}

    def _addressing(self, about: Callable[[Notice, InboxRow], bool]) -> outbox.Handler:
        """One entry for each person, so that each mail is tried again on its own."""

        def address(notice: Notice) -> str:
            with self._app.app_context():
                tasks = [t for t in cases().open_tasks(notice.body["case"]) if about(notice, t)]
                mails = [
                    _mail_entry(notice, person, tasks=mine)
                    for person in self._people.everyone()
                    if (mine := for_person(person, tasks))
                ]
                return f"{put_new(self._app.extensions['cspr.engine'], mails)} mails to send"

        return address

    def _send(self, notice: Notice) -> str:
        body = notice.body
        with self._app.app_context():
            person = find(self._people, body["to"])
            open_now = cases().open_tasks(body["case"])
            tasks = [task for task in open_now if task.id in body["tasks"]]
            mine = for_person(person, tasks) if person else []
        if not person or not mine:
            return "not sent: no longer a task of this person"
        first, *others = mine
        subject = f"{BECAUSE[body['about']]}: {first.case_ref} {_one_line(first.name)}"
        lines = [
            line for task in [first, *others] for line in task_lines(task, self._post.base_url)
        ]
        self._post.send(Mail(notice.key, person.email, subject, (*lines, *SIGNATURE)))
        return "sent"


SIGNATURE = ("Sign in to see more. This e-mail carries no details of the case on purpose.",)


def find(people: People, person_id: str) -> Person | None:
    """The person if still active."""
    return next((one for one in people.everyone() if one.person_id == person_id), None)


def for_person(person: Person, tasks: Iterable[InboxRow]) -> list[InboxRow]:
    """Those of the open tasks this person may work and nobody else has taken."""
    actor = cases().actor(person.person_id, person.name, person.grants)
    return [
        task
        for task in tasks
        if task.status == "open"
        and task.assignee in {None, person.person_id}
        and actor.may_work(task.role, task.area)
    ]


def task_lines(task: InboxRow, base_url: str) -> tuple[str, ...]:
    """Reference, name, date, link."""
    return (
        f"{task.case_ref}: {_one_line(task.name)}",
        _due(task),
        f"{base_url}/tasks/{task.id}",
        "",
    )


def put_new(database: Engine, notices: Sequence[Notice]) -> int:
    """Write down those whose key is not there yet; how many there are in all."""
    with writing(database) as connection:
        box = tables.outbox.c
        keys = [notice.key for notice in notices]
        known = set(connection.scalars(select(box.key).where(box.key.in_(keys))))
        outbox.put(connection, [notice for notice in notices if notice.key not in known])
    return len(notices)


def _mail_entry(notice: Notice, person: Person, *, tasks: Sequence[InboxRow]) -> Notice:
    body: dict[str, Any] = {
        "to": person.person_id,
        "about": notice.kind,
        "case": notice.body["case"],
        "tasks": [task.id for task in tasks],
    }
    return Notice(f"{notice.key}:{person.person_id}", MAIL, notice.case_id, body)


def _rules(notice: Notice) -> set[str]:
    """The rules the clock that fired speaks of."""
    return set(RULE.findall(notice.body.get("clock") or ""))


def _due(task: InboxRow) -> str:
    if task.due_on is None:
        return "No date applies."
    said = words.weekday(task.due_on)
    return f"Was due on {said}." if task.due_on < today() else f"Due on {said}."


def _one_line(text: str) -> str:
    return " ".join(text.split())
