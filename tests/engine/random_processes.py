"""Random processes made of blocks, over every construct a diagram may use.

Each block has one entry and one exit, parallel blocks are properly nested, and a non-interrupting
boundary event's path runs to its own end: the rules the check of a bundle enforces.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field

NAMESPACES = (
    'xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'xmlns:camunda="http://camunda.org/schema/1.0/bpmn" targetNamespace="tests"'
)
MESSAGES = ["msg0", "msg1", "msg2"]
DECLARED = "".join(f'<bpmn:message id="{name}" name="{name}"/>' for name in MESSAGES) + (
    '<bpmn:error id="err" name="err" errorCode="E1"/>'
    '<bpmn:escalation id="esc" name="esc" escalationCode="C1"/>'
)
TABLE = (
    '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d">'
    '<decision id="dec" name="dec"><decisionTable id="t"><input id="i"><inputExpression id="e">'
    '<text>x</text></inputExpression></input><output id="o" name="r"/>'
    '<rule id="r1"><inputEntry id="a"><text>&lt; 2</text></inputEntry>'
    '<outputEntry id="b"><text>10</text></outputEntry></rule>'
    '<rule id="r2"><inputEntry id="c"><text>&gt;= 2</text></inputEntry>'
    '<outputEntry id="f"><text>20</text></outputEntry></rule></decisionTable></decision>'
    "</definitions>"
)
#: What a case starts with. `z` and `wait` are facts.
START = {"x": 0, "y": 0, "z": 0, "wait": 500, "items": ["p", "q", "r"]}
FACTS = frozenset({"z", "wait"})
Block = tuple[str, str]  # its first and its last element


def random_files(seed: int, *, budget: int = 14, depth: int = 3) -> dict[str, bytes]:
    """A bundle whose process `P` is random but the same for the same seed."""
    world = _World(random.Random(seed))
    blocks = _Blocks(world, budget)
    start, end = blocks.node("startEvent", "S"), blocks.node("endEvent", "E")
    first, last = blocks.chain(depth, 2, 4)
    blocks.flow(start, first)
    blocks.flow(last, end)
    world.process("P", "".join(blocks.out))
    xml = f"<bpmn:definitions {NAMESPACES}>{DECLARED}{''.join(world.processes)}</bpmn:definitions>"
    return {"P.bpmn": xml.encode(), "dec.dmn": TABLE.encode()}


@dataclass
class _World:
    rng: random.Random
    count: int = 0
    processes: list[str] = field(default_factory=list)

    def name(self, kind: str) -> str:
        self.count += 1
        return f"{kind}{self.count}"

    def process(self, name: str, body: str) -> None:
        self.processes.append(
            f'<bpmn:process id="{name}" isExecutable="true">{body}</bpmn:process>'
        )


class _Blocks:
    """The elements of one process or sub-process as XML."""

    def __init__(self, world: _World, budget: int) -> None:
        self.world, self.rng, self.budget = world, world.rng, budget
        self.out: list[str] = []
        self.branches = 0  # above 0: inside a parallel or inclusive block

    def node(self, tag: str, kind: str, inner: str = "", attributes: str = "") -> str:
        name = self.world.name(kind)
        self.out.append(f'<bpmn:{tag} id="{name}" {attributes}>{inner}</bpmn:{tag}>')
        return name

    def flow(self, source: str, target: str, condition: str = "") -> str:
        name = self.world.name("f")
        inner = (
            '<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">'
            f"{condition}</bpmn:conditionExpression>"
            if condition
            else ""
        )
        self.out.append(
            f'<bpmn:sequenceFlow id="{name}" sourceRef="{source}" targetRef="{target}">'
            f"{inner}</bpmn:sequenceFlow>"
        )
        return name

    def chain(self, depth: int, low: int = 1, high: int = 3) -> Block:
        first, last = self.block(depth)
        for _ in range(self.rng.randint(low, high) - 1):
            entry, exit_ = self.block(depth)
            self.flow(last, entry)
            last = exit_
        return first, last

    def block(self, depth: int) -> Block:
        self.budget -= 1
        kinds = ["task"] * 4 + ["script", "rule", "receive", "wait"]
        if depth > 0 and self.budget > 0:
            kinds += ["choice", "parallel", "parallel", "inclusive", "inclusive", "loop", "loop"]
            kinds += ["sub", "call", "many", "many", "bounded_task", "bounded_task", "bounded_sub"]
        made: Block = getattr(self, self.rng.choice(kinds))(depth)
        return made

    # -- single elements ------------------------------------------------------------------------
    def task(self, _: int) -> Block:
        name = self.node("userTask", "U")
        return name, name

    def script(self, _: int) -> Block:
        variable = self.rng.choice("xyz")
        line = f"s{self.world.count + 1} = {variable} + 1"
        name = self.node("scriptTask", "SC", f"<bpmn:script>{line}</bpmn:script>")
        return name, name

    def rule(self, _: int) -> Block:
        name = self.node("businessRuleTask", "BR", attributes='camunda:decisionRef="dec"')
        return name, name

    def receive(self, _: int) -> Block:
        message = self.rng.choice(MESSAGES)
        if self.rng.random() < 0.5:
            name = self.node("receiveTask", "RT", attributes=f'messageRef="{message}"')
        else:
            name = self.node("intermediateCatchEvent", "MC", _message(message))
        return name, name

    def wait(self, _: int) -> Block:
        name = self.node("intermediateCatchEvent", "TC", self.timer())
        return name, name

    def timer(self) -> str:
        seconds = "wait" if self.rng.random() < 0.3 else str(self.rng.randint(1, 900))
        return (
            '<bpmn:timerEventDefinition><bpmn:timeDate xsi:type="bpmn:tFormalExpression">'
            f"after({seconds})</bpmn:timeDate></bpmn:timerEventDefinition>"
        )

    # -- gateways -------------------------------------------------------------------------------
    def choice(self, depth: int) -> Block:
        return self._conditional("exclusiveGateway", depth, "==")

    def inclusive(self, depth: int) -> Block:
        self.branches += 1
        made = self._conditional("inclusiveGateway", depth, "&gt;=")
        self.branches -= 1
        return made

    def _conditional(self, tag: str, depth: int, comparison: str) -> Block:
        split, join = self.world.name("X"), self.node(tag, "XJ")
        for number in range(self.rng.randint(2, 3)):
            entry, exit_ = self.chain(depth - 1, high=2)
            self.flow(split, entry, f"{self.rng.choice('xyz')} {comparison} {number}")
            self.flow(exit_, join)
        entry, exit_ = self.chain(depth - 1, high=1)
        default = self.flow(split, entry)
        self.flow(exit_, join)
        self.out.append(f'<bpmn:{tag} id="{split}" default="{default}"/>')
        return split, join

    def parallel(self, depth: int) -> Block:
        split, join = self.node("parallelGateway", "P"), self.node("parallelGateway", "PJ")
        self.branches += 1
        for _ in range(self.rng.randint(2, 3)):
            entry, exit_ = self.chain(depth - 1, high=2)
            self.flow(split, entry)
            self.flow(exit_, join)
        self.branches -= 1
        return split, join

    def loop(self, depth: int) -> Block:
        merge = self.node("exclusiveGateway", "LM")
        entry, exit_ = self.chain(depth - 1, high=2)
        task, split = self.node("userTask", "UL"), self.world.name("L")
        after = self.node("exclusiveGateway", "LX")
        self.flow(merge, entry)
        self.flow(exit_, task)
        self.flow(task, split)
        self.flow(split, merge, f"v_{task} == 1")
        default = self.flow(split, after)
        self.out.append(f'<bpmn:exclusiveGateway id="{split}" default="{default}"/>')
        return merge, after

    # -- processes inside -----------------------------------------------------------------------
    def sub(self, depth: int, many: str = "", ending: str = "") -> Block:
        name = self.node("subProcess", "SP", many + self._inner(depth, ending))
        return name, name

    def call(self, depth: int, many: str = "", ending: str = "") -> Block:
        process = self.world.name("PROC")
        self.world.process(process, self._inner(depth, ending))
        name = self.node("callActivity", "CA", many, f'calledElement="{process}"')
        return name, name

    def _inner(self, depth: int, ending: str) -> str:
        blocks = _Blocks(self.world, self.budget // 2)
        start, end = blocks.node("startEvent", "S"), blocks.node("endEvent", "E")
        first, last = blocks.chain(depth - 1, high=2)
        blocks.flow(start, first)
        ending = ending or self.rng.choice(["plain", "plain", "terminate", "two_ends"])
        getattr(blocks, f"_{ending}")(last, end, depth)
        self.budget -= 3
        return "".join(blocks.out)

    def _plain(self, last: str, end: str, _: int) -> None:
        self.flow(last, end)

    def _terminate(self, last: str, end: str, _: int) -> None:
        self._sometimes(last, end, "<bpmn:terminateEventDefinition/>", "y == 2")

    def _error(self, last: str, end: str, _: int) -> None:
        self._sometimes(last, end, '<bpmn:errorEventDefinition errorRef="err"/>', "z == 2")

    def _sometimes(self, last: str, end: str, definition: str, condition: str) -> None:
        split, other = self.world.name("X"), self.node("endEvent", "EE", definition)
        default = self.flow(split, end)
        self.out.append(f'<bpmn:exclusiveGateway id="{split}" default="{default}"/>')
        self.flow(split, other, condition)
        self.flow(last, split)

    def _escalation(self, last: str, end: str, depth: int) -> None:
        definition = '<bpmn:escalationEventDefinition escalationRef="esc"/>'
        throw = self.node("intermediateThrowEvent", "ET", definition)
        first, then = self.chain(depth - 1, high=1)
        self.flow(last, throw)
        self.flow(throw, first)
        self.flow(then, end)

    def _two_ends(self, last: str, end: str, _: int) -> None:
        split, other = self.node("parallelGateway", "P"), self.node("endEvent", "E")
        self.flow(last, split)
        for target in (end, other):
            task = self.node("userTask", "U")
            self.flow(split, task)
            self.flow(task, target)

    # -- repeated, and with boundary events -----------------------------------------------------
    def many(self, depth: int) -> Block:
        sequential = str(self.rng.random() < 0.5).lower()
        many = (
            f'<bpmn:multiInstanceLoopCharacteristics isSequential="{sequential}" '
            f'camunda:collection="items" camunda:elementVariable="it{self.world.count + 1}"/>'
        )
        kind = self.rng.choice(["user", "sub", "call"])
        if kind == "user":
            name = self.node("userTask", "UM", many)
        else:
            name, _ = getattr(self, kind)(min(depth, 2), many)
        return self._bounded(name, depth) if self.rng.random() < 0.3 else (name, name)

    def bounded_task(self, depth: int) -> Block:
        return self._bounded(self.node("userTask", "U"), depth)

    def bounded_sub(self, depth: int) -> Block:
        ending = self.rng.choice(["error", "escalation", "terminate", "plain"])
        name, _ = (self.sub if self.rng.random() < 0.5 else self.call)(depth, ending=ending)
        return self._bounded(name, depth, ending)

    def _bounded(self, activity: str, depth: int, ending: str = "") -> Block:
        after = self.node("exclusiveGateway", "XJ")
        self.flow(activity, after)
        messages = self.rng.sample(MESSAGES, 3)  # one message twice on one activity is refused
        for kind, stops in self._boundaries(ending):
            definition = {
                "timer": self.timer() if kind == "timer" else "",
                "message": _message(messages.pop()) if kind == "message" else "",
                "error": '<bpmn:errorEventDefinition errorRef="err"/>',
                "escalation": '<bpmn:escalationEventDefinition escalationRef="esc"/>',
            }[kind]
            attributes = f'attachedToRef="{activity}" cancelActivity="{str(stops).lower()}"'
            event = self.node("boundaryEvent", "B", definition, attributes)
            entry, exit_ = self.chain(min(depth - 1, 1), high=2)
            self.flow(event, entry)
            rejoins = stops and (self.branches or self.rng.random() < 0.6)
            self.flow(exit_, after if rejoins else self.node("endEvent", "E"))
        return activity, after

    def _boundaries(self, ending: str) -> list[tuple[str, bool]]:
        thrown = ending in {"error", "escalation"}
        kinds = [
            (self.rng.choice(["timer", "message"]), self.rng.random() < 0.5)
            for _ in range(self.rng.randint(0 if thrown else 1, 2))
        ]
        if thrown:
            kinds.append((ending, ending == "error" or self.rng.random() < 0.5))
        return kinds


def _message(name: str) -> str:
    return f'<bpmn:messageEventDefinition messageRef="{name}"/>'
