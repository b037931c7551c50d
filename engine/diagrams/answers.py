"""From what a browser sent to values, and back. Here every answer is checked.

Messages follow the pattern of GOV.UK error messages: they name the question and say what to do.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date

from engine import clock
from engine.definition import Value
from engine.diagrams import dates
from engine.diagrams.fields import LISTS, MOST_CHARACTERS, MOST_ENTRIES, Field, Known
from engine.diagrams.wording import enter, subject
from engine.errors import ExpressionError, InvalidAnswers
from engine.expressions import compile_expression

_INTEGER = re.compile(r"[+-]?[0-9]{1,15}")
_YES = {"yes": True, "true": True, "no": False, "false": False}
#: Marks that turn the direction of writing around; a name in any script is right without them.
_DIRECTION = {ord(mark): None for mark in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"}


class _WrongError(Exception):
    """One sentence about one answer."""


def read(
    fields: Sequence[Field], typed: Mapping[str, Sequence[str]], known: Known
) -> dict[str, Value]:
    """The values of all fields; raises `InvalidAnswers` naming every problem at once."""
    problems: dict[str, str] = {}
    values: dict[str, Value] = {}
    for each in fields:
        try:
            values[each.id] = _value(each, typed, known)
        except _WrongError as wrong:
            problems[each.id] = str(wrong)
            values[each.id] = each.empty
    shown = {each.id for each in visible(fields, values, known)}
    for each in fields:
        if each.id not in shown:
            values[each.id] = each.empty
            problems.pop(each.id, None)
        elif each.required and values[each.id] in (None, []):
            problems.setdefault(each.id, enter(each))
    for each in fields:
        if each.type == "date" and each.id in shown and each.id not in problems:
            _order(each, fields, values, known, problems)
    problems |= _not_asked(fields, typed)
    if problems:
        raise InvalidAnswers(problems)
    return values


def visible(
    fields: Sequence[Field], values: Mapping[str, Value], known: Known
) -> tuple[Field, ...]:
    """The fields whose `show_if` holds; a hidden field counts as unanswered for those after it."""
    now = {**known.values, **{each.id: each.empty for each in fields}}
    now |= {each.id: values[each.id] for each in fields if each.id in values}
    found = []
    for each in fields:
        if each.show_if and not _holds(each.show_if, now, known):
            now[each.id] = each.empty
        else:
            found.append(each)
    return tuple(found)


def shown(field: Field, values: Mapping[str, Value]) -> dict[str, list[str]]:
    """What the field's inputs show for these values."""
    value = values.get(field.id)
    if value is None:
        value = field.default or None
    if field.type == "date":
        return dates.parts(field.id, str(value) if value else "")
    if value is None:
        return {field.id: []}
    if field.type == "boolean":
        return {field.id: ["yes" if value in (True, "true", "yes") else "no"]}
    if isinstance(value, list):
        texts = [str(entry) for entry in value]
        return {field.id: ["\n".join(texts)] if field.type == "list" else texts}
    return {field.id: [str(value)]}


def _holds(condition: str, values: Mapping[str, Value], known: Known) -> bool:
    try:
        expression = compile_expression(condition, known.functions)
        unknown: dict[str, Value] = dict.fromkeys(expression.names)
        return bool(expression.evaluate({**unknown, **values}))
    except ExpressionError:
        return True  # asking once too often loses nothing; the checks refuse what cannot be read


def _value(field: Field, typed: Mapping[str, Sequence[str]], known: Known) -> Value:
    if field.type == "date":
        return _date(field, typed)
    texts = [_clean(field, text) for text in typed.get(field.id, ())]
    if field.type in LISTS:
        return _several(field, texts, known)
    if len(texts) > 1:
        raise _WrongError(f"{subject(field)} must have one answer only")
    text = texts[0].strip() if texts else ""
    return _single(field, text) if text else None


def _single(field: Field, text: str) -> Value:
    if field.type == "long":
        return _number(field, text)
    if field.type == "boolean":
        if text not in _YES:
            raise _WrongError(enter(field))
        return _YES[text]
    if field.type == "enum":
        return _listed(field, text, [option.id for option in field.options])
    return _words(field, text)


def _clean(field: Field, text: str) -> str:
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = text.translate(_DIRECTION)
    if any(unicodedata.category(c) in ("Cc", "Cs") and c not in "\n\t" for c in text):
        raise _WrongError(f"{subject(field)} must not contain invisible control characters")
    return text


