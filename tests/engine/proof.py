"""One random case, three ways: never forgotten, whole as JSON at each step, and as rows.

After every step the pictures must be equal: open and waiting tasks, due dates, variables, end.
"""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.serializer.config import DEFAULT_CONFIG
from SpiffWorkflow.bpmn.serializer.default.event_definition import (
    TimerConditionalEventDefinitionConverter,
)
from SpiffWorkflow.bpmn.serializer.default.task_spec import BpmnTaskSpecConverter
from sqlalchemy import Engine, event, insert

from engine import clock
from engine.definition import Function, Value
from engine.spiff.case import RunningCase
from engine.spiff.corrections import prepare
from engine.spiff.corrections.marks import CLOCK
from engine.spiff.looking import for_people, live_tasks, waits_for_message
from engine.spiff.parsing import DecisionTask
from engine.spiff.running import CaseWorkflow
from engine.spiff.runtime import Runtime
from engine.spiff.timers import LegalMoment, due_at, waiting_timers
from engine.spiff.values import PassedTask
from engine.store.case_rows import CaseRows
from engine.store.database import writing
from engine.store.tables import area, bundle, metadata
from tests.engine.random_processes import FACTS, START, random_files

BEGIN = datetime(2024, 3, 1, tzinfo=UTC)
BACK = 0.1  # how often a task is sent back instead of done, during the first 40 steps
Action = tuple[str, int, dict[str, Value]]  # kind, place among the live tasks, values


def _after(seconds: int) -> str:
    return (clock.now() + timedelta(seconds=seconds)).isoformat()


FUNCTIONS = {"after": Function("after", _after, 1, 1, returns="instant")}


class ProvedCase(RunningCase):
    """A case that shows all of itself, and lets itself be driven by place."""

    def picture(self) -> Any:
        workflow = self._workflow
        shown = [
            [_path(task), task.state, str(due_at(task)), dict(sorted(task.data.items()))]
            for task in self._live()
        ]
        data = {k: v for k, v in sorted(workflow.data.items()) if k != CLOCK}
        done = [workflow.completed, data if workflow.completed else None]
        return json.loads(json.dumps([done, dict(sorted(workflow.known.items())), shown]))

    def next_due(self) -> datetime | None:
        known = [at for task in waiting_timers(self._workflow) if (at := due_at(task))]
        return min(known, default=None)

    def choices(self) -> list[tuple[str, int]]:
        live = self._live()
        people = [("task", live.index(task)) for task in for_people(self._workflow)]
        messages = [("message", n) for n, task in enumerate(live) if waits_for_message(task)]
        timer = [("timer", 0)] if self.next_due() is not None else []
        facts = [("fact", 0)] if people else []
        return sorted(people * 4 + timer * 2 + messages * (1 if people else 2) + facts)

    def ways_back(self, place: int, past: Sequence[PassedTask]) -> list[str | None]:
        """For each finished activity, in order, why the case cannot go back to it."""
        seq = self._number(self._live()[place])
        return [target.refusal for target in self.back_targets(seq, past)]

    def past(self) -> list[PassedTask]:
        """Finished activities since the case was last saved, in order."""
        return sorted(self._passed, key=lambda task: (task.clock, task.seq))

    def act(self, action: Action, past: Sequence[PassedTask]) -> None:
        kind, place, values = action
        if kind == "back":
            self.send_back(self._number(self._live()[place]), past[int(str(values["to"]))])
        elif kind == "timer":
            self.fire_due_timers()
        elif kind == "fact":
            self.set_facts(values)
        else:
            seq = self._number(self._live()[place])
            (self.complete if kind == "task" else self.send_message)(seq, values)

    def _live(self) -> list[Any]:
        tasks = list(live_tasks(self._workflow))
        return sorted(tasks, key=lambda t: (str(_path(t)), str(sorted(t.data.items()))))


class Remembering(ProvedCase):
    """Never forgets a task."""

    def _forget(self) -> None:
        pass


class WholeJson(Remembering):
    """Is written as a whole, and read again, between any two steps."""

    def reread(self) -> None:
        old = self._workflow
        copy: Any = _SERIALIZER.deserialize_json(_SERIALIZER.serialize_json(_plain(old)))
        copy.__class__ = CaseWorkflow
        copy.facts, copy.known, copy.changed_facts = old.facts, dict(old.known), set()
        copy.script_engine = old.script_engine
        for spec in (copy.spec, *copy.subprocess_specs.values()):
            prepare(spec)
            spec.in_process = self._runtime.parsed.specs[spec.name].in_process
        self._workflow = copy


def _plain(workflow: Any) -> Any:
    workflow.__class__ = CaseWorkflow.__bases__[0]
    return workflow


