"""The fields of a form: what is asked, and what the answer may be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.definition import Function, Value

TYPES = ("string", "text", "long", "boolean", "date", "enum", "choices", "areas", "list")
#: Types whose value is a list; their empty value is the empty list, that of the others None.
LISTS = frozenset({"choices", "areas", "list"})
#: How long an answer may be when the diagram says nothing.
MOST_CHARACTERS = {"string": 200, "text": 10_000}
MOST_ENTRIES = 50


@dataclass(frozen=True, slots=True)
class Option:
    """One of the listed answers: what is stored, and what people read."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Field:
    """One question. `minimum` and `maximum` bound a number, or the entries of a list."""

    id: str
    label: str
    type: str
    required: bool = False
    default: str = ""
    options: tuple[Option, ...] = ()
    minimum: int | None = None
    maximum: int | None = None
    min_length: int | None = None
    max_length: int | None = None
    not_before: str | None = None  # "today", a fact, or a field of the same form
    not_after: str | None = None
    hint: str = ""
    group: str = ""
    show_if: str = ""
    law: tuple[str, ...] = ()
    meets: str | None = None  # the deadline rules of which this date is the proof, with spaces
    line: int = 1

    @property
    def empty(self) -> Value:
        """Its value when nobody answers."""
        return [] if self.type in LISTS else None

    @property
    def proves(self) -> tuple[str, ...]:
        """The rules `meets` names, one by one."""
        return tuple((self.meets or "").split())

    @property
    def inputs(self) -> tuple[str, ...]:
        """The names of its inputs on the page."""
        if self.type == "date":
            return (self.id, f"{self.id}-day", f"{self.id}-month", f"{self.id}-year")
        return (self.id,)


@dataclass(frozen=True, slots=True)
class Known:
    """What is known when a form is read: variables and facts, words for them, other areas."""

    values: Mapping[str, Value] = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)
    areas: Mapping[str, str] = field(default_factory=dict)  # code -> name
    functions: Mapping[str, Function] = field(default_factory=dict)
