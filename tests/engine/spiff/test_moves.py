"""Back to an earlier activity, and over to other diagrams."""

from __future__ import annotations

import pytest

from engine import clock
from engine.errors import Refused
from engine.spiff.moves import ENDED_PROCESS, NOT_DRAWN, ONE_OF_MANY, OTHER_BRANCH
from tests.engine.drawing import (
    BEGIN,
    EACH,
    do,
    gateway,
    later,
    open_elements,
    runtime,
    side_path,
    started,
    tasks,
    timer,
    ways,
)

CALLED = '<bpmn:startEvent id="s"/><bpmn:endEvent id="e"/>' + tasks("Q1", "Q2")
CALLED += ways("s", "Q1", "Q2", "e")


def passed(case, element):
    return next(one for one in case.changes().passed if one.element == element)


def seq_of(case, element):
    return next(task.seq for task in case.open_tasks() if task.element == element)


def refusals(case, element):
    found = case.back_targets(seq_of(case, element), case.changes().passed)
    return {target.element: target.refusal for target in found}


def test_back_to_an_earlier_task_with_todays_facts():
    case = started(tasks("A", "B") + ways("S", "A", "B", "E"))
    do(case, "A", x=1)

    case.set_facts({"died": True})
    again = case.send_back(seq_of(case, "B"), passed(case, "A"))

    assert [(task.seq, task.element) for task in case.open_tasks()] == [(again, "A")]
    assert case.open_tasks()[0].variables["died"] is True


def test_going_back_starts_its_clocks_anew():
    body = tasks("A", "B") + timer("T", "A", "after(60)") + side_path("T")
    case = started(body + ways("S", "A", "B", "E"))
    do(case, "A")

    case.send_back(seq_of(case, "B"), passed(case, "A"))

    assert later(case, 61) == 1
    assert open_elements(case) == ["A", "after_T"]


def test_an_older_side_branch_stays_when_a_later_task_goes_back():
    body = tasks("A", "B", "C") + timer("T", "A", "after(60)") + side_path("T")
    case = started(body + ways("S", "A", "B", "C", "E"))
    later(case, 61)
    do(case, "A")
    do(case, "B")

    case.send_back(seq_of(case, "C"), passed(case, "B"))

    assert open_elements(case) == ["B", "after_T"]


def parallel():
    body = gateway("parallel", "G") + tasks("W", "A", "A2", "B", "R") + gateway("parallel", "J")
    return started(body + ways("S", "W", "G", "A", "A2", "J", "R", "E") + ways("G", "B", "J"))


def test_back_within_a_branch_leaves_the_other_branch_alone():
    case = parallel()
    do(case, "W")
    do(case, "A")

    case.send_back(seq_of(case, "A2"), passed(case, "A"))

    assert open_elements(case) == ["A", "B"]


def test_back_before_a_split_withdraws_every_branch_and_the_join_still_works():
    case = parallel()
    do(case, "W")
    do(case, "B")
    case.send_back(seq_of(case, "A"), passed(case, "W"))

    for element in ("W", "B", "A", "A2", "R"):
        assert element in open_elements(case)
        do(case, element)

    assert case.finished


def test_back_into_a_branch_joined_since_or_into_another_branch_is_refused():
    case = parallel()
    do(case, "W")
    do(case, "A")

    assert refusals(case, "B") == {"W": None, "A": OTHER_BRANCH}
    do(case, "B")
    do(case, "A2")
    found = refusals(case, "R")
    assert found == {"W": None, "A": OTHER_BRANCH, "B": OTHER_BRANCH, "A2": OTHER_BRANCH}


def test_back_from_a_side_path_into_a_branch_joined_since_is_refused():
    body = gateway("parallel", "G") + tasks("A", "A2", "B", "R") + gateway("parallel", "J")
    body += timer("T", "A2", "after(60)") + side_path("T")
    case = started(body + ways("S", "G", "A", "A2", "J", "R", "E") + ways("G", "B", "J"))
    do(case, "A")
    later(case, 61)
    assert refusals(case, "after_T") == {"A": None}

    do(case, "A2")
    do(case, "B")

    assert refusals(case, "after_T") == {
        "A": OTHER_BRANCH,
        "A2": OTHER_BRANCH,
        "B": OTHER_BRANCH,
    }


