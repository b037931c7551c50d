"""From files to `Bundle`: the only place that knows where BPMN writes what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from lxml import etree

from engine.diagrams import tables, xml
from engine.diagrams.extensions import documentation_of, line_of, properties_of, text_of
from engine.diagrams.forms import form_of
from engine.diagrams.model import Bundle, Event, Flow, Multi, Node, Odd, Process, Scope
from engine.diagrams.words import BPMN, CAMUNDA, DECORATION, NODES, SCOPES

_ONCE = ("script", "conditionExpression", "multiInstanceLoopCharacteristics")
_TIMES = ("timeDate", "timeDuration", "timeCycle")
_SILENT = frozenset(
    {
        "incoming",
        "outgoing",
        "extensionElements",
        "documentation",
        "sequenceFlow",
        "multiInstanceLoopCharacteristics",
        "standardLoopCharacteristics",
        "script",
        "auditing",
        "monitoring",
        "completionCondition",
        "ioBinding",
        "resourceRole",
        "potentialOwner",
        "humanPerformer",
        "performer",
        "completionQuantity",
    }
)


def load(files: Mapping[str, bytes]) -> Bundle:
    """What the files say, by name; raises `xml.Unreadable` for the first broken one."""
    roots = roots_of(files)
    return bundle_of(roots, {name: files[name] for name in files if name not in roots})


def roots_of(files: Mapping[str, bytes]) -> dict[str, etree._Element]:
    """Diagrams and tables as XML, by name; raises `xml.Unreadable` for the first broken one."""
    return {
        name: xml.parse(name, content)
        for name, content in sorted(files.items())
        if name.endswith((".bpmn", ".dmn"))
    }


def bundle_of(roots: Mapping[str, etree._Element], texts: Mapping[str, bytes]) -> Bundle:
    """The same from roots already read."""
    odd: list[Odd] = []
    processes: dict[str, Process] = {}
    decisions: dict[str, tables.Decision] = {}
    for name, root in roots.items():
        if name.endswith(".dmn"):
            for decision in tables.decisions_of(name, root):
                if decision.id in decisions:
                    odd.append(
                        Odd(
                            "id-duplicate",
                            name,
                            decision.line,
                            decision.id,
                            f"the decision {decision.id} is also in {decisions[decision.id].file}",
                        )
                    )
                decisions.setdefault(decision.id, decision)
            continue
        for process in _Diagram(name, root, odd).processes():
            if process.id in processes:
                odd.append(
                    Odd(
                        "id-duplicate",
                        name,
                        process.line,
                        process.id,
                        f"the process {process.id} is also in {processes[process.id].file}",
                    )
                )
            processes.setdefault(process.id, process)
    return Bundle(processes, decisions, dict(texts), tuple(odd))


def name_of(element: etree._Element) -> str:
    """The element's name on one line."""
    return " ".join((element.get("name") or "").split())


def local(element: etree._Element) -> str:
    """The tag without its namespace."""
    return etree.QName(element).localname


@dataclass
class _Parts:
    """What is found in one process before nodes and flows are joined up."""

    nodes: dict[str, tuple[etree._Element, str]] = field(default_factory=dict)
    flows: dict[str, Flow] = field(default_factory=dict)
    scopes: dict[str, tuple[str | None, list[str], list[str]]] = field(default_factory=dict)


class _Ends:
    """The flows by their two ends."""

    def __init__(self, flows: Iterable[Flow]) -> None:
        self.into: dict[str, list[Flow]] = {}
        self.out_of: dict[str, list[Flow]] = {}
        for flow in flows:
            self.into.setdefault(flow.target, []).append(flow)
            self.out_of.setdefault(flow.source, []).append(flow)


