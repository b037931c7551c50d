"""The text twin of a diagram: its steps in reading order, for a table beside the picture."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from engine.diagrams.fields import Field
from engine.diagrams.interchange import read_drawing
from engine.diagrams.model import Flow, Node, Process
from engine.diagrams.reading import bundle_of
from engine.diagrams.reading_order import reading_order
from engine.diagrams.words import ACTIVITIES, GATEWAYS, PLAIN, SCOPES
from engine.diagrams.xml import parse
from engine.errors import NotDrawable

__all__ = ["Description", "Limit", "Next", "Step", "describe"]

_NO_LIMITS: Mapping[str, str] = MappingProxyType({})
_DUE = re.compile(r"""due\(\s*["']([^"']+)["']\s*(?:,\s*remind\s*=\s*(\d+)\s*)?\)""")
_HOW = {
    "exclusiveGateway": "one of these",
    "inclusiveGateway": "each that applies",
    "parallelGateway": "all of these",
    "eventBasedGateway": "whichever happens first",
}
_KINDS = {
    "userTask": "task",
    "callActivity": "process",
    "subProcess": "part",
    "startEvent": "start",
    "endEvent": "end",
    "businessRuleTask": "decision table",
    "scriptTask": "calculation",
}


@dataclass(frozen=True, slots=True)
class Limit:
    """A clock on a step. `rule` is the deadline rule's id, empty for a date found otherwise."""

    element: str
    rule: str
    words: str
    is_reminder: bool


@dataclass(frozen=True, slots=True)
class Next:
    """Where it goes on: the answer that leads there (empty without a choice), and to what."""

    answer: str
    element: str
    name: str


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the table. `inside` names the parts of the process around it, outermost first.

    `how` says which of several `then` happen; `asks` are the questions of the step's form.
    """

    id: str
    kind: str
    who: str
    what: str
    by_when: tuple[Limit, ...]
    law: tuple[str, ...]
    guidance: str
    asks: tuple[Field, ...]
    how: str
    then: tuple[Next, ...]
    inside: tuple[str, ...]
    repeated: bool
    calls: str | None


@dataclass(frozen=True, slots=True)
class Description:
    """A process in words."""

    process: str
    title: str
    guidance: str
    steps: tuple[Step, ...]


def describe(xml: bytes, *, limits: Mapping[str, str] = _NO_LIMITS) -> list[Description]:
    """Each executable process of the file, its steps in the order in which a person reads them.

    `limits` gives the words of a deadline rule by its id ("5 working days after ..."); without
    them the clock's own label stands. Gateways without words are passed over: what follows them
    follows the step before. Without a drawing the order of the file decides between ways.
    """
    root = parse("diagram", xml)
    try:
        shapes = read_drawing(root).shapes
    except NotDrawable:
        shapes = {}
    order = [node.get("id") or "" for node in reading_order(root, shapes)]
    bundle = bundle_of({"diagram": root}, {})
    return [_Teller(process, limits).tell(order) for process in bundle.processes.values()]


@dataclass(frozen=True, slots=True)
class _Teller:
    process: Process
    limits: Mapping[str, str]

    def tell(self, order: list[str]) -> Description:
        nodes = [self.process.nodes[name] for name in order if name in self.process.nodes]
        steps = tuple(self._step(node) for node in nodes if self._worth_a_line(node))
        return Description(
            self.process.id,
            self.process.name or self.process.id.replace("_", " ").capitalize(),
            self.process.documentation,
            steps,
        )

    def _worth_a_line(self, node: Node) -> bool:
        return bool(node.name) or node.kind not in GATEWAYS

    def _step(self, node: Node) -> Step:
        then, how = self._then(node)
        clocks = (*self.process.boundaries(node.id), *self._waits(node))
        return Step(
            id=node.id,
            kind=_kind(node),
            who=node.lane or "",
            what=node.name or PLAIN.get(node.kind, node.kind),
            by_when=tuple(self._limit(one) for one in clocks if one.event.kind == "timer"),
            law=node.law,
            guidance=node.documentation,
            asks=node.form.fields,
            how=how if len(then) > 1 else "",
            then=then,
            inside=tuple(self._inside(node)),
            repeated=node.multi is not None,
            calls=node.called,
        )

    def _waits(self, node: Node) -> tuple[Node, ...]:
        return (node,) if node.kind == "intermediateCatchEvent" else ()

    def _limit(self, clock: Node) -> Limit:
        due = _DUE.search(clock.event.text)
        rule, days = (due[1], due[2]) if due else ("", None)
        words = self.limits.get(rule, "")
        if words and days:
            words = f"reminder {days} working day{'' if days == '1' else 's'} before: {words}"
        return Limit(clock.id, rule, words or clock.name or clock.event.text, days is not None)

    def _then(self, node: Node) -> tuple[tuple[Next, ...], str]:
        """What follows, through gateways that say nothing, and which of it."""
        if node.kind in SCOPES:
            first = [one for one in self.process.within(node.id) if one.kind == "startEvent"]
            if first:
                return tuple(Next("", one.id, _name(one)) for one in first), ""
        found: dict[tuple[str, str], Next] = {}
        how = _HOW.get(node.kind, "all of these")
        waiting = [(flow, "") for flow in reversed(self._outgoing(node))]
        seen: set[str] = set()
        while waiting:
            flow, said = waiting.pop()
            answer = " and ".join(filter(None, (said, self._answer(flow))))
            target = self.process.nodes.get(flow.target)
            if target is None or flow.id in seen:
                continue
            seen.add(flow.id)
            if target.name or target.kind not in GATEWAYS:
                found.setdefault((answer, target.id), Next(answer, target.id, _name(target)))
                continue
            if len(target.outgoing) > 1 and not found:
                how = _HOW.get(target.kind, how)
            waiting += [(one, answer) for one in reversed(target.outgoing)]
        return tuple(found.values()), how

    def _outgoing(self, node: Node) -> tuple[Flow, ...]:
        """The end of a part of the process goes on where that part goes on."""
        outer = self.process.nodes.get(node.scope)
        if node.kind == "endEvent" and outer is not None and node.event.kind == "none":
            return outer.outgoing
        return node.outgoing

    def _answer(self, flow: Flow) -> str:
        source = self.process.nodes[flow.source]
        if flow.name or source.kind == "parallelGateway" or not source.outgoing[1:]:
            return flow.name
        return "otherwise" if source.default == flow.id else flow.condition or ""

    def _inside(self, node: Node) -> Iterator[str]:
        outer = self.process.nodes.get(node.scope)
        if outer is not None:
            yield from self._inside(outer)
            yield _name(outer)


def _kind(node: Node) -> str:
    if node.kind == "boundaryEvent":
        return "clock" if node.event.kind == "timer" else "report at any time"
    if node.kind in GATEWAYS:
        return "question"
    if node.kind in ACTIVITIES or node.kind in _KINDS:
        return _KINDS.get(node.kind, "step")
    return "event"


def _name(node: Node) -> str:
    return node.name or PLAIN.get(node.kind, node.kind)
