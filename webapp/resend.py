"""What was typed, in a shape that survives every refusal."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from werkzeug.datastructures import MultiDict

#: Names our own forms add; everything else is a person's text.
OURS = frozenset({"csrf_token", "version", "do"})
#: Digits of the largest version a case can have.
LONGEST = 9


def typed_fields(form: MultiDict[str, str]) -> dict[str, list[str]]:
    """Every field a person filled in, with all its texts; our own names are left out."""
    return {name: texts for name, texts in form.lists() if name not in OURS}


def filled(typed: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, str]]:
    """(name, text) of every text that is not empty."""
    for name, texts in typed.items():
        for text in texts:
            if text.strip():
                yield name, text


def form_version(form: MultiDict[str, str]) -> int:
    """The version of the case the form was made for; one that never fits where it is missing."""
    text = form.get("version", "")
    return int(text) if text.isdecimal() and text.isascii() and len(text) <= LONGEST else -1
