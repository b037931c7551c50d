"""Stage engine: the engine itself reads what all rules let pass. Belt and braces."""

from __future__ import annotations

from collections.abc import Iterator

from engine.checks.finding import Hit
from engine.checks.registry import rule
from engine.checks.subject import Subject
from engine.errors import CaseError, DiagramRefused
from engine.spiff.runtime import Runtime


@rule(
    "engine-refuses",
    "engine",
    remedy="This is a fault of the checks: report it with the file.",
    bad="",
    good="start s; user u; end e; s>u>e",
)
def engine_refuses(subject: Subject) -> Iterator[Hit]:
    """The engine can read the bundle. What only the engine refuses, a rule has forgotten."""
    try:
        Runtime.of(subject.files, subject.functions, facts=subject.facts)
    except DiagramRefused as error:
        for found in error.findings:
            yield subject.hit(f"the engine refuses the bundle: {found}")
    except CaseError as error:
        yield subject.hit(f"the engine refuses the bundle: {error}")
