"""Messages people report, legal clocks on activities, and facts that are true case-wide."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from engine.errors import ExpressionError, Refused
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
    side_path,
    started,
    tasks,
    timer,
    ways,
)

CALLED = '<bpmn:startEvent id="s"/><bpmn:endEvent id="e"/>' + tasks("Q1") + ways("s", "Q1", "e")


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

    again.calendar_changed()

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


def test_a_cancelled_case_waits_for_nothing():
    case = limited()

    case.cancel()

    assert case.finished
    assert case.open_tasks() == ()
    assert {clock.state for clock in case.clocks()} == {"withdrawn"}
    assert case.changes().next_due_at is None
