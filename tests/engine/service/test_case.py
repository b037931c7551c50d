from __future__ import annotations

from datetime import date
from functools import partial

import pytest
from sqlalchemy import select

from engine import clock
from engine.errors import Conflict, InvalidAnswers, NotAllowed, NotFound, Refused
from engine.store import tables


def elements(cases, ref):
    return [task.element for task in cases.open_tasks(ref)]


def test_a_case_is_opened_at_its_first_task(cases, opened, anna):
    view = cases.case(opened, anna)

    assert view.status == "open"
    assert opened == "2019-00001"
    assert elements(cases, opened) == ["Record"]
    assert cases.open_tasks(opened)[0].role == "worker"


@pytest.mark.parametrize(
    ("given", "error"),
    [({"aware_on": "2019-02-31"}, InvalidAnswers), ({"child": "Mia"}, Refused)],
)
def test_a_case_is_not_opened_with_facts_that_cannot_be(cases, anna, on, given, error):
    with pytest.raises(error):
        cases.open_case("incident", area="E1", title="x", actor=anna, values=given)

    assert cases.cases(anna).rows == ()


@pytest.mark.parametrize(
    ("process", "area", "title", "error"),
    [
        ("unknown", "E1", "x", Refused),
        ("incident", "E9", "x", NotFound),
        ("incident", "W1", "x", NotFound),  # not the actor's area
        ("incident", "E1", "  ", Refused),
    ],
)
def test_a_case_that_cannot_be_opened_is_refused(cases, anna, *, process, area, title, error):
    with pytest.raises(error):
        cases.open_case(process, area=area, title=title, actor=anna)


def test_a_form_handed_in_moves_the_case_and_starts_its_clock(cases, opened, anna):
    task = cases.open_tasks(opened)[0]
    page = cases.task(task.id, anna)

    outcome = cases.complete(
        task.id,
        version=page.version,
        actor=anna,
        typed={
            "aware_on-day": ["4"],
            "aware_on-month": ["3"],
            "aware_on-year": ["2019"],
            "died": ["yes"],
            "child": ["Mia"],
        },
    )

    assert [row.element for row in outcome.opened] == ["Notify"]
    assert outcome.opened[0].due_on == date(2019, 3, 11)
    assert outcome.opened[0].rule == "R1"


def test_what_a_person_wrote_reaches_neither_engine_nor_audit(cases, opened, do, database):
    do(opened, "Record", aware_on="2019-03-04", child="Mia Lane")

    with database.connect() as connection:
        tokens = connection.execute(select(tables.token.c.body)).scalars()
        engine_data = " ".join([*tokens, connection.execute(select(tables.case.c.head)).scalar()])
        audit = " ".join(connection.execute(select(tables.audit.c.body)).scalars())
        answers = connection.execute(select(tables.answer.c["values"])).scalar()
    assert "Mia Lane" not in engine_data + audit
    assert "Mia Lane" in answers


def test_wrong_answers_are_named_and_change_nothing(cases, opened, anna):
    task = cases.open_tasks(opened)[0]

    with pytest.raises(InvalidAnswers) as refused:
        cases.complete(task.id, version=1, actor=anna, typed={"aware_on": ["2019-03-05"]})

    assert list(refused.value.problems) == ["aware_on"]
    assert cases.case(opened, anna).version == 1


def test_the_loser_of_a_race_is_told_who_and_when(cases, opened, anna, ben, on):
    task = cases.open_tasks(opened)[0]
    on("2019-03-04 10:05")
    cases.complete(task.id, version=1, actor=ben, values={"aware_on": "2019-03-04"})

    with pytest.raises(Conflict, match="by Ben Cole at 10:05 on 4 March 2019") as lost:
        cases.complete(task.id, version=1, actor=anna, values={"aware_on": "2019-03-01"})

    assert lost.value.by == "ben"


def test_work_in_another_branch_does_not_stand_in_the_way(cases, opened, anna, do):
    do(opened, "Record", aware_on="2019-03-04")
    do(opened, "Notify", notified_on="2019-03-04")
    _review, tell = cases.open_tasks(opened)
    shown = cases.task(tell.id, anna).version
    do(opened, "Review")

    outcome = cases.complete(tell.id, version=shown, actor=anna, typed={})

    assert outcome.status == "finished"


def test_a_form_does_not_put_back_a_fact_corrected_meanwhile(cases, opened, anna, ben):
    task = cases.open_tasks(opened)[0]
    shown = cases.task(task.id, anna).version
    cases.correct_fact(opened, "aware_on", "2019-03-01", reason="the letter is dated", actor=ben)

    with pytest.raises(Conflict, match="The case was changed by Ben Cole"):
        cases.complete(task.id, version=shown, actor=anna, values={"aware_on": "2019-03-04"})


@pytest.mark.parametrize("version", [-1, 0, 99])
def test_a_version_that_never_was_is_a_conflict(cases, opened, anna, version):
    task = cases.open_tasks(opened)[0]

    with pytest.raises(Conflict):
        cases.complete(task.id, version=version, actor=anna, values={"aware_on": "2019-03-04"})


def test_both_branches_lead_to_the_end(cases, opened, anna, do):
    do(opened, "Record", aware_on="2019-03-04")
    do(opened, "Notify", notified_on="2019-03-04")
    do(opened, "Review")

    do(opened, "Tell", actor=anna)

    view = cases.case(opened, anna)
    assert (view.status, view.ended_as) == ("finished", "Closed")
    assert view.ended_at == clock.now()


