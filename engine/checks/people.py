"""Stage shape: who does it, by what law, with which guidance, and where it is drawn."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from engine.checks.coverage import coverage, duties_of
from engine.checks.finding import Hit, at
from engine.checks.registry import rule
from engine.checks.subject import RULES_FILE, Subject, nearest
from engine.diagrams.extensions import line_of
from engine.diagrams.words import DC, DI, WAYPOINT
from engine.expressions import unwrap

MOST_PIXELS = 1e6
_OK = "start s; user u; end e; s>u>e"


@rule(
    "user-without-lane",
    "shape",
    remedy="Draw the step inside a lane named after a role.",
    bad="start s; user u lane=[]; end e; s>u>e",
    good=_OK,
)
def user_without_lane(subject: Subject) -> Iterator[Hit]:
    """Every user task lies in a lane: the lane says who does it."""
    for node in subject.nodes("userTask"):
        if not node.lane and not node.candidates:
            yield at(node, f"nobody is named to do {node.title}: it lies in no lane")


@rule(
    "lane-unknown",
    "shape",
    remedy="Name the lane after one of the roles.",
    bad="start s; user u lane=Wroker; end e; s>u>e",
    good=_OK,
)
def lane_unknown(subject: Subject) -> Iterator[Hit]:
    """A lane is named after a role: the role's title, letter by letter."""
    if subject.definition is None:
        return
    titles = [role.title for role in subject.definition.roles]
    for node in subject.nodes("userTask"):
        if node.lane and not node.candidates and node.lane not in titles:
            yield at(
                node,
                f"{node.title} lies in the lane “{node.lane}”, which is no role."
                f"{nearest(node.lane, titles)}",
            )


@rule(
    "role-unknown",
    "shape",
    remedy="Write the id of a role, or ${name} giving one.",
    bad="start s; user u groups=boss; end e; s>u>e",
    good="start s; user u groups=partner; end e; s>u>e",
)
def role_unknown(subject: Subject) -> Iterator[Hit]:
    """Candidate groups name one role by its id, or an expression in ${...} that gives one."""
    if subject.definition is None:
        return
    roles = [role.id for role in subject.definition.roles]
    for node in subject.nodes("userTask"):
        if node.candidates and unwrap(node.candidates) is None and node.candidates not in roles:
            yield at(
                node,
                f"{node.title} is for “{node.candidates}”, which is no role."
                f"{nearest(node.candidates, roles)}",
            )


@rule(
    "user-without-form",
    "shape",
    remedy="Add at least one field in “Forms”.",
    bad="start s; user u bare law=R1; end e; s>u>e",
    good=_OK,
)
def user_without_form(subject: Subject) -> Iterator[Hit]:
    """Every user task asks something: what was done, when, by what proof."""
    for node in subject.nodes("userTask"):
        if not node.form:
            yield at(node, f"{node.title} asks nothing")


@rule(
    "guidance-missing",
    "shape",
    remedy="Write it under “Element documentation”.",
    bad="start s; user u bare form=[a text]; end e; s>u>e",
    good=_OK,
)
def guidance_missing(subject: Subject) -> Iterator[Hit]:
    """Every user task says in its documentation what is to be done."""
    for node in subject.nodes("userTask"):
        if not node.documentation:
            yield at(node, f"{node.title} has no guidance")


@rule(
    "law-missing",
    "shape",
    remedy="Add the property “law” with the ids of the duties.",
    bad="start s; user u law=; end e; s>u>e",
    good=_OK,
)
def law_missing(subject: Subject) -> Iterator[Hit]:
    """Every user task and every timer names the duties it serves, in its property “law”."""
    for node in subject.nodes():
        if (node.kind == "userTask" or node.event.kind == "timer") and not node.law:
            yield at(node, f"{node.title} names no duty")


@rule(
    "law-unknown",
    "shape",
    remedy="Use the ids of the duty register.",
    bad="start s; user u law=R99; end e; s>u>e",
    good=_OK,
)
def law_unknown(subject: Subject) -> Iterator[Hit]:
    """The duties named on elements and fields are in the register of duties."""
    if subject.definition is None:
        return
    known = subject.definition.duties
    for node in subject.nodes():
        for duty in duties_of(node):
            if duty not in known:
                yield at(
                    node, f"{node.title} names “{duty}”, which is no duty.{nearest(duty, known)}"
                )


