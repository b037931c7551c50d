"""The token game with answers: what can follow once a form was answered so.

A state is a marking, the values of the names a row of the law table looks at, and what the row has
seen so far. Where an answer decides a gateway, only that way is followed; what is not known leaves
every way open.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from engine.checks.domains import TooManyError, cases, possible
from engine.checks.logic import DEPENDS, Depends, Worth, worth
from engine.checks.net import Net, Step, TooLargeError, net_of
from engine.checks.subject import Subject
from engine.definition import Value
from engine.diagrams.model import Node, Process
from engine.diagrams.tables import Decision, Rule
from engine.errors import CaseError
from engine.expressions import compile_cell, compile_expression

LIMIT = 20_000  # states of one row
MOST_STATES = 200_000  # of all rows of a bundle together
Values = tuple[tuple[str, Value], ...]
Seen = frozenset[str]
State = tuple[int, Values, Seen]


@dataclass(frozen=True, slots=True)
class Row:
    """What to watch.

    `after` gives what was seen once a step is done, `wrong` a sentence for a state the law
    forbids, given the marking: 0 when nothing is left to do.
    """

    names: frozenset[str]
    looked_at: frozenset[str]
    after: Callable[[Node, dict[str, Value], Seen], Seen]
    wrong: Callable[[Node, Seen, int], str | None]


@dataclass(frozen=True, slots=True)
class Wrong:
    """A way into a forbidden state."""

    node: Node
    message: str
    path: tuple[str, ...]


class UnprovedError(Exception):
    """More states than can be looked at."""


@dataclass
class Budget:
    """How many states were looked at for all rows."""

    spent: int = 0


@dataclass
class Game:
    """One row played on one process, with the activities that hold its steps opened."""

    subject: Subject
    process: Process
    row: Row
    budget: Budget
    fired: set[str] = field(default_factory=set)
    names: frozenset[str] = frozenset()

    def play(self) -> Wrong | None:
        """The first forbidden state, by a shortest way; raises `UnprovedError`."""
        opened = holders(self.subject, self.process, self.row.looked_at)
        try:
            net = net_of(self.process, self.process.id, self.subject.bundle, opened)
        except TooLargeError:
            raise UnprovedError from None
        self.names = self._known_names()
        found = self._from(net, net.start)
        for _, start in net.sides:
            found = found or self._from(net, start)
        return found

    def _known_names(self) -> frozenset[str]:
        """The names of the row, and those that scripts and tables make of them."""
        names, before = set(self.row.names), set[str]()
        while names != before:
            before = set(names)
            for text in self.subject.texts:
                if text.kind == "script" and text.names & names:
                    names |= set(text.assigns)
            for decision in self.subject.bundle.decisions.values():
                if _inputs(self.subject, decision) & names:
                    names |= {column.name for column in decision.outputs}
        return frozenset(names)

    def _from(self, net: Net, start: int) -> Wrong | None:
        first: State = (start, (), frozenset())
        came_from: dict[State, tuple[State, str] | None] = {first: None}
        queue = deque([first])
        while queue:
            state = queue.popleft()
            for node, words, new in self._onward(net, state):
                message = self.row.wrong(node, new[2], new[0])
                if message:
                    return Wrong(node, message, (*_way(came_from, state), words))
                if new not in came_from:
                    came_from[new] = (state, words)
                    queue.append(new)
            if len(came_from) > LIMIT or self.budget.spent > MOST_STATES:
                raise UnprovedError
            self.budget.spent += 1
        return None

    def _onward(self, net: Net, state: State) -> Iterator[tuple[Node, str, State]]:
        marking, values, seen = state
        known = dict(values)
        for step, taken in net.enabled(marking):
            if not self._allowed(step, known):
                continue
            after = marking & ~taken & ~step.wipe | step.put
            is_done = step.completes or step.node.kind not in (
                "callActivity",
                "subProcess",
                "userTask",
            )
            if is_done:
                self.fired.add(step.node.id)
            for answers in self._answers(step, known) if step.completes else [known]:
                now = self.row.after(step.node, answers, seen) if is_done else seen
                told = _told(answers, known)
                yield step.node, step.words + told, (after, _frozen(answers), now)

    def _allowed(self, step: Step, known: dict[str, Value]) -> bool:
        if not step.flows or not known:
            return True
        node, truth = step.node, {}
        for flow in node.outgoing:
            tree = self.subject.conditions.get((node.process, flow.id))
            truth[flow.id] = worth(tree, known) if tree is not None else DEPENDS
        if any(truth[flow] is not DEPENDS and not truth[flow] for flow in step.flows):
            return False
        others = any(
            truth[f.id] is not DEPENDS and truth[f.id]
            for f in node.outgoing
            if f.id not in step.flows
        )
        return not (others and (node.kind == "inclusiveGateway" or node.default in step.flows))

    def _answers(self, step: Step, known: dict[str, Value]) -> list[dict[str, Value]]:
        node = step.node
        asked = [each.id for each in node.form.fields if each.id in self.names]
        if asked:
            try:
                found = list(cases(self.subject, asked, self.subject.trees))
            except TooManyError:
                return [_without(known, asked)]
            return [
                {**known, **case} for case in found if possible(self.subject, {**known, **case})
            ]
        if node.kind == "scriptTask":
            return [self._scripted(node, known)]
        decision = self.subject.bundle.asked_by(node)
        return [known if decision is None else self._decided(decision, known)]

    def _scripted(self, node: Node, known: dict[str, Value]) -> dict[str, Value]:
        for text in self.subject.texts:
            if text.node == node and text.kind == "script":
                now = dict(known)
                for name, tree in (text.trees or {}).items():
                    value = worth(tree, now)
                    now.pop(name, None)
                    if not isinstance(value, Depends) and name in self.names:
                        now[name] = value
                return now
        return known

    def _decided(self, decision: Decision, known: dict[str, Value]) -> dict[str, Value]:
        """An output is known when every row that may fit answers it alike."""
        functions = self.subject.functions
        asked = [
            worth(compile_expression(column.expression, functions).tree.body, known)
            for column in decision.inputs
        ]
        rows = [row for row in decision.rules if self._may_fit(row, asked, known)]
        now = _without(known, [column.name for column in decision.outputs])
        for place, column in enumerate(decision.outputs):
            answers = [
                worth(compile_expression(row.outputs[place], functions).tree.body, known)
                for row in rows
            ]
            alike = bool(answers) and answers.count(answers[0]) == len(answers)
            if alike and column.name in self.names and not isinstance(answers[0], Depends):
                now[column.name] = answers[0]
        return now

    def _may_fit(self, row: Rule, asked: list[Worth], known: dict[str, Value]) -> bool:
        for cell, value in zip(row.inputs, asked, strict=True):
            if isinstance(value, Depends):
                continue
            try:
                if not compile_cell(cell, self.subject.functions).holds(value, known):
                    return False
            except CaseError:
                continue
        return True


def holders(
    subject: Subject, process: Process, looked_at: frozenset[str]
) -> frozenset[tuple[str, str]]:
    """The activities to open so that these nodes are seen, as (process, node)."""
    found: set[tuple[str, str]] = set()
    known: dict[str, bool] = {}

    def holds(inner: Process, scope_id: str) -> bool:
        key = f"{inner.id}/{scope_id}"
        if key not in known:
            known[key] = False
            for node in inner.within(scope_id):
                called = subject.bundle.called_by(node)
                deeper = (node.id in inner.scopes and holds(inner, node.id)) or (
                    called is not None and holds(called, called.id)
                )
                if deeper:
                    found.add((inner.id, node.id))
                known[key] = known[key] or deeper or node.id in looked_at
        return known[key]

    holds(process, process.id)
    return frozenset(found)


def _inputs(subject: Subject, decision: Decision) -> frozenset[str]:
    return frozenset().union(
        *(text.names for text in subject.texts if text.node is None and text.element == decision.id)
    )


def _without(known: dict[str, Value], names: list[str]) -> dict[str, Value]:
    return {name: value for name, value in known.items() if name not in names}


def _frozen(known: dict[str, Value]) -> Values:
    return tuple(sorted(((name, value) for name, value in known.items()), key=lambda each: each[0]))


def _told(answers: dict[str, Value], known: dict[str, Value]) -> str:
    new = [
        f"{name} = {'empty' if value is None else str(value).lower()}"
        for name, value in answers.items()
        if known.get(name, DEPENDS) != value
    ]
    return f" ({', '.join(new)})" if new else ""


def _way(came_from: dict[State, tuple[State, str] | None], state: State) -> tuple[str, ...]:
    words = []
    while (back := came_from[state]) is not None:
        state, step = back
        words.append(step)
    return tuple(reversed(words))
