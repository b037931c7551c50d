"""Stage choice: whether every name is set before it is used, on every path.

A forward analysis of names definitely set. A join of parallel work has what any branch set, any
other meeting of paths what all of them set; a boundary event has what was set before its activity
began; a sub-process or call gives what every path to its ends sets; a repeated step gives nothing,
since its list may be empty.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

from engine.checks.finding import Hit
from engine.checks.registry import rule
from engine.checks.subject import Subject
from engine.checks.texts import Text
from engine.diagrams.model import Node, Process

_ASK = (
    "start s; user u form=[died boolean required]; exclusive g; "
    "user v form=[cause enum(a|b) required]; "
)
Names = frozenset[str]


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
    for text, name, path in subject.once("unset", lambda: list(_unset(subject))):
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
    found: list[tuple[Text, str, list[str]]] = field(default_factory=list)
    settled: dict[tuple[str, str, Names], tuple[dict[str, Names], Names]] = field(
        default_factory=dict
    )
    noted: set[tuple[str, str, Names]] = field(default_factory=set)
    uses: dict[tuple[str, str], list[tuple[Text, Names]]] = field(default_factory=dict)
    own: dict[tuple[str, str], Names] = field(default_factory=dict)


def _unset(subject: Subject) -> Iterator[tuple[Text, str, list[str]]]:
    walk = _Walk(subject)
    _gather(walk)
    called = {node.called for node in subject.nodes("callActivity")}
    startable = subject.definition.startable if subject.definition else ()
    for process in subject.processes:
        if process.id in startable or process.id not in called:
            _note(walk, process, process.id, frozenset(subject.opening))
    yield from walk.found


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


def _note(walk: _Walk, process: Process, scope_id: str, given: Names) -> None:
    """Note what is read unset in a scope and in all that runs inside it."""
    key = (process.id, scope_id, given)
    if key in walk.noted:
        return
    walk.noted.add(key)
    nodes = list(process.within(scope_id))
    before, _ = _solution(walk, process, scope_id, given)
    for node in nodes:
        _judge(walk, process, nodes, node, before)


def _solution(
    walk: _Walk, process: Process, scope_id: str, given: Names
) -> tuple[dict[str, Names], Names]:
    """What is set before each node, and what every path through the scope sets in the end."""
    key = (process.id, scope_id, given)
    if key not in walk.settled:
        nodes = list(process.within(scope_id))
        before = _settle(walk, process, nodes, given)
        side = _side(process, nodes)
        ends = [
            before[node.id]
            for node in nodes
            if node.kind == "endEvent" and node.event.kind != "error" and node.id not in side
        ]
        walk.settled[key] = before, frozenset.intersection(*ends) if ends else given
    return walk.settled[key]


def _settle(walk: _Walk, process: Process, nodes: list[Node], given: Names) -> dict[str, Names]:
    """The greatest solution: sets only shrink, so it ends."""
    everything = walk.subject.settable | given | frozenset(walk.subject.facts)
    after = {node.id: everything for node in nodes}
    before = dict(after)
    changed = True
    while changed:
        changed = False
        for node in nodes:
            here = _before(node, before, after, given)
            then = here | _sets(walk, process, node, here)
            if (here, then) != (before[node.id], after[node.id]):
                before[node.id], after[node.id], changed = here, then, True
    return before


def _before(node: Node, before: dict[str, Names], after: dict[str, Names], given: Names) -> Names:
    if node.attached_to in before:
        return before[node.attached_to]
    sources = [after[flow.source] for flow in node.incoming if flow.source in after]
    if not sources:
        return given
    if node.kind == "parallelGateway":
        return frozenset.union(*sources)
    return frozenset.intersection(*sources)


def _sets(walk: _Walk, process: Process, node: Node, here: Names) -> Names:
    if node.multi is not None:
        return frozenset()
    inner = _inside(walk.subject, process, node)
    if inner is not None:
        return _solution(walk, inner[0], inner[1], here)[1]
    return walk.own.get((process.id, node.id), frozenset())


def _inside(subject: Subject, process: Process, node: Node) -> tuple[Process, str] | None:
    if node.id in process.scopes:
        return process, node.id
    called = subject.bundle.called_by(node)
    return (called, called.id) if called is not None else None


def _judge(
    walk: _Walk, process: Process, nodes: list[Node], node: Node, before: dict[str, Names]
) -> None:
    here = before[node.id]
    entry = frozenset({node.multi.variable}) if node.multi is not None else frozenset()
    own = walk.own.get((process.id, node.id), frozenset())
    for text, names in walk.uses.get((process.id, node.id), ()):
        ready = here | own if text.kind == "condition" else here
        for name in sorted(names - ready - entry):
            walk.found.append((text, name, _way_without(walk, nodes, node, name)))
    inner = _inside(walk.subject, process, node)
    if inner is not None:
        _note(walk, inner[0], inner[1], here | entry)


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
