"""What the expressions of a bundle read: only these answers may reach the engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.expressions import compile_cell, compile_expression, compile_script, unwrap

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from engine.definition import Function
    from engine.diagrams.model import Bundle, Node
    from engine.diagrams.tables import Decision


def routing_names(diagrams: Bundle, functions: Mapping[str, Function]) -> frozenset[str]:
    """Names read by conditions, timers, collections, role expressions, scripts and tables."""
    found: set[str] = set()
    for process in diagrams.processes.values():
        for flow in process.flows.values():
            found |= _names(flow.condition or "", functions)
    for node in diagrams.nodes():
        found |= _node(node, functions)
    for decision in diagrams.decisions.values():
        found |= set(_decision(decision, functions))
    return frozenset(found)


def _node(node: Node, functions: Mapping[str, Function]) -> set[str]:
    found: set[str] = set()
    if node.event.kind == "timer":
        found |= _names(node.event.text, functions)
    if unwrap(node.candidates) is not None:
        found |= _names(node.candidates, functions)
    if node.script:
        found |= compile_script(node.script, functions).names
    if node.multi is not None:
        for text in (node.multi.collection, node.multi.cardinality, node.multi.completion):
            found |= _names(text, functions)
    for field in node.form.fields:
        found |= _names(field.show_if, functions)
        found |= {name for name in (field.not_before, field.not_after) if name}
    return found


def _decision(decision: Decision, functions: Mapping[str, Function]) -> Iterator[str]:
    for column in decision.inputs:
        yield from _names(column.expression, functions)
    for rule in decision.rules:
        for cell in rule.inputs:
            yield from compile_cell(cell, functions).names
        for text in rule.outputs:
            yield from _names(text, functions)


def _names(text: str, functions: Mapping[str, Function]) -> frozenset[str]:
    text = unwrap(text) or text
    return compile_expression(text, functions).names if text.strip() else frozenset()
