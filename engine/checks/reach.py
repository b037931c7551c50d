"""Who can be reached from where: the graph behind the rules of stage shape."""

from __future__ import annotations

from collections.abc import Iterator

from engine.diagrams.model import Process


def successors(process: Process, *, events: bool = True) -> dict[str, list[str]]:
    """Node -> the nodes its flows, and with `events` its boundary events, lead to."""
    after: dict[str, list[str]] = {node: [] for node in process.nodes}
    for node in process.nodes.values():
        after[node.id] += [f.target for f in node.outgoing if f.target in process.nodes]
        if events and node.attached_to in after:
            after[node.attached_to].append(node.id)
    return after


def reachable(
    process: Process, node_id: str, within: frozenset[str] | None = None, *, events: bool = True
) -> set[str]:
    """What lies behind the node by flows and boundary events, staying inside `within`."""
    after = successors(process, events=events)
    found: set[str] = set()
    todo = [node_id]
    while todo:
        for target in after.get(todo.pop(), ()):
            if target not in found and (within is None or target in within):
                found.add(target)
                todo.append(target)
    return found


def loops(process: Process, within: frozenset[str], *, events: bool = True) -> Iterator[list[str]]:
    """Each set of nodes that lie on one loop inside `within`, in the order of the file."""
    reach = {node: reachable(process, node, within, events=events) for node in within}
    told: set[str] = set()
    for node in process.nodes:
        if node in reach and node not in told and node in reach[node]:
            loop = [
                other for other in process.nodes if other in reach[node] and node in reach[other]
            ]
            told |= set(loop)
            yield loop
