"""Stage shape: events."""

from __future__ import annotations

from collections.abc import Iterator

from engine.checks.finding import Hit, at
from engine.checks.registry import rule
from engine.checks.subject import Subject
from engine.diagrams.model import Bundle, Node, Process
from engine.diagrams.words import ACTIVITIES

#: What an event of each kind may be; everything else is refused with the remedy beside it.
ALLOWED = {
    "startEvent": {"none"},
    "endEvent": {"none", "terminate", "error", "escalation"},
    "intermediateCatchEvent": {"timer", "message"},
    "intermediateThrowEvent": {"none", "escalation"},
    "boundaryEvent": {"timer", "message", "error", "escalation"},
}
REMEDIES = {
    "signal": "Draw a boundary message, or a call of a process.",
    "link": "Draw the flow itself, or move the part into a sub-process.",
    "compensate": "Draw the steps that put things right.",
    "conditional": "Draw a gateway after the task that sets the value.",
    "cancel": "Draw an error end and an error boundary event.",
    "timer": "Start the case by a person; put the timer on a boundary or into the flow.",
    "message": "Let a user task send it and record when.",
}
_OK = "start s; user u; end e; s>u>e"


@rule(
    "refused-event",
    "shape",
    remedy="Draw one of the events of the palette.",
    good=_OK,
    bad="start s; user u; end e signal=x; s>u>e",
)
def refused_event(subject: Subject) -> Iterator[Hit]:
    """Plain starts; plain, terminate, error and escalation ends; timers and messages to wait for.

    Other events are dropped or misread by the engine, so they are refused here.
    """
    for node in subject.nodes(*ALLOWED):
        if node.event.kind not in ALLOWED[node.kind]:
            kind = "plain" if node.event.kind == "none" else node.event.kind
            yield at(
                node,
                f"{node.title}: a {kind} event is not run here",
                remedy=REMEDIES.get(node.event.kind),
            )


@rule(
    "two-definitions",
    "shape",
    remedy="Draw one event for each.",
    good=_OK,
    bad='start s; user u; boundary b on=u timer=[due("R1")] message=x; end e; s>u>e; b>e',
)
def two_definitions(subject: Subject) -> Iterator[Hit]:
    """An event is one thing: a timer or a message, not both."""
    for node in subject.nodes():
        if node.event.number > 1:
            yield at(node, f"{node.title} is {node.event.number} events at once")


@rule(
    "message-unknown",
    "shape",
    remedy="Choose the message, error or escalation in the modeller.",
    bad="start s; user u; boundary b on=u message=missing; end e; end f; s>u>e; b>f",
    good="start s; user u; boundary b on=u message=stop; end e; end f; s>u>e; b>f",
)
def message_unknown(subject: Subject) -> Iterator[Hit]:
    """A message, error or escalation is named: the name is the text of the button."""
    for node in subject.nodes():
        if node.event.kind == "message" and (not node.event.known or not node.event.text):
            yield at(node, f"{node.title} does not say which message")
        elif not node.event.known:
            yield at(node, f"{node.title} names {node.event.reference}, which is not in the file")


@rule(
    "boundary-host",
    "wiring",
    remedy="Hang the event on the edge of an activity.",
    good=_OK,
    bad="start s; user u; boundary b on=ghost message=x; end e; end f; s>u>e; b>f",
)
def boundary_host(subject: Subject) -> Iterator[Hit]:
    """A boundary event sits on an activity of the same process or sub-process."""
    for process in subject.processes:
        for node in process.nodes.values():
            if node.kind != "boundaryEvent":
                continue
            host = process.nodes.get(node.attached_to or "")
            if host is None or host.kind not in ACTIVITIES or host.scope != node.scope:
                yield at(
                    node,
                    f"{node.title} sits on “{node.attached_to}”, which is no activity beside it",
                )


