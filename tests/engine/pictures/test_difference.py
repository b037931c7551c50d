from __future__ import annotations

import time

import pytest

from engine.diagrams.difference import difference
from engine.diagrams.xml import Unreadable

TABLE = b"""<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d">
<decision id="who" name="Who reviews"><decisionTable id="t" hitPolicy="FIRST">
<input id="i" label="Date"><inputExpression id="e"><text>aware_on</text></inputExpression></input>
<output id="o" label="Body" name="body"/>
<rule id="r1"><inputEntry id="a"><text>before</text></inputEntry>
<outputEntry id="b"><text>"lscb"</text></outputEntry></rule>
<rule id="r2"><inputEntry id="c"><text/></inputEntry>
<outputEntry id="g"><text>"partner"</text></outputEntry></rule>
</decisionTable></decision></definitions>"""
RULES = b"""[facts]
died = { title = "A child died", type = "boolean" }
[[rule]]
id = "R02"
title = "Notify"
number = 5
"""


def sentences(old: bytes, new: bytes) -> list[str]:
    return [change.sentence for change in difference(old, new)]


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (
            b"Mend the pipe",
            b"Repair the pipe",
            "User task “Repair the pipe”: name was “Mend the pipe”, is now “Repair the pipe”.",
        ),
        (
            b'due("H2")',
            b'due("H1")',
            'Boundary event “3 working days are over”: timer was “due("H2")”, is now “due("H1")”.',
        ),
        (
            b'wet == "pool"',
            b'wet != "drops"',
            'Sequence flow “Yes”: condition was “wet == "pool"”, is now “wet != "drops"”.',
        ),
        (
            b'sourceRef="Is_serious" targetRef="Watched"',
            b'sourceRef="Is_serious" targetRef="Mended"',
            "Sequence flow “No”: to was “Only watched”, is now “Mended”.",
        ),
        (
            b'cancelActivity="false"',
            b"",
            (
                "Boundary event “3 working days are over”: "
                "ends the work it stands on was “no”, is now “yes”."
            ),
        ),
        (
            b'label="When was it seen?"',
            b'label="When?"',
            (
                "User task “Report the leak”: question seen_on: "
                "label was “When was it seen?”, is now “When?”."
            ),
        ),
        (
            b'config="true"',
            b'config="false"',
            "User task “Report the leak”: question seen_on: required was “true”, is now “false”.",
        ),
        (
            b'value="H1 H2"',
            b'value="H1"',
            "User task “Report the leak”: law was “H1 H2”, is now “H1”.",
        ),
        (
            b"where the water comes",
            b"where water comes",
            (
                "User task “Report the leak”: guidance was “Say where the water comes from.”, "
                "is now “Say where water comes from.”."
            ),
        ),
        (
            b'<bpmn:userTask id="Mend" name="Mend the pipe">',
            b'<bpmn:userTask id="Mend" name="Mend the pipe" camunda:candidateGroups="plumber">',
            "User task “Mend the pipe”: role is new: “plumber”.",
        ),
        (
            b'default="Flow_calm"',
            b'default="Flow_serious"',
            "Exclusive gateway “Is it serious?”: way taken otherwise was “No”, is now “Yes”.",
        ),
        (
            b'<camunda:value id="pool" name="A pool" />',
            b"",
            "User task “Report the leak”: question wet: answer pool is gone; it was “A pool”.",
        ),
    ],
)
def test_a_change_of_meaning_is_one_plain_sentence(sample, old, new, sentence):
    assert old in sample

    assert sentences(sample, sample.replace(old, new)) == [sentence]


def test_a_change_names_file_element_and_both_values(sample):
    (change,) = difference({"a.bpmn": sample}, {"a.bpmn": sample.replace(b"H1 H2", b"H1")})

    assert (change.file, change.element, change.what) == ("a.bpmn", "Report_leak", "law")
    assert (change.old, change.new) == ("H1 H2", "H1")


def test_a_step_given_to_another_lane_is_a_change_and_a_renamed_lane_is_one_change(sample):
    moved = sample.replace(b"<bpmn:flowNodeRef>Mend</bpmn:flowNodeRef>", b"").replace(
        b"<bpmn:flowNodeRef>Report_leak</bpmn:flowNodeRef>",
        b"<bpmn:flowNodeRef>Report_leak</bpmn:flowNodeRef>"
        b"<bpmn:flowNodeRef>Mend</bpmn:flowNodeRef>",
    )

    assert sentences(sample, moved) == [
        "User task “Mend the pipe”: lane was “Caretaker”, is now “Tenant”."
    ]
    assert len(sentences(sample, sample.replace(b"Caretaker", b"Janitor"))) == 1


