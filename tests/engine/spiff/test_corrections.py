"""Each fault of SpiffWorkflow 3.2.0: cured here, and there again when its correction is undone."""

from __future__ import annotations

import sys
import threading
from functools import partial

import pytest
from SpiffWorkflow.exceptions import TaskNotFoundException

from engine.errors import Stuck
from engine.spiff import timers
from engine.spiff.corrections import REPLACED, SHIPPED
from engine.spiff.timers import LegalMoment, due_at, work_out
from tests.engine import drawing
from tests.engine.drawing import (
    EACH,
    do,
    gateway,
    later,
    open_elements,
    side_path,
    tasks,
    timer,
    way_if,
    ways,
)

started = partial(drawing.started, forgets=False)  # forgetting hides some of the faults


@pytest.fixture
def as_shipped(monkeypatch):
    """Puts back what one correction replaced."""

    def undo(fault: str) -> None:
        for owner, name, _ in REPLACED[fault]:
            monkeypatch.setattr(owner, name, SHIPPED[owner, name])

    return undo


# -- F1, F2: joins in loops -------------------------------------------------------------------
def second_turn(kind: str) -> list[str]:
    """What is open after the first branch of turn two; R stands behind the join."""
    way = way_if if kind == "inclusive" else lambda a, b, _: ways(a, b)
    parts = [
        gateway("exclusive", "M") + gateway(kind, "G") + tasks("A", "B", "R") + gateway(kind, "J"),
        gateway("exclusive", "X", "f_X_E") + ways("S", "M", "G"),
        way("G", "A", "1 == 1") + way("G", "B", "1 == 1") + ways("A", "J", "R", "X", "E"),
        ways("B", "J") + way_if("X", "M", "x == 1"),
    ]
    case = started("".join(parts))
    do(case, "A")
    do(case, "B")
    do(case, "R", x=1)
    do(case, "B")
    return open_elements(case)


@pytest.mark.parametrize("kind", ["parallel", "inclusive"])
def test_a_join_in_a_loop_waits_for_both_branches_in_every_turn(kind):
    assert second_turn(kind) == ["A"]


@pytest.mark.parametrize(("fault", "kind"), [("F1", "parallel"), ("F2", "inclusive")])
def test_as_shipped_the_join_fires_after_one_branch_of_turn_two(as_shipped, fault, kind):
    as_shipped(fault)

    assert "R" in second_turn(kind)


def other_branch_inside() -> list[str]:
    """An inclusive join, one branch done, the other in a called process."""
    called = '<bpmn:startEvent id="s"/><bpmn:endEvent id="e"/>' + tasks("Q1") + ways("s", "Q1", "e")
    parts = [
        gateway("inclusive", "G")
        + '<bpmn:callActivity id="C" calledElement="Q"/>'
        + ways("S", "G"),
        gateway("exclusive", "X1", "f_X1_X3")
        + tasks("X2", "X3", "B", "R")
        + way_if("G", "B", "1 == 1"),
        gateway("exclusive", "X4") + gateway("inclusive", "J") + way_if("G", "C", "1 == 1"),
        ways("C", "X1") + way_if("X1", "X2", "items == []") + ways("X1", "X3", "X4", "J", "R", "E"),
        ways("X2", "X4") + ways("B", "J"),
    ]
    case = started("".join(parts), Q=called)
    do(case, "B")
    return open_elements(case)


def test_an_inclusive_join_sees_a_token_inside_a_called_process():
    assert other_branch_inside() == ["Q1"]


def test_as_shipped_the_inclusive_join_overlooks_it(as_shipped):
    as_shipped("F2")

    assert "R" in other_branch_inside()


# -- F3: the last write wins -------------------------------------------------------------------
def written_in_one_branch() -> object:
    parts = gateway("parallel", "G") + tasks("A", "B", "R") + gateway("parallel", "J")
    case = started(
        parts + ways("S", "G", "A", "J", "R", "E") + ways("G", "B", "J"), values={"x": "old"}
    )
    do(case, "A", x="new")
    do(case, "B")
    return case.open_tasks()[0].variables["x"]


def test_a_join_keeps_what_one_branch_wrote():
    assert written_in_one_branch() == "new"


def test_as_shipped_the_other_branch_overwrites_it_with_its_old_copy(as_shipped):
    as_shipped("F3")

    assert written_in_one_branch() == "old"


# -- F4: repeated tasks in loops ---------------------------------------------------------------
def repeated_twice() -> list[str]:
    body = f'<bpmn:userTask id="U">{EACH}</bpmn:userTask>' + gateway("exclusive", "M")
    body += gateway("exclusive", "X", "f_X_E") + ways("S", "M", "U", "X", "E")
    case = started(body + way_if("X", "M", "1 == 1"))
    do(case, "U")
    do(case, "U")
    return open_elements(case)


