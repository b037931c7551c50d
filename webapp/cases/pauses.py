"""Stopping a case for a time, and going on with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, render_template, request, url_for

from webapp.accounts.signin import actor, cases
from webapp.cases.changes import NO_REASON
from webapp.tasks.questions import reason

if TYPE_CHECKING:
    from collections.abc import Mapping

    from werkzeug import Response

    Page = tuple[str, int]

pages = Blueprint("pauses", __name__, url_prefix="/cases/<ref:ref>")


@pages.get("/suspend")
def suspend_form(ref: str) -> str:
    """What suspending does, and why it is done."""
    return _ask(ref, "suspend", {}, {})


@pages.post("/suspend")
def suspend(ref: str) -> Response | Page:
    """Take the case's tasks off every list until it is resumed."""
    why = request.form.get("reason", "").strip()
    if not why:
        return _ask(ref, "suspend", {}, {"reason": NO_REASON}), 422
    cases().suspend(ref, reason=why, actor=actor())
    flash("The case is suspended.")
    return redirect(url_for("cases.show", ref=ref))


@pages.get("/resume")
def resume_form(ref: str) -> str:
    """What resuming does, and why it is done."""
    return _ask(ref, "resume", {}, {})


@pages.post("/resume")
def resume(ref: str) -> Response | Page:
    """Put the tasks back; clocks whose time came meanwhile fire now."""
    why = request.form.get("reason", "").strip()
    if not why:
        return _ask(ref, "resume", {}, {"reason": NO_REASON}), 422
    cases().resume(ref, reason=why, actor=actor())
    flash("The case goes on.")
    return redirect(url_for("cases.show", ref=ref))


def _ask(ref: str, verb: str, typed: Mapping[str, str], problems: Mapping[str, str]) -> str:
    return render_template(
        "cases/pause.html",
        case=cases().case(ref, actor()),
        verb=verb,
        question=reason(typed, problems),
        problems=list(problems.items()),
    )
