"""What SpiffWorkflow asks of a script engine, answered by the closed language."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from engine.errors import ExpressionError
from engine.expressions import (
    Cell,
    Expression,
    Script,
    compile_cell,
    compile_expression,
    compile_script,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from SpiffWorkflow.task import Task

    from engine.definition import Function, Value
    from engine.diagrams.tables import Decision, Rule


class CaseLanguage:
    """Evaluates conditions, timers, scripts and tables; each text is compiled once.

    Deliberately not a subclass of upstream's engine: what is not defined here cannot be evaluated.
    """

    def __init__(
        self, functions: Mapping[str, Function], decisions: Mapping[str, Decision]
    ) -> None:
        self._functions = functions
        self._decisions = decisions
        self._expressions: dict[str, Expression] = {}
        self._scripts: dict[str, Script] = {}
        self._cells: dict[str, Cell] = {}

    def expression(self, source: str) -> Expression:
        if source not in self._expressions:
            self._expressions[source] = compile_expression(source, self._functions)
        return self._expressions[source]

    def evaluate(self, task: Task, expression: str, **_: object) -> Value:
        """Named and called by upstream; its external context (data objects) is not ours."""
        with located(task):
            return self.expression(expression).evaluate(task.data)

    def execute(self, task: Task, script: str, **_: object) -> bool:
        with located(task):
            if script not in self._scripts:
                self._scripts[script] = compile_script(script, self._functions)
            task.data.update(self._scripts[script].run(task.data))
        return True

    def decide(self, task: Task, decision_id: str) -> None:
        """The outputs of the table's row that fits become variables."""
        with located(task):
            if decision_id not in self._decisions:
                raise ExpressionError(f"there is no decision table {decision_id}")
            task.data.update(self._answer(self._decisions[decision_id], task.data))

    def _answer(self, decision: Decision, values: Mapping[str, Value]) -> dict[str, Value]:
        asked = [self.expression(column.expression).evaluate(values) for column in decision.inputs]
        fitting = [rule for rule in decision.rules if self._fits(rule, asked, values)]
        title = decision.name or decision.id
        if not fitting:
            raise ExpressionError(f"no row of the table {title} fits this case")
        if decision.hit_policy == "UNIQUE" and len(fitting) > 1:
            rows = ", ".join(str(decision.rules.index(rule) + 1) for rule in fitting)
            raise ExpressionError(f"rows {rows} of the table {title} fit this case; one may")
        if decision.hit_policy not in {"UNIQUE", "FIRST"}:
            raise ExpressionError(f"the table {title} has hit policy {decision.hit_policy}")
        cells = zip(decision.outputs, fitting[0].outputs, strict=True)
        return {column.name: self.expression(cell).evaluate(values) for column, cell in cells}

    def _fits(self, rule: Rule, asked: list[Value], values: Mapping[str, Value]) -> bool:
        cells = zip(rule.inputs, asked, strict=True)
        return all(self._cell(source).holds(value, values) for source, value in cells)

    def _cell(self, source: str) -> Cell:
        if source not in self._cells:
            self._cells[source] = compile_cell(source, self._functions)
        return self._cells[source]


@contextmanager
def located(task: Task) -> Iterator[None]:
    """Says in the reason at which element it was."""
    try:
        yield
    except ExpressionError as error:
        spec: Any = task.task_spec
        name = getattr(spec, "bpmn_name", None) or getattr(spec, "bpmn_id", None) or spec.name
        raise ExpressionError(f"{name}: {error}", error.column) from None
