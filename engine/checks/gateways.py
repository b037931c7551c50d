"""Stage shape: gateways, repeated steps, calls."""

from __future__ import annotations

from collections.abc import Iterator

from engine.checks.finding import Hit, at
from engine.checks.reach import reachable
from engine.checks.registry import rule
from engine.checks.subject import Subject, nearest
from engine.diagrams.model import Bundle, Node
from engine.diagrams.words import ACTIVITIES

MOST_BRANCHES = 8
_OK = "start s; user u; end e; s>u>e"


@rule(
    "default-flow",
    "shape",
    remedy="Choose a flow out of this gateway as its default.",
    good="start s; user u form=[died boolean]; exclusive g; end e; end f; s>u>g; "
    "g>e [died == true]; g>f [default]",
    bad="start s; exclusive g default=ghost; user u; end e; s>g>e; g>u [died == true]; u>e",
)
def default_flow(subject: Subject) -> Iterator[Hit]:
    """The default flow leaves the gateway, and has no condition: it is taken when no other is."""
    for node in subject.nodes():
        if node.default is None:
            continue
        flow = next((f for f in node.outgoing if f.id == node.default), None)
        if flow is None:
            yield at(node, f"the default flow “{node.default}” does not leave {node.title}")
        elif flow.condition:
            yield Hit(
                node.file,
                flow.line,
                flow.id,
                f"the default flow of {node.title} has a condition",
                remedy="Delete the condition, or choose another default.",
            )


@rule(
    "condition-missing",
    "shape",
    remedy="Write the condition, or make the flow the default.",
    bad="start s; user u; exclusive g; end e; end f; s>u>g; g>e [died == true]; g>f",
    good="start s; user u form=[died boolean]; exclusive g; end e; end f; s>u>g; "
    "g>e [died == true]; g>f [default]",
)
def condition_missing(subject: Subject) -> Iterator[Hit]:
    """Each way out of an exclusive or inclusive split has a condition or is the default."""
    for node in subject.nodes("exclusiveGateway", "inclusiveGateway"):
        for flow in node.outgoing if len(node.outgoing) > 1 else ():
            if not flow.condition and flow.id != node.default:
                yield Hit(
                    node.file,
                    flow.line,
                    flow.id,
                    f"a flow out of {node.title} has no condition and is not the default",
                )


@rule(
    "inclusive",
    "shape",
    good=_OK,
    remedy="Draw a parallel split and an exclusive question in each branch.",
    bad="start s; user u form=[a boolean required]; inclusive g; user v; inclusive j; end e; "
    "s>u>g; g>v [a == true]; g>j [default]; v>j>e",
)
def inclusive(subject: Subject) -> Iterator[Hit]:
    """An inclusive gateway only without a flow straight from split to join and not in a loop.

    Otherwise the join can let the first branch pass and run the rest of the process twice.
    """
    for process in subject.processes:
        for node in process.nodes.values():
            if node.kind != "inclusiveGateway":
                continue
            if len(node.outgoing) > MOST_BRANCHES:
                yield at(node, f"{node.title} has more than {MOST_BRANCHES} ways on")
            if node.id in reachable(process, node.id):
                yield at(node, f"{node.title} stands in a loop")
            elif any(process.nodes[f.target].kind == "inclusiveGateway" for f in node.outgoing):
                yield at(node, f"a flow runs straight from {node.title} to a join")


@rule(
    "refused-gateway",
    "shape",
    remedy="Draw an exclusive gateway after a task that asks.",
    bad="start s; complex g; user u; user v; end e; s>g>u>e; g>v>e",
    good=_OK,
)
def refused_gateway(subject: Subject) -> Iterator[Hit]:
    """Complex and event-based gateways are not proved.

    Instead of waiting for one of several events, let a task record what came, with a reminder
    clock on its edge.
    """
    for node in subject.nodes("complexGateway", "eventBasedGateway"):
        yield at(node, f"{node.title}: this kind of gateway is not run here")