_SERIALIZER = BpmnWorkflowSerializer(
    BpmnWorkflowSerializer.configure(
        DEFAULT_CONFIG
        | {
            LegalMoment: TimerConditionalEventDefinitionConverter,
            DecisionTask: type(
                "DecisionConverter",
                (BpmnTaskSpecConverter,),
                {
                    "to_dict": lambda self, spec: {
                        **self.get_default_attributes(spec),
                        "decision": spec.decision,
                    },
                    "from_dict": lambda self, found: self.task_spec_from_dict(found),
                },
            ),
        }
    )
)


def _path(task: Any) -> list[Any]:
    """Where a task runs, outermost first, with the number of a repeated one."""
    found = []
    while task is not None:
        found.append([task.task_spec.name, task.internal_data.get("key_or_index")])
        owner = task.workflow.parent_task_id
        task = task.workflow.top_workflow.get_task_from_id(owner) if owner else None
    return found[::-1]


def choose(case: ProvedCase, rng: random.Random, *, back: bool) -> Action | None:
    options = case.choices()
    if not options:
        return None
    kind, place = rng.choice(options)
    if kind == "task" and back and rng.random() < BACK:
        refusals = case.ways_back(place, case.past())
        allowed = [number for number, refusal in enumerate(refusals) if refusal is None]
        if allowed:
            return "back", place, {"to": rng.choice(allowed)}
    if kind == "fact":
        return kind, 0, {"wait": rng.randint(1, 900)}
    values: dict[str, Value] = {}
    if kind == "task":
        element = case.picture()[2][place][0][-1][0].removesuffix(" [child]")
        values[f"v_{element}"] = rng.randint(0, 1)
    if kind != "timer" and rng.random() < 0.5:
        values[rng.choice("xyz")] = rng.randint(0, 2)
    return kind, place, values


@dataclass
class Count:
    """Statements executed on a connection since the last look."""

    statements: int = 0

    def look(self) -> int:
        seen, self.statements = self.statements, 0
        return seen


def counting(database: Engine) -> Count:
    """Counts statements, those of the transaction itself left out."""
    count = Count()

    @event.listens_for(database, "before_cursor_execute")
    def _one(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        count.statements += not statement.startswith("BEGIN")

    return count


def new_runtime(kind: type[RunningCase], files: dict[str, bytes]) -> Runtime:
    maker = type("ProvedRuntime", (Runtime,), {"kind": kind})
    found: Runtime = maker.of(files, FUNCTIONS, facts=FACTS)
    return found


def columns(number: int, bundle_hash: str) -> dict[str, Any]:
    """What a service would write into the row of a case."""
    return {
        "ref": f"T{number}",
        "bundle": bundle_hash,
        "area": "T",
        "title": "test",
        "status": "open",
        "opened_at": BEGIN,
        "opened_by": "test",
    }


def prepare_tables(database: Engine, bundles: list[str]) -> None:
    metadata.create_all(database)
    with writing(database) as connection:
        connection.execute(insert(area).values(code="T", name="Test", facts="{}"))
        for number, name in enumerate(bundles):
            row = {"hash": name, "number": number, "author": "t", "reason": "t", "live": False}
            connection.execute(insert(bundle).values(**row, published_at=BEGIN))


def prove_one(seed: int, database: Engine, count: Count, *, steps: int = 300) -> bool:
    """Whether the case ran to its end; raises AssertionError at the first difference."""
    files, rng, now = random_files(seed), random.Random(seed * 7 + 1), BEGIN
    rows = CaseRows(lambda _: new_runtime(ProvedCase, files))
    with clock.at(now), writing(database) as connection:
        memory: Any = new_runtime(Remembering, files).start("P", START)
        whole: Any = new_runtime(WholeJson, files).start("P", START)
        fresh = new_runtime(ProvedCase, files).start("P", START)
        case_id = rows.create(connection, fresh, **columns(seed, "T")).id
    for number in range(steps):
        expected = memory.picture()
        whole.reread()
        assert whole.picture() == expected, seed
        with writing(database) as connection:
            count.look()
            held = rows.load(connection, case_id)
            stored: Any = held.case
            assert stored.picture() == expected, seed
            action = choose(memory, rng, back=number < 40)
            if action is None:
                break
            if action[0] == "timer":
                now = max(now, memory.next_due())
            past = rows.passed(connection, case_id)
            if action[0] == "task":
                refusals = memory.ways_back(action[1], memory.past())
                assert stored.ways_back(action[1], past) == refusals, seed
            with clock.at(now):
                memory.act(action, memory.past())
                whole.act(action, whole.past())
                stored.act(action, past)
            rows.save(connection, held)
            assert count.look() <= 6 + 1, seed  # one of them asked for the past
    return bool(memory.finished)


def prove(database: Engine, *, count: int, first: int = 0) -> int:
    """How many of `count` random cases ran to their end; all of them were equal three ways."""
    prepare_tables(database, ["T"])
    statements = counting(database)
    return sum(prove_one(seed, database, statements) for seed in range(first, first + count))
