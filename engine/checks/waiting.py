"""Which activities wait for somebody, and which a token can pass at once."""

from __future__ import annotations

from engine.checks.reach import reachable
from engine.diagrams.model import Bundle, Node, Process
from engine.diagrams.words import WAITING

Key = tuple[str, str]


class Waiting:
    """Each activity is looked into once.

    Where calls go round in a circle, which another rule refuses, nothing waits or can be passed.
    """

    def __init__(self, bundle: Bundle) -> None:
        self._bundle = bundle
        self._passed: dict[Key, bool] = {}
        self._waited: dict[Key, bool] = {}

    def can_pass(self, process: Process, node: Node) -> bool:
        """Whether a token can pass without any person, date or message."""
        if node.multi is not None:
            return True  # its list may be empty
        inside = self._inside(process, node)
        if node.kind in WAITING or inside is None:
            return node.kind not in WAITING
        key = (inside[0].id, inside[1])
        if key not in self._passed:
            self._passed[key] = False
            self._passed[key] = self._way_through(*inside)
        return self._passed[key]

    def waits(self, process: Process, node: Node) -> bool:
        """Whether anything in the activity waits, so that an event on its edge can fire."""
        inside = self._inside(process, node)
        if node.kind in WAITING or inside is None:
            return node.kind in WAITING
        key = (inside[0].id, inside[1])
        if key not in self._waited:
            self._waited[key] = False
            self._waited[key] = any(
                self.waits(inside[0], each) for each in inside[0].within(key[1])
            )
        return self._waited[key]

    def never_waiting(self, process: Process) -> frozenset[str]:
        """The nodes of a process a token can pass at once."""
        return self._passable(list(process.nodes.values()), process)

    def _passable(self, nodes: list[Node], process: Process) -> frozenset[str]:
        return frozenset(
            node.id
            for node in nodes
            if node.kind != "boundaryEvent" and self.can_pass(process, node)
        )

    def _way_through(self, process: Process, scope_id: str) -> bool:
        nodes = list(process.within(scope_id))
        passable = self._passable(nodes, process)
        starts = [node.id for node in nodes if node.kind == "startEvent"]
        reached = set().union(*(reachable(process, start, passable) for start in starts))
        return any(process.nodes[each].kind == "endEvent" for each in reached)

    def _inside(self, process: Process, node: Node) -> tuple[Process, str] | None:
        if node.id in process.scopes:
            return process, node.id
        called = self._bundle.called_by(node)
        return (called, called.id) if called is not None else None
