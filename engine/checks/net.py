"""A diagram as a game of tokens: positions, and steps that move tokens between them.

A *position* is a place where a token can be: at a node, or on a flow into a join. A *marking* is
one integer, one bit for each position: a second token on a position is itself a fault, because
everything after it would run twice. Sub-processes and calls that are sound count as one step;
`opened` names those to look into. A non-interrupting event begins a *side thread*, kept apart in
`sides`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations

from engine.diagrams.model import Bundle, Flow, Node, Process
from engine.diagrams.words import ACTIVITIES

MOST_STEPS = 3_000  # of a net with activities opened
JOINS = frozenset({"parallelGateway", "inclusiveGateway"})
#: Where a node or flow is: the chain of activities opened around it, then its id.
Place = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that can happen.

    Masks of positions: `take` loses tokens, `put` gains them, `wipe` is cleared, `empty` must
    hold none. `join`: for each flow into an inclusive join, the positions from which a token may
    still come by it. `completes`: the activity ends as it should.
    """

    node: Node
    words: str
    take: int
    put: int
    wipe: int = 0
    empty: int = 0
    completes: bool = False
    flows: tuple[str, ...] = ()
    join: tuple[tuple[int, int], ...] = ()

    @property
    def plain(self) -> bool:
        """Whether it only takes and puts."""
        return not (self.wipe or self.empty or self.join)


class TooLargeError(Exception):
    """Calls within calls make the net too large to look at."""


@dataclass
class Net:
    """`titles` says what a position is called on the diagram.

    `shared` are the plain ends, which a side thread may reach as well as the main path.
    """

    places: dict[Place, int] = field(default_factory=dict)
    titles: dict[int, str] = field(default_factory=dict)
    homes: dict[int, Node] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)
    start: int = 0
    sides: list[tuple[Node, int]] = field(default_factory=list)
    shared: int = 0

    def names(self, marking: int) -> list[str]:
        """What the marked positions are called."""
        return list(dict.fromkeys(title for bit, title in self.titles.items() if marking & bit))

    def home(self, marking: int) -> Node | None:
        """The node of the first marked position."""
        return next((node for bit, node in self.homes.items() if marking & bit), None)

    def enabled(self, marking: int) -> Iterator[tuple[Step, int]]:
        """The steps possible in a marking, each with the tokens it takes."""
        for step in self.steps:
            if step.join:
                waiting = [flow for flow, _ in step.join if marking & flow]
                coming = any(marking & reach for flow, reach in step.join if not marking & flow)
                if waiting and not coming:
                    yield step, sum(waiting)
            elif marking & step.take == step.take and not marking & step.empty:
                yield step, step.take


def net_of(
    process: Process,
    scope_id: str,
    bundle: Bundle | None = None,
    opened: frozenset[tuple[str, str]] = frozenset(),
) -> Net:
    """The net of one scope; `opened` are (process, node) of activities to look into."""
    builder = _Builder(bundle, opened)
    builder.net.start = builder.scope(process, scope_id, "")
    builder.finish_joins()
    return builder.net


