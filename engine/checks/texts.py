"""Every text of the closed language in a bundle, compiled once: where it is, what it reads."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from engine.definition import Function
from engine.diagrams.model import Bundle, Node, Process
from engine.diagrams.tables import Decision
from engine.errors import ExpressionError
from engine.expressions import (
    Call,
    compile_cell,
    compile_expression,
    compile_script,
    unwrap,
)


@dataclass(frozen=True, slots=True)
class Text:
    """`kind`: condition timer role list script show_if input cell output."""

    kind: str
    file: str
    line: int
    element: str
    title: str  # in words: the condition of the flow from “X” to “Y”
    source: str
    node: Node | None = None
    names: frozenset[str] = frozenset()
    assigns: tuple[str, ...] = ()
    calls: tuple[Call, ...] = ()
    returns: str = "value"
    trees: Mapping[str, ast.expr] | None = None  # a script's by the name assigned; else under ""
    error: ExpressionError | None = None

    @property
    def tree(self) -> ast.expr | None:
        """The syntax tree of a single expression."""
        return self.trees.get("") if self.trees else None


def texts_of(bundle: Bundle, functions: Mapping[str, Function]) -> tuple[Text, ...]:
    """All texts, diagram by diagram, then tables."""
    found: list[Text] = []
    for process in bundle.processes.values():
        for node in process.nodes.values():
            found += _of_node(process, node, functions)
    for decision in bundle.decisions.values():
        found += _of_table(decision, functions)
    return tuple(found)


def _of_node(process: Process, node: Node, functions: Mapping[str, Function]) -> Iterator[Text]:
    def text(
        kind: str, title: str, source: str, line: int = node.line, element: str = node.id
    ) -> Text:
        return _compiled(Text(kind, node.file, line, element, title, source, node), functions)

    for flow in node.outgoing:
        if flow.condition is not None:
            target = (
                process.nodes[flow.target].title if flow.target in process.nodes else flow.target
            )
            yield text(
                "condition",
                f"the condition of the flow from {node.title} to {target}",
                flow.condition,
                flow.line,
                flow.id,
            )
    if node.event.kind == "timer":
        yield text("timer", f"the timer of {node.title}", node.event.text)
    if (role := unwrap(node.candidates)) is not None:
        yield text("role", f"the candidate groups of {node.title}", role)
    if node.multi is not None and node.multi.collection:
        yield text("list", f"the list of {node.title}", node.multi.collection)
    if node.kind == "scriptTask":
        yield text("script", f"the script of {node.title}", node.script)
    for each in node.form.fields:
        if each.show_if:
            yield text(
                "show_if",
                f"“show_if” of the field {each.id} of {node.title}",
                each.show_if,
                each.line,
            )


def _of_table(decision: Decision, functions: Mapping[str, Function]) -> Iterator[Text]:
    def text(kind: str, title: str, source: str, line: int) -> Text:
        return _compiled(Text(kind, decision.file, line, decision.id, title, source), functions)

    for number, column in enumerate(decision.inputs, 1):
        yield text(
            "input", f"input {number} of the table {decision.id}", column.expression, decision.line
        )
    for number, row in enumerate(decision.rules, 1):
        for place, cell in enumerate(row.inputs, 1):
            yield text(
                "cell", f"row {number}, input {place} of the table {decision.id}", cell, row.line
            )
        for place, cell in enumerate(row.outputs, 1):
            yield text(
                "output", f"row {number}, output {place} of the table {decision.id}", cell, row.line
            )


def _compiled(text: Text, functions: Mapping[str, Function]) -> Text:
    try:
        if text.kind == "script":
            script = compile_script(text.source, functions)
            return replace(
                text,
                names=script.names,
                assigns=script.assigns,
                calls=script.calls,
                trees={name: line.tree.body for name, line in script.lines},
            )
        if text.kind == "cell":
            cell = compile_cell(text.source, functions)
            return replace(text, names=cell.names, calls=cell.calls)
        expression = compile_expression(text.source, functions)
        return replace(
            text,
            names=expression.names,
            calls=expression.calls,
            returns=expression.returns,
            trees={"": expression.tree.body},
        )
    except ExpressionError as error:
        return replace(text, error=error)
