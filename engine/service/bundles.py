"""Published bundles, ready to run: parsed once per content hash and state of the calendar."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from engine.definition import CalendarChange
from engine.diagrams.forms import Field, Form
from engine.diagrams.reading import load
from engine.errors import NotFound, Refused
from engine.expressions import compile_expression, unwrap
from engine.service.routing import routing_names
from engine.spiff.runtime import Runtime
from engine.store import tables

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sqlalchemy import Connection, ScalarSelect

    from engine.definition import Function, LegalTime, ProcessDefinition, Role, Value
    from engine.diagrams.model import Bundle, Node

RULES_FILE = "deadlines.toml"
#: How many bundles are kept ready: the live one and those open cases are pinned to.
MOST_KEPT = 32


@dataclass(frozen=True, slots=True)
class LiveBundle:
    """Everything of one bundle that does not change from case to case."""

    hash: str
    number: int
    diagrams: Bundle
    legal_time: LegalTime
    functions: Mapping[str, Function]
    runtime: Runtime
    routing: frozenset[str]  # variables the engine may hold
    clocks: Mapping[tuple[str, str], tuple[str, ...]]  # (process, activity) -> deadline rules
    proofs: Mapping[tuple[str, str], frozenset[str]]  # (process, task) -> rules its form can meet
    provable: frozenset[tuple[str, str]]  # activity, rule that a form in it can meet
    titles: Mapping[str, str]  # element -> its name

    def node(self, process: str, element: str) -> Node | None:
        found = self.diagrams.processes.get(process)
        return found.nodes.get(element) if found is not None else None

    def title_of(self, element: str) -> str:
        """What an element is called on its diagram; ids are unique in a bundle as a rule."""
        return self.titles.get(element, element)

    def read_facts(self, given: Mapping[str, Value]) -> dict[str, Value]:
        """Facts handed in by a program, checked as if typed; raises `InvalidAnswers`."""
        form = Form(tuple(self.fact_field(fact) for fact in given))
        return form.read(form.typed(given))

    def fact_field(self, fact: str) -> Field:
        """The question whose answer is this fact, as a correction or an opening asks it."""
        asked = self.legal_time.facts[fact]
        fields = (each for node in self.diagrams.nodes() for each in node.form.fields)
        options = next((each.options for each in fields if each.id == fact), ())
        return Field(id=fact, label=asked.title, type=asked.type, options=options)


class Bundles:
    """The bundles of one database, shared between threads."""

    def __init__(self, definition: ProcessDefinition) -> None:
        self.definition = definition
        self._kept: dict[tuple[str, int], LiveBundle] = {}
        self._changes: tuple[int, tuple[CalendarChange, ...]] = (-1, ())
        self._lock = threading.Lock()

    def get(self, connection: Connection, bundle_hash: str, *, calendar: int) -> LiveBundle:
        """The bundle over the calendar of that version (`calendar_version`)."""
        kept = self._kept.get((bundle_hash, calendar))
        if kept is not None:
            return kept
        with self._lock:
            kept = self._kept.get((bundle_hash, calendar))
            if kept is None:
                kept = self._make(connection, bundle_hash, self.changes(connection, calendar))
                for key in [k for k in self._kept if k[0] == bundle_hash]:
                    del self._kept[key]
                while len(self._kept) >= MOST_KEPT:
                    del self._kept[next(iter(self._kept))]
                self._kept[bundle_hash, calendar] = kept
        return kept

    def current(self, connection: Connection) -> LiveBundle:
        """The bundle new cases start on; `Refused` when nothing is published yet."""
        live = select(tables.bundle.c.hash, calendar_version().label("calendar"))
        row = connection.execute(live.where(tables.bundle.c.live)).first()
        if row is None:
            raise Refused("Nothing is published yet: publish the diagrams first")
        return self.get(connection, row.hash, calendar=row.calendar)

    def changes(self, connection: Connection, calendar: int) -> tuple[CalendarChange, ...]:
        """The calendar changes, read again only when there are new ones."""
        if self._changes[0] != calendar:
            self._changes = (calendar, tuple(read_changes(connection)))
        return self._changes[1]

    def legal_time(
        self, connection: Connection, bundle_hash: str, changes: tuple[CalendarChange, ...]
    ) -> LegalTime:
        """The bundle's rules over a calendar that is only thought of."""
        row = tables.bundle_file.c
        content = connection.execute(
            select(row.content).where(row.bundle == bundle_hash, row.name == RULES_FILE)
        ).scalar_one()
        return self.definition.legal_time(content, changes)

    def _make(
        self, connection: Connection, bundle_hash: str, changes: tuple[CalendarChange, ...]
    ) -> LiveBundle:
        number = connection.execute(
            select(tables.bundle.c.number).where(tables.bundle.c.hash == bundle_hash)
        ).scalar_one_or_none()
        if number is None:
            raise NotFound("There is no bundle of that hash")
        files = read_files(connection, bundle_hash)
        return make_ready(bundle_hash, number, files, changes=changes, definition=self.definition)


