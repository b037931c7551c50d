"""Who can be reached from where: the graph behind the rules of stage shape."""

from __future__ import annotations

from collections.abc import Iterator

from engine.diagrams.model import Bundle, Node, Process
from engine.diagrams.words import WAITING


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


def never_waiting(bundle: Bundle, process: Process) -> frozenset[str]:
    """The nodes a token can pass without waiting for a person, a date or a message."""
    return frozenset(
        node.id
        for node in process.nodes.values()
        if node.kind != "boundaryEvent" and _can_pass(bundle, process, node, frozenset())
    )


def waits_somewhere(bundle: Bundle, process: Process, node: Node) -> bool:
    """Whether anything in the activity waits, so that an event on its edge has time to fire."""
    return _waits(bundle, process, node, frozenset())


def _can_pass(bundle: Bundle, process: Process, node: Node, seen: frozenset[str]) -> bool:
    if node.multi is not None:
        return True  # its list may be empty
    if node.kind in WAITING:
        return False
    inside = _inside(bundle, process, node, seen)
    if inside is None:
        return True
    inner, scope_id, seen = inside
    passable = frozenset(
        each.id
        for each in inner.within(scope_id)
        if each.kind != "boundaryEvent" and _can_pass(bundle, inner, each, seen)
    )
    starts = [each.id for each in inner.within(scope_id) if each.kind == "startEvent"]
    reached = set().union(*(reachable(inner, start, passable) for start in starts))
    return any(inner.nodes[each].kind == "endEvent" for each in reached)


def _waits(bundle: Bundle, process: Process, node: Node, seen: frozenset[str]) -> bool:
    if node.kind in WAITING:
        return True
    inside = _inside(bundle, process, node, seen)
    if inside is None:
        return False
    inner, scope_id, seen = inside
    return any(_waits(bundle, inner, each, seen) for each in inner.within(scope_id))


def _inside(
    bundle: Bundle, process: Process, node: Node, seen: frozenset[str]
) -> tuple[Process, str, frozenset[str]] | None:
    """What runs inside an activity: process, scope, and the calls on the way to it."""
    if node.id in process.scopes:
        return process, node.id, seen
    called = node.called or ""
    if node.kind == "callActivity" and called in bundle.processes and called not in seen:
        return bundle.processes[called], called, seen | {called}
    return None
