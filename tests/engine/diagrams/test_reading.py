from __future__ import annotations

import pytest

from engine.checks.examples import bundle
from engine.diagrams import load
from engine.diagrams.xml import Unreadable
from processes.definition import definition

HEAD = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"'
    ' xmlns:camunda="http://camunda.org/schema/1.0/bpmn">'
)


def process(body: str, before: str = ""):
    text = f'{HEAD}{before}<process id="p" isExecutable="true">{body}</process></definitions>'
    return load({"p.bpmn": text.encode()}).processes["p"]


def test_a_node_knows_the_flows_that_touch_it():
    found = load(bundle("start s; user u; end e; s>u>e")).node("p", "u")

    assert [flow.source for flow in found.incoming] == ["s"]
    assert [flow.target for flow in found.outgoing] == ["e"]


def test_the_outer_lane_names_the_role():
    lanes = (
        '<laneSet><lane name="Outer"><flowNodeRef>a</flowNodeRef><childLaneSet>'
        '<lane name="Inner"><flowNodeRef>a</flowNodeRef></lane></childLaneSet></lane></laneSet>'
    )

    found = process(lanes + '<userTask id="a"/>')

    assert found.nodes["a"].lane == "Outer"


def test_a_step_inside_a_sub_process_lies_in_the_lane_of_the_sub_process():
    lanes = '<laneSet><lane name="Officer"><flowNodeRef>q</flowNodeRef></lane></laneSet>'

    found = process(lanes + '<subProcess id="q"><userTask id="a"/></subProcess>')

    assert found.nodes["a"].lane == "Officer"
    assert [node.id for node in found.below("p")] == ["q", "a"]


def test_a_pool_without_lanes_counts_as_one_lane():
    pool = '<collaboration id="c"><participant id="x" name="Board" processRef="p"/></collaboration>'

    assert process('<userTask id="a"/>', pool).nodes["a"].lane == "Board"


def test_a_sub_process_does_not_own_the_forms_inside_it():
    form = (
        "<extensionElements><camunda:formData><camunda:formField id='x' type='string'/>"
        "</camunda:formData></extensionElements>"
    )

    found = process(f"<subProcess id='q'><userTask id='a'>{form}</userTask></subProcess>")

    assert not found.nodes["q"].form
    assert found.nodes["a"].form.fields[0].id == "x"


def test_a_field_is_read_with_its_limits_and_its_law():
    text = (
        "start s; end e; s>u>e; user u form=[seen_on date required not_after=today meets=R1 "
        "law=R1 show_if=died,size long min=1 max=9,harm enum(a|b)]"
    )

    seen, size, harm = load(bundle(text)).node("p", "u").form.fields

    assert (seen.required, seen.not_after, seen.meets, seen.law) == (True, "today", "R1", ("R1",))
    assert seen.show_if == "died"
    assert (size.minimum, size.maximum) == (1, 9)
    assert [option.id for option in harm.options] == ["a", "b"]


def test_fields_are_grouped_by_heading_in_the_order_of_the_form():
    text = "start s; user u form=[a string group=One,b string group=Two,c string group=One]; s>u"

    groups = load(bundle(text)).node("p", "u").form.groups

    assert [(heading, [f.id for f in fields]) for heading, fields in groups] == [
        ("One", ["a", "c"]),
        ("Two", ["b"]),
    ]


def test_a_message_is_known_by_its_name():
    text = "start s; user u; boundary b on=u message=stop; end e; s>u>e; b>e"

    found = load(bundle(text)).node("p", "b")

    assert (found.event.kind, found.event.text, found.attached_to) == ("message", "stop", "u")


def test_a_reference_to_something_else_than_a_message_is_not_known():
    event = '<startEvent id="s"><messageEventDefinition messageRef="m"/></startEvent>'

    assert not process(event, '<error id="m"/>').nodes["s"].event.known


def test_data_objects_and_notes_are_decoration():
    body = (
        '<startEvent id="s"/><dataObject id="d"/><dataStoreReference id="t"/><textAnnotation'
        ' id="n"/><association id="a" sourceRef="s" targetRef="n"/><dataObjectReference id="r"/>'
    )

    assert list(process(body).nodes) == ["s"]


def test_a_decision_table_is_read_row_by_row():
    table = load(bundle('table t {age, harm -> who unique; < 5 / "a" -> "x"}')).decisions["t"]

    assert [column.expression for column in table.inputs] == ["age", "harm"]
    assert table.rules[0].inputs == ("< 5", '"a"')
    assert table.hit_policy == "UNIQUE"


def test_a_broken_file_is_refused_with_its_place():
    with pytest.raises(Unreadable, match=r"p\.bpmn:2:"):
        load({"p.bpmn": b"<a>\n<b>"})


def test_the_shipped_bundle_is_read_whole():
    found = load(definition().files())

    assert {"serious_incident", "publication"} <= found.processes.keys()
    assert found.decisions.keys() == {"notify_whom", "who_reviews"}
    assert "deadlines.toml" in found.texts
    assert found.odd == ()


def test_two_scripts_in_one_task_are_not_guessed_at():
    task = '<scriptTask id="a"><script>x = 1</script><script>x = 2</script></scriptTask>'
    text = f'{HEAD}<process id="p" isExecutable="true">{task}</process></definitions>'

    assert [odd.what for odd in load({"p.bpmn": text.encode()}).odd] == ["unknown-element"]
