"""What may come after a task, read off the diagram: through gateways to the next work."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.service.views import NextStep

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.diagrams.model import Flow, Node, Process
    from engine.service.desk import Desk

_PASSED_THROUGH = frozenset(
    {
        "exclusiveGateway",
        "parallelGateway",
        "inclusiveGateway",
        "scriptTask",
        "businessRuleTask",
        "intermediateThrowEvent",
    }
)


def next_steps(desk: Desk, process: Process, node: Node) -> tuple[NextStep, ...]:
    """Each element once, in the order drawn; the answers on the way as `when`."""
    found: dict[str, NextStep] = {}
    for flow, when in _ahead(process, node):
        target = process.nodes.get(flow.target)
        if target is not None and target.id not in found:
            found[target.id] = NextStep(
                target.id,
                target.name or target.id,
                target.kind,
                _role_title(desk, target),
                " · ".join(when) or None,
            )
    return tuple(found.values())


def _ahead(process: Process, node: Node) -> Iterator[tuple[Flow, tuple[str, ...]]]:
    todo: list[tuple[Node, tuple[str, ...]]] = [(node, ())]
    seen = {node.id}
    while todo:
        at, when = todo.pop(0)
        for flow in at.outgoing:
            said = (*when, flow.name) if flow.name else when
            target = process.nodes.get(flow.target)
            if target is None or target.kind not in _PASSED_THROUGH:
                yield flow, said
            elif target.id not in seen:
                seen.add(target.id)
                todo.append((target, said))


def _role_title(desk: Desk, node: Node) -> str | None:
    if node.kind != "userTask":
        return None
    if node.candidates and not node.candidates.startswith("${"):
        return desk.role_title(node.candidates)
    return node.lane
