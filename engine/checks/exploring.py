"""Playing the token game to its end, in every order."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field, replace

from engine.checks.net import Net, Step
from engine.diagrams.model import Node

STATE_LIMIT = 20_000


@dataclass(frozen=True, slots=True)
class Problem:
    """`rule` is the rule that reports it; `node` where, if at one place."""

    rule: str
    node: Node | None
    message: str
    path: tuple[str, ...] = ()


@dataclass
class Graph:
    """All markings: for each how it was first reached, and the steps possible in it."""

    came_from: dict[int, tuple[int, Step] | None]
    edges: dict[int, list[tuple[Step, int]]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    complete: bool = True

    def path(self, marking: int) -> tuple[str, ...]:
        """A shortest way to the marking, step by step."""
        words = []
        while (back := self.came_from[marking]) is not None:
            marking, step = back
            words.append(step.words)
        return tuple(reversed(words))

    @property
    def touched(self) -> int:
        """Every position a token was ever on."""
        touched = 0
        for marking in self.came_from:
            touched |= marking
        return touched

    @property
    def fired(self) -> set[str]:
        """The ids of the nodes that took a step."""
        return {step.node.id for edges in self.edges.values() for step, _ in edges}


def explore(net: Net, start: int, *, limit: int = STATE_LIMIT) -> Graph:
    """Every marking that can be reached, breadth first."""
    graph = Graph({start: None})
    queue, told = deque([start]), set[int]()
    while queue:
        if len(graph.came_from) > limit:
            graph.complete = False
            return graph
        marking = queue.popleft()
        edges = graph.edges[marking] = []
        for step, taken in net.enabled(marking):
            rest = marking & ~taken & ~step.wipe
            if twice := rest & step.put:
                if twice not in told:
                    told.add(twice)
                    graph.problems.append(_unsafe(net, graph, marking, step, twice))
                continue
            after = rest | step.put
            edges.append((step, after))
            if after not in graph.came_from:
                graph.came_from[after] = (marking, step)
                queue.append(after)
    return graph


def _unsafe(net: Net, graph: Graph, marking: int, step: Step, twice: int) -> Problem:
    where = ", ".join(net.names(twice))
    return Problem(
        "unsafe",
        net.home(twice),
        f"{where} can be reached a second time while the first "
        "is still open: everything after it would run twice",
        (*graph.path(marking), step.words),
    )


def closure(net: Net) -> int:
    """Every position a token may be on, were there always enough tokens; never too few."""
    reached, before = net.start, 0
    while reached != before:
        before = reached
        for step in net.steps:
            if step.take & reached:
                reached |= step.put
    return reached


def judge(net: Net, graph: Graph) -> list[Problem]:
    """From every marking the end, where nothing is left, can be reached."""
    problems = list(graph.problems)
    can_end = _can_end(graph)
    bad = [marking for marking in graph.came_from if marking not in can_end]
    stuck = next((marking for marking in bad if not graph.edges[marking]), None)
    if stuck is not None:
        where = ", ".join(net.names(stuck))
        problems.append(
            Problem(
                "stuck",
                net.home(stuck),
                f"the case stands still for ever at {where}: no step can follow",
                graph.path(stuck),
            )
        )
    elif bad and not graph.problems:
        where = ", ".join(net.names(bad[0]))
        problems.append(
            Problem(
                "never-ends",
                net.home(bad[0]),
                f"from {where} no end can be reached any more",
                graph.path(bad[0]),
            )
        )
    return problems


def _can_end(graph: Graph) -> set[int]:
    before: dict[int, list[int]] = {}
    for marking, edges in graph.edges.items():
        for _, after in edges:
            before.setdefault(after, []).append(marking)
    can_end, todo = {0}, [0]
    while todo:
        for marking in before.get(todo.pop(), ()):
            if marking not in can_end:
                can_end.add(marking)
                todo.append(marking)
    return can_end


def reduce(net: Net) -> Net:
    """A smaller net, sound exactly when this one is (Murata 1989).

    Series of positions are fused, duplicate steps and parallel positions dropped. Ends stay: two
    tokens must be seen to meet there. Positions read by wipes, joins and inner scopes stay as
    they are.
    """
    fixed = net.start
    for step in net.steps:
        fixed |= step.wipe | step.empty
        for flow, reach in step.join:
            fixed |= flow | reach
    small = replace(net, steps=list(net.steps), sides=[])
    free = [bit for bit in net.places.values() if not bit & fixed]
    while _fuse_series(small, free) | _drop_doubles(small) | _drop_parallel(small, free):
        pass
    return small


def _fuse_series(net: Net, free: list[int]) -> bool:
    """Whoever fills a position with one way on does that step at once."""
    changed = False
    for bit in free:
        users = [step for step in net.steps if step.take & bit]
        makers = [step for step in net.steps if step.put & bit]
        if len(users) != 1 or not makers:
            continue
        user = users[0]
        if not user.plain or user.take != bit or not user.put:
            continue
        if any(m is user or (m.put & ~bit) & user.put or not m.plain for m in makers):
            continue
        for maker in makers:
            net.steps[net.steps.index(maker)] = replace(
                maker, words=f"{maker.words}, {user.words}", put=(maker.put & ~bit) | user.put
            )
        net.steps.remove(user)
        changed = True
    return changed


def _drop_doubles(net: Net) -> bool:
    seen: set[tuple[int, int]] = set()
    kept: list[Step] = []
    for step in net.steps:
        key = (step.take, step.put)
        if step.plain and (key in seen or step.take == step.put):
            continue
        if step.plain:
            seen.add(key)
        kept.append(step)
    changed = len(kept) < len(net.steps)
    net.steps[:] = kept
    return changed


def _drop_parallel(net: Net, free: list[int]) -> bool:
    """Of two positions filled and used by the same steps one is enough."""
    changed = False
    first: dict[tuple[tuple[int, ...], tuple[int, ...]], int] = {}
    for bit in free:
        makers = tuple(n for n, step in enumerate(net.steps) if step.put & bit)
        users = tuple(n for n, step in enumerate(net.steps) if step.take & bit)
        if not makers:
            continue
        key = (makers, users)
        if key in first and all(net.steps[n].take & ~bit for n in users):
            net.steps[:] = [replace(s, take=s.take & ~bit, put=s.put & ~bit) for s in net.steps]
            changed = True
        else:
            first.setdefault(key, bit)
    return changed
