"""Looking at cases."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, jsonify, render_template, request

from engine.errors import NotFound
from engine.service import CaseFilter
from webapp.accounts.signin import actor, cases
from webapp.cases.clocks import as_data, clock
from webapp.cases.shown import pictures, shown
from webapp.published import published
from webapp.wording import STATUSES

if TYPE_CHECKING:
    from engine.service import DeadlineView

pages = Blueprint("cases", __name__, url_prefix="/cases")
PAGE = 50


@pages.get("")
def listing() -> str:
    """Cases of this person's areas, newest first."""
    status = request.args.get("status", "open")
    filters = CaseFilter(
        status=status if status in STATUSES else None,
        overdue="overdue" in request.args,
        text=request.args.get("text", "")[:100],
    )
    page = cases().cases(actor(), filters, after=request.args.get("after"), limit=PAGE)
    areas = {area.code: area.name for area in cases().areas()}
    return render_template("cases/list.html", page=page, filters=filters, areas=areas)


@pages.get("/<ref:ref>")
def show(ref: str) -> str:
    """Everything about one case."""
    view = shown(cases().case(ref, actor()), actor())
    return render_template("cases/case.html", shown=view)


@pages.get("/<ref:ref>/deadlines/<row:number>")
def deadline(ref: str, number: int) -> str:
    """Why this date."""
    found = clock(_deadline(ref, number), published().legal_time())
    return render_template("cases/deadline.html", clock=found)


@pages.get("/<ref:ref>/deadlines/<row:number>.json")
def deadline_data(ref: str, number: int) -> Response:
    """The same for programs."""
    return jsonify(as_data(_deadline(ref, number)))


def _deadline(ref: str, number: int) -> DeadlineView:
    for view in cases().case(ref, actor()).deadlines:
        if view.id == number:
            return view
    raise NotFound


@pages.get("/<ref:ref>/map/<name:process>.svg")
def picture(ref: str, process: str) -> Response:
    """Where the case stands on one diagram, as a picture by itself."""
    for each in pictures(cases().case(ref, actor())):
        if each.process == process:
            return Response(each.svg, mimetype="image/svg+xml")
    raise NotFound
