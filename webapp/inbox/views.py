"""The list of tasks."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from engine.clock import today
from engine.service import InboxFilter
from webapp.accounts.signin import actor, cases
from webapp.inbox.groups import group
from webapp.published import published

pages = Blueprint("inbox", __name__)
PAGE = 50
#: What can be shown: the id in the address, the words, the filter.
CHOICES = {
    "all": ("All my teams", InboxFilter()),
    "mine": ("Mine", InboxFilter(mine=True)),
    "free": ("Nobody has it", InboxFilter(unclaimed=True)),
    "overdue": ("Overdue", InboxFilter(overdue=True)),
}


@pages.get("/")
def show() -> str:
    """Everything this person may work, by severity."""
    chosen = request.args.get("show", "all")
    _, filters = CHOICES.get(chosen, CHOICES["all"])
    page = cases().inbox(actor(), filters, after=request.args.get("after"), limit=PAGE)
    counts = cases().counts(actor())
    return render_template(
        "inbox/list.html",
        groups=group(page.rows, today=today(), legal_time=published().legal_time()),
        counts={"all": counts.open, "mine": counts.mine, "overdue": counts.overdue},
        chosen=chosen if chosen in CHOICES else "all",
        choices=CHOICES,
        after=page.after,
    )
