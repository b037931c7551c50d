"""The vocabulary of BPMN files: namespaces, kinds of elements, what waits."""

from __future__ import annotations

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
DI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
DC = "{http://www.omg.org/spec/DD/20100524/DC}"
WAYPOINT = "{http://www.omg.org/spec/DD/20100524/DI}waypoint"
CAMUNDA = "{http://camunda.org/schema/1.0/bpmn}"

TASKS = frozenset(
    {
        "task",
        "userTask",
        "manualTask",
        "scriptTask",
        "serviceTask",
        "businessRuleTask",
        "sendTask",
        "receiveTask",
    }
)
SCOPES = frozenset({"subProcess", "transaction", "adHocSubProcess"})
ACTIVITIES = TASKS | SCOPES | {"callActivity"}
GATEWAYS = frozenset(
    {
        "exclusiveGateway",
        "parallelGateway",
        "inclusiveGateway",
        "eventBasedGateway",
        "complexGateway",
    }
)
EVENTS = frozenset(
    {"startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent"}
)
NODES = ACTIVITIES | GATEWAYS | EVENTS
#: Steps at which a case waits for a person, a date or a message; all others run by themselves.
WAITING = frozenset({"userTask", "manualTask", "receiveTask", "intermediateCatchEvent"})
#: Drawn for the reader; the engine does not look at them.
DECORATION = frozenset(
    {
        "laneSet",
        "lane",
        "textAnnotation",
        "association",
        "group",
        "category",
        "dataObject",
        "dataObjectReference",
        "dataStoreReference",
        "dataInputAssociation",
        "dataOutputAssociation",
        "ioSpecification",
        "property",
        "artifact",
    }
)
#: What a process owner calls an element that has no name.
PLAIN = {
    "startEvent": "start event",
    "endEvent": "end event",
    "boundaryEvent": "boundary event",
    "intermediateCatchEvent": "intermediate event",
    "intermediateThrowEvent": "throwing event",
    "userTask": "user task",
    "scriptTask": "script task",
    "serviceTask": "service task",
    "businessRuleTask": "business rule task",
    "sendTask": "send task",
    "receiveTask": "receive task",
    "manualTask": "manual task",
    "task": "task",
    "subProcess": "sub-process",
    "transaction": "transaction",
    "adHocSubProcess": "ad hoc sub-process",
    "callActivity": "call activity",
    "exclusiveGateway": "exclusive gateway",
    "parallelGateway": "parallel gateway",
    "inclusiveGateway": "inclusive gateway",
    "eventBasedGateway": "event-based gateway",
    "complexGateway": "complex gateway",
}
