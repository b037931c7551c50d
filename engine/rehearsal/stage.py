"""Where scenarios are played: a bundle on an empty database, and a clock set by hand."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine, select

from engine import clock
from engine.definition import ProcessDefinition, Value
from engine.errors import CaseError, InvalidAnswers
from engine.rehearsal.comparing import differences, open_clocks
from engine.rehearsal.scenario import Scenario, Step, answers_for
from engine.service import Actor, Cases, CaseView, InboxRow
from engine.store.database import open_database
from engine.store.tables import case as case_table
from engine.store.tables import metadata

MOST_TIMERS = 1_000  # a scenario that fires more does not end


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the journal of a rehearsal."""

    on: date
    what: str


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What happened, and every expectation that did not hold, in words."""

    scenario: Scenario
    journal: tuple[Entry, ...]
    failures: tuple[str, ...]
    passed: frozenset[tuple[str, str]]  # process and element of everything left behind

    @property
    def holds(self) -> bool:
        return not self.failures


class _Broken(Exception):
    """The scenario cannot go on; the words are the failure."""


@contextmanager
def open_stage(definition: ProcessDefinition, files: Mapping[str, bytes]) -> Iterator[Stage]:
    """A stage on a throw-away database; `DiagramRefused` if the files cannot be published."""
    with tempfile.TemporaryDirectory(prefix="cspr-stage-") as folder:
        database = open_database(f"sqlite:///{Path(folder) / 'stage.db'}")
        metadata.create_all(database)
        try:
            yield Stage(database, definition, files)
        finally:
            database.dispose()


class Stage:
    """Plays one scenario after the other; each has an area and a case of its own."""

    def __init__(
        self, database: Engine, definition: ProcessDefinition, files: Mapping[str, bytes]
    ) -> None:
        self._database = database
        self._passed: set[tuple[str, str]] = set()
        self._cases = Cases(
            database,
            definition,
            watch=lambda process, element: self._passed.add((process, element)),
        )
        self._cases.publish(files, author="rehearsal", reason="rehearsal")
        everything = frozenset((role.id, None) for role in definition.roles)
        self._actor = self._cases.actor("rehearsal", "Rehearsal", everything)
        self._played = 0

    def play(self, scenario: Scenario, ordinary: Mapping[str, Value]) -> Rehearsal:
        """Play it from its first day to its last and compare."""
        self._played += 1
        self._passed.clear()
        play = _Play(self._cases, self._database, self._actor, scenario, ordinary)
        failures = play.run(area=f"S{self._played}")
        return Rehearsal(scenario, tuple(play.journal), failures, frozenset(self._passed))


class _Play:
    """One scenario on its way."""

    def __init__(
        self,
        cases: Cases,
        database: Engine,
        actor: Actor,
        scenario: Scenario,
        ordinary: Mapping[str, Value],
    ) -> None:
        self.cases, self.database, self.actor = cases, database, actor
        self.scenario, self.ordinary = scenario, ordinary
        self.journal: list[Entry] = []
        self.ref = ""

    def run(self, *, area: str) -> tuple[str, ...]:
        """Gives back what did not hold."""
        try:
            self._open(area)
            for number, step in enumerate(self.scenario.steps, 1):
                self._step(number, step)
            failures = self._compare()
        except _Broken as broken:
            failures = (str(broken),)
        self._leave()
        return failures

    # -- playing ----------------------------------------------------------------------------
    def _open(self, area: str) -> None:
        first = self.scenario.steps[0]
        with clock.at(_noon(first.on)):
            try:
                for code, name in {area: area, **{n: n for n in self.scenario.neighbours}}.items():
                    self.cases.put_area(code, name, facts=self.scenario.facts, actor=self.actor)
                outcome = self.cases.open_case(
                    self.scenario.process, area=area, title=self.scenario.title, actor=self.actor
                )
            except CaseError as error:
                raise _Broken(f"the case cannot be opened: {error}") from None
        self.ref = outcome.ref

    def _step(self, number: int, step: Step) -> None:
        self._let_time_pass(_noon(step.on))
        with clock.at(_noon(step.on)):
            try:
                self._act(number, step)
            except CaseError as error:
                raise _Broken(f"step {number} ({step.on}): {_words(error)}") from None
            for rule, due in step.due.items():
                found = open_clocks(self._look(), rule)
                if due not in found:
                    said = ", ".join(map(str, found)) or "not running"
                    raise _Broken(f"step {number} ({step.on}): {rule} is {said}, expected {due}")

    def _act(self, number: int, step: Step) -> None:
        for fact, value in step.correct.items():
            self.cases.correct_fact(
                self.ref, fact, str(value), reason="rehearsed correction", actor=self.actor
            )
            self._note(step.on, f"corrected: {fact} = {value}")
        if step.report:
            self._report(number, step)
        asked: set[str] = set()
        for element in step.do:
            asked |= self._do(number, step, element)
        if unused := sorted(set(step.answers) - asked):
            raise _Broken(f"step {number}: no form of this step has a field {unused[0]}")

    def _do(self, number: int, step: Step, element: str) -> set[str]:
        """Complete the open instances of this task; gives back the ids of the fields asked."""
        here = [
            task
            for task in self.cases.open_tasks(self.ref)
            if task.element == element and step.item in {None, task.item}
        ]
        if not here:
            open_now = ", ".join(sorted({t.element for t in self.cases.open_tasks(self.ref)}))
            raise _Broken(
                f"step {number} ({step.on}): {element} is not open; open are: {open_now or 'none'}"
            )
        asked: set[str] = set()
        for task in here:
            if step.role and task.role_title != step.role:
                raise _Broken(
                    f"step {number}: {element} is with {task.role_title}, expected {step.role}"
                )
            asked |= self._complete(number, step, task)
        return asked

    def _complete(self, number: int, step: Step, task: InboxRow) -> set[str]:
        page = self.cases.task(task.id, self.actor)
        fields = [field.id for field in page.form.fields]
        values = dict(page.values) | answers_for(fields, step, self.ordinary)
        try:
            self.cases.complete(task.id, version=None, actor=self.actor, values=values)
        except CaseError as error:
            if step.refused and step.refused in str(error):
                self._note(step.on, f"{task.name}: refused ({step.refused})")
                return set(fields)
            raise _Broken(f"step {number}: {task.element}: {_words(error)}") from None
        if step.refused:
            raise _Broken(f"step {number}: {task.element} was accepted, not refused")
        self._note(
            step.on, f"{task.role_title}: {task.name}{f' ({task.item})' if task.item else ''}"
        )
        return set(fields)

    def _report(self, number: int, step: Step) -> None:
        offered = {m.name: m.key for m in self.cases.case(self.ref, self.actor).messages}
        if step.report not in offered:
            known = ", ".join(sorted(offered)) or "nothing"
            raise _Broken(f"step {number}: {step.report!r} cannot be reported now, only: {known}")
        self.cases.report(self.ref, offered[step.report], actor=self.actor, reason="rehearsal")
        self._note(step.on, f"reported: {step.report}")

    def _let_time_pass(self, until: datetime) -> None:
        """Fire every clock on the way, each at its own moment."""
        for _ in range(MOST_TIMERS):
            due = self._next_due()
            if due is None or due > until:
                return
            with clock.at(due):
                before = {task.id for task in self.cases.open_tasks(self.ref)}
                if self.cases.fire_due_timers().failed:
                    raise _Broken(f"a clock failed on {due:%Y-%m-%d}: {self._incident()}")
                for task in self.cases.open_tasks(self.ref):
                    if task.id not in before:
                        self._note(clock.today(), f"the clock opens: {task.name}")
        raise _Broken(f"more than {MOST_TIMERS} clocks fired")

    def _incident(self) -> str:
        return next(each.what for each in self.cases.incidents() if each.case_ref == self.ref)

    def _next_due(self) -> datetime | None:
        query = select(case_table.c.next_due_at).where(
            case_table.c.ref == self.ref, case_table.c.status == "open"
        )
        with self.database.connect() as connection:
            return connection.execute(query).scalar()

    # -- the end ----------------------------------------------------------------------------
    def _look(self) -> CaseView:
        return self.cases.case(self.ref, self.actor)

    def _compare(self) -> tuple[str, ...]:
        with clock.at(_noon(self.scenario.steps[-1].on)):
            return tuple(differences(self.scenario, self._look()))

    def _leave(self) -> None:
        """No clock of this case may fire in the next scenario."""
        with clock.at(_noon(self.scenario.steps[-1].on)):
            if self.ref and self._look().status == "open":
                self.cases.cancel(self.ref, reason="rehearsal over", actor=self.actor)

    def _note(self, on: date, what: str) -> None:
        self.journal.append(Entry(on, what))


def _noon(day: date) -> datetime:
    return clock.start_of(day) + timedelta(hours=12)


def _words(error: CaseError) -> str:
    if isinstance(error, InvalidAnswers):
        return "; ".join(f"{field}: {why}" for field, why in error.problems.items())
    return str(error)
