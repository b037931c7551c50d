"""Which addresses exist: everything else is answered like a page that is not there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import redirect, request, url_for
from werkzeug.routing import BaseConverter, IntegerConverter

from webapp.accounts.signin import signed_in

if TYPE_CHECKING:
    from flask import Flask
    from werkzeug import Response

#: Pages for people who have not signed in. All others ask for it, new ones too.
OPEN = frozenset({"static", "security.login", "accounts.sign_in_as", "health", "feed.read"})


class RowNumber(IntegerConverter):
    """The number of a row, as large as a database can hold."""

    regex = r"[1-9][0-9]{0,17}"


class Reference(BaseConverter):
    """The reference of a case."""

    regex = r"[A-Za-z0-9-]{1,20}"


class Name(BaseConverter):
    """The id of a process or a fact."""

    regex = r"[A-Za-z_][A-Za-z0-9_]{0,99}"


def install(app: Flask) -> None:
    """Teach the app these shapes, and ask everybody to sign in first."""
    app.url_map.converters.update(row=RowNumber, ref=Reference, name=Name)
    app.before_request(_signed_in)


def _signed_in() -> Response | None:
    if request.endpoint is None or request.endpoint in OPEN or signed_in():
        return None
    here = request.full_path.rstrip("?") if request.method == "GET" else "/"
    return redirect(url_for("security.login", next=here))
