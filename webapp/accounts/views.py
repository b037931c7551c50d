"""Signing in as one of the invented people of the demonstration."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, abort, current_app, redirect, request
from flask_security import login_user

from webapp.accounts.signin import people

if TYPE_CHECKING:
    from werkzeug import Response

    from webapp.accounts.people import Person

pages = Blueprint("accounts", __name__)


def demo_people() -> tuple[Person, ...]:
    """Who can be chosen on the sign-in page; nobody outside the demonstration."""
    return people().everyone() if current_app.config["CSPR_DEMO"] else ()


@pages.post("/demo/sign-in")
def sign_in_as() -> Response:
    """One click instead of a password, in the demonstration only."""
    chosen = {person.person_id: person for person in demo_people()}.get(
        request.form.get("person", "")
    )
    if chosen is None:
        abort(404)
    login_user(chosen, authn_via=["demonstration"])
    return redirect("/")
