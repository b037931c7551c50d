"""My calendar: a person's deadlines at an address that nobody can guess.

A calendar program cannot sign in: whoever has the address reads it, so it names references and
rules only. It is shown once; the database keeps what it hashes to.
"""

from __future__ import annotations

import hashlib
import secrets
from typing import TYPE_CHECKING

from flask import Blueprint, Response, abort, current_app, redirect, render_template, url_for
from sqlalchemy import delete, insert, select

from engine.clock import now
from engine.service import Actor
from engine.store.database import reading, writing
from webapp.accounts.signin import actor, cases, people
from webapp.accounts.tables import calendar_feed
from webapp.database import db
from webapp.messages.icalendar import icalendar
from webapp.messages.notices import find
from webapp.published import published

if TYPE_CHECKING:
    from werkzeug import Response as BaseResponse

pages = Blueprint("feed", __name__)
NAME = "Deadlines of safeguarding reviews"
TOKEN_BYTES = 32


@pages.get("/my-calendar")
def show() -> str:
    """Whether there is an address, and since when."""
    return _page()


@pages.post("/my-calendar")
def make() -> str:
    """A new address; the one before ends with it."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    with writing(db.engine) as connection:
        connection.execute(delete(calendar_feed).where(calendar_feed.c.person == actor().id))
        row = {"person": actor().id, "token_hash": _hash(token), "made_at": now()}
        connection.execute(insert(calendar_feed).values(row))
    scheme = "https" if current_app.config["SESSION_COOKIE_SECURE"] else "http"
    return _page(url_for("feed.read", token=token, _external=True, _scheme=scheme))


@pages.post("/my-calendar/revoke")
def revoke() -> BaseResponse:
    """The address stops working at once."""
    with writing(db.engine) as connection:
        connection.execute(delete(calendar_feed).where(calendar_feed.c.person == actor().id))
    return redirect(url_for("feed.show"))


@pages.get("/calendar/<string(length=43):token>.ics")
def read(token: str) -> Response:
    """For calendar programs: what the owner of the address may see now."""
    owner = _owner(token)
    if owner is None:
        abort(404)
    rules = published().legal_time().rules
    events = [
        (
            f"deadline-{each.id}@cspr",
            each.due_on,
            f"{each.case_ref} {rules[each.rule].title if each.rule in rules else each.rule}",
        )
        for each in cases().open_deadlines(owner)
    ]
    body = icalendar(events, name=NAME, made_at=now())
    return Response(body, content_type="text/calendar; charset=utf-8")


def _page(address: str = "") -> str:
    with reading(db.engine) as connection:
        wanted = calendar_feed.c.person == actor().id
        made_at = connection.scalar(select(calendar_feed.c.made_at).where(wanted))
    return render_template("messages/my_calendar.html", address=address, made_at=made_at)


def _owner(token: str) -> Actor | None:
    """Found by the hash: how long the look takes tells nothing of the token."""
    with reading(db.engine) as connection:
        wanted = calendar_feed.c.token_hash == _hash(token)
        person_id = connection.scalar(select(calendar_feed.c.person).where(wanted))
    person = find(people(), person_id) if person_id else None
    return cases().actor(person.person_id, person.name, person.grants) if person else None


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