def test_a_liaison_works_for_the_body_outside_and_the_audit_says_so(cases, opened, anna, do):
    do(opened, "Record", aware_on="2019-03-04")
    do(opened, "Notify", notified_on="2019-03-04")

    do(opened, "Tell", actor=anna)

    entry = next(e for e in cases.case(opened, anna).timeline if e.action == "completed")
    assert (entry.actor, entry.on_behalf_of, entry.name) == ("anna", "panel", "Tell")


def test_a_role_that_is_not_mine_is_refused(cases, opened, anna, do):
    do(opened, "Record", aware_on="2019-03-04")
    do(opened, "Notify", notified_on="2019-03-04")

    with pytest.raises(NotAllowed, match="a task of Partner"):
        do(opened, "Review", actor=anna)


def test_a_case_of_another_area_does_not_exist(cases, opened):
    stranger = cases.actor("kim", "Kim", frozenset({("worker", "W1")}))
    task = cases.open_tasks(opened)[0]

    for question in (cases.case, cases.positions):
        with pytest.raises(NotFound):
            question(opened, stranger)
    for verb in (partial(cases.complete, version=None), cases.claim):
        with pytest.raises(NotFound):
            verb(task.id, actor=stranger)
    with pytest.raises(NotFound):
        cases.task(task.id, stranger)
    assert cases.inbox(stranger).rows == ()
    assert cases.cases(stranger).rows == ()


def test_a_report_interrupts_the_activity(cases, opened, anna, do):
    do(opened, "Record", aware_on="2019-03-04")
    message = cases.case(opened, anna).messages[0]

    cases.report(opened, message.key, actor=anna, reason="it was an accident")

    view = cases.case(opened, anna)
    assert elements(cases, opened) == ["Note_it"]
    assert [d.status for d in view.deadlines] == ["withdrawn"]
    assert view.messages == ()


def test_a_report_that_came_too_late_is_refused(cases, opened, anna, do):
    do(opened, "Record", aware_on="2019-03-04")
    key = cases.case(opened, anna).messages[0].key
    do(opened, "Notify", notified_on="2019-03-04")

    with pytest.raises(Refused, match="cannot be reported now"):
        cases.report(opened, key, actor=anna)


@pytest.mark.parametrize(("verb", "status"), [("withdraw", "withdrawn"), ("cancel", "cancelled")])
def test_a_case_ended_by_hand_leaves_nothing_open(cases, opened, *, anna, do, verb, status):
    do(opened, "Record", aware_on="2019-03-04")

    outcome = getattr(cases, verb)(opened, reason="entered twice", actor=anna)

    view = cases.case(opened, anna)
    assert outcome.status == view.status == status
    assert elements(cases, opened) == []
    assert {task.status for task in view.tasks} == {"done", "withdrawn"}
    assert [d.status for d in view.deadlines] == ["withdrawn"]


def test_a_suspended_case_stands_still_until_it_is_resumed(cases, opened, anna, do, on):
    do(opened, "Record", aware_on="2019-03-04")
    notify = cases.open_tasks(opened)[0]
    cases.suspend(opened, reason="court order", actor=anna)
    on("2019-04-01 10:00")
    complete = partial(cases.complete, version=None)

    assert cases.fire_due_timers().moved == 0
    assert elements(cases, opened) == []
    for verb in (cases.claim, complete):
        with pytest.raises(Refused, match="suspended"):
            verb(notify.id, actor=anna)

    cases.resume(opened, reason="order lifted", actor=anna)
    assert elements(cases, opened) == ["Notify", "Hurry", "Why_late"]


def test_a_fact_is_corrected_while_the_case_is_suspended(cases, opened, anna, do):
    do(opened, "Record", aware_on="2019-03-04")
    cases.suspend(opened, reason="court order", actor=anna)

    cases.correct_fact(opened, "aware_on", "2019-03-01", reason="earlier call", actor=anna)

    assert cases.case(opened, anna).deadlines[0].due_on.isoformat() == "2019-03-08"
    cases.withdraw(opened, reason="an accident", actor=anna)
    assert {t.status for t in cases.case(opened, anna).tasks} == {"done", "withdrawn"}


def test_without_a_reason_nothing_is_ended(cases, opened, anna):
    with pytest.raises(Refused, match="reason"):
        cases.withdraw(opened, reason="  ", actor=anna)


def test_a_task_is_sent_back_with_what_was_typed_then(cases, opened, ben, do):
    do(opened, "Record", aware_on="2019-03-04", child="Mia")
    notify = cases.open_tasks(opened)[0]
    target = cases.task(notify.id, ben).back_to[0]

    cases.send_back(notify.id, target.key, reason="wrong child", actor=ben)

    again = cases.open_tasks(opened)[0]
    page = cases.task(again.id, ben)
    assert (target.name, again.element) == ("Record", "Record")
    assert page.draft["child"] == ["Mia"]
    assert cases.case(opened, ben).deadlines[0].status == "withdrawn"


def test_a_page_shows_what_comes_next_and_where_the_case_stands(cases, opened, anna, do):
    do(opened, "Record", aware_on="2019-03-04")
    page = cases.task(cases.open_tasks(opened)[0].id, anna)
    position = cases.positions(opened, anna)[0]

    assert [(s.name, s.role_title) for s in page.next_steps] == [
        ("Review", "Partner"),
        ("Tell", "Panel"),
    ]
    assert page.deadline.due.start_on == date(2019, 3, 4)
    assert page.law[0].id == "R1"
    assert "Notify" in position.here
    assert position.been == {"Record"}


def test_a_loop_asks_the_same_task_again(cases, anna, do, on):
    ref = cases.open_case("rounds", area="E1", title="Round and round", actor=anna).ref

    for _ in range(3):
        do(ref, "Look", again=True)
    do(ref, "Look", again=False)

    assert cases.case(ref, anna).status == "finished"
    assert len(cases.case(ref, anna).answers) == 4