class _Diagram:
    """One BPMN file."""

    def __init__(self, file: str, root: etree._Element, odd: list[Odd]) -> None:
        self._file, self._root, self._odd = file, root, odd
        self._named = {e.get("id"): e for e in root if e.get("id")}
        self._pools = {p.get("processRef"): name_of(p) for p in root.iter(BPMN + "participant")}

    def processes(self) -> Iterator[Process]:
        for element in self._root.findall(BPMN + "process"):
            if element.get("isExecutable") == "true":
                yield self._process(element)

    def _process(self, element: etree._Element) -> Process:
        process_id = element.get("id") or ""
        parts = _Parts()
        self._scope(parts, element, process_id, None)
        lanes = self._lanes(element)
        ends = _Ends(parts.flows.values())
        nodes: dict[str, Node] = {}
        for node_id, (node, scope) in parts.nodes.items():
            lane = lanes.get(node_id)
            if lane is None and scope in nodes:
                lane = nodes[scope].lane
            elif lane is None and not lanes:
                lane = self._pools.get(process_id)
            nodes[node_id] = self._node(node, process_id, scope, lane, ends)
        scopes = {
            key: Scope(key, parent, tuple(inner), tuple(flows))
            for key, (parent, inner, flows) in parts.scopes.items()
        }
        return Process(
            process_id,
            name_of(element) or self._pools.get(process_id, ""),
            self._file,
            line_of(element),
            nodes,
            parts.flows,
            scopes,
            documentation_of(element),
        )

    def _scope(
        self, parts: _Parts, element: etree._Element, scope: str, parent: str | None
    ) -> None:
        inner: list[str] = []
        flows: list[str] = []
        parts.scopes[scope] = (parent, inner, flows)
        for child in element:
            ident, tag = child.get("id") or "", local(child)
            if not child.tag.startswith(BPMN) or tag in DECORATION:
                continue
            self._say_doubles(child)
            if tag == "sequenceFlow":
                self._flow(parts, child, scope)
                flows.append(ident)
            elif tag not in NODES:
                if tag not in _SILENT and not tag.endswith("EventDefinition"):
                    self._say("unknown-element", child, f"the element {tag} cannot be run here")
            elif not ident:
                self._say("id-characters", child, f"a {tag} without an id")
            elif ident in parts.nodes or ident in parts.scopes:
                pass  # two of one id: named by the check of ids
            else:
                parts.nodes[ident] = (child, scope)
                inner.append(ident)
                if tag in SCOPES:
                    self._scope(parts, child, ident, scope)

    def _flow(self, parts: _Parts, element: etree._Element, scope: str) -> None:
        condition = element.find(BPMN + "conditionExpression")
        text = text_of(condition) if condition is not None else None
        ident = element.get("id") or ""
        parts.flows[ident] = Flow(
            ident,
            name_of(element),
            element.get("sourceRef") or "",
            element.get("targetRef") or "",
            text,
            scope,
            line_of(element),
        )

    def _node(
        self, element: etree._Element, process: str, scope: str, lane: str | None, ends: _Ends
    ) -> Node:
        node_id = element.get("id") or ""
        return Node(
            id=node_id,
            kind=local(element),
            name=name_of(element),
            process=process,
            scope=scope,
            file=self._file,
            line=line_of(element),
            incoming=tuple(ends.into.get(node_id, ())),
            outgoing=tuple(ends.out_of.get(node_id, ())),
            default=element.get("default"),
            attached_to=element.get("attachedToRef"),
            interrupting=element.get("cancelActivity") != "false",
            event=self._event(element),
            called=element.get("calledElement"),
            decision=element.get(CAMUNDA + "decisionRef"),
            script=(element.findtext(BPMN + "script") or "").strip("\n"),
            form=form_of(element),
            properties=properties_of(element),
            documentation=documentation_of(element),
            lane=lane,
            candidates=element.get(CAMUNDA + "candidateGroups") or "",
            multi=_multi(element),
            standard_loop=element.find(BPMN + "standardLoopCharacteristics") is not None,
            by_event=element.get("triggeredByEvent") == "true",
        )

    def _event(self, element: etree._Element) -> Event:
        found = [e for e in element if local(e).endswith("EventDefinition")]
        if not found:
            return Event()
        kind = local(found[0]).removesuffix("EventDefinition")
        if kind == "timer":
            for tag in _TIMES:
                if (time := found[0].find(BPMN + tag)) is not None:
                    return Event(kind, text_of(time), tag, number=len(found))
            return Event(kind, number=len(found))
        reference = found[0].get(f"{kind}Ref") or ""
        target = self._named.get(reference)
        if target is not None and local(target) != kind:
            target = None
        text = ""
        if target is not None:
            text = target.get(f"{kind}Code") or name_of(target)
        return Event(
            kind,
            text,
            reference=reference,
            known=not reference or target is not None,
            number=len(found),
        )

    def _lanes(self, process: etree._Element) -> dict[str, str]:
        """Node id -> name of the outermost lane that holds it."""
        found: dict[str, str] = {}
        for lane_set in process.findall(BPMN + "laneSet"):
            for lane in lane_set.findall(BPMN + "lane"):
                for reference in lane.iter(BPMN + "flowNodeRef"):
                    found.setdefault((reference.text or "").strip(), name_of(lane))
        return found

    def _say_doubles(self, element: etree._Element) -> None:
        """Of two scripts or conditions in one place somebody would read the other one."""
        for tag in _ONCE:
            if len(element.findall(BPMN + tag)) > 1:
                self._say("unknown-element", element, f"there is more than one {tag} in it")

    def _say(self, what: str, element: etree._Element, words: str) -> None:
        self._odd.append(Odd(what, self._file, line_of(element), element.get("id") or "", words))


def _multi(element: etree._Element) -> Multi | None:
    found = element.find(BPMN + "multiInstanceLoopCharacteristics")
    if found is None:
        return None
    return Multi(
        found.get(CAMUNDA + "collection") or "",
        found.get(CAMUNDA + "elementVariable") or "",
        (found.findtext(BPMN + "loopCardinality") or "").strip(),
        found.get("isSequential") == "true",
        (found.findtext(BPMN + "completionCondition") or "").strip(),
    )
