"""The web application, put together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Flask, Response
from flask_wtf import CSRFProtect
from sqlalchemy import select

from engine.service import Cases
from engine.store.database import reading
from processes.definition import definition
from webapp import database, errors, messages, rendering, routes, security
from webapp.accounts import people, signin
from webapp.accounts import views as accounts
from webapp.cases import changes, opening, pauses
from webapp.cases import views as cases
from webapp.diagrams import views as diagrams
from webapp.inbox import views as inbox
from webapp.messages import feed
from webapp.published import Published
from webapp.tasks import assigning
from webapp.tasks import views as tasks

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.definition import ProcessDefinition
    from webapp.settings import Settings

#: Longer than anybody works on one form; a stale page gives back what was typed.
FORM_HOURS = 10


def create_app(settings: Settings, *, process: ProcessDefinition | None = None) -> Flask:
    """The application over the database of `settings`, whose tables must be there already."""
    app = Flask(__name__)
    app.config.update(
        CSPR_DEMO=settings.demo,
        WTF_CSRF_TIME_LIMIT=FORM_HOURS * 60 * 60,
        WTF_CSRF_SSL_STRICT=False,  # no referrer is sent; Sec-Fetch-Site is checked instead
    )
    security.protect(app, settings)
    process = process or definition()
    engine = database.share(app, settings.database_url)
    protect_forms: Callable[[Flask], object] = CSRFProtect  # untyped upstream
    protect_forms(app)
    everybody = people.People(process)
    signin.install(app, everybody)

    def name_of(person_id: str) -> str:
        with app.app_context():  # the worker's thread asks too
            return everybody.name(person_id)

    app.extensions["cspr.definition"] = process
    app.extensions["cspr.cases"] = Cases(engine, process, name_of=name_of)
    app.extensions["cspr.published"] = Published(process)
    messages.install(app, settings, people=everybody)
    routes.install(app)
    rendering.install(app)
    errors.install(app)
    parts = (accounts, inbox, tasks, assigning, cases, opening, changes, pauses, diagrams, feed)
    for part in parts:
        app.register_blueprint(part.pages)
    app.add_url_rule("/healthz", "health", _health)
    return app


def _health() -> Response:
    """Up, and the database answers. Says nothing else to strangers."""
    with reading(database.db.engine) as connection:
        connection.execute(select(1))
    return Response("ok\n", mimetype="text/plain")
