"""What templates may use: dates and names in words, the built files, the navigation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import current_app
from jinja2 import StrictUndefined

from engine.clock import LONDON, today
from processes import words
from webapp.accounts.signin import cases, people
from webapp.accounts.views import demo_people
from webapp.assets import assets
from webapp.cases.clocks import RUNNING
from webapp.cases.corrections import ONE_VALUE
from webapp.resend import filled
from webapp.security import INLINE_SCRIPT
from webapp.tasks.field import field
from webapp.wording import FORCES, STATUSES

if TYPE_CHECKING:
    from datetime import date, datetime

    from flask import Flask

    from webapp.accounts.people import Grants

#: The navigation: id, words, endpoint.
PLACES = (
    ("inbox", "Tasks", "inbox.show"),
    ("cases", "Cases", "cases.listing"),
    ("report", "Report an incident", "opening.form"),
    ("diagrams", "Diagrams", "diagrams.listing"),
    ("calendar", "My calendar", "feed.show"),
)
SERVICE_NAME = "Child safeguarding practice reviews"


def install(app: Flask) -> None:
    """Strict templates: a misspelt name is an error, not an empty place on the page."""
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(
        day=words.day,
        weekday=words.weekday,
        moment=moment,
        london_day=lambda instant: instant.astimezone(LONDON).date(),
        plain_name=plain_name,
        short_day=short_day,
        force=lambda force: FORCES[force][0],
        grants_in_words=grants_in_words,
        filled=lambda typed: list(filled(typed)),
        person=lambda person_id: people().name(person_id),
    )
    app.jinja_env.globals.update(
        assets=assets(),
        correctable=ONE_VALUE,
        field=field,
        statuses=STATUSES,
        demo=app.config["CSPR_DEMO"],
        demo_people=demo_people,
        inline_script=INLINE_SCRIPT,
        here="",
        running=RUNNING,
        service_name=SERVICE_NAME,
        today=today,
    )
    app.jinja_env.globals["places"] = PLACES


def moment(instant: datetime) -> str:
    """22 November 2026 at 14:05, London time."""
    local = instant.astimezone(LONDON)
    return f"{words.day(local.date())} at {local:%H:%M}"


def short_day(on: date) -> str:
    """As in: Thu 26 Nov."""
    return f"{words.weekday(on)[:3]} {on.day} {words.day(on).split()[1][:3]}"


def grants_in_words(grants: Grants) -> str:
    """As in: Independent reviewer, Northshire and Southshire."""
    definition = current_app.extensions["cspr.definition"]
    areas = {area.code: area.name for area in cases().areas()}
    roles = sorted({definition.role(role).title for role, _ in grants})
    places = sorted({areas.get(area, area) for _, area in grants if area})
    if not roles:
        return "no role yet"
    everywhere = any(area is None for _, area in grants)
    return f"{words.listed(roles)}, {'all areas' if everywhere else words.listed(places)}"


def plain_name(name: str) -> str:
    """As in: Authority aware on day."""
    return name.replace("_", " ").replace("-", " ").capitalize()
