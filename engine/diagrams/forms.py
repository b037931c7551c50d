"""Forms as drawn in `camunda:formData`, and how their answers are read and shown again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from lxml import etree

from engine.definition import Value
from engine.diagrams import answers
from engine.diagrams.extensions import extensions_of, line_of
from engine.diagrams.fields import TYPES, Field, Known, Option
from engine.diagrams.words import CAMUNDA

__all__ = ["Field", "Form", "Known", "Option", "Strange", "form_of"]

_NUMBERS = {
    "min": "minimum",
    "max": "maximum",
    "minlength": "min_length",
    "maxlength": "max_length",
}
_NAMES = ("not_before", "not_after")
_Say = Callable[[str, str], None]
_PROPERTIES = frozenset({"hint", "group", "show_if", "law", "meets"})


@dataclass(frozen=True, slots=True)
class Strange:
    """Something written in a form that means nothing here; the checks report it under `rule`."""

    rule: str
    field: str
    words: str
    line: int


@dataclass(frozen=True, slots=True)
class Form:
    """The questions of one task, in the order drawn."""

    fields: tuple[Field, ...] = ()
    strange: tuple[Strange, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.fields)

    @property
    def groups(self) -> tuple[tuple[str, tuple[Field, ...]], ...]:
        """Heading and fields, in the order in which the headings first appear."""
        headings = dict.fromkeys(each.group for each in self.fields)
        return tuple(
            (heading, tuple(each for each in self.fields if each.group == heading))
            for heading in headings
        )

    def field(self, field_id: str) -> Field:
        """The field of that id; KeyError if there is none."""
        return {each.id: each for each in self.fields}[field_id]

    def read(
        self, typed: Mapping[str, Sequence[str]], known: Known | None = None
    ) -> dict[str, Value]:
        """The values of all fields; raises `InvalidAnswers` with every problem.

        `typed` is what a browser sent, the form's own inputs only; an input of no field is a
        problem of its own. A field hidden by its `show_if` has the empty value, whatever was
        typed: a question that does not apply has no answer, nor does an earlier one linger.
        """
        return answers.read(self.fields, typed, known or Known())

    def typed(self, values: Mapping[str, Value]) -> dict[str, list[str]]:
        """What the inputs show for these values; a field without a value shows its default."""
        return {
            name: shown
            for each in self.fields
            for name, shown in answers.shown(each, values).items()
        }

    def visible(self, values: Mapping[str, Value], known: Known | None = None) -> tuple[Field, ...]:
        """The fields that apply when the form's answers are `values`."""
        return answers.visible(self.fields, values, known or Known())


def form_of(element: etree._Element) -> Form:
    """The form of a task or start event as drawn; an empty form if there is none."""
    strange: list[Strange] = []
    fields = tuple(_field(entry, strange) for entry in extensions_of(element, "formField"))
    return Form(fields, tuple(strange))


def _field(entry: etree._Element, strange: list[Strange]) -> Field:
    field_id, line = entry.get("id") or "", line_of(entry)

    def odd(rule: str, words: str) -> None:
        strange.append(Strange(rule, field_id, words, line))

    kind = entry.get("type") or ""
    if kind not in TYPES:
        odd("form-type-unknown", f"its type is “{kind}”; known are {', '.join(TYPES)}")
    properties = {p.get("id") or "": p.get("value") or "" for p in entry.iter(CAMUNDA + "property")}
    for name in sorted(properties.keys() - _PROPERTIES):
        odd("form-word-unknown", f"the property “{name}” means nothing here")
    limits = _limits(entry, odd)
    return Field(
        id=field_id,
        label=" ".join((entry.get("label") or "").split()),
        type=kind,
        required=any(
            c.get("name") == "required" and c.get("config") != "false"
            for c in entry.iter(CAMUNDA + "constraint")
        ),
        default=entry.get("defaultValue") or "",
        options=tuple(
            Option(v.get("id") or "", v.get("name") or v.get("id") or "")
            for v in entry.findall(CAMUNDA + "value")
        ),
        minimum=limits.get("minimum"),
        maximum=limits.get("maximum"),
        min_length=limits.get("min_length"),
        max_length=limits.get("max_length"),
        not_before=_other(entry, "not_before"),
        not_after=_other(entry, "not_after"),
        hint=properties.get("hint", ""),
        group=properties.get("group", ""),
        show_if=properties.get("show_if", "").strip(),
        law=tuple(properties.get("law", "").split()),
        meets=properties.get("meets") or None,
        line=line,
    )


def _limits(entry: etree._Element, odd: _Say) -> dict[str, int]:
    found: dict[str, int] = {}
    for name, config in _constraints(entry):
        if name in _NUMBERS:
            try:
                found[_NUMBERS[name]] = int(config)
            except ValueError:
                odd("form-limit", f"{name} is “{config}”, not a whole number")
        elif name != "required" and name not in _NAMES:
            odd("form-word-unknown", f"the constraint “{name}” means nothing here")
    return found


def _constraints(entry: etree._Element) -> Iterator[tuple[str, str]]:
    for constraint in entry.iter(CAMUNDA + "constraint"):
        yield constraint.get("name") or "", (constraint.get("config") or "").strip()


def _other(entry: etree._Element, name: str) -> str | None:
    return next((config for word, config in _constraints(entry) if word == name and config), None)
