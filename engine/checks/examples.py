"""Diagrams in one line, for the manual and the tests.

    start s; user u; exclusive g; end e; end f; s>u>g; g>e [died == true]; g>f [default]

`kind id word...; ...` draws a node, `a>b>c` flows, `a>b [condition]` a flow with its condition.
`sub q {...}` draws an inside. Words: `on=u` (boundary), `calm` (does not interrupt), `timer=[...]`,
`date=[...]` `cycle=[...]` (other timers), `message=x`, `error=x`, `escalation=x`, `multi`,
`list=[x]`, `times=3`, `loop`, `call=p`, `table=t`, `script=[x = 1]`, `form=[id type word...]`,
`lane=x`, `groups=x`, `law=x`, `name=[...]`, `bare` (no form, law, guidance), `blind` (no picture).
`process id { ... }` begins a second file, `table id {...}` a decision table
(`a, b -> c unique; "x", - -> "y"`), `statute [...]` a row of the law table as TOML,
`file name [...]` any other file.
Every user task gets a form, a duty, guidance, a lane and a place on the picture by itself.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from xml.sax.saxutils import quoteattr

KINDS = {
    "start": "startEvent",
    "end": "endEvent",
    "boundary": "boundaryEvent",
    "catch": "intermediateCatchEvent",
    "throw": "intermediateThrowEvent",
    "user": "userTask",
    "script": "scriptTask",
    "rule": "businessRuleTask",
    "service": "serviceTask",
    "send": "sendTask",
    "receive": "receiveTask",
    "manual": "manualTask",
    "task": "task",
    "call": "callActivity",
    "sub": "subProcess",
    "transaction": "transaction",
    "adhoc": "adHocSubProcess",
    "exclusive": "exclusiveGateway",
    "parallel": "parallelGateway",
    "inclusive": "inclusiveGateway",
    "events": "eventBasedGateway",
    "complex": "complexGateway",
}
_HEAD = (
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"'
    ' xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI"'
    ' xmlns:dc="http://www.omg.org/spec/DD/20100524/DC"'
    ' xmlns:di="http://www.omg.org/spec/DD/20100524/DI"'
    ' xmlns:camunda="http://camunda.org/schema/1.0/bpmn" id="d" targetNamespace="example">\n'
)
_TOKEN = re.compile(r"""(?:[^\s\[{]|\[(?:[^\[\]]|\[[^\]]*\])*\])+""")
_TIMERS = {"timer": "timeDate", "duration": "timeDuration", "cycle": "timeCycle"}
_REFERENCES = ("message", "error", "escalation", "signal")
_PLAIN_EVENTS = ("terminate", "link", "compensate", "conditional", "cancel")


@dataclass
class _Drawing:
    """One diagram while it is drawn."""

    process: str
    body: list[str] = field(default_factory=list)
    named: dict[str, str] = field(default_factory=dict)
    lanes: dict[str, list[str]] = field(default_factory=dict)
    seen: list[str] = field(default_factory=list)
    flows: list[str] = field(default_factory=list)


def bundle(text: str) -> dict[str, bytes]:
    """The files of an example."""
    files: dict[str, bytes] = {"deadlines.toml": b""}
    main: list[str] = []
    for part in _parts(text):
        word, _, rest = part.partition(" ")
        if word == "process":
            name, inner = _block(rest)
            files[f"{name}.bpmn"] = _diagram(name, inner)
        elif word == "table" and "{" in rest:
            name, inner = _block(rest)
            files[f"{name}.dmn"] = _table(name, inner)
        elif word == "file":
            name, _, content = rest.partition(" ")
            files[name] = content.strip()[1:-1].encode()
        elif word != "statute":
            main.append(part)
    if main:
        files["p.bpmn"] = _diagram("p", main)
    return files


def statute(text: str) -> dict[str, list[object]]:
    """The rows of the law table written in an example."""
    rows: dict[str, list[object]] = {}
    for part in _parts(text):
        if part.startswith("statute "):
            for kind, found in tomllib.loads(part[len("statute ") :].strip()[1:-1]).items():
                rows.setdefault(kind, []).extend(found if isinstance(found, list) else [found])
    return rows


def _parts(text: str) -> list[str]:
    """The text cut at semicolons outside brackets and braces."""
    parts, depth, begin = [], 0, 0
    for place, letter in enumerate(text):
        depth += (letter in "[{") - (letter in "]}")
        if letter == ";" and not depth:
            parts.append(text[begin:place].strip())
            begin = place + 1
    return [part for part in [*parts, text[begin:].strip()] if part]


def _block(text: str) -> tuple[str, list[str]]:
    head, _, inner = text.partition("{")
    return head.split()[0], _parts(inner.rpartition("}")[0])


def _diagram(process: str, parts: Sequence[str]) -> bytes:
    drawing = _Drawing(process)
    for part in parts:
        _draw(drawing, part)
    lanes = "".join(
        f'<bpmn:lane id="Lane_{number}" name={quoteattr(name)}>'
        + "".join(f"<bpmn:flowNodeRef>{node}</bpmn:flowNodeRef>" for node in nodes)
        + "</bpmn:lane>"
        for number, (name, nodes) in enumerate(drawing.lanes.items())
    )
    lane_set = f'<bpmn:laneSet id="Lanes">{lanes}</bpmn:laneSet>\n' if lanes else ""
    return (
        _HEAD
        + "".join(drawing.named.values())
        + f'<bpmn:process id="{process}" isExecutable="true">\n{lane_set}'
        + "".join(drawing.body)
        + "</bpmn:process>\n"
        + _picture(drawing)
        + "</bpmn:definitions>\n"
    ).encode()


def _picture(drawing: _Drawing) -> str:
    shapes = "".join(
        f'<bpmndi:BPMNShape id="{node}_di" bpmnElement="{node}">'
        f'<dc:Bounds x="{120 * number}" y="100" width="100" height="80"/></bpmndi:BPMNShape>\n'
        for number, node in enumerate(drawing.seen)
    )
    edges = "".join(
        f'<bpmndi:BPMNEdge id="{flow}_di" bpmnElement="{flow}"><di:waypoint x="0" y="0"/>'
        '<di:waypoint x="9" y="0"/></bpmndi:BPMNEdge>\n'
        for flow in drawing.flows
    )
    return (
        f'<bpmndi:BPMNDiagram id="D"><bpmndi:BPMNPlane id="P" bpmnElement="{drawing.process}">\n'
        f"{shapes}{edges}</bpmndi:BPMNPlane></bpmndi:BPMNDiagram>\n"
    )


def _draw(drawing: _Drawing, part: str) -> None:
    if re.match(r"[\w.-]+>", part):
        _flows(drawing, part)
        return
    inner: list[str] = []
    if "{" in part:
        head, _, block = part.partition("{")
        part, inner = head, _parts(block.rpartition("}")[0])
    kind, node, *extra = _TOKEN.findall(part)
    words = dict(_word(each) for each in extra)
    if "blind" not in words:
        drawing.seen.append(node)
    if kind == "user" or "lane" in words:
        drawing.lanes.setdefault(words.get("lane", "Worker"), []).append(node)
    tag = f"bpmn:{KINDS.get(kind, kind)}"
    drawing.body.append(
        f"<{tag} id={quoteattr(node)}{_attributes(words)}>" + _inside(drawing, kind, node, words)
    )
    for each in inner:
        _draw(drawing, each)
    drawing.body.append(f"</{tag}>\n")


def _word(text: str) -> tuple[str, str]:
    name, _, value = text.partition("=")
    if value.startswith("[") and value.endswith("]"):
        value = value[1:-1]
    return name, value


def _flows(drawing: _Drawing, part: str) -> None:
    way, _, label = part.partition(" [")
    condition = label.rstrip("]").strip()
    nodes = way.split(">")
    for source, target in pairwise(nodes):
        flow = f"F{len(drawing.flows) + 1}_{source}_{target}"
        drawing.flows.append(flow)
        body = "/>"
        if condition == "default":
            _set_default(drawing, source, flow)
        elif condition:
            text = condition.replace("&", "&amp;").replace("<", "&lt;")
            body = (
                f"><bpmn:conditionExpression>{text}</bpmn:conditionExpression></bpmn:sequenceFlow>"
            )
        drawing.body.append(
            f'<bpmn:sequenceFlow id="{flow}" sourceRef="{source}" targetRef="{target}"{body}\n'
        )


def _set_default(drawing: _Drawing, node: str, flow: str) -> None:
    for place, text in enumerate(drawing.body):
        if f' id="{node}"' in text:
            drawing.body[place] = text.replace(f' id="{node}"', f' id="{node}" default="{flow}"', 1)


def _attributes(words: Mapping[str, str]) -> str:
    names = {
        "on": "attachedToRef",
        "call": "calledElement",
        "table": "camunda:decisionRef",
        "groups": "camunda:candidateGroups",
        "name": "name",
        "default": "default",
    }
    text = "".join(f" {names[w]}={quoteattr(v)}" for w, v in words.items() if w in names)
    text += ' cancelActivity="false"' if "calm" in words else ""
    return text + (' triggeredByEvent="true"' if "byevent" in words else "")


def _inside(drawing: _Drawing, kind: str, node: str, words: Mapping[str, str]) -> str:
    text = ""
    is_work = kind == "user" or not words.keys().isdisjoint(_TIMERS)
    if is_work and "bare" not in words:
        text += "<bpmn:documentation>What to do.</bpmn:documentation>"
    extension = _form(node, words) if kind == "user" else ""
    law = words.get("law", "R1" if is_work and "bare" not in words else "")
    if law:
        extension += (
            f'<camunda:properties><camunda:property name="law" value="{law}"/></camunda:properties>'
        )
    if extension:
        text += f"<bpmn:extensionElements>{extension}</bpmn:extensionElements>"
    if "multi" in words or "list" in words or "times" in words:
        text += _multi(words)
    text += "<bpmn:standardLoopCharacteristics/>" if "loop" in words else ""
    if "script" in words:
        text += (
            "<bpmn:script>"
            + words["script"].replace(" | ", "\n").replace("<", "&lt;")
            + "</bpmn:script>"
        )
    return text + "".join(_events(drawing, words))


def _multi(words: Mapping[str, str]) -> str:
    collection = words.get("list", "" if "times" in words else "things")
    times = words.get("times", "")
    inner = f"<bpmn:loopCardinality>{times}</bpmn:loopCardinality>" if times else ""
    return (
        f'<bpmn:multiInstanceLoopCharacteristics camunda:collection="{collection}"'
        f' camunda:elementVariable="thing">{inner}</bpmn:multiInstanceLoopCharacteristics>'
    )


def _form(node: str, words: Mapping[str, str]) -> str:
    if "bare" in words:
        return ""
    fields = words.get("form", f"{node}_note text").split(",")
    return "<camunda:formData>" + "".join(_field(each) for each in fields) + "</camunda:formData>"


def _field(text: str) -> str:
    name, kind, *extra = text.split()
    kind, _, options = kind.partition("(")
    body = "".join(
        f'<camunda:value id="{each}" name="{each}"/>'
        for each in options.rstrip(")").split("|")
        if each
    )
    constraints, properties, label = "", "", name
    for word in extra:
        key, _, value = word.partition("=")
        if key == "label":
            label = value
            continue
        if key in {"show_if", "meets", "law", "hint", "group"}:
            properties += f"<camunda:property id={quoteattr(key)} value={quoteattr(value)}/>"
        else:
            constraints += f"<camunda:constraint name={quoteattr(key)} config={quoteattr(value)}/>"
    if properties:
        body += f"<camunda:properties>{properties}</camunda:properties>"
    if constraints:
        body += f"<camunda:validation>{constraints}</camunda:validation>"
    named = f"id={quoteattr(name)} label={quoteattr(label)}"
    return f'<camunda:formField {named} type="{kind}">{body}</camunda:formField>'


def _events(drawing: _Drawing, words: Mapping[str, str]) -> Iterator[str]:
    for word, tag in _TIMERS.items():
        if word in words:
            time = words[word].replace("<", "&lt;")
            yield (
                f"<bpmn:timerEventDefinition><bpmn:{tag}>{time}</bpmn:{tag}>"
                "</bpmn:timerEventDefinition>"
            )
    for word in _REFERENCES:
        if word in words:
            name = words[word]
            if name != "missing":
                code = f' {word}Code="{name}"' if word in ("error", "escalation") else ""
                drawing.named[name] = f'<bpmn:{word} id="{word}_{name}" name="{name}"{code}/>\n'
            yield f'<bpmn:{word}EventDefinition {word}Ref="{word}_{name}"/>'
    for word in _PLAIN_EVENTS:
        if word in words:
            yield f"<bpmn:{word}EventDefinition/>"


def _table(name: str, parts: Sequence[str]) -> bytes:
    head, *rows = parts
    columns, _, rest = head.partition("->")
    output, _, policy = rest.strip().partition(" ")
    inputs = "".join(
        f'<input id="i{n}"><inputExpression><text>{c.strip()}</text></inputExpression></input>'
        for n, c in enumerate(columns.split(","))
    )
    outputs = "".join(
        f'<output id="o{n}" name="{o.strip()}"/>' for n, o in enumerate(output.split(","))
    )
    body = "".join(_row(number, row) for number, row in enumerate(rows))
    hit = (policy or "unique").upper()
    return (
        f'<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d">'
        f'<decision id="{name}" name="{name}"><decisionTable hitPolicy="{hit}">{inputs}{outputs}'
        f"{body}</decisionTable></decision></definitions>"
    ).encode()


def _row(number: int, text: str) -> str:
    asked, _, answered = text.partition("->")

    def cells(tag: str, cells: str) -> str:
        return "".join(
            f"<{tag}><text>{c.strip().replace('<', '&lt;')}</text></{tag}>"
            for c in cells.split("/")
        )

    return (
        f'<rule id="r{number}">{cells("inputEntry", asked)}{cells("outputEntry", answered)}</rule>'
    )