def _words(field: Field, text: str) -> str:
    if field.type == "string":
        text = " ".join(text.split())
    most = field.max_length or MOST_CHARACTERS.get(field.type, 200)
    if len(text) > most:
        raise _WrongError(
            f"{subject(field)} must be {most:,} characters or less; it is "
            f"{len(text) - most:,} too long"
        )
    if field.min_length and len(text) < field.min_length:
        raise _WrongError(f"{subject(field)} must be {field.min_length:,} characters or more")
    return text


def _number(field: Field, text: str) -> int:
    text = text.replace("\u2212", "-")
    if not _INTEGER.fullmatch(text):
        raise _WrongError(f"{subject(field)} must be a whole number, like 12")
    number, low, high = int(text), field.minimum, field.maximum
    if low is not None and high is not None and not low <= number <= high:
        raise _WrongError(f"{subject(field)} must be between {low} and {high}")
    if low is not None and number < low:
        raise _WrongError(f"{subject(field)} must be {low} or more")
    if high is not None and number > high:
        raise _WrongError(f"{subject(field)} must be {high} or less")
    return number


def _listed(field: Field, text: str, allowed: Sequence[str]) -> str:
    if text not in allowed:
        raise _WrongError(f"{subject(field)} must be one of the answers listed")
    return text


def _several(field: Field, texts: Sequence[str], known: Known) -> Value:
    if field.type == "list":
        entries = [" ".join(line.split()) for text in texts for line in text.split("\n")]
        entries = [entry for entry in entries if entry]
        longest = field.max_length or MOST_CHARACTERS["string"]
        for entry in entries:
            if len(entry) > longest:
                raise _WrongError(
                    f"{subject(field)} must have at most {longest} characters a line; "
                    f"one has {len(entry):,}"
                )
    else:
        allowed = known.areas if field.type == "areas" else [option.id for option in field.options]
        entries = [_listed(field, text.strip(), list(allowed)) for text in texts if text.strip()]
    if twice := next((entry for entry in entries if entries.count(entry) > 1), None):
        raise _WrongError(f"{subject(field)} must name “{twice}” once only")
    return list(_counted(field, entries))


def _counted(field: Field, entries: list[str]) -> list[str]:
    most = MOST_ENTRIES if field.maximum is None else field.maximum
    if len(entries) > most:
        raise _WrongError(f"{subject(field)} must have {most} entries or fewer")
    if entries and field.minimum is not None and len(entries) < field.minimum:
        raise _WrongError(f"{subject(field)} must have {field.minimum} entries or more")
    return entries


def _date(field: Field, typed: Mapping[str, Sequence[str]]) -> str | None:
    for name in field.inputs:
        if len(typed.get(name, ())) > 1:
            raise _WrongError(f"{subject(field)} must have one answer only")
    given = [next(iter(typed.get(name, ())), "").strip() for name in field.inputs]
    try:
        return dates.read(given[0], given[1:])
    except dates.NotADateError as wrong:
        raise _WrongError(f"{subject(field)} {wrong}") from None


def _order(
    field: Field,
    fields: Sequence[Field],
    values: Mapping[str, Value],
    known: Known,
    problems: dict[str, str],
) -> None:
    value = values[field.id]
    labels = {**known.titles, **{each.id: each.label for each in fields}}
    for other, before in ((field.not_before, False), (field.not_after, True)):
        if not isinstance(value, str) or other is None:
            continue
        limit = (
            clock.today().isoformat() if other == "today" else {**known.values, **values}.get(other)
        )
        if not isinstance(limit, str) or (value <= limit if before else value >= limit):
            continue
        if other == "today":
            words = "today or in the past" if before else "today or in the future"
        else:
            words = (
                f"the same as or {'before' if before else 'after'} "
                f"{dates.words(date.fromisoformat(limit))}"
            )
            words += f", “{labels[other]}”" if other in labels else ""  # a script's has no words
        problems.setdefault(field.id, f"{subject(field)} must be {words}")


def _not_asked(fields: Sequence[Field], typed: Mapping[str, Sequence[str]]) -> dict[str, str]:
    asked = {name for each in fields for name in each.inputs}
    return {
        name: f"“{name[:60]}” is not a question of this form" for name in typed if name not in asked
    }