@rule(
    "refused-task",
    "shape",
    remedy="Draw a user task: a person does it and records the answer.",
    bad="start s; service u; end e; s>u>e",
    good=_OK,
)
def refused_task(subject: Subject) -> Iterator[Hit]:
    """User tasks, script tasks and business rule tasks are run; no other kind says who does what.

    No program outside is ever called from a diagram.
    """
    for node in subject.nodes("task", "serviceTask", "sendTask", "receiveTask", "manualTask"):
        yield at(node, f"{node.title}: a {node.kind} is not run here")


@rule(
    "refused-scope",
    "shape",
    remedy="Draw a plain sub-process, or a call of a process.",
    bad="start s; adhoc q {start a; user u; end b; a>u>b}; end e; s>q>e",
    good=_OK,
)
def refused_scope(subject: Subject) -> Iterator[Hit]:
    """Ad hoc sub-processes, transactions and event sub-processes are not proved.

    What may happen at any time while something is open is a boundary message on it.
    """
    for node in subject.nodes("adHocSubProcess", "transaction", "subProcess"):
        if node.kind != "subProcess":
            yield at(node, f"{node.title}: this kind of sub-process is not run here")
        elif node.by_event:
            yield at(
                node,
                f"{node.title} is started by an event",
                remedy="Hang a boundary message on the activity during which it may happen.",
            )


@rule(
    "standard-loop",
    "shape",
    remedy="Draw the loop with a gateway, or repeat over a list.",
    bad="start s; user u loop; end e; s>u>e",
    good=_OK,
)
def standard_loop(subject: Subject) -> Iterator[Hit]:
    """The loop marker has no limit and is not proved; a drawn loop shows when it ends."""
    for node in subject.nodes():
        if node.standard_loop:
            yield at(node, f"{node.title} has the loop marker")


@rule(
    "multi-no-list",
    "shape",
    remedy="Name a list in “Collection” and a name in “Element variable”.",
    bad="start s; user u list=[]; end e; s>u>e",
    good="start s; user u multi; end e; s>u>e",
)
def multi_no_list(subject: Subject) -> Iterator[Hit]:
    """A repeated step names the list it is repeated for, and a name for the entry in turn."""
    for node in subject.nodes():
        multi = node.multi
        if multi is None:
            continue
        if not multi.collection or not multi.variable:
            yield at(node, f"{node.title} is repeated, but the list or its element is not named")
        if multi.cardinality or multi.completion:
            yield at(
                node,
                f"{node.title} is repeated by a number or until a condition",
                remedy="Delete loop cardinality and completion condition; name a list.",
            )


@rule(
    "multi-writes-list",
    "shape",
    remedy="Give the answer another id than the list.",
    bad="start s; user u multi form=[things list]; end e; s>u>e",
    good="start s; user u multi; end e; s>u>e",
)
def multi_writes_list(subject: Subject) -> Iterator[Hit]:
    """A repeated step does not write the list it is repeated for."""
    for process in subject.processes:
        for node in process.nodes.values():
            if node.multi is None:
                continue
            inside = [node, *(process.below(node.id) if node.id in process.scopes else ())]
            for each in inside:
                if node.multi.collection in {f.id for f in each.form.fields}:
                    yield at(
                        each,
                        f"{each.title} writes the list “{node.multi.collection}” over "
                        f"which {node.title} is repeated",
                    )


@rule(
    "multi-sub-interrupted",
    "shape",
    remedy="Put the repeated step into a plain sub-process and hang the event on that.",
    bad="start s; sub q multi {start a; user u; end b; a>u>b}; boundary x on=q message=stop; end e;"
    " end f; s>q>e; x>f",
    good="start s; sub q {start a; user u; end b; a>u>b}; boundary x on=q message=stop; end e; "
    "end f; s>q>e; x>f",
)
def multi_sub_interrupted(subject: Subject) -> Iterator[Hit]:
    """No interrupting event on a repeated sub-process or call.

    SpiffWorkflow 3.2.0 loses its instances. On a plain sub-process around it the same event is
    safe.
    """
    for process in subject.processes:
        for node in process.nodes.values():
            host = process.nodes.get(node.attached_to or "")
            if (
                host is not None
                and node.interrupting
                and host.multi is not None
                and host.kind in ("subProcess", "callActivity")
            ):
                yield at(
                    node,
                    f"{node.title} would interrupt {host.title}, "
                    "which runs once per entry of a list",
                )


