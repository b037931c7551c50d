"""A fact of a case as a question of one field, so that it is asked and checked like any other."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from engine.diagrams.forms import Field, Form, Known
from engine.errors import NotFound
from webapp.published import published
from webapp.tasks.questions import sections, summary

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.service import CaseView, FactView
    from webapp.tasks.questions import Question

#: Facts with several entries are changed by the task that asks for them.
ONE_VALUE = frozenset({"string", "text", "long", "boolean", "date", "enum"})


def fact_of(case: CaseView, name: str) -> FactView:
    """The fact of that name; `NotFound` where this case has none that can be typed anew."""
    for fact in case.facts:
        if fact.id == name and fact.type in ONE_VALUE:
            return fact
    raise NotFound


def form_of(case: CaseView, fact: FactView) -> Form:
    """The field that asks for the fact somewhere on the diagrams, on its own and required."""
    nodes = published().numbered(case.bundle_number).bundle.nodes()
    drawn = (field for node in nodes for field in node.form.fields if field.id == fact.id)
    plain = Field(id=fact.id, label=fact.title, type=fact.type)
    field = next(drawn, plain)
    return Form((replace(field, label=fact.title, required=True, show_if="", group=""),))


def question(
    form: Form, typed: Mapping[str, Sequence[str]], problems: Mapping[str, str]
) -> tuple[Question, list[tuple[str, str]]]:
    """The question as its page shows it, and what is wrong with the answer."""
    asked = sections(form, typed, known=Known(), problems=problems)
    return asked[0].questions[0], summary(asked, problems)


def read(case: CaseView, form: Form, typed: Mapping[str, Sequence[str]]) -> str:
    """The new value as the service takes it; raises `InvalidAnswers`."""
    facts = {fact.id: fact.value for fact in case.facts}
    titles = {fact.id: fact.title for fact in case.facts}
    value = form.read(typed, Known(values=facts, titles=titles))[form.fields[0].id]
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
