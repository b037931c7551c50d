from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

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
    later,
    open_elements,
    runtime,
    side_path,
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


# -- messages ----------------------------------------------------------------------------------
def message(name: str, host: str, *, stops: bool) -> str:
    return (
        f'<bpmn:boundaryEvent id="{name}" attachedToRef="{host}" '
        f'cancelActivity="{str(stops).lower()}"><bpmn:messageEventDefinition messageRef="m"/>'
        "</bpmn:boundaryEvent>"
    )


@pytest.mark.parametrize(("stops", "still_open"), [(True, ["after_M"]), (False, ["A", "after_M"])])
def test_a_message_may_be_reported_while_its_activity_is_open(stops, still_open):
    body = tasks("A") + message("M", "A", stops=stops) + side_path("M") + ways("S", "A", "E")
    case = started(body)
    found = case.waiting_messages()[0]

    case.send_message(found.seq)

    assert (found.name, found.host, found.interrupting) == ("Report it", "A", stops)
    assert open_elements(case) == still_open


def test_a_message_reaches_the_one_event_chosen():
    body = f'<bpmn:callActivity id="C" calledElement="Q">{EACH}</bpmn:callActivity>'
    called = CALLED + message("M", "Q1", stops=True) + side_path("M")
    case = started(body + ways("S", "C", "E"), Q=called)
    second = next(found for found in case.waiting_messages() if found.item == "b")

    case.send_message(second.seq)

    assert sorted((task.element, task.item) for task in case.open_tasks()) == [
        ("Q1", "a"),
        ("after_M", "b"),
    ]


def test_a_message_nobody_waits_for_is_refused():
    case = started(tasks("A") + ways("S", "A", "E"))

    with pytest.raises(Refused):
        case.send_message(case.open_tasks()[0].seq)


# -- timers and clocks -------------------------------------------------------------------------
LIMITED = tasks("A") + timer("B", "A", 'due("R02")') + timer("R", "A", 'due("R02", remind=2)')
LIMITED += side_path("B") + side_path("R") + ways("S", "A", "E")


def limited(*, aware_on: str | None = "2024-03-01"):
    return started(LIMITED, values={"aware_on": aware_on} if aware_on else {})


def test_a_boundary_timer_that_asks_due_is_a_clock_on_its_activity():
    found = {clock.remind: clock for clock in limited().clocks()}

    assert (found[0].rule, found[0].host, found[0].state) == ("R02", "A", "open")
    assert found[0].due_at == datetime(2024, 3, 7, tzinfo=UTC)
    assert found[2].due_at == datetime(2024, 3, 5, tzinfo=UTC)


def test_a_fired_clock_stays_open_while_its_activity_is():
    case = limited()

    fired = later(case, 30 * 86_400)

    assert fired == 2
    assert [(clock.state, clock.fired) for clock in case.clocks()] == [("open", True)] * 2
    assert open_elements(case) == ["A", "after_B", "after_R"]


def test_an_activity_that_ended_closes_its_clocks():
    case = limited()

    do(case, "A")

    assert {clock.state for clock in case.clocks()} == {"completed"}


def test_an_activity_that_was_interrupted_withdraws_its_clocks():
    body = tasks("A") + timer("B", "A", 'due("R02")') + side_path("B") + ways("S", "A", "E")
    body += message("M", "A", stops=True) + side_path("M")
    case = started(body, values={"aware_on": "2024-03-01"})

    case.send_message(case.waiting_messages()[0].seq)

    assert [clock.state for clock in case.clocks()] == ["withdrawn"]


def test_a_clock_whose_fact_is_not_known_waits_without_a_date():
    case = limited(aware_on=None)
    assert {clock.due_at for clock in case.clocks()} == {None}

    case.set_facts({"aware_on": "2024-03-04"})

    assert max(clock.due_at for clock in case.clocks()) == datetime(2024, 3, 10, tzinfo=UTC)


def test_after_a_change_of_the_calendar_every_clock_is_worked_out_anew():
    moved = replace(FUNCTIONS["due"], call=lambda *_, **__: "2024-03-09T00:00:00+00:00")
    case = limited()
    changes = case.changes()
    again = Runtime.of(files(LIMITED), FUNCTIONS | {"due": moved}, facts=FACTS).restore(
        "P", head=changes.head, facts=changes.facts, next_seq=changes.next_seq, rows=changes.written
    )

    again.reschedule()

    assert {clock.due_at for clock in again.clocks()} == {datetime(2024, 3, 9, tzinfo=UTC)}


def test_nothing_fires_before_it_is_due():
    case = limited()

    assert later(case, 3600) == 0


def test_a_timer_must_give_an_instant():
    body = tasks("A") + timer("B", "A", "'2024-03-01'") + side_path("B") + ways("S", "A", "E")

    with pytest.raises(ExpressionError, match="instant"):
        started(body)


# -- facts -------------------------------------------------------------------------------------
def test_a_fact_set_in_one_branch_is_known_in_every_other_and_inside_calls():
    body = gateway("parallel", "G") + '<bpmn:callActivity id="C" calledElement="Q"/>'
    body += tasks("A", "B") + gateway("parallel", "J")
    body += ways("S", "G", "A", "J", "E") + ways("G", "C", "J") + ways("G", "B", "J")
    case = started(body, Q=CALLED)

    do(case, "A", died=True)

    assert all(task.variables["died"] is True for task in case.open_tasks())
    assert case.facts == {"died": True}


def test_a_fact_set_inside_a_call_moves_the_clock_on_it():
    body = '<bpmn:callActivity id="C" calledElement="Q"/>' + timer("B", "C", 'due("R10")')
    called = CALLED.replace(ways("s", "Q1", "e"), tasks("Q2") + ways("s", "Q1", "Q2", "e"))
    case = started(body + side_path("B") + ways("S", "C", "E"), Q=called)

    do(case, "Q1", partners_on="2024-03-04")

    assert case.clocks()[0].due_at == datetime(2024, 3, 10, tzinfo=UTC)


def test_a_later_correction_wins_over_an_older_branch():
    body = gateway("parallel", "G") + tasks("A", "B", "R") + gateway("parallel", "J")
    case = started(body + ways("S", "G", "A", "J", "R", "E") + ways("G", "B", "J"))
    do(case, "A", died=False)

    case.set_facts({"died": True})
    do(case, "B")

    assert case.open_tasks()[0].variables["died"] is True


def test_a_form_filled_after_a_correction_wins_over_it():
    case = started(tasks("A", "B") + ways("S", "A", "B", "E"))
    case.set_facts({"died": True})

    do(case, "A", died=False)

    assert case.facts == {"died": False}


def test_only_facts_can_be_set_from_outside():
    with pytest.raises(Refused, match="items"):
        started(tasks("A") + ways("S", "A", "E")).set_facts({"items": []})


# -- where it stands, and ending ---------------------------------------------------------------
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


def test_a_cancelled_case_waits_for_nothing():
    case = limited()

    case.cancel()

    assert case.finished
    assert case.open_tasks() == ()
    assert {clock.state for clock in case.clocks()} == {"withdrawn"}
    assert case.changes().next_due_at is None
