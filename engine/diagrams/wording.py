"""How a message names a question."""

from __future__ import annotations

from engine.diagrams.fields import Field

_SELECT = frozenset({"boolean", "enum", "choices", "areas"})
#: Words which may be written small inside a sentence; any other first word may be a name.
_ORDINARY = frozenset(
    {
        "a",
        "an",
        "address",
        "agencies",
        "answer",
        "any",
        "child's",
        "comments",
        "criteria",
        "date",
        "decision",
        "describe",
        "description",
        "details",
        "grounds",
        "how",
        "name",
        "names",
        "number",
        "other",
        "outcome",
        "reason",
        "reasons",
        "reference",
        "summary",
        "the",
        "their",
        "title",
        "what",
        "when",
        "where",
        "whether",
        "which",
        "who",
        "why",
        "your",
    }
)
_ARTICLE = frozenset(
    {"date", "name", "reason", "reasons", "number", "reference", "summary", "decision"}
)


def subject(field: Field) -> str:
    """The question as the subject of a sentence."""
    label = field.label or field.id
    return f"The answer to “{label}”" if label.endswith("?") else label


def enter(field: Field) -> str:
    """What to do about a question that was left empty."""
    label = field.label or field.id
    verb = "Select" if field.type in _SELECT else "Enter"
    if label.endswith("?"):
        what = {"boolean": "yes or no", "date": "a date"}.get(field.type, "an answer")
        return f"{verb} {what}: {label}"
    first = label.split()[0].lower()
    if field.type == "boolean":
        return f"Select yes or no: {label}"
    if first not in _ORDINARY:
        return f"{verb} {label}"
    article = "the " if first in _ARTICLE else ""
    return f"{verb} {article}{label[0].lower()}{label[1:]}"
