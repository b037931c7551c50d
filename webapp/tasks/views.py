"""Doing one task: every address begins with its number."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, render_template, request, url_for

from engine.errors import Conflict, InvalidAnswers, Refused
from processes.words import listed
from webapp.accounts.signin import actor, cases
from webapp.resend import filled, form_version, typed_fields
from webapp.tasks.questions import Choice, choice, reason
from webapp.tasks.shown import shown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from werkzeug import Response

    from engine.service import InboxRow, Outcome, TaskPage

    Page = tuple[str, int]

pages = Blueprint("tasks", __name__, url_prefix="/tasks/<row:task_id>")


@pages.get("")
def show(task_id: int) -> str:
    """The form with what was typed last, or what was answered."""
    view = shown(cases().task(task_id, actor()))
    return render_template("tasks/task.html", shown=view)


@pages.post("")
def complete(task_id: int) -> Response | Page:
    """Hand the form in. What was typed comes back with every refusal."""
    typed = typed_fields(request.form)
    try:
        outcome = cases().complete(
            task_id, version=form_version(request.form), actor=actor(), typed=typed
        )
    except InvalidAnswers as wrong:
        view = shown(cases().task(task_id, actor()), typed, problems=wrong.problems)
        return render_template("tasks/task.html", shown=view), 422
    except (Conflict, Refused) as reason:
        return _overtaken(task_id, typed, str(reason)), 409
    return _next(outcome)


def _next(outcome: Outcome) -> Response:
    """Say on the case's page what was opened by this, for whom."""
    mine = [row for row in outcome.opened if actor().may_work(row.role, row.area)]
    others = [row for row in outcome.opened if row not in mine]
    said = ["Completed."]
    if mine:
        said.append(f"Next for you: {listed([_named(row) for row in mine])}.")
    if others:
        theirs = [f"{_named(row)} ({row.role_title})" for row in others]
        said.append(f"Next for others: {listed(theirs)}.")
    flash(" ".join(said))
    return redirect(url_for("cases.show", ref=outcome.ref))


def _named(row: InboxRow) -> str:
    """As in: Sign off the rapid review: Police."""
    return f"{row.name}: {row.item}" if row.item else row.name


def _overtaken(task_id: int, typed: Mapping[str, Sequence[str]], why: str) -> str:
    """Somebody was quicker: who and when, and the form again where the task is still open."""
    page = cases().task(task_id, actor())
    if page.task.status == "open" and page.may_work:
        return render_template("tasks/task.html", shown=shown(page, typed), overtaken=why)
    return render_template("tasks/overtaken.html", page=page, why=why, typed=list(filled(typed)))


@pages.post("/draft")
def save_draft(task_id: int) -> Response:
    """Keep what was typed, right or wrong, for whoever goes on."""
    cases().save_draft(task_id, typed_fields(request.form), actor=actor())
    flash("Saved. What you typed is kept until the task is completed.")
    return redirect(url_for("inbox.show"))


@pages.post("/claim")
def claim(task_id: int) -> Response:
    """Take the task, and start on it."""
    cases().claim(task_id, actor=actor())
    return redirect(url_for(".show", task_id=task_id))


@pages.post("/release")
def release(task_id: int) -> Response:
    """Let others of the team take it."""
    cases().release(task_id, actor=actor())
    flash("Released. Anybody in the team can take it now.")
    return redirect(url_for("inbox.show"))


@pages.get("/send-back")
def send_back_form(task_id: int) -> str:
    """To which finished task, and why."""
    return _send_back(cases().task(task_id, actor()), {}, {})


@pages.post("/send-back")
def send_back(task_id: int) -> Response | Page:
    """Put the case back on a finished task."""
    typed = {name: request.form.get(name, "").strip() for name in ("to", "reason")}
    page = cases().task(task_id, actor())
    problems = {}
    if typed["to"] not in {str(each.key) for each in page.back_to}:
        problems["to"] = "Select the task to go back to"
    if not typed["reason"]:
        problems["reason"] = "Give a reason: it is kept with the change"
    if problems:
        return _send_back(page, typed, problems), 422
    outcome = cases().send_back(task_id, int(typed["to"]), reason=typed["reason"], actor=actor())
    flash("Sent back.")
    return redirect(url_for("cases.show", ref=outcome.ref))


def _send_back(page: TaskPage, typed: Mapping[str, str], problems: Mapping[str, str]) -> str:
    back_to = [Choice(str(to.key), to.name, typed.get("to") == str(to.key)) for to in page.back_to]
    questions = (
        choice("to", "Back to which task?", back_to, problems),
        reason(typed, problems),
    )
    return render_template(
        "tasks/send_back.html", page=page, questions=questions, problems=list(problems.items())
    )
