"""The way of a case over one diagram, as its picture marks it.

The engine remembers the steps people see: tasks, sub-processes, called processes. What lies
between two of them without a person (a start, a gateway, a calculation) was passed as well.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from collections.abc import Set as AbstractSet

    from engine.diagrams.model import Node, Process

#: What the engine remembers by itself.
REMEMBERED = frozenset({"userTask", "callActivity", "subProcess"})


def standing(process: Process, here: AbstractSet[str]) -> frozenset[str]:
    """Where the work is: not the clocks and messages beside it, nor the frame around it."""
    on_the_way = {name for name in here if process.nodes[name].attached_to is None}
    frames = {process.nodes[name].scope for name in on_the_way}
    return frozenset(on_the_way - frames)


def passed(process: Process, *, here: AbstractSet[str], been: AbstractSet[str]) -> frozenset[str]:
    """The remembered steps with what lies between them."""
    known = here | been
    entered = known | {process.id} if known else known
    starts = {
        node.id
        for node in process.nodes.values()
        if node.kind == "startEvent" and node.scope in entered
    }
    beside = {node.id for node in process.nodes.values() if node.attached_to in known}
    after = _next(process, been) | beside
    ahead = _spread(process, starts | after, lambda node: [f.target for f in node.outgoing])
    before = {f.source for name in known for f in process.nodes[name].incoming}
    back = _spread(process, before, lambda node: [f.source for f in node.incoming])
    return frozenset(been | ((ahead & back) - here))


def _next(process: Process, names: Iterable[str]) -> set[str]:
    return {flow.target for name in names for flow in process.nodes[name].outgoing}


def _spread(
    process: Process, begin: Iterable[str], along: Callable[[Node], Iterable[str]]
) -> set[str]:
    """Everything reached from `begin` over steps that need nobody."""
    found: set[str] = set()
    left = list(begin)
    while left:
        node = process.nodes.get(left.pop())
        if node is None or node.id in found or node.kind in REMEMBERED:
            continue
        found.add(node.id)
        left += along(node)
    return found
