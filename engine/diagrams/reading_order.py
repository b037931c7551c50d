"""In which order a person reads a diagram: along the flows, exceptions last."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from lxml import etree

from engine.diagrams.geometry import Box
from engine.diagrams.notation import ends, kind, nodes_in
from engine.diagrams.words import BPMN, SCOPES


def reading_order(root: etree._Element, shapes: Mapping[str, Box]) -> list[etree._Element]:
    """Every node of every process of the file. What a sub-process holds follows it directly.

    Where ways part, the upper one on the drawing is read first; clocks and messages on an edge
    come last.
    """
    found: list[etree._Element] = []
    for process in root.iterfind(f"{BPMN}process"):
        _read(process, shapes, found)
    return found


def _read(scope: etree._Element, shapes: Mapping[str, Box], found: list[etree._Element]) -> None:
    nodes = {node.get("id") or "": node for node in nodes_in(scope)}
    for name in _ordered(scope, nodes, shapes):
        found.append(nodes[name])
        if kind(nodes[name]) in SCOPES:
            _read(nodes[name], shapes, found)


def _ordered(
    scope: etree._Element, nodes: Mapping[str, etree._Element], shapes: Mapping[str, Box]
) -> list[str]:
    """Depth first, then turned round: a step comes after all that lead to it, loops apart."""
    after = _after(scope, nodes, shapes)
    entered = {name for following in after.values() for name in following}
    place = {name: index for index, name in enumerate(nodes)}

    def position(name: str) -> tuple[float, float, int]:
        box = shapes.get(name)
        return (box.cy, box.cx, place[name]) if box else (0, 0, place[name])

    begins = sorted((name for name in nodes if name not in entered), key=position)
    done: list[str] = []
    seen: set[str] = set()
    for first in [*reversed(begins), *reversed(list(nodes))]:
        _finish(first, after, seen, done)
    return done[::-1]


def _finish(first: str, after: Mapping[str, list[str]], seen: set[str], done: list[str]) -> None:
    """Add to `done` all that is reached from `first`, each after what follows it."""
    if first in seen:
        return
    seen.add(first)
    waiting = [(first, iter(after.get(first, ())))]
    while waiting:
        name, rest = waiting[-1]
        for following in rest:
            if following not in seen:
                seen.add(following)
                waiting.append((following, iter(after.get(following, ()))))
                break
        else:
            done.append(name)
            waiting.pop()


def _after(
    scope: etree._Element, nodes: Mapping[str, etree._Element], shapes: Mapping[str, Box]
) -> dict[str, list[str]]:
    """What follows each node, the one read last first: clocks on the edge, then lower ways."""
    ways: dict[str, list[tuple[bool, float, int, str]]] = defaultdict(list)
    for number, flow in enumerate(scope.iterfind(f"{BPMN}sequenceFlow")):
        source, target = ends(flow)
        if source in nodes and target in nodes:
            box = shapes.get(target)
            ways[source].append((False, box.cy if box else 0.0, number, target))
    for number, (name, node) in enumerate(nodes.items()):
        host = node.get("attachedToRef") or ""
        if host in nodes:
            box = shapes.get(name)
            ways[host].append((True, box.cx if box else 0.0, number, name))
    return {
        source: [target for *_, target in sorted(found, reverse=True)]
        for source, found in ways.items()
    }
