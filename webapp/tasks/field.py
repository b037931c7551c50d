"""One question as HTML, by the components of GOV.UK Frontend."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from webapp.components import components

if TYPE_CHECKING:
    from webapp.tasks.questions import Choice, Question

Params = dict[str, object]
DATE_PARTS = ("day", "month", "year")
#: Up to here the count of characters is always shown, beyond it near the end only.
ALWAYS_COUNTED = 2_000


def field(question: Question) -> Markup:
    """The question with its hint, its error, what was typed, and the questions it reveals."""
    macro, params = _PARTS[question.kind](question)
    if question.hint:
        params["hint"] = {"text": question.hint}
    if question.error:
        params["errorMessage"] = {"text": question.error}
    return components()[macro](params)


def _words(question: Question) -> str:
    return f"{question.label} {question.suffix}".strip()


def _one_input(question: Question) -> Params:
    return {
        "id": question.id,
        "name": question.id,
        "value": question.texts[0],
        "label": {"text": _words(question), "classes": "govuk-label--s"},
    }


def _fieldset(question: Question) -> Params:
    legend = {"text": _words(question), "classes": "govuk-fieldset__legend--s"}
    return {"fieldset": {"legend": legend}}


def _string(question: Question) -> tuple[str, Params]:
    return "govukInput", _one_input(question)


def _long(question: Question) -> tuple[str, Params]:
    extra: Params = {"inputmode": "numeric", "classes": "govuk-input--width-5", "spellcheck": False}
    return "govukInput", _one_input(question) | extra


def _text(question: Question) -> tuple[str, Params]:
    most = question.most or 0
    threshold = 0 if most <= ALWAYS_COUNTED else 75
    extra: Params = {"maxlength": most, "threshold": threshold, "rows": 5}
    return "govukCharacterCount", _one_input(question) | extra


def _list(question: Question) -> tuple[str, Params]:
    return "govukTextarea", _one_input(question) | {"rows": 4}


def _date(question: Question) -> tuple[str, Params]:
    wrong = " govuk-input--error" if question.error else ""
    items = [
        {"name": name, "value": text, "classes": f"govuk-input--width-{width}{wrong}"}
        for name, text, width in zip(DATE_PARTS, question.texts, (2, 2, 4), strict=True)
    ]
    extra: Params = {"id": question.id, "namePrefix": question.id, "items": items}
    return "govukDateInput", _fieldset(question) | extra


def _radios(question: Question) -> tuple[str, Params]:
    reveals = any(choice.reveals for choice in question.choices)
    inline = question.is_yes_or_no and not reveals
    extra: Params = {
        "name": question.id,
        "idPrefix": question.id,
        "items": [_item(choice) for choice in question.choices],
        "classes": "govuk-radios--inline" if inline else "",
    }
    return "govukRadios", _fieldset(question) | extra


def _checkboxes(question: Question) -> tuple[str, Params]:
    extra: Params = {
        "name": question.id,
        "idPrefix": question.id,
        "items": [_item(choice) for choice in question.choices],
    }
    return "govukCheckboxes", _fieldset(question) | extra


def _select(question: Question) -> tuple[str, Params]:
    items: list[Params] = [{"value": "", "text": "Choose one"}]
    items += [
        {"value": choice.value, "text": choice.text, "selected": choice.chosen}
        for choice in question.choices
    ]
    return "govukSelect", _one_input(question) | {"items": items, "value": None}


def _item(choice: Choice) -> Params:
    item: Params = {"value": choice.value, "text": choice.text, "checked": choice.chosen}
    if choice.reveals:
        item["conditional"] = {"html": Markup().join(field(each) for each in choice.reveals)}
    return item


_PARTS = {
    "string": _string,
    "long": _long,
    "text": _text,
    "list": _list,
    "date": _date,
    "radios": _radios,
    "checkboxes": _checkboxes,
    "select": _select,
}
