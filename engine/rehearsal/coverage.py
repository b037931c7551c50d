"""What a set of scenarios leaves untried: tasks nobody did, ends no case reached."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from engine.diagrams.model import Bundle, Node
from engine.rehearsal.stage import Rehearsal

KINDS = ("userTask", "endEvent")


@dataclass(frozen=True, slots=True)
class Coverage:
    """The user tasks and end events of a bundle, by whether any scenario passed them."""

    passed: tuple[Node, ...]
    untried: tuple[Node, ...]


def coverage(bundle: Bundle, rehearsals: Iterable[Rehearsal]) -> Coverage:
    """What these rehearsals together completed and reached."""
    been = frozenset[tuple[str, str]]().union(*(each.passed for each in rehearsals))
    nodes = [node for node in bundle.nodes() if node.kind in KINDS]
    return Coverage(
        tuple(node for node in nodes if (node.process, node.id) in been),
        tuple(node for node in nodes if (node.process, node.id) not in been),
    )
