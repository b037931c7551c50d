"""Stage text: decision tables."""

from __future__ import annotations

from collections.abc import Iterator

from engine.checks.finding import Hit, at
from engine.checks.registry import rule
from engine.checks.subject import Subject, nearest
from engine.diagrams.names import NAME, RESERVED_NAMES
from engine.diagrams.tables import HIT_POLICIES, Decision

MOST_ROWS = 2_000
_ASK = "start s; user u form=[harm enum(death|none) required]; rule r table=t; end e; s>u>r>e; "
_OK = _ASK + 'table t {harm -> who unique; "death" -> "a"; "none" -> "b"}'


def _on(decision: Decision, message: str, *, line: int = 0) -> Hit:
    return Hit(decision.file, line or decision.line, decision.id, message)


@rule(
    "table-unknown",
    "text",
    remedy="Name a decision of this bundle.",
    good=_OK,
    bad="start s; rule r table=other; user u; end e; s>r>u>e",
)
def table_unknown(subject: Subject) -> Iterator[Hit]:
    """A business rule task names a decision table of the bundle by its id."""
    for node in subject.nodes("businessRuleTask"):
        if node.decision not in subject.bundle.decisions:
            yield at(
                node,
                f"{node.title} asks the table “{(node.decision or '')[:60]}”, which is "
                f"not there.{nearest(node.decision or '', subject.bundle.decisions)}",
            )


@rule(
    "table-shape",
    "text",
    remedy="Draw a decision table with inputs, outputs and rows.",
    good=_OK,
    bad=_ASK + 'table t {harm -> who unique; "death" -> "a" / "b"}',
)
def table_shape(subject: Subject) -> Iterator[Hit]:
    """A decision is a table with at least one input, one output and one row; each row fills it."""
    for decision in subject.bundle.decisions.values():
        if not (decision.is_table and decision.inputs and decision.outputs and decision.rules):
            yield _on(decision, f"{decision.id} is no table with inputs, outputs and rows")
        if len(decision.rules) > MOST_ROWS:
            yield _on(
                decision, f"{decision.id} has {len(decision.rules):,} rows, more than {MOST_ROWS:,}"
            )
        for number, row in enumerate(decision.rules, 1):
            sizes = (len(row.inputs), len(row.outputs))
            if sizes != (len(decision.inputs), len(decision.outputs)):
                yield _on(
                    decision,
                    f"row {number} of {decision.id} has not one cell in each column",
                    line=row.line,
                )


@rule(
    "table-output",
    "text",
    remedy="Name each output like a variable.",
    good=_OK,
    bad=_ASK + 'table t {harm -> 1who unique; "death" -> "a"; "none" -> "b"}',
)
def table_output(subject: Subject) -> Iterator[Hit]:
    """The name of an output column becomes a variable."""
    for decision in subject.bundle.decisions.values():
        names = [column.name for column in decision.outputs]
        for name in names:
            if not NAME.fullmatch(name) or name in RESERVED_NAMES or name in subject.functions:
                yield _on(decision, f"“{name[:60]}” cannot be the name of a variable")
            elif names.count(name) > 1:
                yield _on(decision, f"two outputs of {decision.id} are called {name}")


@rule(
    "hit-policy",
    "text",
    remedy="Choose UNIQUE; FIRST where the order of rows is meant.",
    good=_OK,
    bad=_ASK + 'table t {harm -> who collect; "death" -> "a"; "none" -> "b"}',
)
def hit_policy(subject: Subject) -> Iterator[Hit]:
    """A table gives one answer: hit policy UNIQUE or FIRST."""
    for decision in subject.bundle.decisions.values():
        if decision.is_table and decision.hit_policy not in HIT_POLICIES:
            yield _on(decision, f"{decision.id} has the hit policy {decision.hit_policy[:40]}")


@rule(
    "table-unused",
    "text",
    severity="warning",
    remedy="Ask it, or take it out of the bundle.",
    good=_OK,
    bad='start s; user u form=[harm string]; end e; s>u>e; table t {harm -> who unique; - -> "a"}',
)
def table_unused(subject: Subject) -> Iterator[Hit]:
    """Every table is asked by a business rule task."""
    asked = {node.decision for node in subject.nodes("businessRuleTask")}
    for decision in subject.bundle.decisions.values():
        if decision.id not in asked:
            yield _on(decision, f"nothing asks the table {decision.id}")