def make_ready(
    bundle_hash: str,
    number: int,
    files: Mapping[str, bytes],
    *,
    changes: tuple[CalendarChange, ...],
    definition: ProcessDefinition,
) -> LiveBundle:
    """Parse and index files which the checks have passed."""
    diagrams = load(files)
    legal_time = definition.legal_time(files[RULES_FILE], changes)
    functions = legal_time.functions()
    return LiveBundle(
        hash=bundle_hash,
        number=number,
        diagrams=diagrams,
        legal_time=legal_time,
        functions=functions,
        runtime=Runtime.of(files, functions, facts=legal_time.facts),
        routing=routing_names(diagrams, functions) | frozenset(legal_time.facts),
        clocks=_clocks(diagrams, functions),
        proofs=_proofs(diagrams),
        provable=_provable(diagrams),
        titles={node.id: node.name or node.id for node in diagrams.nodes()},
    )


def read_files(connection: Connection, bundle_hash: str) -> dict[str, bytes]:
    rows = select(tables.bundle_file.c.name, tables.bundle_file.c.content).where(
        tables.bundle_file.c.bundle == bundle_hash
    )
    return {row.name: bytes(row.content) for row in connection.execute(rows)}


def read_changes(connection: Connection) -> Iterator[CalendarChange]:
    for row in connection.execute(select(tables.calendar_change).order_by("id")):
        yield CalendarChange(row.on, row.name, row.working, row.source)


def calendar_version() -> ScalarSelect[int]:
    """Subquery: changes whenever the calendar does."""
    newest = func.coalesce(func.max(tables.calendar_change.c.id), 0)
    return select(newest).scalar_subquery()


def role_titled(definition: ProcessDefinition, title: str | None) -> Role | None:
    return next((role for role in definition.roles if role.title == title), None)


def _clocks(
    diagrams: Bundle, functions: Mapping[str, Function]
) -> dict[tuple[str, str], tuple[str, ...]]:
    """Which activities carry a clock: boundary timers that call due("...")."""
    found: dict[tuple[str, str], dict[str, None]] = {}
    for node in diagrams.nodes():
        if node.kind != "boundaryEvent" or node.event.kind != "timer" or not node.attached_to:
            continue
        expression = compile_expression(unwrap(node.event.text) or node.event.text, functions)
        for call in expression.calls:
            if call.name == "due" and call.constants:
                rules = found.setdefault((node.process, node.attached_to), {})
                rules[str(call.constants[0])] = None
    return {key: tuple(rules) for key, rules in found.items()}


def _proofs(diagrams: Bundle) -> dict[tuple[str, str], frozenset[str]]:
    return {
        (node.process, node.id): frozenset(rule for f in node.form.fields for rule in f.proves)
        for node in diagrams.nodes()
        if node.form
    }


def _provable(diagrams: Bundle) -> frozenset[tuple[str, str]]:
    """Which activities hold a form, however deep inside, that can prove a rule."""
    found: set[tuple[str, str]] = set()
    for node in diagrams.nodes():
        for inside in _inside(diagrams, node):
            found.update((node.id, rule) for field in inside.form.fields for rule in field.proves)
    return frozenset(found)


def _inside(diagrams: Bundle, node: Node) -> Iterator[Node]:
    """The activity itself, what is drawn in it, and what it calls."""
    yield node
    process, called = diagrams.processes[node.process], diagrams.called_by(node)
    inner = process.within(node.id) if node.id in process.scopes else ()
    for each in (*inner, *(called.within(called.id) if called else ())):
        yield from _inside(diagrams, each)
