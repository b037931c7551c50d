"""What a bundle of files says: processes, their nodes and flows, their decision tables.

Nothing here judges. What cannot be placed (a flow to nowhere, an unknown element) is kept as it
stands, so that the checks can name all of it at once. A *scope* is a process or an embedded
sub-process: the tokens of a scope live and die together.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from engine.diagrams.forms import Form
from engine.diagrams.tables import Decision
from engine.diagrams.words import PLAIN


@dataclass(frozen=True, slots=True)
class Flow:
    """A sequence flow. `condition` is the text of its condition, None when it has none."""

    id: str
    name: str
    source: str
    target: str
    condition: str | None
    scope: str
    line: int


@dataclass(frozen=True, slots=True)
class Multi:
    """A step done once for each entry of a list (`collection`), or `cardinality` times."""

    collection: str
    variable: str
    cardinality: str
    sequential: bool
    completion: str


@dataclass(frozen=True, slots=True)
class Event:
    """What starts or ends an event. `kind` is BPMN's word: timer, message, error, ... or "none".

    `text` is the timer's expression, the message's name, the error's or escalation's code.
    `number` counts the definitions found: more than one is refused.
    """

    kind: str = "none"
    text: str = ""
    timer: str = ""  # timeDate | timeDuration | timeCycle
    reference: str = ""  # id of the message, error, escalation, signal
    known: bool = True  # the reference leads to an element of the file
    number: int = 0


@dataclass(frozen=True, slots=True)
class Node:
    """A step, an event or a gateway. `scope`: the id of the process or sub-process it is in."""

    id: str
    kind: str
    name: str
    process: str
    scope: str
    file: str
    line: int
    incoming: tuple[Flow, ...] = ()
    outgoing: tuple[Flow, ...] = ()
    default: str | None = None
    attached_to: str | None = None
    interrupting: bool = True
    event: Event = field(default_factory=Event)
    called: str | None = None
    decision: str | None = None
    script: str = ""
    form: Form = field(default_factory=Form)
    properties: Mapping[str, str] = field(default_factory=dict)
    documentation: str = ""
    lane: str | None = None  # name of the outermost lane; a pool without lanes counts as one
    candidates: str = ""  # camunda:candidateGroups
    multi: Multi | None = None
    standard_loop: bool = False
    by_event: bool = False  # an event sub-process

    @property
    def title(self) -> str:
        """The words a process owner would use for this node."""
        return f"“{self.name}”" if self.name else f"{PLAIN.get(self.kind, self.kind)} {self.id}"

    @property
    def law(self) -> tuple[str, ...]:
        """Ids of the duties it belongs to."""
        return tuple(self.properties.get("law", "").split())


@dataclass(frozen=True, slots=True)
class Scope:
    """A process, or a sub-process by its node's id, with what is directly in it."""

    id: str
    parent: str | None
    nodes: tuple[str, ...]
    flows: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Odd:
    """Something the model cannot place: `what` is the rule of the checks that speaks of it."""

    what: str
    file: str
    line: int
    element: str
    words: str


@dataclass(frozen=True, slots=True)
class Process:
    """An executable process with everything drawn in it, sub-processes included."""

    id: str
    name: str
    file: str
    line: int
    nodes: Mapping[str, Node]
    flows: Mapping[str, Flow]
    scopes: Mapping[str, Scope]  # the process itself (under its own id) and its sub-processes
    documentation: str = ""

    def boundaries(self, node_id: str) -> tuple[Node, ...]:
        """The boundary events of an activity, in the order of the file."""
        return tuple(node for node in self.nodes.values() if node.attached_to == node_id)

    def within(self, scope_id: str) -> Iterator[Node]:
        """The nodes directly in a scope."""
        return (self.nodes[node_id] for node_id in self.scopes[scope_id].nodes)

    def below(self, scope_id: str) -> Iterator[Node]:
        """The nodes of a scope and of all sub-processes in it."""
        for node in self.within(scope_id):
            yield node
            if node.id in self.scopes:
                yield from self.below(node.id)


@dataclass(frozen=True, slots=True)
class Bundle:
    """All files together."""

    processes: Mapping[str, Process]
    decisions: Mapping[str, Decision]
    texts: Mapping[str, bytes]  # files which are neither diagrams nor tables: deadlines.toml, ...
    odd: tuple[Odd, ...] = ()

    def nodes(self) -> Iterator[Node]:
        """All nodes of all processes."""
        for process in self.processes.values():
            yield from process.nodes.values()

    def called_by(self, node: Node) -> Process | None:
        """The process a call activity calls, if it is in the bundle."""
        return self.processes.get(node.called or "") if node.kind == "callActivity" else None

    def asked_by(self, node: Node) -> Decision | None:
        """The table a business rule task asks, if it is in the bundle."""
        is_rule = node.kind == "businessRuleTask"
        return self.decisions.get(node.decision or "") if is_rule else None

    def node(self, process: str, element: str) -> Node:
        """The node of that id on that process's diagram; KeyError if there is none."""
        return self.processes[process].nodes[element]
