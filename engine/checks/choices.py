"""Stage choice: at every gateway and in every table, exactly one way on for every answer."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from itertools import product

from engine.checks.domains import LIMIT, OTHER, TooManyError, cases
from engine.checks.finding import Hit, at
from engine.checks.logic import constants
from engine.checks.registry import rule
from engine.checks.subject import Subject
from engine.definition import Value
from engine.diagrams.model import Flow, Node
from engine.diagrams.tables import Decision
from engine.errors import CaseError
from engine.expressions import Expression, compile_cell, compile_expression

MOST_CASES = 20_000
_ASK = (
    "start s; user u form=[harm enum(death|serious|none) required]; exclusive g; end e; end f; "
    "s>u>g; "
)
_OK = _ASK + 'g>e [harm == "death"]; g>f [default]'
_TABLE = "start s; user u form=[harm enum(death|none) required]; rule r table=t; end e; s>u>r>e; "
_TABLE_OK = _TABLE + 'table t {harm -> who unique; "death" -> "a"; "none" -> "b"}'


@rule(
    "gateway-gap",
    "choice",
    remedy="Add a way on for this answer, or a default flow.",
    good=_OK,
    bad=_ASK + 'g>e [harm == "death"]; g>f [harm == "none"]',
)
def gateway_gap(subject: Subject) -> Iterator[Hit]:
    """Whatever is answered, there is a way on. All answers the forms allow are tried."""
    for node, _, found in _tried(subject):
        if "gap" in found:
            yield at(node, f"{node.title} has no way on when {found['gap']}")


@rule(
    "gateway-overlap",
    "choice",
    remedy="Make the conditions exclude each other.",
    good=_OK,
    bad=_ASK + 'g>e [harm == "death"]; g>f [harm != "none"]',
)
def gateway_overlap(subject: Subject) -> Iterator[Hit]:
    """At an exclusive gateway no answer opens two ways.

    Which one is taken would hang on the order in which they happen to be drawn.
    """
    for node, _, found in _tried(subject):
        if "overlap" in found:
            yield at(node, f"{node.title} has two ways on, {found['overlap']}")


@rule(
    "gateway-fails",
    "choice",
    remedy="Ask for empty answers first: x != null and x > 5.",
    bad="start s; user u form=[size long]; exclusive g; end e; end f; s>u>g; g>e [size > 5]; "
    "g>f [default]",
    good="start s; user u form=[size long required]; exclusive g; end e; end f; s>u>g; "
    "g>e [size > 5]; g>f [default]",
)
def gateway_fails(subject: Subject) -> Iterator[Hit]:
    """Every condition can be worked out for every answer, also for none."""
    for node, _, found in _tried(subject):
        if "fails" in found:
            yield at(node, f"{node.title} cannot decide when {found['fails']}")


@rule(
    "gateway-unproved",
    "choice",
    remedy="Ask fewer things at one gateway, or draw two.",
    good=_OK,
    bad="start s; user u form=["
    + ",".join(f"a{n} boolean required" for n in range(13))
    + "]; exclusive g; end e; end f; s>u>g; g>e ["
    + " and ".join(f"a{n} == true" for n in range(13))
    + "]; g>f [default]",
)
def gateway_unproved(subject: Subject) -> Iterator[Hit]:
    """The answers a gateway hangs on can all be tried: at most 4,096 combinations."""
    for node, names, found in _tried(subject):
        if "unproved" in found:
            yield at(
                node,
                f"{node.title}: the answers {', '.join(names)} have more than {LIMIT:,} "
                "combinations, or hold something that cannot be tried",
            )


def _tried(subject: Subject) -> Iterator[tuple[Node, list[str], Mapping[str, str]]]:
    """Each gateway with conditions, the names it hangs on, and an example of each trouble."""
    for node in subject.nodes("exclusiveGateway", "inclusiveGateway"):
        conditions = [
            (flow, compile_expression(flow.condition, subject.functions))
            for flow in node.outgoing
            if flow.condition
        ]
        if conditions and len(node.outgoing) > 1:
            names = sorted(set().union(*(expression.names for _, expression in conditions)))
            yield node, names, _found(subject, node, conditions, names)


def _found(
    subject: Subject, node: Node, conditions: list[tuple[Flow, Expression]], names: list[str]
) -> dict[str, str]:
    key = f"tried {node.process} {node.id}"
    return subject.once(key, lambda: _try(subject, node, conditions, names))


def _try(
    subject: Subject, node: Node, conditions: list[tuple[Flow, Expression]], names: list[str]
) -> dict[str, str]:
    found: dict[str, str] = {}
    try:
        for case in cases(subject, names, [e.tree.body for _, e in conditions]):
            _one_case(subject, node, conditions, case, found)
    except TooManyError:
        found["unproved"] = "too many"
    return found


def _one_case(
    subject: Subject,
    node: Node,
    conditions: list[tuple[Flow, Expression]],
    case: dict[str, Value],
    found: dict[str, str],
) -> None:
    try:
        true = [flow for flow, expression in conditions if expression.evaluate(case)]
    except CaseError as error:
        found.setdefault("fails", f"{in_words(case)}: {error}")
        return
    if not true and not node.default:
        found.setdefault("gap", in_words(case))
    if len(true) > 1 and node.kind == "exclusiveGateway":
        nodes = subject.bundle.processes[node.process].nodes
        both = " and ".join(nodes[flow.target].title for flow in true)
        found.setdefault("overlap", f"{both}, when {in_words(case)}")


def in_words(case: Mapping[str, Value]) -> str:
    """Answers as a person reads them: died = no, harm = empty."""
    words = {None: "empty", True: "yes", False: "no"}
    return ", ".join(
        f"{name} = {words[value] if value is None or isinstance(value, bool) else value}"
        for name, value in case.items()
    )


@rule(
    "table-gap",
    "choice",
    remedy="Add a row for it, or one that takes everything else.",
    bad=_TABLE + 'table t {harm -> who unique; "death" -> "a"}',
    good=_TABLE_OK,
)
def table_gap(subject: Subject) -> Iterator[Hit]:
    """A table answers everything it may be asked."""
    yield from _of_tables(subject, "gap", "no row of {id} answers {words}")


@rule(
    "table-overlap",
    "choice",
    remedy="Make the rows exclude each other.",
    good=_TABLE_OK,
    bad=_TABLE + 'table t {harm -> who unique; "death" -> "a"; - -> "b"}',
)
def table_overlap(subject: Subject) -> Iterator[Hit]:
    """In a table with the hit policy UNIQUE one row answers."""
    yield from _of_tables(subject, "overlap", "two rows of {id} answer {words}")


@rule(
    "table-fails",
    "choice",
    remedy="Write values of the kind that is asked.",
    good=_TABLE_OK,
    bad=_TABLE + 'table t {harm -> who unique; < 5 -> "a"; >= 5 -> "b"}',
)
def table_fails(subject: Subject) -> Iterator[Hit]:
    """Every cell can be worked out for what it is asked."""
    yield from _of_tables(subject, "fails", "{id} cannot answer {words}")


@rule(
    "table-unproved",
    "choice",
    remedy="Split the table into several.",
    good=_TABLE_OK,
    bad="start s; user u form=[" + ",".join(f"a{n} boolean required" for n in range(15)) + "]; "
    "rule r table=t; end e; s>u>r>e; table t {"
    + ", ".join(f"a{n}" for n in range(15))
    + " -> who unique; "
    + " / ".join("-" for _ in range(15))
    + ' -> "a"}',
)
def table_unproved(subject: Subject) -> Iterator[Hit]:
    """The kinds of questions to a table can all be tried: at most 20,000."""
    yield from _of_tables(subject, "unproved", "{id} has too many kinds of questions: {words}")


def _of_tables(subject: Subject, trouble: str, message: str) -> Iterator[Hit]:
    for decision in subject.bundle.decisions.values():
        found = _tried_table(subject, decision)
        if trouble in found:
            text = message.format(id=decision.id, words=found[trouble])
            yield Hit(decision.file, decision.line, decision.id, text)


def _tried_table(subject: Subject, decision: Decision) -> dict[str, str]:
    return subject.once(f"table {decision.id}", lambda: _try_table(subject, decision))


def _try_table(subject: Subject, decision: Decision) -> dict[str, str]:
    columns = [_asked(subject, decision, place) for place in range(len(decision.inputs))]
    size = 1
    for values in columns:
        size *= max(1, len(values))
    if size * len(decision.rules) > MOST_CASES * 20 or size > MOST_CASES:
        return {"unproved": f"{size:,}"}
    rows = [
        [compile_cell(cell, subject.functions) for cell in row.inputs] for row in decision.rules
    ]
    found: dict[str, str] = {}
    for case in product(*columns):
        words = in_words({c.expression: v for c, v in zip(decision.inputs, case, strict=True)})
        try:
            hits = [
                n
                for n, row in enumerate(rows, 1)
                if all(cell.holds(v, {}) for cell, v in zip(row, case, strict=True))
            ]
        except CaseError as error:
            found.setdefault("fails", f"{words}: {error}")
            continue
        if not hits:
            found.setdefault("gap", words)
        elif len(hits) > 1 and decision.hit_policy == "UNIQUE":
            found.setdefault("overlap", f"{words}: rows {hits[0]} and {hits[1]}")
    return found


def _asked(subject: Subject, decision: Decision, place: int) -> list[Value]:
    """The values a column is asked with: those of its expression, as far as they can be tried."""
    expression = compile_expression(decision.inputs[place].expression, subject.functions)
    trees = [
        test.right.tree.body
        for row in decision.rules
        for test in compile_cell(row.inputs[place], subject.functions).tests
    ]
    try:
        values = {
            expression.evaluate(case)
            if not isinstance(expression.tree.body, ast.Name)
            else case[expression.tree.body.id]: None
            for case in cases(subject, expression.names, [*trees, expression.tree.body])
        }
    except (CaseError, TooManyError, TypeError):
        written = [c for tree in trees for c in constants(tree)]
        return [*dict.fromkeys(written), OTHER]
    return list(values)
