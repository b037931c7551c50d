"""From a reason to a status and a page. The only place that knows both."""

from __future__ import annotations

import logging
import secrets
from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from engine import errors
from webapp.resend import typed_fields

if TYPE_CHECKING:
    from flask import Flask

    Page = tuple[str, int]

log = logging.getLogger("cspr.web")

#: The most telling type first: the first that fits decides.
REASONS: tuple[tuple[type[errors.CaseError], int, str], ...] = (
    (errors.NotAllowed, 403, "You cannot do this"),
    (errors.Conflict, 409, "Somebody else was quicker"),
    (errors.Refused, 409, "This is not possible now"),
    (errors.Stuck, 409, "This is not possible now"),
    (errors.InvalidAnswers, 422, "Some answers need your attention"),
    (errors.CaseError, 422, "This is not possible"),
)
#: What went wrong before any case was touched; all other statuses read as the first.
STATUSES = {
    400: (
        "Your browser sent something we cannot read",
        "Go back, look at what you typed and try again.",
    ),
    403: ("You cannot do this", "The request did not come from a page of this service."),
    405: ("This page does not take what was sent", "Use the links and buttons of the pages."),
    413: (
        "What you sent is too large",
        "Go back, shorten it and send it again. Nothing was saved.",
    ),
}


def install(app: Flask) -> None:
    """Show every error as a page in plain words."""
    app.register_error_handler(errors.CaseError, _reason)
    app.register_error_handler(CSRFError, _page_too_old)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unexpected)


def missing() -> Page:
    """One page for what does not exist and for what may not be seen: the same bytes."""
    return render_template("errors/missing.html"), 404


def _reason(problem: errors.CaseError) -> Page:
    if isinstance(problem, errors.NotFound):
        return missing()
    _, status, title = next(row for row in REASONS if isinstance(problem, row[0]))
    page = render_template(
        "errors/reason.html", title=title, message=str(problem), typed=typed_fields(request.form)
    )
    return page, status


def _page_too_old(_: CSRFError) -> Page:
    """The token is missing or too old; what was typed comes back and can be sent again."""
    ours = request.headers.get("Sec-Fetch-Site") == "same-origin"
    page = render_template(
        "errors/page_too_old.html", typed=typed_fields(request.form), can_resend=ours
    )
    return page, 400


def _http(problem: HTTPException) -> Page | HTTPException:
    if problem.code is None or problem.code < HTTPStatus.BAD_REQUEST:  # a redirect is no error
        return problem
    if problem.code == HTTPStatus.NOT_FOUND:
        return missing()
    title, message = STATUSES.get(problem.code, STATUSES[400])
    page = render_template("errors/reason.html", title=title, message=message, typed={})
    return page, problem.code


def _unexpected(problem: Exception) -> Page:
    """A fault of ours: its number on the page and in the log, its details in the log only."""
    number = secrets.token_hex(4).upper()
    log.error("incident %s at %s", number, request.endpoint, exc_info=problem)
    return render_template("errors/incident.html", number=number), 500