def called():
    body = tasks("A", "B") + '<bpmn:callActivity id="C" calledElement="Q"/>'
    return started(body + ways("S", "A", "C", "B", "E"), Q=CALLED)


def test_out_of_a_called_process_back_to_a_task_before_the_call():
    case = called()
    do(case, "A")

    case.send_back(seq_of(case, "Q1"), passed(case, "A"))

    assert open_elements(case) == ["A"]


def test_a_finished_called_process_is_reopened_as_a_whole():
    case = called()
    for element in ("A", "Q1", "Q2"):
        do(case, element)
    assert refusals(case, "B") == {
        "A": None,
        "Q1": ENDED_PROCESS,
        "Q2": ENDED_PROCESS,
        "C": None,
    }

    case.send_back(seq_of(case, "B"), passed(case, "C"))

    assert open_elements(case) == ["Q1"]


def test_one_of_several_repeated_tasks_is_not_reopened_alone():
    body = f'<bpmn:userTask id="U">{EACH}</bpmn:userTask>' + tasks("B")
    case = started(body + ways("S", "U", "B", "E"))
    do(case, "U")
    do(case, "U")
    whole = next(one for one in case.changes().passed if not one.is_instance)
    one = next(one for one in case.changes().passed if one.is_instance)

    with pytest.raises(Refused) as caught:
        case.send_back(seq_of(case, "B"), one)
    assert str(caught.value) == ONE_OF_MANY
    case.send_back(seq_of(case, "B"), whole)

    assert open_elements(case) == ["U", "U"]


# -- other diagrams -----------------------------------------------------------------------------
FIRST = tasks("U1", "U2", "U3") + timer("T", "U2", "after(60)") + side_path("T")
FIRST += ways("S", "U1", "U2", "U3", "E")


def at_u2():
    case = started(FIRST)
    do(case, "U1")
    return case


def test_a_case_moves_to_diagrams_that_changed_before_and_behind_it():
    body = tasks("U0", "U2", "N", "U3") + timer("T", "U2", "after(60)") + side_path("T")
    moved = at_u2().migrated(runtime(body + ways("S", "U0", "U2", "N", "U3", "E")))

    for element in ("U2", "N", "U3"):
        assert open_elements(moved) == [element]
        do(moved, element)

    assert moved.finished


def test_a_boundary_event_drawn_since_is_armed():
    body = FIRST + timer("T2", "U2", "after(90)") + side_path("T2")
    case = at_u2()

    with clock.at(BEGIN):
        moved = case.migrated(runtime(body))

    assert later(moved, 91) == 2
    assert open_elements(moved) == ["U2", "after_T", "after_T2"]


def test_a_clock_that_fired_before_the_move_does_not_fire_again():
    case = at_u2()
    later(case, 61)
    do(case, "after_T")

    with clock.at(BEGIN):
        moved = case.migrated(runtime(FIRST))

    assert later(moved, 62) == 0
    assert open_elements(moved) == ["U2"]


def test_the_rows_of_a_moved_case_replace_those_it_had():
    case = at_u2()
    case.saved()

    moved = case.migrated(runtime(FIRST + timer("T2", "U2", "after(9)") + side_path("T2")))

    assert {row.spec for row in moved.changes().written} == {"T2"}


def test_what_is_open_and_not_drawn_any_more_stands_in_the_way():
    body = tasks("U1", "U3") + ways("S", "U1", "U3", "E")
    case = at_u2()

    assert any("U2 is open, and gone" in found for found in case.obstacles(runtime(body)))
    with pytest.raises(Refused, match="U2"):
        case.migrated(runtime(body))


def test_a_last_boundary_event_that_is_gone_stands_in_the_way():
    body = tasks("U1", "U2", "U3") + ways("S", "U1", "U2", "U3", "E")

    assert any("last boundary" in found for found in at_u2().obstacles(runtime(body)))


def test_a_case_cannot_go_back_to_what_is_not_drawn_any_more():
    body = tasks("U0", "U2", "U3") + timer("T", "U2", "after(60)") + side_path("T")
    case = at_u2()
    before = passed(case, "U1")

    moved = case.migrated(runtime(body + ways("S", "U0", "U2", "U3", "E")))

    targets = moved.back_targets(seq_of(moved, "U2"), [before])
    assert [target.refusal for target in targets] == [NOT_DRAWN]
