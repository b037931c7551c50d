"""From the files of a bundle to SpiffWorkflow's specs: our parser over the bundle's own model.

The model (`engine.diagrams`) has read the files safely and knows what Camunda's attributes mean;
upstream's parser only connects the elements.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser, full_tag
from SpiffWorkflow.bpmn.parser.node_parser import DEFAULT_NSMAP
from SpiffWorkflow.bpmn.parser.ProcessParser import ProcessParser
from SpiffWorkflow.bpmn.parser.TaskParser import TaskParser
from SpiffWorkflow.bpmn.specs.data_spec import TaskDataReference
from SpiffWorkflow.bpmn.specs.defaults import (
    ParallelMultiInstanceTask,
    SequentialMultiInstanceTask,
)
from SpiffWorkflow.bpmn.specs.mixins.bpmn_spec_mixin import BpmnSpecMixin
from SpiffWorkflow.exceptions import SpiffWorkflowException

from engine.diagrams.reading import bundle_of, roots_of
from engine.errors import DiagramRefused
from engine.spiff.corrections import prepare
from engine.spiff.timers import LegalMoment

if TYPE_CHECKING:
    from collections.abc import Mapping

    from SpiffWorkflow.task import Task

    from engine.diagrams.model import Bundle, Node


@dataclass(frozen=True, slots=True)
class Parsed:
    """A bundle's files, ready to run. Read-only from here on, shared by all cases and threads."""

    bundle: Bundle
    specs: Mapping[str, Any]  # process id, or id of an embedded sub-process -> spec

    def node(self, spec: Any, element: str) -> Node:
        """The element in the bundle's model; `spec` is the process or sub-process it is in."""
        return self.nodes_of(spec)[element]

    def nodes_of(self, spec: Any) -> Mapping[str, Node]:
        return self.bundle.processes[spec.in_process].nodes


class DecisionTask(BpmnSpecMixin):
    """A business rule task; its table is answered by the case's language."""

    def __init__(self, wf_spec: Any, name: str, decision: str, **attributes: Any) -> None:
        super().__init__(wf_spec, name, **attributes)
        self.decision = decision

    def _run_hook(self, my_task: Task) -> bool:
        my_task.workflow.script_engine.decide(my_task, self.decision)
        return True


class _Element:
    """Mixed into each of upstream's element parsers."""

    node: Any
    spec: Any
    task: Any
    process_parser: Any

    @property
    def _model(self) -> Node:
        found: Node = self.process_parser.model.nodes[self.node.get("id")]
        return found

    def _get_lane(self) -> str | None:
        return self._model.lane

    def parse_extensions(self, _: Any = None) -> dict[str, str]:
        return {"candidates": self._model.candidates} if self._model.candidates else {}

    def parse_incoming_data_references(self) -> list[Any]:
        """Data objects are drawn for the reader; variables are flat and case-wide."""
        return []

    def parse_outgoing_data_references(self) -> list[Any]:
        return []

    def parse_io_spec(self) -> None:
        return None

    def parse_timer_event(self, event: Any) -> LegalMoment:
        found = event.find(full_tag("timeDate"))
        if found is None or not (found.text or "").strip():
            raise ValueError("a timer needs a timeDate")
        return LegalMoment(self.node.get("id"), found.text.strip(), description="Timer")

    def _add_multiinstance_task(self, _: Any) -> None:
        """`camunda:collection` and `camunda:elementVariable`, in the semantics of the base spec."""
        multi = self._model.multi
        if multi is None or not multi.collection:
            raise ValueError("a repeated task needs camunda:collection")
        original = self.spec.task_specs.pop(self.task.name)
        kind = SequentialMultiInstanceTask if multi.sequential else ParallelMultiInstanceTask
        self.task = kind(
            self.spec,
            original.name,
            task_spec="",
            data_input=TaskDataReference(multi.collection),
            input_item=TaskDataReference(multi.variable) if multi.variable else None,
            condition=multi.completion or None,
            lane=original.lane,
            bpmn_name=original.bpmn_name,
        )
        self.task.extensions = original.extensions
        self._copy_task_attrs(original)  # type: ignore[attr-defined]  # of the class mixed with


class _DecisionParser(_Element, TaskParser):
    def create_task(self) -> DecisionTask:
        return DecisionTask(
            self.spec, self.bpmn_id, decision=self._model.decision or "", **self.bpmn_attributes
        )


class _ProcessParser(ProcessParser):
    @property
    def model(self) -> Any:
        """The process of the bundle's model this process or embedded sub-process belongs to."""
        outer = self
        while outer.parent is not None:
            outer = outer.parent
        return self.parser.bundle.processes[outer.bpmn_id]

    def _parse(self) -> None:
        self.spec = self.create_spec()
        self.spec.data_stores = {}
        self.spec.in_process = self.model.id
        self.add_tasks()


_NOT_RUN = ("transaction", "adHocSubProcess", "eventBasedGateway", "serviceTask", "sendTask")


class CaseParser(BpmnParser):
    """Reads only what the check of a bundle lets pass; anything else it refuses as unknown."""

    PROCESS_PARSER_CLASS = _ProcessParser
    PARSER_CLASSES = {
        tag: (type(f"Case{parser.__name__}", (_Element, parser), {}), spec)
        for tag, (parser, spec) in BpmnParser.PARSER_CLASSES.items()
        if tag not in {full_tag(name) for name in _NOT_RUN}
    } | {full_tag("businessRuleTask"): (_DecisionParser, DecisionTask)}

    def __init__(self, bundle: Bundle) -> None:
        super().__init__(namespaces=DEFAULT_NSMAP)
        self.bundle = bundle

    def _add_data_stores(self, bpmn: Any) -> None:
        """Decoration."""

    def _add_correlations(self, bpmn: Any) -> None:
        """A message goes to one waiting event, chosen by a person; nothing is correlated."""


def parse(files: Mapping[str, bytes]) -> Parsed:
    """Raises `DiagramRefused` for what cannot be run; the check of a bundle says it better."""
    roots = roots_of(files)
    bundle = bundle_of(roots, {})
    parser = CaseParser(bundle)
    try:
        for name, root in roots.items():
            if name.endswith(".bpmn"):
                parser.add_bpmn_xml(root, name)
        for process in bundle.processes:
            parser.get_subprocess_specs(process)
    except (SpiffWorkflowException, LookupError, ValueError, RecursionError) as error:
        raise DiagramRefused([str(error)]) from error
    specs = {name: found.get_spec() for name, found in parser.process_parsers.items()}
    for spec in specs.values():
        prepare(spec)
    return Parsed(bundle, specs)
