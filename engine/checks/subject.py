"""What the rules look at: the files, what they say, and what `processes` knows about them."""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property
from typing import TypeVar, cast

from lxml import etree

from engine.checks.finding import Hit
from engine.checks.texts import Text, texts_of
from engine.checks.waiting import Waiting
from engine.definition import Fact, Function, LegalTime, ProcessDefinition
from engine.diagrams import reading
from engine.diagrams.fields import Field
from engine.diagrams.model import Bundle, Node, Process
from engine.diagrams.xml import Fault, Unreadable, parse
from engine.errors import CaseError, RuleProblem, RulesRefused

T = TypeVar("T")
RULES_FILE = "deadlines.toml"


@dataclass(frozen=True)
class Subject:
    """One bundle under examination. Everything worked out is worked out once."""

    files: Mapping[str, bytes]
    definition: ProcessDefinition | None = None
    opening: Collection[str] = ()
    _known: dict[str, object] = field(default_factory=dict, repr=False)

    def once(self, key: str, work: Callable[[], T]) -> T:
        """What `work` gives; it is done once for all rules that ask under this key."""
        if key not in self._known:
            self._known[key] = work()
        return cast("T", self._known[key])

    @cached_property
    def _read(self) -> tuple[dict[str, etree._Element], list[tuple[str, Fault]]]:
        roots, faults = {}, []
        for name, content in sorted(self.files.items()):
            if not name.endswith((".bpmn", ".dmn")):
                continue
            try:
                roots[name] = parse(name, content)
            except Unreadable as error:
                faults.append((name, error.fault))
        return roots, faults

    @property
    def roots(self) -> Mapping[str, etree._Element]:
        """The files that could be read."""
        return self._read[0]

    @property
    def faults(self) -> list[tuple[str, Fault]]:
        """Why the others could not."""
        return self._read[1]

    @cached_property
    def bundle(self) -> Bundle:
        """What the readable files say."""
        return reading.bundle_of(self.roots, {})

    def hit(self, message: str, *, element: str = "") -> Hit:
        """A hit on the bundle as a whole: at the first process people start, if it is there."""
        startable = self.definition.startable if self.definition else ()
        for process_id in startable:
            process = self.bundle.processes.get(process_id)
            if process is not None:
                return Hit(process.file, process.line, element or process.id, message)
        return Hit("", 1, element, message)

    @property
    def processes(self) -> Iterator[Process]:
        """All executable processes."""
        yield from self.bundle.processes.values()

    def nodes(self, *kinds: str) -> Iterator[Node]:
        """All nodes, or those of the kinds named."""
        return (node for node in self.bundle.nodes() if not kinds or node.kind in kinds)

    @cached_property
    def _legal(self) -> tuple[LegalTime | None, tuple[RuleProblem, ...]]:
        if self.definition is None:
            return None, ()
        shipped = self.definition.files().get(RULES_FILE, b"")
        content = self.files.get(RULES_FILE, shipped)
        try:
            return self.definition.legal_time(content, ()), ()
        except RulesRefused as error:
            return None, error.problems
        except CaseError as error:
            return None, (RuleProblem(1, "", str(error), ""),)

    @property
    def legal(self) -> LegalTime | None:
        """The deadline rules of the bundle; None when there are none, or they cannot be read."""
        return self._legal[0]

    @property
    def rule_problems(self) -> tuple[RuleProblem, ...]:
        """Why the deadline rules cannot be read."""
        return self._legal[1]

    @cached_property
    def functions(self) -> Mapping[str, Function]:
        """What expressions may call."""
        return self.legal.functions() if self.legal else {}

    @cached_property
    def facts(self) -> Mapping[str, Fact]:
        """The case-wide facts."""
        return self.legal.facts if self.legal else {}

    @cached_property
    def fields(self) -> Mapping[str, list[tuple[Node, Field]]]:
        """Every form field of the bundle by its id."""
        found: dict[str, list[tuple[Node, Field]]] = {}
        for node in self.nodes():
            for each in node.form.fields:
                found.setdefault(each.id, []).append((node, each))
        return found

    @cached_property
    def texts(self) -> tuple[Text, ...]:
        """Everything written in the closed language."""
        return texts_of(self.bundle, self.functions)

    @cached_property
    def waiting(self) -> Waiting:
        """What waits for somebody."""
        return Waiting(self.bundle)

    @cached_property
    def conditions(self) -> Mapping[tuple[str, str], ast.expr]:
        """The trees of conditions by process and flow."""
        return {
            (text.node.process, text.element): text.tree
            for text in self.texts
            if text.kind == "condition" and text.node is not None and text.tree is not None
        }

    @cached_property
    def trees(self) -> list[ast.expr]:
        """The trees of all conditions, for the values written in them."""
        return list(self.conditions.values())

    @cached_property
    def settable(self) -> frozenset[str]:
        """Names of variables something in the bundle sets."""
        names = set(self.fields)
        names |= {name for text in self.texts for name in text.assigns}
        names |= {node.multi.variable for node in self.nodes() if node.multi is not None}
        names |= {
            column.name
            for decision in self.bundle.decisions.values()
            for column in decision.outputs
        }
        return frozenset(names)


def nearest(word: str, words: Collection[str]) -> str:
    """A hint naming the closest known word, " Did you mean x?"; empty when none is close."""
    close = get_close_matches(word, list(words), n=1)
    return f" Did you mean {close[0]}?" if close else ""
