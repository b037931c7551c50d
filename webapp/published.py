"""The published diagrams as pages show them. A bundle never changes, so what is read is kept."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from flask import current_app

from engine.diagrams.description import describe
from engine.diagrams.legend import legend
from engine.diagrams.picture import Mark, draw
from engine.diagrams.reading import load
from engine.errors import NotFound
from processes.words import lower_first
from webapp.accounts.signin import cases

if TYPE_CHECKING:
    from collections.abc import Mapping
    from collections.abc import Set as AbstractSet

    from engine.definition import LegalTime, ProcessDefinition
    from engine.diagrams.description import Description
    from engine.diagrams.legend import Sign
    from engine.diagrams.model import Bundle, Process

Marks = frozenset[tuple[str, Mark]]
MOST_BUNDLES = 16
MOST_PICTURES = 256


@dataclass(frozen=True, slots=True)
class Diagrams:
    """One bundle: its files, what they say, and the words of every listed answer."""

    hash: str
    files: Mapping[str, bytes]
    bundle: Bundle
    answers: Mapping[tuple[str, str], str]  # (field id, value) -> what people read

    def process(self, process_id: str) -> Process:
        """The process of that id; `NotFound` if this bundle has none."""
        if process_id not in self.bundle.processes:
            raise NotFound
        return self.bundle.processes[process_id]


class Published:
    """Bundles, pictures and legal time of one application."""

    def __init__(self, definition: ProcessDefinition) -> None:
        self._definition = definition
        self._hashes: dict[int, str] = {}
        self.diagrams = lru_cache(MOST_BUNDLES)(self._diagrams)
        self.picture = lru_cache(MOST_PICTURES)(self._picture)
        self.legend = lru_cache(MOST_PICTURES)(self._legend)
        self.description = lru_cache(MOST_PICTURES)(self._description)
        self._legal_time = lru_cache(MOST_BUNDLES)(definition.legal_time)

    def numbered(self, number: int) -> Diagrams:
        """The bundle cases name by its number."""
        if number not in self._hashes:
            self._hashes = {row.number: row.hash for row in cases().bundles()}
        return self.diagrams(self._hashes[number])

    def live(self) -> Diagrams:
        """The bundle new cases start on; `NotFound` before the first is published."""
        row = next((row for row in cases().bundles() if row.live), None)
        if row is None:
            raise NotFound
        return self.diagrams(row.hash)

    def legal_time(self) -> LegalTime:
        """The live rules over the calendar as it is now."""
        return self._legal_time(self.live().files["deadlines.toml"], cases().calendar_changes())

    def _description(self, bundle_hash: str, process_id: str) -> Description:
        """The same as the picture in words, with every limit spelt out."""
        shown = self.diagrams(bundle_hash)
        legal_time = self._legal_time(shown.files["deadlines.toml"], ())
        facts = {fact.id: f" the {lower_first(fact.title)}" for fact in legal_time.facts.values()}
        limits = {
            rule.id: f"{rule.title}: {rule.limit}{facts.get(rule.starts_from or '', '')}"
            for rule in legal_time.rules.values()
        }
        told = describe(shown.files[shown.process(process_id).file], limits=limits)
        return next(each for each in told if each.process == process_id)

    def _legend(self, bundle_hash: str, process_id: str) -> tuple[Sign, ...]:
        """What the signs of the process's picture mean."""
        shown = self.diagrams(bundle_hash)
        return tuple(legend(shown.files[shown.process(process_id).file]))

    def _diagrams(self, bundle_hash: str) -> Diagrams:
        files = cases().bundle_files(bundle_hash)
        bundle = load(files)
        answers = {
            (field.id, option.id): option.name
            for node in bundle.nodes()
            for field in node.form.fields
            for option in field.options
        }
        legal_time = self._legal_time(files["deadlines.toml"], ())
        said = [fact.id for fact in legal_time.facts.values() if fact.type == "string"]
        answers |= {(fact, role.id): role.title for fact in said for role in self._definition.roles}
        return Diagrams(bundle_hash, files, bundle, answers)

    def _picture(
        self, bundle_hash: str, process_id: str, *, marks: Marks = frozenset(), base: str = ""
    ) -> str:
        """The process as SVG. `base` begins the address of every called process."""
        shown = self.diagrams(bundle_hash)
        process = shown.process(process_id)
        called = {node.id: node.called for node in process.nodes.values() if node.called}

        def link(element: str) -> str | None:
            return f"{base}{called[element]}" if element in called else None

        return draw(
            shown.files[process.file],
            marks=dict(marks),
            link=link if base else None,
            title=process.name,
        )


def marks(here: frozenset[str], been: frozenset[str], *, late: AbstractSet[str]) -> Marks:
    """Where a case stands and where it has been, as the picture shows it."""
    in_time, too_late = Mark(1, "open", "here"), Mark(1, "late", "here, late")
    standing = {(name, too_late if name in late else in_time) for name in here}
    return frozenset(standing | {(name, Mark(state="passed")) for name in been - here})


def published() -> Published:
    """Those of the running application."""
    found: Published = current_app.extensions["cspr.published"]
    return found
