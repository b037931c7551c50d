"""Which element serves which duty, and which duty is served by none: the matrix both ways."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.definition import Duty, ProcessDefinition
from engine.diagrams.model import Bundle, Node


@dataclass(frozen=True, slots=True)
class Served:
    """A duty and the elements that serve it; `waived` is the reason why none has to."""

    duty: Duty
    elements: tuple[Node, ...]
    waived: str | None

    @property
    def is_open(self) -> bool:
        """Whether nothing serves it and nobody waived it."""
        return not self.elements and self.waived is None


def coverage(bundle: Bundle, definition: ProcessDefinition) -> tuple[Served, ...]:
    """Every duty of the register, in its order, with the elements that name it."""
    elements: dict[str, list[Node]] = {duty: [] for duty in definition.duties}
    for node in bundle.nodes():
        for duty in duties_of(node):
            elements.setdefault(duty, []).append(node)
    return tuple(
        Served(duty, tuple(elements[duty.id]), definition.waived.get(duty.id))
        for duty in definition.duties.values()
    )


def duties_of(node: Node) -> tuple[str, ...]:
    """The duties an element names, on itself or on a field of its form."""
    fields = (duty for field in node.form.fields for duty in field.law)
    return tuple(dict.fromkeys((*node.law, *fields)))


def as_markdown(bundle: Bundle, definition: ProcessDefinition) -> str:
    """The page docs/law-coverage.md."""
    rows = [_duty_row(served) for served in coverage(bundle, definition)]
    steps = [
        _element_row(node, definition.duties)
        for process in sorted(bundle.processes.values(), key=lambda each: each.id)
        for node in process.nodes.values()
        if duties_of(node)
    ]
    return _PAGE.format(duties="\n".join(rows), steps="\n".join(steps))


_PAGE = """# The law and the diagrams

Written from the duty register and the diagrams; do not edit.

## Each duty, and what serves it

| duty | says | force | served by |
|---|---|---|---|
{duties}

## Each element, and the duties it serves

| process | element | duties |
|---|---|---|
{steps}
"""


def _duty_row(served: Served) -> str:
    by = ", ".join(f"{_cell(node.title)} ({node.process})" for node in served.elements)
    waived = f"waived: {_cell(served.waived)}" if served.waived else ""
    duty = served.duty
    words = "; ".join(each for each in (by, waived) if each) or "**nothing**"
    return f"| {duty.id} | {_cell(duty.title)} | {duty.force} | {words} |"


def _element_row(node: Node, duties: Mapping[str, Duty]) -> str:
    named = "; ".join(
        f"{duty} {_cell(duties[duty].title)}" if duty in duties else duty
        for duty in duties_of(node)
    )
    return f"| {node.process} | {_cell(node.title)} | {named} |"


def _cell(text: str) -> str:
    return text.replace("|", "/").replace("\n", " ")