def test_new_and_gone_elements_and_questions_are_one_change_each(sample):
    without = sample.replace(
        b'<bpmn:sequenceFlow id="Flow_explained" sourceRef="Explain" targetRef="Explained" />', b""
    )
    unasked = sample.replace(b'formField id="wet"', b'formField id="damp"')

    assert sentences(without, sample) == ["Sequence flow Flow_explained is new."]
    assert sentences(sample, without) == ["Sequence flow Flow_explained is gone."]
    assert sentences(sample, unasked) == [
        "User task “Report the leak”: the question damp (“How wet is it?”) is new.",
        "User task “Report the leak”: the question wet (“How wet is it?”) is gone.",
    ]


def test_another_order_of_questions_is_a_change(sample):
    renamed = sample.replace(b'"seen_on"', b'"x"').replace(b'"wet"', b'"seen_on"')
    swapped = renamed.replace(b'"x"', b'"wet"')

    found = [change.what for change in difference(sample, swapped)]

    assert "order of the questions" in found


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b' x="', b' x="1'),
        (b"bpmn:", b"b:"),
        (b"\n  ", b"\n\n        "),
        (b'isExecutable="true"', b'isExecutable="true" isClosed="false"'),
        (b'id="Timer_mend"', b'id="TimerEventDefinition_1x2y"'),
        (b'targetNamespace="', b'exporter="Modeler" targetNamespace="'),
    ],
)
def test_places_prefixes_space_defaults_and_inner_ids_are_no_change(sample, old, new):
    other = sample.replace(old, new).replace(
        b"xmlns:bpmn=", b"xmlns:b=" if old == b"bpmn:" else b"xmlns:bpmn="
    )
    assert other != sample

    assert difference(sample, other) == []


def test_the_order_of_elements_in_the_file_is_no_change(sample):
    line = b'<bpmn:sequenceFlow id="Flow_explained" sourceRef="Explain" targetRef="Explained" />'

    moved = sample.replace(line, b"").replace(b"</bpmn:process>", line + b"</bpmn:process>")

    assert difference(sample, moved) == []


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        (b">before<", b">after<", "when Date"),
        (b'"lscb"', b'"panel"', "then Body"),
        (b"FIRST", b"UNIQUE", "rule for choosing the row"),
        (b"aware_on", b"known_on", "column Date: expression"),
    ],
)
def test_decision_tables_are_compared_cell_by_cell(old, new, what):
    (change,) = difference({"w.dmn": TABLE}, {"w.dmn": TABLE.replace(old, new)})

    assert change.what == what


def test_rows_in_another_order_are_a_change():
    swapped = TABLE.replace(b'"r1"', b'"x"').replace(b'"r2"', b'"r1"').replace(b'"x"', b'"r2"')

    assert "order of the rows" in [change.what for change in difference(TABLE, swapped)]


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (b"number = 5", b"number = 6", "Rule “Notify”: number was “5”, is now “6”."),
        (b"A child died", b"Died", "Facts “Died”: title was “A child died”, is now “Died”."),
        (b"number = 5", b"number   =   5 # five", None),
    ],
)
def test_deadline_rules_are_compared_entry_by_entry(old, new, sentence):
    found = sentences(RULES, RULES.replace(old, new))

    assert found == ([sentence] if sentence else [])


def test_files_that_come_and_go_are_named(sample):
    found = difference({"a.bpmn": sample, "b.md": b"x"}, {"c.bpmn": sample, "b.md": b"y"})

    assert [change.sentence for change in found] == [
        "The file a.bpmn is gone.",
        "The file b.md reads differently.",
        "The file c.bpmn is new.",
    ]


@pytest.mark.parametrize("content", [b"number = = 5", b"\xff\xfe\xfa"])
def test_a_broken_file_is_refused_and_named(content):
    with pytest.raises(Unreadable, match=r"deadlines\.toml"):
        difference({"deadlines.toml": RULES}, {"deadlines.toml": content})


def test_comparing_two_versions_takes_milliseconds(sample):
    other = sample.replace(b"H1 H2", b"H1")
    difference(sample, other)

    begin = time.process_time()
    for _ in range(20):
        difference(sample, other)

    assert (time.process_time() - begin) / 20 < 0.02
