from __future__ import annotations

import pytest

from engine.errors import DiagramRefused, ExpressionError, NotFound, Refused, Stuck
from engine.spiff.runtime import Runtime
from tests.engine.drawing import (
    EACH,
    FACTS,
    FUNCTIONS,
    do,
    files,
    gateway,
    runtime,
    started,
    tasks,
    timer,
    way_if,
    ways,
)

CALLED = '<bpmn:startEvent id="s"/><bpmn:endEvent id="e"/>' + tasks("Q1") + ways("s", "Q1", "e")
TABLE = """<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d">
<decision id="who" name="Who reviews?"><decisionTable id="t" hitPolicy="{policy}">
<input id="i"><inputExpression id="e"><text>age</text></inputExpression></input>
<output id="o" name="reviewer"/>{rows}</decisionTable></decision></definitions>"""


def row(cell: str, answer: str) -> str:
    return (
        f'<rule id="r{hash(cell + answer)}"><inputEntry id="a"><text>{cell}</text></inputEntry>'
        f'<outputEntry id="b"><text>"{answer}"</text></outputEntry></rule>'
    )


# -- tasks and who does them -------------------------------------------------------------------
def test_a_case_starts_at_its_first_task_and_ends_after_its_last():
    case = started(tasks("A") + ways("S", "A", "E"))

    do(case, "A")

    assert case.finished
    assert [step.name for step in case.ends] == ["Done"]


def test_a_task_is_of_its_lane():
    lanes = (
        '<bpmn:laneSet id="ls"><bpmn:lane id="l" name="Panel">'
        "<bpmn:flowNodeRef>A</bpmn:flowNodeRef></bpmn:lane></bpmn:laneSet>"
    )

    task = started(lanes + tasks("A") + ways("S", "A", "E")).open_tasks()[0]

    assert (task.role, task.by_lane) == ("Panel", True)


@pytest.mark.parametrize("candidates", ["lscb", "${body}"])
def test_candidate_groups_win_over_the_lane_as_text_or_expression(candidates):
    body = f'<bpmn:userTask id="A" camunda:candidateGroups="{candidates}"/>' + ways("S", "A", "E")

    task = started(body, values={"body": "lscb"}).open_tasks()[0]

    assert (task.role, task.by_lane) == ("lscb", False)


def test_a_task_that_is_not_open_cannot_be_completed():
    case = started(tasks("A", "B") + ways("S", "A", "B", "E"))
    seq = case.open_tasks()[0].seq
    do(case, "A")

    with pytest.raises(Refused):
        case.complete(seq, {})


@pytest.mark.parametrize("mode", ["", 'isSequential="true"'])
def test_a_repeated_task_says_what_each_is_for(mode):
    each = EACH.replace("Characteristics ", f"Characteristics {mode} ")
    case = started(f'<bpmn:userTask id="A">{each}</bpmn:userTask>' + ways("S", "A", "E"))

    seen = []
    while case.open_tasks():
        seen.append((case.open_tasks()[0].element, case.open_tasks()[0].item))
        do(case, "A")

    assert seen == [("A", "a"), ("A", "b")]
    assert case.finished


def test_a_task_in_a_repeated_call_says_what_the_call_is_for():
    body = f'<bpmn:callActivity id="C" calledElement="Q">{EACH}</bpmn:callActivity>'

    case = started(body + ways("S", "C", "E"), Q=CALLED)

    found = sorted((task.process, task.element, task.item) for task in case.open_tasks())
    assert found == [("Q", "Q1", "a"), ("Q", "Q1", "b")]


def test_a_repeated_task_over_an_empty_list_is_passed():
    body = f'<bpmn:userTask id="A">{EACH}</bpmn:userTask>' + ways("S", "A", "E")

    assert started(body, values={"items": []}).finished


# -- what runs by itself -----------------------------------------------------------------------
def test_a_script_sets_variables():
    body = '<bpmn:scriptTask id="C"><bpmn:script>x = 1\ny = x + 1</bpmn:script></bpmn:scriptTask>'

    case = started(body + tasks("A") + ways("S", "C", "A", "E"))

    assert case.open_tasks()[0].variables["y"] == 2


def decided(policy: str, rows: str, age: int):
    body = '<bpmn:businessRuleTask id="D" camunda:decisionRef="who"/>' + tasks("A")
    bundle = files(body + ways("S", "D", "A", "E"))
    bundle["who.dmn"] = TABLE.format(policy=policy, rows=rows).encode()
    case = Runtime.of(bundle, FUNCTIONS).start("P", {"age": age})
    return case.open_tasks()[0].variables["reviewer"]


def test_a_table_sets_its_outputs():
    assert decided("UNIQUE", row("&lt; 18", "panel") + row("&gt;= 18", "nobody"), 17) == "panel"