@rule(
    "boundary-automatic",
    "shape",
    remedy="Hang the event on a step that waits.",
    good=_OK,
    bad="start s; script a script=[x = 1]; boundary b on=a message=x; end e; end f; s>a>e; b>f",
)
def boundary_automatic(subject: Subject) -> Iterator[Hit]:
    """An event on an activity that runs by itself can never fire."""
    for process, node, host in _boundaries(subject):
        if node.event.kind not in ("timer", "message"):
            continue
        if not subject.waiting.waits(process, host):
            yield at(node, f"{host.title} runs by itself, so {node.title} can never fire")


@rule(
    "same-event-twice",
    "shape",
    remedy="Keep one of the two events.",
    good=_OK,
    bad="start s; user u; boundary b on=u message=x; boundary c on=u message=x; end e; end f; "
    "end g; s>u>e; b>f; c>g",
)
def same_event_twice(subject: Subject) -> Iterator[Hit]:
    """One message, error or escalation is caught once on one activity: two would both fire."""
    seen: dict[tuple[str, str, str, str], Node] = {}
    for process, node, host in _boundaries(subject):
        if node.event.kind == "timer":
            continue
        key = (process.id, host.id, node.event.kind, node.event.text)
        if key in seen:
            yield at(node, f"{host.title} already catches “{node.event.text}”")
        seen.setdefault(key, node)


@rule(
    "error-uncaught",
    "shape",
    remedy="Hang an error event on the activity around it.",
    bad="start s; user u; end e error=late; s>u>e",
    good="start s; sub q {start a; user u; end b error=late; a>u>b}; boundary x on=q error=late; "
    "end e; end f; s>q>e; x>f",
)
def error_uncaught(subject: Subject) -> Iterator[Hit]:
    """An error or escalation that ends something is caught by an event on an activity around it.

    Otherwise it would be a plain end, without a word.
    """
    for node in subject.nodes("endEvent", "intermediateThrowEvent"):
        if node.event.kind not in ("error", "escalation"):
            continue
        if not _caught(subject.bundle, node):
            yield at(node, f"nobody catches the {node.event.kind} of {node.title}")


def _caught(bundle: Bundle, node: Node) -> bool:
    """Whether, by whatever calls it is come to, an activity around it catches what it throws."""
    todo, seen = [(node.process, node.scope)], {(node.process, node.scope)}
    while todo:
        process = bundle.processes[todo[-1][0]]
        host = process.nodes.get(todo.pop()[1])
        around = [host] if host is not None else _callers(bundle, process.id)
        if not around:
            return False
        for each in around:
            place = (each.process, each.scope)
            if not _catches(bundle.processes[each.process], each, node) and place not in seen:
                seen.add(place)
                todo.append(place)
    return True


def _callers(bundle: Bundle, process_id: str) -> list[Node]:
    return [node for node in bundle.nodes() if node.called == process_id]


def _catches(process: Process, host: Node, node: Node) -> bool:
    return any(
        event.event.kind == node.event.kind and event.event.text in ("", node.event.text)
        for event in process.boundaries(host.id)
    )


@rule(
    "terminate-cuts",
    "shape",
    severity="info",
    good=_OK,
    remedy="Use a plain end event, unless these steps are meant to be cut off.",
    bad="start s; parallel g; user u; user v; end e terminate; end f; s>g>u>e; g>v>f",
)
def terminate_cuts(subject: Subject) -> Iterator[Hit]:
    """A terminate end takes away every task still open beside it."""
    for process in subject.processes:
        for node in process.nodes.values():
            if node.kind != "endEvent" or node.event.kind != "terminate":
                continue
            beside = list(process.within(node.scope))
            if any(
                (each.kind in ("parallelGateway", "inclusiveGateway") and len(each.outgoing) > 1)
                or (each.kind == "boundaryEvent" and not each.interrupting)
                for each in beside
            ):
                yield at(node, f"{node.title} takes away what is still open beside it")


def _boundaries(subject: Subject) -> Iterator[tuple[Process, Node, Node]]:
    for process in subject.processes:
        for node in process.nodes.values():
            host = process.nodes.get(node.attached_to or "")
            if node.kind == "boundaryEvent" and host is not None:
                yield process, node, host
