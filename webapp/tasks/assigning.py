"""Giving a task to somebody of its team."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, render_template, request, url_for

from engine.errors import NotAllowed
from webapp.accounts.signin import actor, cases, people
from webapp.tasks.questions import Choice, choice, reason

if TYPE_CHECKING:
    from collections.abc import Mapping

    from werkzeug import Response

    from engine.service import Actor, TaskPage

    Page = tuple[str, int]

pages = Blueprint("assigning", __name__, url_prefix="/tasks/<row:task_id>/assign")


@pages.get("")
def form(task_id: int) -> str:
    """To whom, and why."""
    return _ask(_task(task_id), {}, {})


@pages.post("")
def assign(task_id: int) -> Response | Page:
    """Give the task to the person chosen, also when another has it."""
    page = _task(task_id)
    typed = {name: request.form.get(name, "").strip() for name in ("to", "reason")}
    chosen = next((each for each in _team(page) if each.id == typed["to"]), None)
    problems = {}
    if chosen is None:
        problems["to"] = "Select who is to do the task"
    if not typed["reason"]:
        problems["reason"] = "Give a reason: it is kept with the change"
    if chosen is None or problems:
        return _ask(page, typed, problems), 422
    cases().assign(task_id, to=chosen, reason=typed["reason"], actor=actor())
    flash(f"{page.task.name}: given to {chosen.name}.")
    return redirect(url_for("cases.show", ref=page.task.case_ref))


def _task(task_id: int) -> TaskPage:
    """The task, for those who may work it; names of a team are told to nobody else."""
    page = cases().task(task_id, actor())
    if not page.may_work:
        raise NotAllowed(f"This task is for {page.task.role_title}")
    return page


def _team(page: TaskPage) -> list[Actor]:
    """Everybody who may do the task but whoever has it; a free one is simply taken for oneself."""
    has_it = page.task.assignee or actor().id
    known = (cases().actor(one.person_id, one.name, one.grants) for one in people().everyone())
    may = (each for each in known if each.may_work(page.task.role, page.task.area))
    return [each for each in may if each.id != has_it]


def _ask(page: TaskPage, typed: Mapping[str, str], problems: Mapping[str, str]) -> str:
    team = [Choice(each.id, each.name, typed.get("to") == each.id) for each in _team(page)]
    questions = (
        choice("to", "Who is to do it?", team, problems),
        reason(typed, problems),
    )
    return render_template(
        "tasks/assign.html",
        page=page,
        team=team,
        questions=questions,
        problems=list(problems.items()),
    )
