"""Running the rules, stage by stage."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from itertools import islice

from engine.checks import (
    adapter,
    asking,
    choices,
    deciding,
    events,
    files,
    gateways,
    graph,
    people,
    setting,
    soundness,
    statute,
    writing,
)
from engine.checks.finding import Finding
from engine.checks.registry import RULES, STAGES, Rule
from engine.checks.subject import Subject
from engine.definition import ProcessDefinition
from engine.errors import DiagramRefused

#: Importing them registers their rules.
MODULES = (
    files,
    graph,
    gateways,
    events,
    people,
    writing,
    asking,
    deciding,
    choices,
    setting,
    soundness,
    statute,
    adapter,
)
#: One rule says no more than this about one bundle: a broken file can have thousands of faults.
MOST_OF_A_RULE = 50


def check(
    bundle: Mapping[str, bytes],
    definition: ProcessDefinition | None = None,
    *,
    opening: Collection[str] = (),
) -> list[Finding]:
    """All findings, in the order of files and lines; never raises for anything a file may hold.

    `opening` are the variables every case is opened with, besides those the law table names under
    `known_at_opening`. A stage runs only when those before it found no error, so that nothing is
    said about what cannot be read.
    """
    known = {*opening, *_known_at_opening(definition)}
    subject = Subject(dict(bundle), definition, frozenset(known))
    found: list[Finding] = []
    for stage in STAGES:
        for rule in RULES.values():
            if rule.stage == stage:
                found += _limited(rule, subject)
        if any(finding.severity == "error" for finding in found):
            break
    return sorted(set(found), key=lambda f: (f.file, f.line, f.element, f.rule, f.message))


def refuse_errors(
    bundle: Mapping[str, bytes], definition: ProcessDefinition | None = None
) -> list[Finding]:
    """The warnings of a bundle that may be published; raises `DiagramRefused` if it may not."""
    found = check(bundle, definition)
    errors = [finding for finding in found if finding.severity == "error"]
    if errors:
        raise DiagramRefused(list(errors))
    return found


def _limited(rule: Rule, subject: Subject) -> list[Finding]:
    try:
        return list(islice(rule.findings(subject), MOST_OF_A_RULE))
    except (LookupError, ValueError, TypeError, AttributeError, RecursionError) as error:
        message = f"the rule {rule.id} cannot be worked out for these files: {error!r}"
        remedy = "This is a fault of the checks: report it with the files."
        return [Finding("", 1, "", "error", "check-failed", message, remedy)]


def _known_at_opening(definition: ProcessDefinition | None) -> Collection[str]:
    known = definition.statute.get("known_at_opening", ()) if definition else ()
    return [str(name) for name in known] if isinstance(known, list | tuple) else ()