class _Builder:
    def __init__(self, bundle: Bundle | None, opened: frozenset[tuple[str, str]]) -> None:
        self.net = Net()
        self._bundle, self._opened = bundle, opened

    def scope(self, process: Process, scope_id: str, path: str) -> int:
        """Add the steps of a scope; the positions of its start events."""
        nodes = list(process.within(scope_id))
        first = len(self.net.steps)
        starts = sum(self._at(path, node) for node in nodes if node.kind == "startEvent")
        for node in nodes:
            self._node(process, node, path)
        own = sum(bit for (where, _), bit in self.net.places.items() if where.startswith(path))
        for index in range(first, len(self.net.steps)):
            step = self.net.steps[index]
            ends = step.node.kind == "endEvent" and step.node.event.kind in ("terminate", "error")
            if ends and step.node.scope == scope_id and step.node.process == process.id:
                self.net.steps[index] = replace(step, wipe=step.wipe or own)
        return starts

    def _at(self, path: str, node: Node) -> int:
        return self._bit((path, node.id), node, node.title)

    def _bit(self, place: Place, node: Node, title: str) -> int:
        if place not in self.net.places:
            bit = 1 << len(self.net.places)
            self.net.places[place] = bit
            self.net.titles[bit], self.net.homes[bit] = title, node
        return self.net.places[place]

    def _on_flow(self, process: Process, path: str, flow: Flow) -> int:
        target = process.nodes[flow.target]
        return self._bit((path, flow.id), target, target.title)

    def _arrive(self, process: Process, path: str, flows: Sequence[Flow]) -> int:
        """The positions marked when tokens go along these flows."""
        bits = 0
        for flow in flows:
            target = process.nodes[flow.target]
            joins = target.kind in JOINS and len(target.incoming) > 1
            bits |= self._on_flow(process, path, flow) if joins else self._at(path, target)
        return bits

    def _add(self, step: Step) -> None:
        self.net.steps.append(step)

    def _node(self, process: Process, node: Node, path: str) -> None:
        if node.kind in JOINS and len(node.incoming) > 1:
            self._join(process, node, path)
        elif node.kind in ("exclusiveGateway", "inclusiveGateway"):
            most = 1 if node.kind == "exclusiveGateway" else len(node.outgoing)
            for size in range(1, most + 1):
                for flows in combinations(node.outgoing, size):
                    self._choose(process, node, path, flows)
        elif node.kind == "endEvent":
            here = self._at(path, node)
            self._add(Step(node, f"end {node.title}", here, 0))
            self.net.shared |= here if node.event.kind == "none" else 0
        elif (process.id, node.id) in self._opened and self._inner(process, node):
            self._open(process, node, path)
        elif node.kind != "boundaryEvent":
            self._pass(process, node, path)

    def _pass(self, process: Process, node: Node, path: str) -> None:
        """A step that is looked at from outside only."""
        here, after = self._at(path, node), self._arrive(process, path, node.outgoing)
        self._add(Step(node, node.title, here, after, completes=True))
        if node.multi is not None:
            self._add(Step(node, f"{node.title} has nobody to ask", here, after))
        if node.kind in ACTIVITIES:
            self._events(process, node, path, here, 0)

    def _choose(self, process: Process, node: Node, path: str, flows: Sequence[Flow]) -> None:
        way = " and ".join(process.nodes[flow.target].title for flow in flows)
        self._add(
            Step(
                node,
                f"{node.title}: to {way}",
                self._at(path, node),
                self._arrive(process, path, flows),
                flows=tuple(f.id for f in flows),
            )
        )

    def _join(self, process: Process, node: Node, path: str) -> None:
        flows = [self._on_flow(process, path, flow) for flow in node.incoming]
        joins = tuple((bit, 0) for bit in flows) if node.kind == "inclusiveGateway" else ()
        self._add(
            Step(
                node,
                f"{node.title} joins",
                sum(flows),
                self._arrive(process, path, node.outgoing),
                join=joins,
            )
        )

    def _inner(self, process: Process, node: Node) -> tuple[Process, str] | None:
        if node.id in process.scopes:
            return process, node.id
        called = self._bundle.called_by(node) if self._bundle is not None else None
        return (called, called.id) if called is not None else None

    def _open(self, process: Process, node: Node, path: str) -> None:
        """`here`: waiting to begin; `running`: begun. It ends when nothing inside is marked."""
        inner = self._inner(process, node)
        if inner is None:
            return
        if len(self.net.steps) > MOST_STEPS:
            raise TooLargeError
        here, inside = self._at(path, node), f"{path}{node.id}/"
        running = self._bit((inside, ""), node, node.title)
        first = len(self.net.steps)
        starts = self.scope(inner[0], inner[1], inside)
        below = (
            sum(bit for (where, _), bit in self.net.places.items() if where.startswith(inside))
            & ~running
        )
        after = self._arrive(process, path, node.outgoing)
        self._add(Step(node, f"{node.title} begins", here, running | starts))
        if node.multi is not None:
            self._add(Step(node, f"{node.title} has nobody to ask", here, after))
        self._add(Step(node, f"{node.title} ends", running, after, empty=below, completes=True))
        self._events(process, node, path, running, below)
        self._throws(process, node, path, range(first, len(self.net.steps)), below | running)

    def _throws(self, process: Process, node: Node, path: str, steps: range, below: int) -> None:
        """Error ends inside lead to the event that catches them."""
        for index in steps:
            step = self.net.steps[index]
            thrown = step.node.event
            if step.node.kind != "endEvent" or thrown.kind != "error" or step.put:
                continue
            for event in process.boundaries(node.id):
                if event.event.kind == "error" and event.event.text in ("", thrown.text):
                    self.net.steps[index] = replace(
                        step, put=self._arrive(process, path, event.outgoing), wipe=below
                    )
                    break

    def _events(self, process: Process, node: Node, path: str, here: int, below: int) -> None:
        is_open = (process.id, node.id) in self._opened
        for event in process.boundaries(node.id):
            after = self._arrive(process, path, event.outgoing)
            if event.event.kind == "error" and is_open:
                continue
            if event.interrupting or event.event.kind == "error":
                self._add(
                    Step(event, f"{event.title} takes {node.title} away", here, after, wipe=below)
                )
            else:
                self.net.sides.append((event, after))

    def finish_joins(self) -> None:
        """For each flow into an inclusive join: from where a token may still come by it."""
        for index, step in enumerate(self.net.steps):
            if step.join:
                own = sum(flow for flow, _ in step.join)
                self.net.steps[index] = replace(
                    step,
                    join=tuple(
                        (flow, self._upstream(flow, step.node) & ~own) for flow, _ in step.join
                    ),
                )

    def _upstream(self, flow: int, join: Node) -> int:
        reached, front = 0, flow
        while front:
            reached |= front
            found = 0
            for step in self.net.steps:
                if step.node != join and step.put & front:
                    found |= step.take
            front = found & ~reached
        return reached