@rule(
    "law-uncovered",
    "shape",
    remedy="Name the duty on the element that serves it.",
    good=_OK,
    bad="start s; user u law=R2; end e; s>u>e; statute [unwaived = true]",
)
def law_uncovered(subject: Subject) -> Iterator[Hit]:
    """Every duty of the register is on some element, or is waived with a reason."""
    for served in coverage(subject.bundle, subject.definition) if subject.definition else ():
        if served.is_open:
            duty = served.duty
            yield subject.hit(f"no element serves the duty {duty.id}: {duty.title}")


@rule(
    "rules-missing",
    "shape",
    remedy="Put the deadlines.toml of the bundle beside the diagrams.",
    good=_OK,
    bad="",
)
def rules_missing(subject: Subject) -> Iterator[Hit]:
    """A bundle brings its own deadline rules: they are published with the diagrams."""
    if subject.definition is not None and RULES_FILE not in subject.files:
        yield subject.hit(f"there is no {RULES_FILE} with the diagrams")


@rule(
    "di-missing",
    "shape",
    remedy="Open the file in the modeller, place the element, save.",
    bad="start s; user u blind; end e; s>u>e",
    good=_OK,
)
def di_missing(subject: Subject) -> Iterator[Hit]:
    """Every step and flow is on the picture: what people cannot see, they cannot check."""
    for process in subject.processes:
        drawn = _drawn(subject.roots[process.file])
        if not drawn:
            yield Hit(process.file, process.line, process.id, "the file holds no picture")
            continue
        for node in process.nodes.values():
            if node.id not in drawn:
                yield at(node, f"{node.title} has no place on the picture")
        for flow in process.flows.values():
            if flow.id not in drawn:
                yield Hit(process.file, flow.line, flow.id, f"the flow {flow.id} is not drawn")


@rule(
    "di-dangling",
    "shape",
    remedy="Open the file in the modeller and save it again.",
    good=_OK,
    bad='file p.bpmn [<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"'
    ' xmlns:di="http://www.omg.org/spec/BPMN/20100524/DI"><process id="p"'
    ' isExecutable="true"/><di:BPMNDiagram><di:BPMNPlane bpmnElement="p">'
    '<di:BPMNShape id="x" bpmnElement="ghost"/></di:BPMNPlane></di:BPMNDiagram></definitions>]',
)
def di_dangling(subject: Subject) -> Iterator[Hit]:
    """The picture shows what is in the file, at places and in sizes that can be drawn."""
    for file, root in subject.roots.items():
        ids = {element.get("id") for element in root.iter() if not element.tag.startswith(DI)}
        for shape in root.iter(DI + "BPMNShape", DI + "BPMNEdge"):
            target = shape.get("bpmnElement")
            if target not in ids:
                yield Hit(
                    file,
                    line_of(shape),
                    target or "",
                    f"a picture of “{target}”, which is not there",
                )
            elif not all(_numbers(place) for place in shape.iter(DC + "Bounds", WAYPOINT)):
                yield Hit(
                    file,
                    line_of(shape),
                    target or "",
                    f"the place of {target} is not a usable number",
                )


def _drawn(root: etree._Element) -> set[str]:
    """Shapes with a place and flows with a line; others stand in the file, but not on the page."""
    shapes = [one for one in root.iter(DI + "BPMNShape") if one.find(DC + "Bounds") is not None]
    lines = [one for one in root.iter(DI + "BPMNEdge") if len(one.findall(WAYPOINT)) > 1]
    return {one.get("bpmnElement") or "" for one in (*shapes, *lines)}


def _numbers(bounds: etree._Element) -> bool:
    names = ("x", "y") if bounds.tag == WAYPOINT else ("x", "y", "width", "height")
    try:
        values = [float(bounds.get(name, "")) for name in names]
    except ValueError:
        return False
    sizes = values[2:]  # a waypoint has none
    return all(abs(value) < MOST_PIXELS for value in values) and all(size >= 0 for size in sizes)
