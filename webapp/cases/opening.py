"""Reporting an incident: a new case."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, redirect, render_template, request, url_for

from engine.errors import InvalidAnswers
from webapp.accounts.signin import actor, cases
from webapp.tasks.questions import Choice, choice, line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from werkzeug import Response

    from engine.service import AreaView, StartForm

    Page = tuple[str, int]

pages = Blueprint("opening", __name__, url_prefix="/report")
LONGEST_TITLE = 100
AREA_QUESTION = "Which local authority reports the incident?"
#: Working Together 2018, chapter 4: the duty to notify, limbs (a) and (b).
AREA_HINT = (
    "The authority in whose area the child died or was harmed. If that was outside England: the "
    "authority in whose area the child normally lives"
)
TITLE_HINT = (
    "Everybody who may see the case reads it. Use no names, dates of birth or addresses. "
    "For example: Serious injury of an infant at home"
)


def my_areas() -> tuple[AreaView, ...]:
    """Where this person may open a case: wherever they have a role."""
    return tuple(area for area in cases().areas() if actor().may_see(area.code))


@pages.get("")
def form() -> str:
    """What happened where, in plain words without names."""
    return _page({}, {})


@pages.post("")
def open_case() -> Response | Page:
    """Open the case and begin with its first task."""
    typed = {name: request.form.get(name, "").strip() for name in ("area", "process", "title")}
    try:
        _check(typed)
    except InvalidAnswers as wrong:
        return _page(typed, wrong.problems), 422
    outcome = cases().open_case(
        typed["process"], area=typed["area"], title=typed["title"], actor=actor()
    )
    first = next((row for row in outcome.opened if actor().may_work(row.role, row.area)), None)
    if first is None:
        return redirect(url_for("cases.show", ref=outcome.ref))
    return redirect(url_for("tasks.show", task_id=first.id))


def _page(typed: dict[str, str], problems: dict[str, str]) -> str:
    areas, starts = my_areas(), cases().startable()
    return render_template(
        "cases/report.html",
        questions=(
            choice("process", "What do you want to report?", _starts(starts, typed), problems),
            choice("area", AREA_QUESTION, _areas(areas, typed), problems, AREA_HINT),
            line("title", "Short title", typed, problems, hint=TITLE_HINT),
        ),
        problems=list(problems.items()),
    )


def _starts(starts: Sequence[StartForm], typed: dict[str, str]) -> list[Choice]:
    """With one answer only, it is chosen already."""
    only = len(starts) == 1
    return [
        Choice(each.process, each.title, only or typed.get("process") == each.process)
        for each in starts
    ]


def _areas(areas: Sequence[AreaView], typed: dict[str, str]) -> list[Choice]:
    only = len(areas) == 1
    return [Choice(each.code, each.name, only or typed.get("area") == each.code) for each in areas]


def _check(typed: dict[str, str]) -> None:
    problems = {}
    if typed["process"] not in {start.process for start in cases().startable()}:
        problems["process"] = "Select what you want to report"
    if typed["area"] not in {area.code for area in my_areas()}:
        problems["area"] = "Select the authority that reports the incident"
    if not typed["title"]:
        problems["title"] = "Enter a short title without names"
    elif len(typed["title"]) > LONGEST_TITLE or not typed["title"].isprintable():
        problems["title"] = f"The title must be one line of {LONGEST_TITLE} characters or fewer"
    if problems:
        raise InvalidAnswers(problems)