def test_a_repeated_task_can_be_repeated_again_in_a_loop():
    assert repeated_twice() == ["U", "U"]


def test_as_shipped_the_second_turn_raises(as_shipped):
    as_shipped("F4")

    with pytest.raises(Stuck, match="already exists"):
        repeated_twice()


# -- F5, F6: boundary events and repeated tasks ------------------------------------------------
def repeated_behind_a_timer() -> list[str]:
    body = tasks("A") + timer("B", "A", "after(5)") + '<bpmn:endEvent id="E2"/>'
    body += (
        f'<bpmn:userTask id="V">{EACH}</bpmn:userTask>' + ways("B", "V", "E2") + ways("S", "A", "E")
    )
    case = started(body)
    later(case, 6)
    return open_elements(case)


def test_a_repeated_task_may_stand_right_behind_a_boundary_event():
    assert repeated_behind_a_timer() == ["A", "V", "V"]


def test_as_shipped_it_raises(as_shipped):
    as_shipped("F5")

    with pytest.raises(Stuck, match="non-predicted child"):
        repeated_behind_a_timer()


def interrupted_calls() -> list[str]:
    called = '<bpmn:startEvent id="s"/><bpmn:endEvent id="e"/>' + tasks("Q1") + ways("s", "Q1", "e")
    body = f'<bpmn:callActivity id="A" calledElement="Q">{EACH}</bpmn:callActivity>'
    body += timer("B", "A", "after(5)", stops=True) + side_path("B") + ways("S", "A", "E")
    case = started(body, Q=called)
    later(case, 6)
    return open_elements(case)


def test_interrupting_a_repeated_call_ends_the_called_processes():
    assert interrupted_calls() == ["after_B"]


def test_as_shipped_every_later_step_raises(as_shipped):
    as_shipped("F6")

    with pytest.raises((Stuck, TaskNotFoundException)):
        interrupted_calls()


# -- F7: overdue timers ------------------------------------------------------------------------
def both_overdue() -> list[str]:
    body = tasks("U") + "".join(
        timer(name, "U", f"after({seconds})", stops=True) + side_path(name)
        for name, seconds in (("B9", 9), ("B5", 5))
    )
    case = started(body + ways("S", "U", "E"))
    later(case, 9 * 3600)
    return open_elements(case)


def test_of_two_overdue_interrupting_timers_only_the_earlier_one_fires():
    assert both_overdue() == ["after_B5"]


def test_as_shipped_a_refresh_lets_both_of_them_fire(monkeypatch):
    def has_fired(_: LegalMoment, task) -> bool:
        if task.internal_data.get("event_value") is None:
            work_out(task)
        return due_at(task) <= drawing.clock.now()

    monkeypatch.setattr(LegalMoment, "has_fired", has_fired)
    monkeypatch.setattr(timers, "fire", lambda task: task.workflow.top_workflow.refresh_timers())

    assert both_overdue() == ["after_B5", "after_B9"]


# -- F8: depth ---------------------------------------------------------------------------------
def many_turns() -> int:
    body = tasks("U") + gateway("exclusive", "M") + gateway("exclusive", "X", "f_X_E")
    case = started(body + ways("S", "M", "U", "X", "E") + way_if("X", "M", "1 == 1"))
    for turn in range(340):
        if not case.open_tasks():
            return turn
        do(case, "U")
    return 340


def test_a_loop_may_take_hundreds_of_turns_in_memory():
    assert many_turns() == 340


def test_as_shipped_the_task_is_lost_at_depth_1000(as_shipped):
    as_shipped("F8")

    with pytest.raises(Stuck):
        many_turns()


# -- F9: shared specs --------------------------------------------------------------------------
def test_the_first_use_of_a_repeated_task_by_four_threads_is_right():
    body = f'<bpmn:userTask id="U">{EACH}</bpmn:userTask>' + ways("S", "U", "E")
    before = sys.getswitchinterval()
    together = threading.Barrier(4)
    seen = []

    def one() -> None:
        together.wait()
        case = started(body)
        do(case, "U")
        do(case, "U")
        seen.append(case.finished)

    sys.setswitchinterval(1e-6)
    threads = [threading.Thread(target=one) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sys.setswitchinterval(before)

    assert seen == [True] * 4


def test_running_cases_leaves_the_shared_spec_as_it_was():
    body = f'<bpmn:userTask id="U">{EACH}</bpmn:userTask>' + ways("S", "U", "E")
    made = drawing.runtime(body)
    event = made.parsed.specs["P"].task_specs["U [child]"].completed_event
    before = len(event.hard_subscribers or [])

    case = made.start("P", {"items": ["a", "b"]})
    do(case, "U")

    assert len(event.hard_subscribers or []) == before == 1
