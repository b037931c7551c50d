"""Stage shape: how steps hang together. What is refused would run otherwise than it looks."""

from __future__ import annotations

from collections.abc import Iterator

from engine.checks.finding import Hit, at
from engine.checks.reach import loops, reachable
from engine.checks.registry import rule
from engine.checks.subject import Subject
from engine.diagrams.words import ACTIVITIES

MOST_STEPS = 400
_OK = "start s; user u; end e; s>u>e"
_SINGLE = ACTIVITIES | {
    "startEvent",
    "boundaryEvent",
    "intermediateCatchEvent",
    "intermediateThrowEvent",
}


@rule(
    "flow-nowhere",
    "wiring",
    remedy="Draw the flow anew from step to step.",
    good=_OK,
    bad="start s; user u; end e; s>u>e; u>ghost",
)
def flow_nowhere(subject: Subject) -> Iterator[Hit]:
    """A flow begins and ends at a step of the same diagram."""
    for process in subject.processes:
        for flow in process.flows.values():
            for end in (flow.source, flow.target):
                if end not in process.nodes:
                    yield Hit(
                        process.file,
                        flow.line,
                        flow.id,
                        f"the flow {flow.id} hangs on “{end}”, which is not on the diagram",
                    )


@rule(
    "incoming-nowhere",
    "wiring",
    remedy="Draw the step anew, or delete the reference.",
    good=_OK,
    bad='file p.bpmn [<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"><process'
    ' id="p" isExecutable="true"><startEvent id="s"><outgoing>ghost</outgoing></startEvent>'
    "</process></definitions>]",
)
def incoming_nowhere(subject: Subject) -> Iterator[Hit]:
    """What a step says about its flows agrees with the flows there are.

    The engine reads both, and waits for ever where they differ.
    """
    for process in subject.processes:
        root = subject.roots[process.file]
        for element in root.iter("{*}incoming", "{*}outgoing"):
            holder, flow = element.getparent(), (element.text or "").strip()
            node = process.nodes.get(holder.get("id") or "") if holder is not None else None
            if node is None:
                continue
            flows = node.incoming if element.tag.endswith("incoming") else node.outgoing
            if flow not in {each.id for each in flows}:
                yield at(node, f"{node.title} speaks of a flow “{flow}” that does not touch it")


@rule(
    "crosses-border",
    "wiring",
    remedy="End the inner path at an end event of the sub-process.",
    bad="start s; sub q {start a; user u; end b; a>u>b}; end e; end f; s>q>e; u>f",
    good=_OK,
)
def crosses_border(subject: Subject) -> Iterator[Hit]:
    """A flow stays inside the sub-process in which it begins."""
    for process in subject.processes:
        for flow in process.flows.values():
            ends = [process.nodes[e] for e in (flow.source, flow.target) if e in process.nodes]
            if any(node.scope != flow.scope for node in ends):
                yield Hit(
                    process.file,
                    flow.line,
                    flow.id,
                    f"the flow {flow.id} crosses the border of a sub-process",
                )


@rule(
    "no-way-on",
    "shape",
    remedy="Draw a flow to the next step or to an end event.",
    good=_OK,
    bad="start s; user u; end e; exclusive g; s>g>e [default]; g>u [died == true]",
)
def no_way_on(subject: Subject) -> Iterator[Hit]:
    """Every step leads somewhere. Where no flow leads on, the case stays open for ever."""
    for node in subject.nodes():
        if node.kind != "endEvent" and not node.outgoing and not node.by_event:
            yield at(node, f"{node.title} has no outgoing flow")


@rule(
    "unreached",
    "shape",
    remedy="Draw the flow that leads here, or delete the step.",
    good=_OK,
    bad="start s; user u; user v; end e; s>u>e; v>e",
)
def unreached(subject: Subject) -> Iterator[Hit]:
    """Every step is led to by flows from the start. The engine drops all others without a word."""
    for process in subject.processes:
        for scope_id in process.scopes:
            inside = list(process.within(scope_id))
            reached: set[str] = set()
            for start in (node for node in inside if node.kind == "startEvent"):
                reached |= {start.id} | reachable(process, start.id)
            for node in inside:
                if node.id not in reached and not node.by_event and node.kind != "startEvent":
                    yield at(node, f"no way leads from the start to {node.title}")


@rule(
    "into-start",
    "shape",
    remedy="Lead the flow to the step after the start event.",
    bad="start s; user u; exclusive g; end e; s>u>g; g>s [died == true]; g>e [default]",
    good=_OK,
)
def into_start(subject: Subject) -> Iterator[Hit]:
    """Nothing flows into a start event, nor into a boundary event."""
    for node in subject.nodes("startEvent", "boundaryEvent"):
        if node.incoming:
            yield at(node, f"a flow leads into {node.title}")


