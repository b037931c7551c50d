"""Random diagrams, sound and unsound, and the proof that what the checks accept really runs.

Diagrams are drawn block by block in the short language of the examples, then broken by moving,
deleting and doubling flows. `proof(count, seed)` is also what a longer run uses.
"""

from __future__ import annotations

import random
from collections import Counter
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime

from lxml import etree

from engine import clock
from engine.checks import check
from engine.checks.example_world import OPENING, ExampleTime, definition
from engine.checks.examples import bundle
from engine.errors import CaseError
from engine.spiff.runtime import Runtime

MOST_ACTIONS = 60
WAYS = ("a", "b", "c")
LATER = datetime(2030, 1, 1, tzinfo=UTC)


@dataclass
class Drawing:
    rng: random.Random
    nodes: list[str] = field(default_factory=list)
    flows: list[tuple[str, str, str]] = field(default_factory=list)
    count: int = 0

    def node(self, kind: str, words: str = "") -> str:
        self.count += 1
        name = f"{kind[0]}{self.count}"
        self.nodes.append(f"{kind} {name} {words}".strip())
        return name

    def task(self, words: str = "") -> str:
        return self.node("user", f"form=[way enum(a|b|c) required] {words}".strip())

    def text(self) -> str:
        flows = [f"{a}>{b}" + (f" [{label}]" if label else "") for a, b, label in self.flows]
        return "; ".join([*self.nodes, *flows])


def block(drawing: Drawing, depth: int) -> tuple[str, str]:
    kinds = ["task", "task", "event", "multi"]
    if depth:
        kinds += ["choice", "parallel", "loop", "chain", "inside", "chain"]
    return BLOCKS[drawing.rng.choice(kinds)](drawing, depth)


def _task(drawing: Drawing, _: int) -> tuple[str, str]:
    task = drawing.task()
    return task, task


def _multi(drawing: Drawing, _: int) -> tuple[str, str]:
    task = drawing.task("multi")
    return task, task


def _event(drawing: Drawing, depth: int) -> tuple[str, str]:
    task, after = drawing.task(), drawing.node("exclusive")
    calm = drawing.rng.random() < 0.5
    kind = drawing.rng.choice(["message=m", "timer=[on(aware_on)]"])
    event = drawing.node("boundary", f"on={task} {kind}{' calm' if calm else ''}")
    first, last = block(drawing, max(0, depth - 1))
    end = drawing.node("end") if calm or drawing.rng.random() < 0.2 else after
    drawing.flows += [(task, after, ""), (event, first, ""), (last, end, "")]
    return task, after


def _split(drawing: Drawing, depth: int, kind: str) -> tuple[str, str]:
    split, join = drawing.node(kind), drawing.node(kind)
    for way in drawing.rng.sample(WAYS, drawing.rng.randint(2, 3)):
        first, last = block(drawing, depth - 1)
        drawing.flows += [(split, first, f'way == "{way}"'), (last, join, "")]
    source, target, _ = next(flow for flow in reversed(drawing.flows) if flow[0] == split)
    drawing.flows.remove(next(f for f in drawing.flows if f[:2] == (source, target)))
    drawing.flows.append((source, target, "default"))
    if kind == "parallel":
        drawing.flows = [(a, b, "" if a == split else label) for a, b, label in drawing.flows]
    return split, join


def _choice(drawing: Drawing, depth: int) -> tuple[str, str]:
    return _split(drawing, depth, "exclusive")


def _parallel(drawing: Drawing, depth: int) -> tuple[str, str]:
    return _split(drawing, depth, drawing.rng.choice(["parallel", "parallel", "inclusive"]))


def _loop(drawing: Drawing, depth: int) -> tuple[str, str]:
    merge, ask = drawing.node("exclusive"), drawing.node("exclusive")
    first, last = block(drawing, depth - 1)
    after = drawing.task()
    drawing.flows += [
        (merge, first, ""),
        (last, ask, ""),
        (ask, merge, 'way == "a"'),
        (ask, after, "default"),
    ]
    return merge, after


def _chain(drawing: Drawing, depth: int) -> tuple[str, str]:
    first, middle = block(drawing, depth - 1)
    start, last = block(drawing, depth - 1)
    drawing.flows.append((middle, start, ""))
    return first, last


def _inside(drawing: Drawing, depth: int) -> tuple[str, str]:
    inner = Drawing(drawing.rng, count=drawing.count)
    start, end = inner.node("start"), inner.node("end")
    first, last = block(inner, depth - 1)
    inner.flows += [(start, first, ""), (last, end, "")]
    drawing.count = inner.count
    sub = drawing.node("sub", "{" + inner.text() + "}")
    after = drawing.node("exclusive")
    drawing.flows.append((sub, after, ""))
    if drawing.rng.random() < 0.5:
        event = drawing.node("boundary", f"on={sub} message=m")
        drawing.flows.append((event, after, ""))
    return sub, after


BLOCKS = {
    "task": _task,
    "multi": _multi,
    "event": _event,
    "choice": _choice,
    "parallel": _parallel,
    "loop": _loop,
    "chain": _chain,
    "inside": _inside,
}


