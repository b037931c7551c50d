"""Changing a case outside its tasks: reports, corrections, an early end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, render_template, request, url_for

from engine.errors import InvalidAnswers, NotFound
from webapp.accounts.signin import actor, cases
from webapp.cases import corrections
from webapp.resend import typed_fields
from webapp.tasks.questions import Choice, choice, reason
from webapp.wording import value_in_words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from werkzeug import Response

    from engine.service import CaseView, MessageView

    Page = tuple[str, int]

pages = Blueprint("changes", __name__, url_prefix="/cases/<ref:ref>")
ENDS = {
    "withdraw": "Withdraw it: what it was opened for did not hold",
    "cancel": "Cancel it: it was opened by mistake",
}
NO_REASON = "Give a reason: it is kept with the change"


@pages.get("/report")
def message_form(ref: str) -> str:
    """What the report will do, before it does it."""
    case = cases().case(ref, actor())
    message = _message(case, request.args.get("message", ""))
    question = reason({}, {}, hint="It is kept in the record of the case.")
    return render_template("cases/message.html", case=case, message=message, question=question)


@pages.post("/report")
def report(ref: str) -> Response:
    """Report what a message of the diagram names."""
    message = _message(cases().case(ref, actor()), request.form.get("message", ""))
    why = request.form.get("reason", "").strip()
    cases().report(ref, message.key, actor=actor(), reason=why)
    flash(f"Reported: {message.name}.")
    return redirect(url_for("cases.show", ref=ref))


def _message(case: CaseView, key: str) -> MessageView:
    for message in case.messages:
        if message.key == key:
            return message
    raise NotFound


@pages.get("/facts/<name:fact>")
def fact_form(ref: str, fact: str) -> str:
    """The fact as it is known, to be typed anew."""
    case = cases().case(ref, actor())
    found = corrections.fact_of(case, fact)
    form = corrections.form_of(case, found)
    return _ask(case, fact, form.typed({fact: found.value}), {})


@pages.post("/facts/<name:fact>")
def preview_fact(ref: str, fact: str) -> str | Page:
    """Every deadline that would move, before anything is changed."""
    case = cases().case(ref, actor())
    typed = typed_fields(request.form)
    try:
        value = _typed_value(case, fact, typed)
    except InvalidAnswers as wrong:
        return _ask(case, fact, typed, wrong.problems), 422
    return _confirm(case, fact, value, {})


@pages.post("/facts/<name:fact>/confirm")
def correct_fact(ref: str, fact: str) -> Response | Page:
    """Set the fact anew, with the reason."""
    case = cases().case(ref, actor())
    value = _typed_value(case, fact, {fact: [request.form.get("value", "")]})
    why = request.form.get("reason", "").strip()
    if not why:
        return _confirm(case, fact, value, {"reason": NO_REASON}), 422
    done = cases().correct_fact(ref, fact, value, reason=why, actor=actor())
    flash(f"Corrected: {done.title}.")
    return redirect(url_for("cases.show", ref=ref))


def _confirm(case: CaseView, fact: str, value: str, problems: Mapping[str, str]) -> str:
    preview = cases().preview_fact(case.ref, fact, value, actor=actor())
    return render_template(
        "cases/fact_preview.html",
        case=case,
        preview=preview,
        value=value,
        old=value_in_words(preview.old),
        new=value_in_words(preview.new),
        question=reason({}, problems),
        problems=list(problems.items()),
    )


def _typed_value(case: CaseView, fact: str, typed: Mapping[str, Sequence[str]]) -> str:
    form = corrections.form_of(case, corrections.fact_of(case, fact))
    return corrections.read(case, form, typed)


def _ask(
    case: CaseView,
    fact: str,
    typed: Mapping[str, Sequence[str]],
    problems: Mapping[str, str],
) -> str:
    found = corrections.fact_of(case, fact)
    form = corrections.form_of(case, found)
    question, summary = corrections.question(form, typed, problems)
    return render_template(
        "cases/fact.html", case=case, fact=found, question=question, problems=summary
    )


@pages.get("/end")
def end_form(ref: str) -> str:
    """End the case early: how and why."""
    return _ask_end(cases().case(ref, actor()), {}, {})


@pages.post("/end")
def end(ref: str) -> Response | Page:
    """Withdraw the case, or cancel one opened by mistake."""
    typed = {name: request.form.get(name, "").strip() for name in ("how", "reason")}
    problems = {} if typed["how"] in ENDS else {"how": "Select how the case ends"}
    if not typed["reason"]:
        problems["reason"] = NO_REASON
    if problems:
        return _ask_end(cases().case(ref, actor()), typed, problems), 422
    verb = cases().withdraw if typed["how"] == "withdraw" else cases().cancel
    verb(ref, reason=typed["reason"], actor=actor())
    flash("The case has ended.")
    return redirect(url_for("cases.show", ref=ref))


def _ask_end(case: CaseView, typed: Mapping[str, str], problems: Mapping[str, str]) -> str:
    ways = [Choice(name, text, typed.get("how") == name) for name, text in ENDS.items()]
    questions = (choice("how", "How does it end?", ways, problems), reason(typed, problems))
    return render_template(
        "cases/end.html", case=case, questions=questions, problems=list(problems.items())
    )