@rule(
    "end-out",
    "shape",
    remedy="Put the step before the end event.",
    good=_OK,
    bad="start s; end e; user u; end f; s>e>u>f",
)
def end_out(subject: Subject) -> Iterator[Hit]:
    """Nothing flows out of an end event."""
    for node in subject.nodes("endEvent"):
        if node.outgoing:
            yield at(node, f"a flow leads out of {node.title}")


@rule(
    "one-start",
    "shape",
    remedy="Draw exactly one start event in each process and sub-process.",
    bad="start s; start t; user u; end e; s>u>e; t>u",
    good=_OK,
)
def one_start(subject: Subject) -> Iterator[Hit]:
    """One start in each process and sub-process: of two, the engine would silently use one."""
    for process in subject.processes:
        for scope in process.scopes.values():
            starts = [n for n in process.within(scope.id) if n.kind == "startEvent"]
            for extra in starts[1:]:
                yield at(extra, f"{extra.title} is a second start in {scope.id}")
            if not starts:
                node = process.nodes.get(scope.id)
                line = node.line if node else process.line
                yield Hit(process.file, line, scope.id, f"{scope.id} has no start event")


@rule(
    "no-end",
    "shape",
    remedy="Lead every path to an end event.",
    good=_OK,
    bad="start s; user u; exclusive g; s>g; g>u [died == true]; g>v [default]; user v; u>v; v>u",
)
def no_end(subject: Subject) -> Iterator[Hit]:
    """Each process and sub-process can end. Without an end event the case stays open for ever."""
    for process in subject.processes:
        for scope in process.scopes.values():
            if not any(node.kind == "endEvent" for node in process.within(scope.id)):
                node = process.nodes.get(scope.id)
                line = node.line if node else process.line
                yield Hit(process.file, line, scope.id, f"{scope.id} has no end event")


@rule(
    "implicit-split",
    "shape",
    good="start s; user u; parallel g; end e; end f; s>u>g>e; g>f",
    remedy="Put a gateway behind the step: exclusive for one way, parallel for all ways.",
    bad="start s; user u; end e; end f; s>u>e; u>f",
)
def implicit_split(subject: Subject) -> Iterator[Hit]:
    """Only gateways split. Two flows out of a step are read differently by different people."""
    for node in subject.nodes(*_SINGLE):
        if len(node.outgoing) > 1:
            yield at(node, f"{node.title} has {len(node.outgoing)} ways on but is no gateway")


@rule(
    "condition-outside-gateway",
    "shape",
    remedy="Put an exclusive gateway behind the step.",
    bad="start s; user u form=[died boolean required]; end e; s>u; u>e [died == true]",
    good=_OK,
)
def condition_outside_gateway(subject: Subject) -> Iterator[Hit]:
    """Only the flows out of an exclusive or inclusive gateway have conditions."""
    for node in subject.nodes():
        if node.kind not in ("exclusiveGateway", "inclusiveGateway"):
            for flow in node.outgoing:
                if flow.condition is not None:
                    yield Hit(
                        node.file,
                        flow.line,
                        flow.id,
                        f"the flow out of {node.title} has a condition",
                    )


@rule(
    "double-flow",
    "shape",
    remedy="Keep one of the flows; put a step on the other.",
    good=_OK,
    bad="start s; parallel a; parallel b; end e; s>a>b>e; a>b",
)
def double_flow(subject: Subject) -> Iterator[Hit]:
    """One flow between the same two elements: a join counts elements, not flows."""
    for process in subject.processes:
        for node in process.nodes.values():
            targets = [flow.target for flow in node.outgoing]
            for target in sorted({t for t in targets if targets.count(t) > 1}):
                title = process.nodes[target].title if target in process.nodes else target
                yield at(
                    node, f"{node.title} is joined to {title} by {targets.count(target)} flows"
                )


@rule(
    "join-and-split",
    "shape",
    remedy="Draw two gateways: one that joins, then one that splits.",
    bad="start s; parallel a; user u; user v; parallel b; end e; end f; s>a>u>b>e; a>v>b>f",
    good="start s; parallel a; user u; user v; parallel b; end e; s>a>u>b>e; a>v>b",
)
def join_and_split(subject: Subject) -> Iterator[Hit]:
    """A parallel or inclusive gateway either joins or splits."""
    for node in subject.nodes("parallelGateway", "inclusiveGateway"):
        if len(node.incoming) > 1 and len(node.outgoing) > 1:
            yield at(node, f"{node.title} joins and splits at once")


