"""`deadlines.toml` as values: rules by version, dated relaxations, facts. Every fault is located.

Pure: bytes in, values out. Counting is `working_days`, joining the two is `deadlines`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from difflib import get_close_matches
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from engine.definition import DeadlineRule, Fact
from engine.errors import ExpressionError, RulesRefused
from engine.expressions import compile_expression
from processes import rule_file, words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from processes.rule_file import Document, Section

FORCES = ("must", "should", "expected", "local")
DIRECTIONS = ("after", "before")
#: What is counted, and how many of it are the most a rule may name.
COUNTS = MappingProxyType({"working_days": 250, "calendar_days": 366, "months": 120})
FACT_TYPES = ("date", "boolean", "enum", "string", "long")
EFFECTS = ("noted", "number", "suspended")
_UNITS = {"working_days": "working day", "calendar_days": "calendar day", "months": "month"}
_LONGEST_SUSPENSION = 1_000
_RULE_KEYS = (
    "id", "title", "counts", "number", "direction", "starts_from", "force", "recipients", "law",
    "document", "phrase", "note", "valid_from", "valid_to", "no_later_than", "foreseen_while",
)  # fmt: skip
_RELAXATION_KEYS = ("rule", "from", "to", "effect", "number", "says", "source")


@dataclass(frozen=True, slots=True)
class Version:
    """A rule as it stands for clocks that start in its span."""

    rule: DeadlineRule
    no_later_than: date | None  # a fixed date that caps the count

    def covers(self, start: date) -> bool:
        first, last = span(self.rule)
        return first <= start <= last


@dataclass(frozen=True, slots=True)
class Relaxation:
    """What was eased for a time.

    `noted`: said with the date, which stays; `number`: another number for clocks that start in
    the span; `suspended`: the days of the span do not count.
    """

    rule_id: str
    first_on: date
    last_on: date | None
    effect: str
    number: int | None
    says: str
    source: str

    def touches(self, first: date, last: date) -> bool:
        return first <= (self.last_on or date.max) and last >= self.first_on

    def suspended_days(self) -> Iterator[date]:
        """Every day that does not count; none unless the effect is a suspension."""
        if self.effect == "suspended" and self.last_on:
            for number in range((self.last_on - self.first_on).days + 1):
                yield self.first_on + timedelta(days=number)


@dataclass(frozen=True, slots=True)
class Rules:
    """All of one `deadlines.toml`."""

    facts: Mapping[str, Fact]
    versions: Mapping[str, tuple[Version, ...]]  # oldest first
    relaxations: Mapping[str, tuple[Relaxation, ...]]


@lru_cache(maxsize=32)
def read_rules(data: bytes) -> Rules:
    """The rules, or `RulesRefused` with every located problem at once."""
    document = rule_file.read(data)
    _only_known_tables(document)
    facts = _facts(document)
    versions = _versions(document, facts)
    relaxations = _relaxations(document, versions)
    if document.problems:
        raise RulesRefused(sorted(document.problems, key=lambda problem: problem.line))
    return Rules(MappingProxyType(facts), MappingProxyType(versions), MappingProxyType(relaxations))


def limit_words(rule: DeadlineRule, number: int) -> str:
    """As in: 5 working days after."""
    return f"{words.number(number, _UNITS[rule.counts])} {rule.direction}"


def span(rule: DeadlineRule) -> tuple[date, date]:
    """First and last start for which this version stands."""
    return rule.valid_from or date.min, rule.valid_to or date.max


def _only_known_tables(document: Document) -> None:
    for name in document.tables:
        if name not in {"facts", "rule", "relaxation"}:
            line = document.lines.get((name, 0, "")) or document.lines.get(("", 0, name), 1)
            message = f"“{name}” means nothing here"
            document.refuse(line, name, message, "Known are [facts], [[rule]] and [[relaxation]]")
    if not document.tables.get("rule"):
        document.refuse(1, "rule", "the file holds no rule", "Add a [[rule]] with id, title, …")


def _facts(document: Document) -> dict[str, Fact]:
    table = document.tables.get("facts", {})
    if not isinstance(table, dict):
        document.refuse(1, "facts", "“facts” is not a table", "Write [facts]")
        return {}
    found = {}
    for name, values in table.items():
        line = document.lines.get(("facts", 0, name)) or document.lines.get(
            (f"facts.{name}", 0, ""), 1
        )
        if not isinstance(values, dict):
            remedy = f'Write {name} = {{ title = "…", type = "date" }}'
            document.refuse(line, f"facts.{name}", f"the fact {name} has no title and type", remedy)
            continue
        document.lines.setdefault(("fact", line, ""), line)
        section = rule_file.Section(document, "fact", line, {**values, "id": name})
        section.only(("id", "title", "type"))
        title = section.text("title")
        kind = section.text("type", one_of=FACT_TYPES)
        if title and kind:
            found[name] = Fact(name, title, kind)
    return found


def _versions(document: Document, facts: Mapping[str, Fact]) -> dict[str, tuple[Version, ...]]:
    found: dict[str, list[Version]] = {}
    for section in document.list_of("rule"):
        section.only(_RULE_KEYS)
        version = _version(section, facts)
        if version:
            others = found.setdefault(version.rule.id, [])
            _check_versions(section, version, others)
            others.append(version)
    return {
        rule_id: tuple(sorted(versions, key=lambda version: span(version.rule)))
        for rule_id, versions in found.items()
    }


def _version(section: Section, facts: Mapping[str, Fact]) -> Version | None:
    problems_before = len(section.document.problems)
    rule_id = section.text("id")
    if rule_id and not re.fullmatch(r"[A-Z][A-Z0-9_]{0,39}", rule_id):
        section.refuse("id", f"“{rule_id}” is no rule id", 'Write capitals and digits, as "R02"')
    counts = section.text("counts", one_of=tuple(COUNTS))
    number = section.whole_number("number", most=COUNTS.get(counts, 366))
    direction = section.text("direction", one_of=DIRECTIONS)
    document, phrase = section.text("document"), section.text("phrase")
    note = section.text("note", required=False)
    rule = DeadlineRule(
        id=rule_id,
        title=section.text("title"),
        force=section.text("force", one_of=FORCES),
        starts_from=_starts_from(section, facts),
        limit=f"{words.number(number, _UNITS.get(counts, 'day'))} {direction}",
        source=f"{document}: “{phrase}”" + (f" ({note})" if note else ""),
        law=section.texts("law", r"R\d\d", 'Write law = ["R02"], duties of the register'),
        recipients=section.texts("recipients", r".{1,200}", 'Write recipients = ["panel"] or []'),
        counts=counts,
        number=number,
        direction=direction,
        foreseen_while=_foreseen_while(section, facts),
        valid_from=section.day("valid_from"),
        valid_to=section.day("valid_to"),
    )
    no_later_than = section.day("no_later_than")
    _check_span(section, rule.valid_from, rule.valid_to, last_key="valid_to")
    if len(section.document.problems) > problems_before:
        return None
    return Version(rule, no_later_than)


def _starts_from(section: Section, facts: Mapping[str, Fact]) -> str:
    """The fact a rule counts from: it must be listed, and a date."""
    name = section.text("starts_from")
    dates = [fact.id for fact in facts.values() if fact.type == "date"]
    if name and name not in dates:
        near = get_close_matches(name, dates, n=1)
        what = "is no date" if name in facts else "is no fact of this file"
        remedy = f"Did you mean “{near[0]}”?" if near else "Add it to [facts] with type date"
        section.refuse("starts_from", f"“{name}” {what}", remedy)
    return name


def _foreseen_while(section: Section, facts: Mapping[str, Fact]) -> str:
    """A condition over the facts, in the language of the diagrams."""
    condition = section.text("foreseen_while", required=False)
    if not condition:
        return ""
    try:
        names = compile_expression(condition, {}).names
    except ExpressionError as error:
        message = f"the condition cannot be read at column {error.column}: {error}"
        section.refuse("foreseen_while", message, 'Write for example "suspicion == null"')
        return ""
    for name in sorted(names - facts.keys()):
        near = get_close_matches(name, facts, n=1)
        remedy = f"Did you mean “{near[0]}”?" if near else "Use facts listed under [facts]"
        section.refuse("foreseen_while", f"“{name}” is no fact of this file", remedy)
    return condition


def _check_span(section: Section, first: date | None, last: date | None, *, last_key: str) -> None:
    if first and last and last < first:
        section.refuse(last_key, f"{section.title} ends before it begins", "Swap the two dates")


def _check_versions(section: Section, version: Version, others: Iterable[Version]) -> None:
    """Versions of one rule follow one another and count from the same fact."""
    first, last = span(version.rule)
    for other in others:
        other_first, other_last = span(other.rule)
        if first <= other_last and other_first <= last:
            message = f"{section.title} stands twice for the same dates"
            section.refuse("", message, "End one with valid_to and begin the other with valid_from")
        if other.rule.starts_from != version.rule.starts_from:
            message = f"the versions of {section.title} count from different facts"
            section.refuse("starts_from", message, f"Write {other.rule.starts_from}, or another id")


def _relaxations(
    document: Document, versions: Mapping[str, tuple[Version, ...]]
) -> dict[str, tuple[Relaxation, ...]]:
    found: dict[str, list[Relaxation]] = {}
    for section in document.list_of("relaxation"):
        section.only(_RELAXATION_KEYS)
        problems_before = len(document.problems)
        relaxation = _relaxation(section, versions)
        if len(document.problems) == problems_before:
            found.setdefault(relaxation.rule_id, []).append(relaxation)
    return {rule_id: tuple(relaxations) for rule_id, relaxations in found.items()}


def _relaxation(section: Section, versions: Mapping[str, tuple[Version, ...]]) -> Relaxation:
    rule_id = section.text("rule", one_of=tuple(versions))
    effect = section.text("effect", one_of=EFFECTS)
    first, last = section.day("from"), section.day("to")
    if first is None and "from" not in section.values:
        section.refuse(
            "from", f"the relaxation of {rule_id} has no “from”", "Add from = 2020-03-30"
        )
    _check_span(section, first, last, last_key="to")
    number = None
    if effect == "number":
        number = section.whole_number("number", most=366)
    elif "number" in section.values:
        section.refuse("number", f"“number” means nothing with {effect}", 'Use effect = "number"')
    if effect == "suspended":
        _check_suspension(section, first, last, versions=versions.get(rule_id, ()))
    return Relaxation(
        rule_id=rule_id,
        first_on=first or date.min,
        last_on=last,
        effect=effect,
        number=number,
        says=section.text("says"),
        source=section.text("source"),
    )


def _check_suspension(
    section: Section, first: date | None, last: date | None, *, versions: Iterable[Version]
) -> None:
    """Days that do not count need an end, and a rule that counts working days."""
    if last is None:
        section.refuse("to", "a suspension without an end would never be due", "Add to = …")
    elif first and (last - first).days > _LONGEST_SUSPENSION:
        message = f"the suspension is longer than {_LONGEST_SUSPENSION} days"
        section.refuse("to", message, "Split it, or correct the dates")
    if any(version.rule.counts != "working_days" for version in versions):
        message = "only a rule that counts working days can leave days out"
        section.refuse("effect", message, 'Use effect = "number" or "noted"')
