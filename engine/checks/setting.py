"""Stage choice: whether every name is set before it is used, on every path.

A forward analysis of names definitely set. A join of parallel work has what any branch set, any
other meeting of paths what all of them set; a boundary event has what was set before its activity
began; a sub-process or call gives what every path to its ends sets; a repeated step gives nothing,
since its list may be empty. Nothing ever takes a name away, so each scope is worked out once as if
nothing were known before it, and what is known where it is called is added.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

from engine.checks.finding import Hit
from engine.checks.reach import successors
from engine.checks.registry import rule
from engine.checks.subject import Subject
from engine.checks.texts import Text
from engine.diagrams.model import Node, Process

_ASK = (
    "start s; user u form=[died boolean required]; exclusive g; "
    "user v form=[cause enum(a|b) required]; "
)
MOST_FOUND = 100
Names = frozenset[str]
_Unset = tuple[Text, str, list[str]]


@rule(
    "name-unset",
    "choice",
    remedy="Ask for it on every path that leads here.",
    bad=_ASK + "exclusive j; exclusive h; end e; end f; s>u>g; g>v [died == true]; g>j [default]; "
    'v>j>h; h>e [cause == "a"]; h>f [default]',
    good=_ASK + "exclusive h; end e; end f; end x; s>u>g; g>v [died == true]; g>x [default]; v>h; "
    'h>e [cause == "a"]; h>f [default]',
)
def name_unset(subject: Subject) -> Iterator[Hit]:
    """A name that is read has been set on every path that leads there.

    Facts in timers may come later: the timer waits for them.
    """
    told: set[tuple[str, str, str]] = set()
    for text, name, path in subject.once("unset", lambda: _unset(subject)):
        key = (text.file, text.element, name)
        if key not in told:
            told.add(key)
            yield Hit(
                text.file,
                text.line,
                text.element,
                f"{text.title} reads “{name}”, which need not be set by then",
                tuple(path),
            )


@dataclass
class _Walk:
    """The analysis of one bundle; `uses` are the texts of each node, with the names they need."""

    subject: Subject
    found: list[_Unset] = field(default_factory=list)
    settled: dict[tuple[str, str], tuple[dict[str, Names], Names]] = field(default_factory=dict)
    given: dict[str, Names] = field(default_factory=dict)  # process -> known wherever it begins
    uses: dict[tuple[str, str], list[tuple[Text, Names]]] = field(default_factory=dict)
    own: dict[tuple[str, str], Names] = field(default_factory=dict)


def _unset(subject: Subject) -> list[_Unset]:
    walk = _Walk(subject)
    _gather(walk)
    opening = frozenset(subject.opening)
    startable = subject.definition.startable if subject.definition else ()
    order = _callers_first(subject)
    called = {node.called for node in subject.nodes("callActivity")}
    for process in order:
        if process.id in startable or process.id not in called:
            walk.given[process.id] = opening & walk.given.get(process.id, opening)
        _judge_scope(walk, process, process.id, walk.given.get(process.id, opening))
    return walk.found


def _callers_first(subject: Subject) -> list[Process]:
    """Every process before those it calls; calls make no circle here."""
    order: list[Process] = []
    done: set[str] = set()

    def visit(process: Process) -> None:
        if process.id in done:
            return
        done.add(process.id)
        for node in process.nodes.values():
            called = subject.bundle.called_by(node)
            if called is not None:
                visit(called)
        order.append(process)

    for process in subject.processes:
        visit(process)
    return order[::-1]


def _gather(walk: _Walk) -> None:
    subject = walk.subject
    tables: dict[str, list[Text]] = {}
    for text in subject.texts:
        if text.node is None:
            tables.setdefault(text.element, []).append(text)
        elif text.kind != "show_if":
            late = set(subject.facts) if text.kind == "timer" else set()
            key = (text.node.process, text.node.id)
            walk.uses.setdefault(key, []).append((text, text.names - late))
            if text.kind == "script":
                walk.own[key] = frozenset(text.assigns)
    for node in subject.nodes():
        key = (node.process, node.id)
        for text in tables.get(node.decision or "", ()):
            walk.uses.setdefault(key, []).append((text, text.names))
        decision = subject.bundle.asked_by(node)
        if decision is not None:
            walk.own[key] = frozenset(column.name for column in decision.outputs)
        if node.form:
            walk.own[key] = frozenset(each.id for each in node.form.fields)


def _solution(walk: _Walk, process: Process, scope_id: str) -> tuple[dict[str, Names], Names]:
    """What the scope itself has set before each node, and what every path through it sets."""
    key = (process.id, scope_id)
    if key not in walk.settled:
        nodes = _in_order(process, scope_id)
        before = _settle(walk, process, nodes)
        side = _side(process, nodes)
        ends = [
            before[node.id]
            for node in nodes
            if node.kind == "endEvent" and node.event.kind != "error" and node.id not in side
        ]
        walk.settled[key] = before, frozenset.intersection(*ends) if ends else frozenset()
    return walk.settled[key]


def _in_order(process: Process, scope_id: str) -> list[Node]:
    """The nodes of a scope, those nearer to the start first: so the solution settles quickly."""
    queue = deque(node.id for node in process.within(scope_id) if node.kind == "startEvent")
    after = successors(process)
    found = dict.fromkeys(queue)
    while queue:
        for target in after[queue.popleft()]:
            if target not in found:
                found[target] = None
                queue.append(target)
    return [process.nodes[node] for node in found]


def _settle(walk: _Walk, process: Process, nodes: list[Node]) -> dict[str, Names]:
    """The greatest solution: sets only shrink, so it ends."""
    everything = walk.subject.settable | frozenset(walk.subject.facts)
    after = {node.id: everything for node in nodes}
    before = dict(after)
    changed = True
    while changed:
        changed = False
        for node in nodes:
            here = _before(node, before, after)
            then = here | _sets(walk, process, node)
            if (here, then) != (before[node.id], after[node.id]):
                before[node.id], after[node.id], changed = here, then, True
    return before


def _before(node: Node, before: dict[str, Names], after: dict[str, Names]) -> Names:
    if node.attached_to in before:
        return before[node.attached_to]
    sources = [after[flow.source] for flow in node.incoming if flow.source in after]
    if not sources:
        return frozenset()
    if node.kind == "parallelGateway":
        return frozenset.union(*sources)
    return frozenset.intersection(*sources)


def _sets(walk: _Walk, process: Process, node: Node) -> Names:
    if node.multi is not None:
        return frozenset()
    inner = _inside(walk.subject, process, node)
    if inner is not None:
        return _solution(walk, *inner)[1]
    return walk.own.get((process.id, node.id), frozenset())


def _inside(subject: Subject, process: Process, node: Node) -> tuple[Process, str] | None:
    if node.id in process.scopes:
        return process, node.id
    called = subject.bundle.called_by(node)
    return (called, called.id) if called is not None else None


def _judge_scope(walk: _Walk, process: Process, scope_id: str, given: Names) -> None:
    """Note what is read unset in a scope, and hand on what is known where others begin."""
    before, _ = _solution(walk, process, scope_id)
    for node_id, here in before.items():
        node = process.nodes[node_id]
        entry = frozenset({node.multi.variable}) if node.multi is not None else frozenset[str]()
        known = here | given | entry
        _judge(walk, process, node, known)
        called = walk.subject.bundle.called_by(node)
        if node.id in process.scopes:
            _judge_scope(walk, process, node.id, known)
        elif called is not None:
            walk.given[called.id] = known & walk.given.get(called.id, known)


def _judge(walk: _Walk, process: Process, node: Node, known: Names) -> None:
    own = walk.own.get((process.id, node.id), frozenset())
    for text, names in walk.uses.get((process.id, node.id), ()):
        ready = known | own if text.kind == "condition" else known
        for name in sorted(names - ready):
            if len(walk.found) < MOST_FOUND:
                path = _way_without(walk, list(process.within(node.scope)), node, name)
                walk.found.append((text, name, path))


def _side(process: Process, nodes: list[Node]) -> frozenset[str]:
    """What only a non-interrupting event leads to: it runs beside the path, not on it."""
    main: set[str] = set()
    todo = [node for node in nodes if node.kind == "startEvent"]
    while todo:
        node = todo.pop()
        if node.id not in main:
            main.add(node.id)
            todo += [
                process.nodes[flow.target] for flow in node.outgoing if flow.target in process.nodes
            ]
            todo += [event for event in process.boundaries(node.id) if event.interrupting]
    return frozenset(node.id for node in nodes) - main


def _way_without(walk: _Walk, nodes: list[Node], goal: Node, name: str) -> list[str]:
    """A shortest path from the start to the goal on which nobody sets the name."""
    known = {node.id: node for node in nodes}
    queue = deque((node, [node.title]) for node in nodes if node.kind == "startEvent")
    seen = {node.id for node, _ in queue}
    while queue:
        node, path = queue.popleft()
        if node.id == goal.id:
            return path
        sets = name in walk.own.get((node.process, node.id), frozenset())
        onward = [] if sets else [flow.target for flow in node.outgoing]
        onward += [event.id for event in nodes if event.attached_to == node.id]
        for target in onward:
            if target in known and target not in seen:
                seen.add(target)
                queue.append((known[target], [*path, known[target].title]))
    return []
