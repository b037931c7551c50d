"""A bundle of diagrams ready to run cases."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from threading import Lock
from typing import TYPE_CHECKING

from engine.errors import NotFound
from engine.spiff.case import RunningCase
from engine.spiff.corrections import install
from engine.spiff.language import CaseLanguage
from engine.spiff.parsing import Parsed, parse
from engine.spiff.running import CaseWorkflow

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from engine.definition import Function, Value
    from engine.spiff.values import TokenRow

MOST_PARSED = 16  # bundles kept parsed in one process; each takes a few hundred kB

install()
_parsed: OrderedDict[str, Parsed] = OrderedDict()
_lock = Lock()


class Runtime:
    """Cheap to make: parsed files are kept by content.

    Functions and facts come with each `of`, as the calendar may have changed since.
    """

    kind: type[RunningCase] = RunningCase  # what it makes

    def __init__(
        self, parsed: Parsed, functions: Mapping[str, Function], facts: Collection[str]
    ) -> None:
        self.parsed = parsed
        self._facts = frozenset(facts)
        self._language = CaseLanguage(functions, parsed.bundle.decisions)

    @classmethod
    def of(
        cls,
        files: Mapping[str, bytes],
        functions: Mapping[str, Function],
        *,
        facts: Collection[str] = (),
    ) -> Runtime:
        """Raises `DiagramRefused`, or `Unreadable`, for files that cannot be run."""
        return cls(_read(files), functions, facts)

    def start(self, process: str, variables: Mapping[str, Value]) -> RunningCase:
        """A new case, run on to where the first person is needed."""
        case = self.kind(self, self._workflow(process))
        case.begin(variables)
        return case

    def restore(
        self, process: str, *, head: str, facts: str, next_seq: int, rows: Iterable[TokenRow]
    ) -> RunningCase:
        """A case from its rows, in order of their number."""
        workflow = self._workflow(process, deserializing=True)
        case = self.kind(self, workflow, next_seq=next_seq)
        case.resume(head, facts, rows)
        return case

    def _workflow(self, process: str, *, deserializing: bool = False) -> CaseWorkflow:
        if process not in self.parsed.bundle.processes:
            raise NotFound(f"There is no process called {process}.")
        return CaseWorkflow(
            self.parsed.specs[process],
            self.parsed.specs,
            script_engine=self._language,
            deserializing=deserializing,
            facts=self._facts,
        )


def _read(files: Mapping[str, bytes]) -> Parsed:
    diagrams = {name: files[name] for name in files if name.endswith((".bpmn", ".dmn"))}
    key = _hash(diagrams)
    with _lock:
        if key not in _parsed:
            _parsed[key] = parse(diagrams)
        _parsed.move_to_end(key)
        while len(_parsed) > MOST_PARSED:
            _parsed.popitem(last=False)
        return _parsed[key]


def _hash(files: Mapping[str, bytes]) -> str:
    parts = hashlib.sha256()
    for name in sorted(files):
        parts.update(f"{name}\0{len(files[name])}\0".encode())
        parts.update(files[name])
    return parts.hexdigest()
