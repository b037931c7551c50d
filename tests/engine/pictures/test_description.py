from __future__ import annotations

import re

from engine.diagrams.description import describe


def steps(xml: bytes, **given):
    (found,) = describe(xml, **given)
    return {step.id: step for step in found.steps}


def test_steps_stand_in_the_order_in_which_a_person_reads_them(sample):
    assert list(steps(sample)) == [
        "Leak_seen",
        "Report_leak",
        "Is_serious",
        "Mend",
        "Mended",
        "Mend_due",
        "Explain",
        "Explained",
        "Watched",
    ]


def test_a_step_says_who_what_law_guidance_and_what_is_asked(sample):
    step = steps(sample)["Report_leak"]

    assert (step.kind, step.who, step.what) == ("task", "Tenant", "Report the leak")
    assert step.law == ("H1", "H2")
    assert step.guidance == "Say where the water comes from."
    assert [field.label for field in step.asks] == ["When was it seen?", "How wet is it?"]


def test_a_question_says_which_answer_leads_where(sample):
    step = steps(sample)["Is_serious"]

    assert step.how == "one of these"
    assert [(way.answer, way.name) for way in step.then] == [
        ("Yes", "Mend the pipe"),
        ("No", "Only watched"),
    ]


def test_ways_without_words_are_told_by_their_condition(sample):
    silent = sample.replace(b' name="Yes"', b"").replace(b' name="No"', b"")

    step = steps(silent)["Is_serious"]

    assert [way.answer for way in step.then] == ['wet == "pool"', "otherwise"]


def test_a_limit_is_told_in_the_words_of_its_rule(sample):
    (limit,) = steps(sample, limits={"H2": "3 working days after it was seen"})["Mend"].by_when

    assert (limit.rule, limit.words) == ("H2", "3 working days after it was seen")
    assert not limit.is_reminder


def test_a_limit_without_a_known_rule_is_told_by_its_label(sample):
    (limit,) = steps(sample)["Mend"].by_when

    assert limit.words == "3 working days are over"


def test_a_reminder_is_told_as_one(sample):
    reminding = sample.replace(b'due("H2")', b'due("H2", remind=1)')

    (limit,) = steps(reminding, limits={"H2": "3 working days"})["Mend"].by_when

    assert limit.is_reminder
    assert limit.words == "reminder 1 working day before: 3 working days"


def test_gateways_without_words_are_passed_over(sample):
    silent = sample.replace(b' name="Is it serious?"', b"")

    found = steps(silent)

    assert "Is_serious" not in found
    assert [way.answer for way in found["Report_leak"].then] == ["Yes", "No"]
    assert found["Report_leak"].how == "one of these"


def test_a_diagram_without_a_drawing_is_told_all_the_same(sample):
    bare = re.sub(rb"<bpmndi:BPMNDiagram.*</bpmndi:BPMNDiagram>", b"", sample, flags=re.DOTALL)

    assert list(steps(bare)) == list(steps(sample))


def test_a_loop_back_ends_and_every_step_appears_once(sample):
    looped = sample.replace(b'targetRef="Mended"', b'targetRef="Report_leak"')

    found = steps(looped)

    assert [way.element for way in found["Mend"].then] == ["Report_leak"]
    assert len(found) == 9


def test_what_a_part_of_the_process_holds_follows_it(sample):
    inner = b'<bpmn:subProcess id="Mend" name="Mend the pipe">%s'
    parts = (
        b'<bpmn:startEvent id="Begin" name="Tools ready"><bpmn:outgoing>f</bpmn:outgoing>'
        b'</bpmn:startEvent><bpmn:sequenceFlow id="f" sourceRef="Begin" targetRef="Done"/>'
        b'<bpmn:endEvent id="Done" name="Dry"/>'
    )
    nested = sample.replace(b'<bpmn:userTask id="Mend" name="Mend the pipe">', inner % parts)
    nested = re.sub(
        rb"(Flow_mended</bpmn:outgoing>\s*)</bpmn:userTask>", rb"\1</bpmn:subProcess>", nested
    )

    found = steps(nested)

    order = list(found)
    assert order[order.index("Mend") :][:3] == ["Mend", "Begin", "Done"]
    assert found["Begin"].inside == ("Mend the pipe",)
    assert [way.name for way in found["Done"].then] == ["Mended"]
    assert found["Begin"].who == "Caretaker"
