"""A form as its page asks it: each question with what to show in it and what is wrong with it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from engine.diagrams.fields import LISTS, MOST_CHARACTERS
from engine.errors import ExpressionError
from engine.expressions import compile_expression
from processes import words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.diagrams.forms import Field, Form, Known

#: More answers than this are offered as a drop-down list.
MOST_RADIOS = 8
LONGEST_REASON = 2_000
#: A condition a browser can follow: one question of the same form has one answer.
_ANSWER_IS = re.compile(r"""(?P<id>[a-z]\w*)\s*==\s*(?P<quote>["'])(?P<answer>[^"']*)(?P=quote)""")
_YES = re.compile(r"(?P<id>[a-z]\w*)(\s*==\s*True)?")
_NO = re.compile(r"(not\s+(?P<id>[a-z]\w*)|(?P<id2>[a-z]\w*)\s*==\s*False)")


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer to choose. `reveals` are the questions asked only when it is chosen."""

    value: str
    text: str
    chosen: bool
    reveals: tuple[Question, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """One question. `anchor` is the id of its first input, where the error summary leads."""

    id: str
    kind: str  # string | text | long | date | radios | select | checkboxes | list
    label: str
    hint: str
    suffix: str  # "(optional)", or that it is asked in some cases only
    error: str
    anchor: str
    texts: tuple[str, ...] = ("",)
    choices: tuple[Choice, ...] = ()
    most: int | None = None
    law: tuple[str, ...] = ()

    @property
    def is_yes_or_no(self) -> bool:
        return {choice.value for choice in self.choices} == {"yes", "no"}


@dataclass(frozen=True, slots=True)
class Section:
    heading: str
    questions: tuple[Question, ...]


@dataclass(slots=True)
class _Page:
    form: Form
    typed: Mapping[str, Sequence[str]]
    problems: Mapping[str, str]
    known: Known
    under: dict[tuple[str, str], list[Field]] = field(default_factory=dict)

    @property
    def own(self) -> set[str]:
        return {each.id for each in self.form.fields}


def sections(
    form: Form,
    typed: Mapping[str, Sequence[str]],
    *,
    known: Known,
    problems: Mapping[str, str] | None = None,
) -> tuple[Section, ...]:
    """The questions under their headings; one that depends on an answer stands below it."""
    page = _Page(form, typed, problems or {}, known)
    open_ones = _askable(form, known)
    for each in open_ones:
        if place := _below(each, open_ones):
            page.under.setdefault(place, []).append(each)
    moved = {each.id for fields in page.under.values() for each in fields}
    return tuple(
        Section(heading, questions)
        for heading, fields in form.groups
        if (
            questions := tuple(
                _question(each, page)
                for each in fields
                if each in open_ones and each.id not in moved
            )
        )
    )


def summary(asked: Sequence[Section], problems: Mapping[str, str]) -> list[tuple[str, str]]:
    """(anchor, sentence) of every problem in the page's order; strays lead to the top."""
    anchors = {each.id: each.anchor for section in asked for each in _all(section.questions)}
    order = {name: place for place, name in enumerate(anchors)}
    return [
        (anchors.get(name, "main-content"), problems[name])
        for name in sorted(problems, key=lambda name: order.get(name, len(order)))
    ]


def _all(questions: Sequence[Question]) -> list[Question]:
    found: list[Question] = []
    for each in questions:
        found.append(each)
        for choice in each.choices:
            found += _all(choice.reveals)
    return found


def _askable(form: Form, known: Known) -> tuple[Field, ...]:
    """All fields but those the known facts rule out, whatever is answered on this page."""
    own = {each.id for each in form.fields}
    settled = [each for each in form.fields if each.show_if and not _names(each.show_if) & own]
    hidden = {each.id for each in settled} - {each.id for each in form.visible({}, known)}
    return tuple(each for each in form.fields if each.id not in hidden)


def _names(condition: str) -> frozenset[str]:
    try:
        return frozenset(compile_expression(condition, {}).names)
    except ExpressionError:  # it calls a function; the whole form decides when it is handed in
        return frozenset(re.findall(r"[a-z_]\w*", condition))


def _below(each: Field, fields: Sequence[Field]) -> tuple[str, str] | None:
    """(question, answer) under which this field is asked; None when it stands by itself."""
    before = {other.id: other for other in fields[: list(fields).index(each)]}
    condition = each.show_if.strip()
    if found := _ANSWER_IS.fullmatch(condition):
        other = before.get(found["id"])
        if other and other.type == "enum" and len(other.options) <= MOST_RADIOS:
            return other.id, found["answer"]
    for pattern, answer in ((_NO, "no"), (_YES, "yes")):
        if found := pattern.fullmatch(condition):
            groups = found.groupdict()
            other = before.get(groups.get("id") or groups.get("id2") or "")
            if other and other.type == "boolean":
                return other.id, answer
    return None


def _question(each: Field, page: _Page) -> Question:
    kind = _kind(each)
    texts = tuple(
        next(iter(page.typed.get(name, ())), "")
        for name in (each.inputs[1:] if each.type == "date" else each.inputs)
    )
    return Question(
        id=each.id,
        kind=kind,
        label=each.label,
        hint=f"{each.hint} {_earliest(each, page.known)}".strip(),
        suffix=_suffix(each, page),
        error=page.problems.get(each.id, ""),
        anchor=f"{each.id}-day" if kind == "date" else each.id,
        texts=texts or ("",),
        choices=_choices(each, page) if kind in {"radios", "select", "checkboxes"} else (),
        most=(each.max_length or MOST_CHARACTERS["text"]) if each.type == "text" else None,
        law=each.law,
    )


def _earliest(each: Field, known: Known) -> str:
    """A limit worked out by the process stands on no page, unlike a fact: the hint tells it."""
    limit = known.values.get(each.not_before or "")
    if each.not_before in known.titles or not isinstance(limit, str):
        return ""
    return f"The earliest day is {words.weekday(date.fromisoformat(limit))}."


def _suffix(each: Field, page: _Page) -> str:
    """What a browser cannot decide without scripts, the words leave to the person."""
    revealed = any(each in fields for fields in page.under.values())
    if each.show_if and not revealed and _names(each.show_if) & page.own:
        return "(if it applies)"
    return "" if each.required or each.type == "boolean" else "(optional)"


def _kind(each: Field) -> str:
    if each.type in {"boolean", "enum"}:
        return "radios" if len(each.options) <= MOST_RADIOS else "select"
    if each.type in LISTS:
        return "list" if each.type == "list" else "checkboxes"
    return each.type


def _choices(each: Field, page: _Page) -> tuple[Choice, ...]:
    chosen = set(page.typed.get(each.id, ()))
    if each.type == "boolean":
        offered = [("yes", "Yes"), ("no", "No")]
    elif each.type == "areas":
        offered = list(page.known.areas.items())
    else:
        offered = [(option.id, option.name) for option in each.options]
    return tuple(
        Choice(
            value,
            text,
            value in chosen,
            tuple(_question(below, page) for below in page.under.get((each.id, value), ())),
        )
        for value, text in offered
    )


# -- questions our own pages ask ----------------------------------------------------------------
def choice(
    name: str, label: str, choices: Sequence[Choice], problems: Mapping[str, str], hint: str = ""
) -> Question:
    """One of several, as radio buttons."""
    return _own(name, label, "radios", problems, hint=hint, choices=tuple(choices))


def reason(typed: Mapping[str, str], problems: Mapping[str, str], hint: str = "") -> Question:
    """Why: asked wherever something is changed outside the ordinary way."""
    return _own("reason", "Why", "text", problems, hint=hint, texts=(typed.get("reason", ""),))


def line(
    name: str, label: str, typed: Mapping[str, str], problems: Mapping[str, str], hint: str = ""
) -> Question:
    """One line of text."""
    return _own(name, label, "string", problems, hint=hint, texts=(typed.get(name, ""),))


def _own(
    name: str,
    label: str,
    kind: str,
    problems: Mapping[str, str],
    *,
    hint: str,
    texts: tuple[str, ...] = ("",),
    choices: tuple[Choice, ...] = (),
) -> Question:
    return Question(
        id=name,
        kind=kind,
        label=label,
        hint=hint,
        suffix="",
        error=problems.get(name, ""),
        anchor=name,
        texts=texts,
        choices=choices,
        most=LONGEST_REASON,
    )
