"""Sign-in by Flask-Security, over our own people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from flask import current_app, g, session
from flask_login import current_user, user_logged_in, user_logged_out
from flask_security import LoginForm, RoleMixin, Security, UserDatastore
from flask_security.utils import validate_redirect_url

from webapp.accounts.people import Person

if TYPE_CHECKING:
    from flask import Flask

    from engine.service import Actor, Cases
    from webapp.accounts.people import People


HASHING = "argon2"


class Role(RoleMixin):
    """Flask-Security asks for a role model; ours are grants, kept elsewhere."""


class SignInForm(LoginForm):
    """Flask-Security's, but a page elsewhere to go on to is forgotten instead of an error."""

    def validate_next(self, field: Any) -> None:
        """See `NextFormMixin.validate_next`."""
        if field.data and not validate_redirect_url(field.data):
            field.data = ""


class PeopleDatastore(UserDatastore):
    """Finds people for Flask-Security; it adds and removes nobody."""

    def __init__(self, people: People) -> None:
        super().__init__(Person, Role)
        self._people = people

    def find_user(self, *_: Any, **by: Any) -> Person | None:
        """By `fs_uniquifier` (every request) or by `email` (sign-in); e-mails ignore case."""
        if "fs_uniquifier" in by:
            return self._people.by_uniquifier(by["fs_uniquifier"])
        return self._people.by_email(by["email"])

    def find_role(self, role: str) -> None:
        """No roles are kept here."""

    def put(self, model: Person) -> Person:
        """Called after a sign-in that replaced an old password hash."""
        self._people.keep_password(model.person_id, model.password or "")
        return model

    def commit(self) -> None:
        """Every change is committed where it is made."""


def install(app: Flask, people: People) -> None:
    """Sign-in and sign-out pages; everything else of Flask-Security stays off."""
    app.config.update(
        SECURITY_PASSWORD_HASH=HASHING,
        SECURITY_PASSWORD_SINGLE_HASH={HASHING},
        SECURITY_PASSWORD_SALT=None,
        SECURITY_RETURN_GENERIC_RESPONSES=True,
        SECURITY_LOGIN_URL="/sign-in",
        SECURITY_LOGOUT_URL="/sign-out",
        SECURITY_LOGOUT_METHODS=["POST"],
        SECURITY_POST_LOGIN_VIEW="/",
        SECURITY_POST_LOGOUT_VIEW="/sign-in",
        SECURITY_LOGIN_USER_TEMPLATE="accounts/sign_in.html",
        SECURITY_UNAUTHORIZED_VIEW=None,
        SECURITY_FLASH_MESSAGES=False,
        SECURITY_DEFAULT_REMEMBER_ME=False,
        SECURITY_SEND_REGISTER_EMAIL=False,
        SECURITY_CLI_USERS_NAME=False,
        SECURITY_CLI_ROLES_NAME=False,
        SECURITY_CACHE_CONTROL=None,
        SECURITY_MSG_GENERIC_AUTHN_FAILED=(
            "The e-mail address or the password is wrong",
            "error",
        ),
    )
    security = Security(app, PeopleDatastore(people), login_form=SignInForm)
    security.principal.skip_static = True  # nobody is looked up for a built file
    app.extensions["cspr.people"] = people
    user_logged_in.connect(_end_when_idle, app)
    user_logged_out.connect(_end_everywhere, app)


def _end_when_idle(_app: Flask, **_: object) -> None:
    """The cookie ends with the idle time of the settings, renewed by every request."""
    session.permanent = True


def _end_everywhere(_app: Flask, user: Person, **_: object) -> None:
    """A copy of the cookie, or an answer still on its way, brings nobody back after sign-out."""
    people().end_sessions(user.person_id)


def people() -> People:
    """The people of the running application."""
    found: People = current_app.extensions["cspr.people"]
    return found


def cases() -> Cases:
    """The cases of the running application."""
    found: Cases = current_app.extensions["cspr.cases"]
    return found


def signed_in() -> Person | None:
    """Who sent this request, if anybody is known."""
    person = cast("Person", current_user)
    return person if person.is_authenticated else None


def actor() -> Actor:
    """Who is signed in, with the roles they hold at this moment."""
    if "actor" not in g:
        person = cast("Person", current_user)
        g.actor = cases().actor(person.person_id, person.name, person.grants)
    found: Actor = g.actor
    return found