def test_a_unique_table_with_two_rows_that_fit_is_told():
    with pytest.raises(ExpressionError, match="rows 1, 2"):
        decided("UNIQUE", row("&lt; 18", "panel") + row("-", "nobody"), 17)


def test_the_first_of_two_rows_answers_where_the_table_says_so():
    assert decided("FIRST", row("&lt; 18", "panel") + row("-", "nobody"), 17) == "panel"


@pytest.mark.parametrize(("policy", "age"), [("UNIQUE", 30), ("COLLECT", 3)])
def test_a_table_that_does_not_answer_is_told(policy, age):
    with pytest.raises(ExpressionError, match="Who reviews"):
        decided(policy, row("&lt; 18", "panel"), age)


def test_a_condition_that_cannot_be_worked_out_names_its_element():
    body = '<bpmn:exclusiveGateway id="G" name="Review?" default="f_G_A"/>' + tasks("A", "B")
    body += ways("S", "G", "A", "E") + ways("B", "E") + way_if("G", "B", "appropriate")

    with pytest.raises(ExpressionError, match=r"Review\?: 'appropriate' has no value yet"):
        started(body)


def test_a_gateway_without_a_way_out_undoes_the_step():
    body = gateway("exclusive", "G") + tasks("A", "B") + ways("A", "E") + ways("B", "E")

    with pytest.raises(Stuck, match="G"):
        started(body + ways("S", "G") + way_if("G", "A", "false") + way_if("G", "B", "false"))


def test_a_loop_without_a_person_is_stopped():
    body = gateway("exclusive", "M") + gateway("exclusive", "X", "f_X_E")
    body += '<bpmn:scriptTask id="C"><bpmn:script>x = 1</bpmn:script></bpmn:scriptTask>'

    with pytest.raises(Stuck, match="for ever"):
        started(body + ways("S", "M", "C", "X", "E") + way_if("X", "M", "true"))


def test_a_process_that_calls_itself_is_stopped():
    body = '<bpmn:callActivity id="C" calledElement="P"/>' + ways("S", "C", "E")

    with pytest.raises(Stuck, match="call each other"):
        started(body)


def test_a_case_that_would_stand_still_is_undone():
    body = gateway("exclusive", "G", "f_G_A") + tasks("A", "B") + gateway("parallel", "J")
    body += ways("S", "G", "A", "J", "E") + way_if("G", "B", "false") + ways("B", "J")

    with pytest.raises(Stuck, match="stand still"):
        do(started(body), "A")


@pytest.mark.parametrize(
    "body",
    [
        '<bpmn:serviceTask id="A"/>' + ways("S", "A", "E"),
        '<bpmn:callActivity id="A" calledElement="nothing"/>' + ways("S", "A", "E"),
        tasks("A") + timer("B", "A", "x").replace("timeDate", "timeDuration") + ways("S", "A", "E"),
        tasks("A") + ways("S", "A", "nowhere"),
    ],
)
def test_diagrams_that_cannot_run_are_refused(body):
    with pytest.raises(DiagramRefused):
        runtime(body).start("P", {})


def test_an_unknown_process_cannot_be_started():
    with pytest.raises(NotFound):
        runtime(tasks("A") + ways("S", "A", "E")).start("nothing", {})


def test_the_same_files_are_parsed_once():
    bundle = files(tasks("A") + ways("S", "A", "E"))

    first, second = (Runtime.of(bundle, FUNCTIONS, facts=FACTS) for _ in range(2))

    assert first.parsed is second.parsed


def test_data_objects_are_decoration():
    task = (
        '<bpmn:userTask id="A"><bpmn:dataOutputAssociation id="o">'
        "<bpmn:targetRef>D</bpmn:targetRef></bpmn:dataOutputAssociation></bpmn:userTask>"
        '<bpmn:dataObjectReference id="D"/>'
    )

    case = started(task + ways("S", "A", "E"))
    do(case, "A")

    assert case.finished


# -- where it stands ---------------------------------------------------------------
def test_the_position_names_the_element_on_every_diagram():
    body = '<bpmn:callActivity id="C" calledElement="Q"/>' + ways("S", "C", "E")

    case = started(body, Q=CALLED)

    assert [(at.process, at.element, at.state) for at in case.position()] == [
        ("P", "C", "started"),
        ("Q", "Q1", "ready"),
    ]


def test_an_element_of_an_embedded_sub_process_lies_on_its_processs_diagram():
    inner = CALLED.replace("Q1", "I1")
    body = f'<bpmn:subProcess id="C">{inner}</bpmn:subProcess>' + ways("S", "C", "E")

    case = started(body)

    assert [(at.process, at.element) for at in case.position()] == [("P", "C"), ("P", "I1")]