def random_diagram(seed: int) -> str:
    rng = random.Random(seed)
    drawing = Drawing(rng)
    start, ask, end = drawing.node("start"), drawing.task(), drawing.node("end")
    first, last = block(drawing, rng.randint(1, 3))
    drawing.flows += [(start, ask, ""), (ask, first, ""), (last, end, "")]
    for _ in range(rng.choice([0, 0, 1, 1, 2, 3])):
        _break(drawing)
    return drawing.text()


def _break(drawing: Drawing) -> None:
    rng, flows = drawing.rng, drawing.flows
    at = rng.randrange(len(flows))
    source, _, label = flows[at]
    other = rng.choice(flows)[1]
    what = rng.randrange(4)
    if what == 0:
        flows[at] = (source, other, label)
    elif what == 1 and len(flows) > 4:
        del flows[at]
    elif what == 2:
        extra = drawing.task()
        flows[at] = (source, extra, label)
        flows.append((extra, other, ""))
    else:
        _swap(drawing)


def _swap(drawing: Drawing) -> None:
    """An exclusive gateway becomes a parallel one, or the other way round."""
    swap = {"parallel": "exclusive", "exclusive": "parallel"}
    gateways = [node for node in drawing.nodes if node.split()[0] in swap]
    if not gateways:
        return
    node = drawing.rng.choice(gateways)
    kind, name = node.split()
    drawing.nodes[drawing.nodes.index(node)] = f"{swap[kind]} {name}"
    onward = [flow for flow in drawing.flows if flow[0] == name]
    labels = ["default", *(f'way == "{way}"' for way in WAYS)]
    for flow, label in zip(onward, labels, strict=False):
        is_choice = swap[kind] == "exclusive" and len(onward) > 1
        drawing.flows[drawing.flows.index(flow)] = (*flow[:2], label if is_choice else "")


@dataclass
class Proof:
    accepted: int = 0
    runs: int = 0
    ended: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    wrong: list[tuple[int, str]] = field(default_factory=list)


def proof(count: int, seed: int, *, runs: int = 6) -> Proof:
    """Check `count` diagrams; run those accepted, with other choices each time."""
    result = Proof()
    for number in range(seed, seed + count):
        files = bundle(random_diagram(number))
        errors = {
            f.rule for f in check(files, definition(), opening=OPENING) if f.severity == "error"
        }
        result.refused.update(errors)
        if errors:
            continue
        result.accepted += 1
        time = ExampleTime()
        runtime = Runtime.of(files, time.functions(), facts=time.facts)
        for attempt in range(runs):
            result.runs += 1
            try:
                result.ended += run(runtime, random.Random(number * 1_000 + attempt))
            except (CaseError, RecursionError) as error:
                result.wrong.append((number, f"{type(error).__name__}: {error}"[:200]))
                break
    return result


def run(runtime: Runtime, rng: random.Random) -> bool:
    """Play one case with random choices; whether it ended within the actions allowed."""
    case = runtime.start("p", {"aware_on": "2018-06-29", "things": ["x", "y"]})
    for _ in range(MOST_ACTIONS):
        if case.finished:
            return True
        tasks = [("task", task.seq) for task in case.open_tasks()]
        told = [("message", each.seq) for each in case.waiting_messages()]
        what, seq = rng.choice([*tasks, *tasks, *told, ("timer", 0)])
        if what == "task":
            case.complete(seq, {"way": rng.choice(WAYS)})
        elif what == "message":
            case.send_message(seq)
        else:
            with clock.at(LATER):
                case.fire_due_timers()
    return case.finished


def broken(content: bytes, rng: random.Random) -> bytes:
    """A diagram with one to four parts of its XML removed, doubled, moved or misspelt."""
    root = etree.fromstring(content)
    for _ in range(rng.randint(1, 4)):
        elements = [each for each in root.iter() if isinstance(each.tag, str) and each is not root]
        _break_xml(rng.choice(elements), rng.choice(elements), rng)
    return etree.tostring(root)


_ODD = ["", "m", "s", "\u202e", "x" * 500, "1", "__class__", "a b", "${x}", "1/0", "None"]
_TAGS = [
    "task",
    "userTask",
    "scriptTask",
    "serviceTask",
    "exclusiveGateway",
    "parallelGateway",
    "inclusiveGateway",
    "eventBasedGateway",
    "startEvent",
    "endEvent",
    "boundaryEvent",
    "intermediateCatchEvent",
    "subProcess",
    "callActivity",
    "transaction",
    "adHocSubProcess",
]


def _break_xml(element, other, rng) -> None:
    parent, what = element.getparent(), rng.randrange(7)
    if parent is None:
        return
    if what == 0:
        parent.remove(element)
    elif what == 1:
        parent.append(deepcopy(element))
    elif what == 2 and element.attrib:
        del element.attrib[rng.choice(list(element.attrib))]
    elif what == 3 and element.attrib:
        element.set(rng.choice(list(element.attrib)), rng.choice(_ODD))
    elif what == 4:
        element.tag = "{http://www.omg.org/spec/BPMN/20100524/MODEL}" + rng.choice(_TAGS)
    elif what == 5:
        element.text = rng.choice(_ODD)
    elif not {element, other} & {*element.iterancestors(), *other.iterancestors()}:
        element.append(deepcopy(other))