@rule(
    "multi-after-boundary",
    "shape",
    remedy="Put an exclusive gateway between the event and the repeated step.",
    bad="start s; user u; boundary x on=u message=stop; user m multi; end e; end f; s>u>e; x>m>f",
    good="start s; user u; boundary x on=u message=stop; exclusive g; user m multi; user k; "
    "end e; end f; s>u>e; x>g; g>m [aware_on == null]; g>k [default]; k>f; m>f",
)
def multi_after_boundary(subject: Subject) -> Iterator[Hit]:
    """A repeated step reached from a boundary event needs a gateway between.

    SpiffWorkflow 3.2.0 does not foresee the repetition there.
    """
    for process in subject.processes:
        for event in process.nodes.values():
            node, seen = event, {event.id}
            while event.kind == "boundaryEvent" and len(node.outgoing) == 1:
                node = process.nodes[node.outgoing[0].target]
                if node.id in seen or node.kind.endswith("Gateway"):
                    break
                seen.add(node.id)
                if node.multi is not None:
                    yield at(
                        node, f"{node.title} is repeated and comes straight after {event.title}"
                    )


@rule(
    "call-unknown",
    "shape",
    remedy="Name a process of this bundle.",
    bad="start s; call c call=other; end e; s>c>e",
    good="start s; call c call=other; end e; s>c>e; process other {start s; user u; end e; s>u>e}",
)
def call_unknown(subject: Subject) -> Iterator[Hit]:
    """A call names a process of the bundle by its id, which is the name of its file."""
    for node in subject.nodes("callActivity"):
        if node.called not in subject.bundle.processes:
            called = (node.called or "")[:60]
            yield at(
                node,
                f"{node.title} calls “{called}”, which is not there."
                f"{nearest(called, subject.bundle.processes)}",
            )


@rule(
    "call-cycle",
    "shape",
    remedy="Draw the repetition as a loop.",
    good=_OK,
    bad="start s; call c call=p; end e; s>c>e",
)
def call_cycle(subject: Subject) -> Iterator[Hit]:
    """No process calls itself, not even by way of others: that would never end."""
    for node in subject.nodes("callActivity"):
        way = _way_back(subject.bundle, node)
        if way:
            yield at(node, f"{node.process} calls itself: {' calls '.join(way)}", path=way)


def _way_back(bundle: Bundle, node: Node) -> tuple[str, ...]:
    todo: list[tuple[str, ...]] = [(node.process, node.called or "")]
    seen: set[str] = set()
    while todo:
        way = todo.pop()
        if way[-1] == node.process:
            return way
        if way[-1] not in seen and way[-1] in bundle.processes:
            seen.add(way[-1])
            todo += [
                (*way, inner.called or "")
                for inner in bundle.processes[way[-1]].nodes.values()
                if inner.kind == "callActivity"
            ]
    return ()


@rule(
    "process-unused",
    "shape",
    severity="warning",
    remedy="Call it, make it startable, or take the file out of the bundle.",
    good=_OK,
    bad="start s; user u; end e; s>u>e; process other {start s; user u; end e; s>u>e}",
)
def process_unused(subject: Subject) -> Iterator[Hit]:
    """Every process is startable or called by one that is."""
    if subject.definition is None:
        return
    reached: set[str] = set()
    todo = list(subject.definition.startable)
    while todo:
        name = todo.pop()
        if name not in reached and name in subject.bundle.processes:
            reached.add(name)
            todo += [
                node.called or ""
                for node in subject.bundle.processes[name].nodes.values()
                if node.kind in ACTIVITIES
            ]
    for process in subject.processes:
        if process.id not in reached:
            yield Hit(process.file, process.line, process.id, f"nothing calls {process.id}")