@rule(
    "superfluous-gateway",
    "shape",
    severity="warning",
    remedy="Delete the gateway.",
    good=_OK,
    bad="start s; parallel g; user u; end e; s>g>u>e",
)
def superfluous_gateway(subject: Subject) -> Iterator[Hit]:
    """A gateway with one way in and one way out decides nothing."""
    for node in subject.nodes("parallelGateway", "inclusiveGateway", "exclusiveGateway"):
        if len(node.incoming) == 1 and len(node.outgoing) == 1:
            yield at(node, f"{node.title} has one way in and one way out")


@rule(
    "fake-join",
    "shape",
    severity="warning",
    remedy="Draw an exclusive gateway before the step, if “either of them” is meant.",
    bad="start s; exclusive g; user u; user v; end e; s>g; g>u [died == true]; g>v [default]; "
    "u>v>e",
    good="start s; parallel a; user u; user v; parallel b; end e; s>a>u>b>e; a>v>b",
)
def fake_join(subject: Subject) -> Iterator[Hit]:
    """Several flows into a step mean “whenever one of them comes”, not “when all have come”."""
    for node in subject.nodes(*ACTIVITIES):
        if len(node.incoming) > 1:
            yield at(node, f"{len(node.incoming)} flows lead into {node.title}")


@rule(
    "join-in-loop",
    "shape",
    good=_OK,
    remedy="Put the parallel part into a sub-process: each turn then gets a fresh one.",
    bad="start s; exclusive m; user w; parallel a; user u; user v; parallel b; exclusive x; end e; "
    "s>m>w>a>u>b>x; a>v>b; x>m [died == true]; x>e [default]",
)
def join_in_loop(subject: Subject) -> Iterator[Hit]:
    """A join on a loop must tell the branches of this turn from those of the last one.

    As a sub-process the parallel work is drawn more plainly, and each turn has a join of its
    own.
    """
    for process in subject.processes:
        for node in process.nodes.values():
            joins = node.kind in ("parallelGateway", "inclusiveGateway") and len(node.incoming) > 1
            if joins and node.id in reachable(process, node.id):
                yield at(node, f"{node.title} joins parallel work inside a loop")


@rule(
    "loop-without-wait",
    "shape",
    remedy="Put a user task, a timer or a message on the loop.",
    bad="start s; exclusive m; script a script=[x = 1]; exclusive g; end e; s>m>a>g; "
    "g>m [x == 1]; g>e [default]",
    good="start s; exclusive m; user a form=[again boolean required]; exclusive g; end e; s>m>a>g;"
    " g>m [again == true]; g>e [default]",
)
def loop_without_wait(subject: Subject) -> Iterator[Hit]:
    """A loop no person, date or message ever stops would spin until the engine gives up."""
    for process in subject.processes:
        for loop in loops(process, subject.waiting.never_waiting(process)):
            node = process.nodes[loop[0]]
            yield at(node, f"the loop through {node.title} never waits for anybody")


@rule(
    "loop-without-gateway",
    "shape",
    remedy="Put an exclusive gateway before the first step of the loop.",
    bad="start s; user u; boundary b on=u message=done; end e; s>u>u; b>e",
    good="start s; exclusive g; user u; boundary b on=u message=done; end e; s>g>u>g; b>e",
)
def loop_without_gateway(subject: Subject) -> Iterator[Hit]:
    """A loop passes through an exclusive gateway, where paths meet.

    SpiffWorkflow 3.2.0 looks ahead along flows up to the next gateway: without one for ever.
    """
    for process in subject.processes:
        steps = frozenset(
            node.id for node in process.nodes.values() if node.kind != "exclusiveGateway"
        )
        for loop in loops(process, steps, events=False):
            yield at(
                process.nodes[loop[0]],
                f"the loop through {process.nodes[loop[0]].title} has no exclusive gateway",
            )


@rule(
    "too-many-steps",
    "shape",
    remedy="Move parts into processes of their own and call them.",
    good=_OK,
    bad="start s; "
    + "; ".join(f"user u{n}" for n in range(400))
    + "; end e; s>"
    + ">".join(f"u{n}" for n in range(400))
    + ">e",
)
def too_many_steps(subject: Subject) -> Iterator[Hit]:
    """At most 400 steps in one process: more can neither be read nor proved."""
    for process in subject.processes:
        if len(process.nodes) > MOST_STEPS:
            yield Hit(
                process.file,
                process.line,
                process.id,
                f"{process.id} has {len(process.nodes)} steps, more than {MOST_STEPS}",
            )
