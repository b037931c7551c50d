"""Small diagrams for tests, written as their elements and the ways between them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from engine import clock
from engine.definition import Function
from engine.spiff.case import RunningCase
from engine.spiff.runtime import Runtime
from tests.engine.random_processes import NAMESPACES

if TYPE_CHECKING:
    from engine.definition import Value

BEGIN = datetime(2024, 3, 1, 9, tzinfo=UTC)
START_END = '<bpmn:startEvent id="S"/><bpmn:endEvent id="E" name="Done"/>'
EACH = (
    "<bpmn:multiInstanceLoopCharacteristics "
    'camunda:collection="items" camunda:elementVariable="item"/>'
)


def _after(seconds: int) -> str:
    return (BEGIN + timedelta(seconds=seconds)).isoformat()


def _due(values: dict[str, Value], rule: str, remind: int = 0) -> str:
    day = datetime.fromisoformat(str(values[_FACT_OF[rule]])).date()
    return clock.end_of(day + timedelta(days=5 - remind)).isoformat()


_FACT_OF = {"R02": "aware_on", "R10": "partners_on"}
FACTS = frozenset(_FACT_OF.values()) | {"died"}
FUNCTIONS = {
    "after": Function("after", _after, 1, 1, returns="instant"),
    "due": Function(
        "due",
        _due,
        1,
        1,
        keywords=frozenset({"remind"}),
        wants_facts=True,
        returns="instant",
        names=lambda rule: frozenset({_FACT_OF[rule]}),
    ),
}


def ways(*elements: str) -> str:
    """Flows from each element to the next."""
    return "".join(
        f'<bpmn:sequenceFlow id="f_{a}_{b}" sourceRef="{a}" targetRef="{b}"/>'
        for a, b in pairwise(elements)
    )


def way_if(source: str, target: str, condition: str) -> str:
    return (
        f'<bpmn:sequenceFlow id="f_{source}_{target}" sourceRef="{source}" targetRef="{target}">'
        '<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">'
        f"{condition}</bpmn:conditionExpression></bpmn:sequenceFlow>"
    )


def tasks(*names: str) -> str:
    return "".join(f'<bpmn:userTask id="{name}"/>' for name in names)


def gateway(kind: str, name: str, default: str = "") -> str:
    chosen = f' default="{default}"' if default else ""
    return f'<bpmn:{kind}Gateway id="{name}"{chosen}/>'


def timer(name: str, host: str, when: str, *, stops: bool = False) -> str:
    return (
        f'<bpmn:boundaryEvent id="{name}" attachedToRef="{host}" '
        f'cancelActivity="{str(stops).lower()}"><bpmn:timerEventDefinition>'
        f'<bpmn:timeDate xsi:type="bpmn:tFormalExpression">{when}</bpmn:timeDate>'
        "</bpmn:timerEventDefinition></bpmn:boundaryEvent>"
    )


def side_path(event: str) -> str:
    """From a boundary event to a task `after_...` and its own end."""
    task = f"after_{event}"
    end = f"E_{event}"
    return tasks(task) + f'<bpmn:endEvent id="{end}"/>' + ways(event, task, end)


def files(body: str, **called: str) -> dict[str, bytes]:
    """A bundle with process P of this body between S and E, and further processes by name."""
    made = {"P": START_END + body} | called
    head = f'<bpmn:definitions {NAMESPACES}><bpmn:message id="m" name="Report it"/>'
    return {
        f"{name}.bpmn": (
            f'{head}<bpmn:process id="{name}" isExecutable="true">{inner}</bpmn:process>'
            "</bpmn:definitions>"
        ).encode()
        for name, inner in made.items()
    }


def runtime(body: str, **called: str) -> Runtime:
    return Runtime.of(files(body, **called), FUNCTIONS, facts=FACTS)


class _Unforgetting(RunningCase):
    """Keeps every finished task, as SpiffWorkflow itself does."""

    def _forget(self) -> None:
        pass


class _UnforgettingRuntime(Runtime):
    kind = _Unforgetting


def started(
    body: str, *, values: dict[str, Value] | None = None, forgets: bool = True, **called: str
) -> RunningCase:
    """A case of process P, at `BEGIN`."""
    kind = Runtime if forgets else _UnforgettingRuntime
    with clock.at(BEGIN):
        maker = kind.of(files(body, **called), FUNCTIONS, facts=FACTS)
        return maker.start("P", {"items": ["a", "b"]} | (values or {}))


def open_elements(case: RunningCase) -> list[str]:
    return sorted(task.element for task in case.open_tasks())


def do(case: RunningCase, element: str, **values: Value) -> None:
    """Complete the first open task of this element."""
    seq = next(task.seq for task in case.open_tasks() if task.element == element)
    case.complete(seq, values)


def later(case: RunningCase, seconds: int) -> int:
    """Fire what is due this long after the beginning."""
    with clock.at(BEGIN + timedelta(seconds=seconds)):
        return case.fire_due_timers()
