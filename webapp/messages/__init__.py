"""What people are told outside the pages: e-mails, and a calendar they subscribe to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.service.worker import DEFAULT_HANDLERS
from webapp.messages.digest import DIGEST, Digest
from webapp.messages.notices import Notices
from webapp.messages.post import PostOffice

if TYPE_CHECKING:
    from flask import Flask

    from webapp.accounts.people import People
    from webapp.settings import Settings


def install(app: Flask, settings: Settings, *, people: People) -> None:
    """Give the worker what handles the outbox; without a mail server the list of tasks does."""
    app.extensions["cspr.handlers"] = DEFAULT_HANDLERS
    app.extensions["cspr.chores"] = ()
    if settings.mail is None:
        return
    post = PostOffice(settings.mail)
    digest = Digest(app, people, post=post)
    handlers = Notices(app, people, post=post).handlers()
    app.extensions["cspr.handlers"] = {**handlers, DIGEST: digest.send}
    app.extensions["cspr.chores"] = (digest.write_down,)
