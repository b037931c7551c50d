"""Stage play: every case can end, from wherever it may stand, and nothing runs twice."""

from __future__ import annotations

from collections.abc import Iterator

from engine.checks.exploring import STATE_LIMIT, Graph, Problem, closure, explore, judge, reduce
from engine.checks.finding import Hit
from engine.checks.net import Net, net_of
from engine.checks.registry import rule
from engine.checks.subject import Subject
from engine.diagrams.model import Node, Process

_OK = "start s; parallel a; user u; user v; parallel b; end e; s>a>u>b>e; a>v>b"
_WIDE = (
    "user k# form=[died boolean required]; inclusive i#; user u#; user v#; inclusive j#; "
    "a>k#>i#; i#>u# [died == true]; i#>v# [default]; u#>j#; v#>j#>z"
)
_ASKED = "start s; user q form=[died boolean required]; exclusive g; "


@rule(
    "stuck",
    "play",
    good=_OK,
    remedy="Join what was split: a parallel join waits for all branches, an exclusive for none.",
    bad=_ASKED + "user u; user v; parallel j; end e; s>q>g; g>u [died == true]; g>v [default]; "
    "u>j; v>j>e",
)
def stuck(subject: Subject) -> Iterator[Hit]:
    """A case never stands still for ever: wherever it is, a step can follow."""
    yield from _reported(subject, "stuck")


@rule(
    "never-ends",
    "play",
    remedy="Draw a way from here to an end.",
    bad=_ASKED + "user u; exclusive j; user w; end e; s>q>g; g>e [died == true]; g>j [default]; "
    "j>u>w>j",
    good=_OK,
)
def never_ends(subject: Subject) -> Iterator[Hit]:
    """From everywhere an end can be reached."""
    yield from _reported(subject, "never-ends")


@rule(
    "unsafe",
    "play",
    good=_OK,
    remedy="Join parallel branches with a parallel gateway before they meet.",
    bad="start s; parallel a; user u; user v; exclusive j; user w; end e; s>a>u>j>w>e; a>v>j",
)
def unsafe(subject: Subject) -> Iterator[Hit]:
    """No step is reached a second time while the first is still open.

    Everything after it would run twice, and joins would count the wrong branches.
    """
    yield from _reported(subject, "unsafe")


@rule(
    "dead",
    "play",
    good=_OK,
    remedy="Mend the way that leads there, or delete the step.",
    bad="start s; parallel a; user q form=[died boolean required]; exclusive g; user u; user v; "
    "parallel b; user w; end e; user x; end f terminate; s>a>q>g; g>u [died == true]; "
    "g>v [default]; u>b; v>b>w>e; a>x>f",
)
def dead(subject: Subject) -> Iterator[Hit]:
    """Every step can happen in some case."""
    yield from _reported(subject, "dead")


@rule(
    "side-merge",
    "play",
    remedy="Lead the path of the event to an end of its own.",
    bad="start s; user u; boundary b on=u calm message=x; user v; end e; s>u>v>e; b>v",
    good="start s; user u; boundary b on=u calm message=x; user v; end e; end f; s>u>e; b>v>f",
)
def side_merge(subject: Subject) -> Iterator[Hit]:
    """What a non-interrupting event starts runs beside the main path, to an end of its own."""
    yield from _reported(subject, "side-merge")


@rule(
    "side-terminates",
    "play",
    remedy="Use a plain end event, or let the event interrupt.",
    bad="start s; user u; boundary b on=u calm message=x; user v; end e; end f terminate; s>u>e; "
    "b>v>f",
    good="start s; user u; boundary b on=u calm message=x; user v; end e; end f; s>u>e; b>v>f",
)
def side_terminates(subject: Subject) -> Iterator[Hit]:
    """An event that interrupts nothing does not end the whole process by its path."""
    yield from _reported(subject, "side-terminates")


@rule(
    "too-many",
    "play",
    remedy="Move parallel branches into a sub-process.",
    good=_OK,
    bad="start s; parallel a; parallel z; end e; s>a; z>e; user y form=[died boolean required]; "
    "a>y>z; " + "; ".join(_WIDE.replace("#", str(number)) for number in range(6)),
)
def too_many(subject: Subject) -> Iterator[Hit]:
    """The ways in which parallel work can interleave can all be looked at.

    20,000, after everything that can be taken together has been taken together.
    """
    yield from _reported(subject, "too-many")


def _reported(subject: Subject, rule_id: str) -> Iterator[Hit]:
    for process, problem in subject.once("soundness", lambda: list(_all(subject))):
        if problem.rule == rule_id:
            line = problem.node.line if problem.node else process.line
            element = problem.node.id if problem.node else process.id
            yield Hit(process.file, line, element, problem.message, problem.path)


def _all(subject: Subject) -> Iterator[tuple[Process, Problem]]:
    for process in subject.processes:
        for scope in process.scopes:
            for problem in problems_of(process, scope):
                yield process, problem


def problems_of(process: Process, scope_id: str, *, limit: int = STATE_LIMIT) -> list[Problem]:
    """What is unsound in one scope: the main path first, then each side thread alone."""
    net = net_of(process, scope_id)
    main = explore(net, net.start, limit=limit)
    problems = judge(net, main) if main.complete else _of_reduced(net, limit)
    fired = main.fired
    touched = main.touched if main.complete else closure(net)
    for event, start in net.sides:
        if main.complete and event.attached_to not in fired:
            continue
        side = explore(net, start, limit=limit)
        if not side.complete:
            problems += _of_reduced(net, limit, start)
            continue
        fired |= side.fired | {event.id}
        problems += _beside(process, net, event, side, touched)
        problems += judge(net, side)
    if main.complete and not problems:
        problems += _never_fired(process, scope_id, fired)
    return problems


def _of_reduced(net: Net, limit: int, start: int | None = None) -> list[Problem]:
    small = reduce(net if start is None else _started(net, start))
    graph = explore(small, small.start, limit=limit)
    if graph.complete:
        return judge(small, graph)
    return [
        Problem(
            "too-many",
            net.home(net.start),
            f"more than {limit:,} combinations of parallel work: this cannot be proved",
        )
    ]


def _started(net: Net, start: int) -> Net:
    return Net(net.places, net.titles, net.homes, list(net.steps), start, [], net.shared)


def _beside(
    process: Process, net: Net, event: Node, side: Graph, touched: int
) -> Iterator[Problem]:
    meeting = side.touched & touched & ~net.shared
    host = process.nodes[event.attached_to or ""]
    if meeting:
        where = ", ".join(net.names(meeting)[:3])
        yield Problem(
            "side-merge",
            event,
            f"the path of {event.title} runs into the main path at "
            f"{where}: that part would run twice",
            (f"{event.title} happens while {host.title} goes on",),
        )
    if any(
        step.wipe and step.node.kind == "endEvent"
        for edges in side.edges.values()
        for step, _ in edges
    ):
        yield Problem(
            "side-terminates",
            event,
            f"the path of {event.title} ends the whole process, "
            "although the event interrupts nothing",
        )


def _never_fired(process: Process, scope_id: str, fired: set[str]) -> Iterator[Problem]:
    for node in process.within(scope_id):
        if node.id not in fired:
            yield Problem("dead", node, f"{node.title} can never be reached")
