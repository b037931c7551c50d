"""Stage law: the law table, proved on the diagrams. An owner cannot edit it with them."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from engine.checks.finding import Hit, at
from engine.checks.logic import DEPENDS, worth
from engine.checks.playing import Budget, Game, Row, UnprovedError, Wrong
from engine.checks.registry import rule
from engine.checks.subject import Subject
from engine.definition import Value
from engine.diagrams.model import Node, Process
from engine.errors import ExpressionError
from engine.expressions import compile_expression

_LAW = "This is what the law demands: draw the diagram so that it holds in every case."
_OK = "start s; user u; end e; s>u>e"
_TWO = "start s; user u form=[died boolean required]; exclusive g; user v; end e; s>u>g; "
_FOLLOW = (
    'statute [must_follow = {id = "x", process = "p", law = "R1", says = "It follows.", '
    'when = "u", answer = "died", then = ["v"]}]'
)
_PRECEDE = (
    'statute [must_precede = {id = "x", process = "p", law = "R1", says = "First u.", '
    'first = "u", before = "v"}]'
)
_CLOCK = (
    'statute [deadline = {id = "x", process = "p", rule = "R2", says = "The clock.", '
    'contains = ["u"], interrupting = false}]'
)
_HOST = (
    'start s; user u; user w; boundary b on=#~ timer=[due("R2")]; user v; end e; end f; '
    "s>u>w>e; b>v>f; "
)
_GOOD_CLOCK = _HOST.replace("#", "u").replace("~", " calm") + _CLOCK


@dataclass(frozen=True, slots=True)
class Demand:
    """A row of the law table."""

    kind: str
    values: Mapping[str, object]

    def text(self, name: str) -> str:
        return str(self.values.get(name, ""))

    def texts(self, name: str) -> list[str]:
        value = self.values.get(name, [])
        return [str(each) for each in value] if isinstance(value, list) else [str(value)]

    @property
    def steps(self) -> list[str]:
        """The element ids it names."""
        single = [self.text(name) for name in ("when", "first", "before", "end")]
        many = [
            each for name in ("then", "unless_end", "contains", "from") for each in self.texts(name)
        ]
        return [each for each in [*single, *many] if each]

    @property
    def says(self) -> str:
        law = self.text("law") or self.text("rule")
        return f"{law}: {self.text('says')}"


def demands(subject: Subject, *kinds: str) -> Iterator[tuple[Demand, Process | None]]:
    """The rows of these kinds, with the process each is proved in; None for rows about rules."""
    statute = subject.definition.statute if subject.definition else {}
    for kind in kinds:
        rows = statute.get(kind, ())
        for row in rows if isinstance(rows, list) else ():
            demand = Demand(kind, row)
            process = subject.bundle.processes.get(demand.text("process"))
            if kind == "limit" or (process is not None and not _gone(subject, demand, process)):
                yield demand, process


@rule(
    "law-step-gone",
    "law",
    remedy="Keep the step with its id; its name and place may change.",
    good=_OK,
    bad="start s; user w; end e; s>w>e; " + _FOLLOW,
)
def step_gone(subject: Subject) -> Iterator[Hit]:
    """Every step the law table names is on the diagrams."""
    statute = subject.definition.statute if subject.definition else {}
    for kind, rows in statute.items():
        for row in rows if isinstance(rows, list) else ():
            if not isinstance(row, Mapping) or kind == "limit":
                continue
            demand = Demand(kind, row)
            name = demand.text("process")
            process = subject.bundle.processes.get(name)
            if process is None:
                yield subject.hit(
                    f"{demand.says} But the process {name} is not there", element=name
                )
            else:
                for step in _gone(subject, demand, process):
                    yield Hit(
                        process.file,
                        process.line,
                        step,
                        f"{demand.says} But the step {step} is on no diagram",
                    )


def _gone(subject: Subject, demand: Demand, process: Process) -> list[str]:
    there = {node.id for node in seen_from(subject, process)}
    return [step for step in demand.steps if step not in there]


def seen_from(subject: Subject, process: Process) -> Iterator[Node]:
    """The nodes of a process and of all it calls."""
    todo, seen = [process], {process.id}
    while todo:
        for node in todo.pop().nodes.values():
            yield node
            called = subject.bundle.processes.get(node.called or "")
            if called is not None and called.id not in seen:
                seen.add(called.id)
                todo.append(called)


@rule(
    "law-must-follow",
    "law",
    remedy=_LAW,
    bad=_TWO + "end f; g>v [died == false]; g>f [default]; v>e; " + _FOLLOW,
    good=_TWO + "end f; g>v [died == true]; g>f [default]; v>e; " + _FOLLOW,
)
def must_follow(subject: Subject) -> Iterator[Hit]:
    """Whenever one step is done, and answered so, others are done before the case can end."""
    yield from _played(subject, "must_follow")


@rule(
    "law-must-precede",
    "law",
    remedy=_LAW,
    bad="start s; user u; user v; end e; s>v>u>e; " + _PRECEDE,
    good="start s; user u; user v; end e; s>u>v>e; " + _PRECEDE,
)
def must_precede(subject: Subject) -> Iterator[Hit]:
    """One step is always done before another."""
    yield from _played(subject, "must_precede")


@rule(
    "law-unproved",
    "law",
    remedy="Draw less parallel work, or fewer ways back, around these steps.",
    good=_OK,
    bad="start s; user u; boundary b on=u message=m; user w; user v; end e; end f; s>u>w>e; "
    'b>v>f; statute [must_follow = {id = "x", process = "p", law = "R1", '
    'says = "It follows.", when = "u", answer = "1 +", then = ["v"]}]',
)
def unproved(subject: Subject) -> Iterator[Hit]:
    """What the law demands could be proved: the way there was found, and not too many others."""
    for demand, process in demands(subject, "must_follow", "must_precede"):
        result = _result(subject, demand, process)
        if isinstance(result, str) and process is not None:
            yield Hit(process.file, process.line, demand.text("id"), f"{demand.says} But {result}")


def _played(subject: Subject, kind: str) -> Iterator[Hit]:
    for demand, process in demands(subject, kind):
        result = _result(subject, demand, process)
        if isinstance(result, Wrong):
            yield at(result.node, f"{demand.says} But {result.message}", path=result.path)


def _result(subject: Subject, demand: Demand, process: Process | None) -> Wrong | str | None:
    key = f"law {demand.kind} {demand.text('id')} {demand.text('process')}"
    return subject.once(key, lambda: _play(subject, demand, process))


def _play(subject: Subject, demand: Demand, process: Process | None) -> Wrong | str | None:
    """A counterexample, or why nothing could be proved, or None: it holds."""
    if process is None:
        return "its process is not there"
    try:
        row = _follow_row(subject, demand) if demand.kind == "must_follow" else _precede_row(demand)
        game = Game(subject, process, row, subject.once("law states", Budget))
        found = game.play()
    except UnprovedError:
        return "there are too many ways to look at all of them"
    except ExpressionError as error:
        return f"its answer cannot be read: {error}"
    first = demand.text("when") or demand.text("before")
    if found is None and first not in game.fired:
        return f"the step {first} was never come to"
    return found


def _follow_row(subject: Subject, demand: Demand) -> Row:
    when, then = demand.text("when"), frozenset(demand.texts("then"))
    ends = demand.texts("unless_end")
    answer = compile_expression(demand.text("answer") or "true", subject.functions)

    def after(node: Node, known: dict[str, Value], seen: frozenset[str]) -> frozenset[str]:
        if node.id == when:
            value = worth(answer.tree.body, known)
            seen = then if value is DEPENDS or value else frozenset()
        return frozenset() if node.id in ends else seen - {node.id}

    def wrong(node: Node, seen: frozenset[str], left: int) -> str | None:
        if left or not seen:
            return None
        return f"the case can end at {node.title} without {' and '.join(sorted(seen))}"

    return Row(answer.names, frozenset({when, *then, *ends}), after, wrong)


def _precede_row(demand: Demand) -> Row:
    first, before = demand.text("first"), demand.text("before")

    def after(node: Node, _: dict[str, Value], seen: frozenset[str]) -> frozenset[str]:
        return seen | {node.id} if node.id in (first, before) else seen

    def wrong(node: Node, seen: frozenset[str], _: int) -> str | None:
        return f"{node.title} can come before {first}" if seen == {before} else None

    return Row(frozenset(), frozenset({first, before}), after, wrong)


@rule(
    "law-only-from",
    "law",
    remedy=_LAW,
    bad=_TWO + 'end f; g>v [died == true]; g>f [default]; v>e; statute [only_from = {id = "x", '
    'process = "p", law = "R1", says = "Only so.", end = "f", from = ["v"]}]',
    good=_TWO + 'end f; g>v [died == true]; g>f [default]; v>e; statute [only_from = {id = "x", '
    'process = "p", law = "R1", says = "Only so.", end = "e", from = ["v"]}]',
)
def only_from(subject: Subject) -> Iterator[Hit]:
    """An end is reached only from the steps the law table names, gateways between not counted."""
    for demand, process in demands(subject, "only_from"):
        allowed, end = demand.texts("from"), demand.text("end")
        for node in seen_from(subject, process) if process else ():
            if node.id != end:
                continue
            for before in _steps_before(subject.bundle.processes[node.process], node):
                if before.id not in allowed:
                    yield at(
                        node,
                        f"{demand.says} But {node.title} can be reached from {before.title}",
                        path=(before.title, node.title),
                    )


def _steps_before(process: Process, node: Node) -> Iterator[Node]:
    todo, seen = [node], {node.id}
    while todo:
        for flow in todo.pop().incoming:
            before = process.nodes[flow.source]
            if before.id in seen:
                continue
            seen.add(before.id)
            if before.kind.endswith("Gateway"):
                todo.append(before)
            else:
                yield before


@rule(
    "law-limit",
    "law",
    remedy="Set deadlines.toml back to what the law says.",
    good=_OK,
    bad=_OK + '; statute [limit = {id = "x", rule = "R1", says = "Ten.", counts = "working_days", '
    'number = 10, direction = "after", starts_from = "aware_on"}]',
)
def limits(subject: Subject) -> Iterator[Hit]:
    """The deadline rules count as the law counts, whatever the file of the owner says."""
    for demand, _ in demands(subject, "limit"):
        name = demand.text("rule")
        known = subject.legal.rules.get(name) if subject.legal else None
        if known is None:
            yield Hit(
                "deadlines.toml", 1, name, f"{demand.says} But there is no deadline rule {name}"
            )
            continue
        for key in ("counts", "number", "direction", "starts_from"):
            have, want = getattr(known, key), demand.values.get(key)
            if want is not None and have != want:
                yield Hit(
                    "deadlines.toml",
                    1,
                    name,
                    f"{demand.says} But {name} has {key} = {have}, not {want}",
                )


@rule(
    "law-clock-gone",
    "law",
    remedy='Hang a boundary timer due("…") on the activity.',
    bad="start s; user u; end e; s>u>e; " + _CLOCK,
    good=_GOOD_CLOCK,
)
def clock_gone(subject: Subject) -> Iterator[Hit]:
    """Every limit the law table names has its clock on the diagrams."""
    for demand, process in demands(subject, "deadline"):
        if process is not None and not _clocks(subject, demand.text("rule")):
            yield Hit(
                process.file,
                process.line,
                process.id,
                f'{demand.says} But no boundary timer is due("{demand.text("rule")}")',
            )


@rule(
    "law-clock-moved",
    "law",
    remedy="Hang the timer on an activity that contains these steps.",
    bad=_HOST.replace("#", "w").replace("~", " calm") + _CLOCK,
    good=_GOOD_CLOCK,
)
def clock_moved(subject: Subject) -> Iterator[Hit]:
    """A clock stands over the steps whose time it measures."""
    for demand, process in demands(subject, "deadline"):
        clocks = _clocks(subject, demand.text("rule"))
        if process is None or not clocks:
            continue
        seen = {node.id: node for node in seen_from(subject, process)}
        for step in demand.texts("contains"):
            if not any(_covers(subject, clock, seen[step]) for clock in clocks):
                yield at(
                    clocks[0],
                    f"{demand.says} But the clock {demand.text('rule')} does not "
                    f"stand over {seen[step].title}",
                )


@rule(
    "law-clock-interrupts",
    "law",
    remedy="Let the timer not interrupt: the duty stays open.",
    bad=_HOST.replace("#", "u").replace("~", "") + _CLOCK,
    good=_GOOD_CLOCK,
)
def clock_interrupts(subject: Subject) -> Iterator[Hit]:
    """A missed limit ends nothing, except where the law says so."""
    for demand, _ in demands(subject, "deadline"):
        wanted = demand.values.get("interrupting")
        for clock in _clocks(subject, demand.text("rule")):
            if wanted is not None and clock.interrupting != wanted:
                yield at(
                    clock,
                    f"{demand.says} But {clock.title} "
                    f"{'interrupts' if clock.interrupting else 'does not interrupt'}",
                )


def _clocks(subject: Subject, rule_id: str) -> list[Node]:
    """The boundary timers due(rule), reminders not counted."""
    found = []
    for text in subject.texts:
        match text.tree:
            case ast.Call(func=ast.Name(id="due"), args=[ast.Constant(value=name)], keywords=[]):
                node = text.node
                if name == rule_id and node is not None and node.kind == "boundaryEvent":
                    found.append(node)
    return found


def _covers(subject: Subject, clock: Node, step: Node) -> bool:
    process = subject.bundle.processes[clock.process]
    host = process.nodes[clock.attached_to or ""]
    inside: list[Node] = [host]
    if host.id in process.scopes:
        inside += process.below(host.id)
    called = [subject.bundle.called_by(node) for node in inside]
    return step in inside or any(
        each is not None and step in list(seen_from(subject, each)) for each in called
    )
