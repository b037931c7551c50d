from __future__ import annotations

import json
import threading
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from engine import clock
from engine.service import outbox
from engine.service.worker import Worker, handle
from engine.store import tables


def entries(database):
    with database.connect() as connection:
        return connection.execute(select(tables.outbox).order_by(tables.outbox.c.id)).all()


class Flaky:
    """Fails as often as it is told to, then does its work."""

    def __init__(self, failures):
        self.failures = failures
        self.told = []

    def __call__(self, notice):
        if self.failures:
            self.failures -= 1
            raise OSError("the post office is closed")
        self.told.append(notice)
        return "told"


def test_each_task_opened_is_told_once_by_a_stable_key(cases, opened, do, database):
    do(opened, "Record", aware_on="2019-03-04")
    kinds = {"task_opened": Flaky(0)}

    handle(cases, database, kinds)
    handle(cases, database, kinds)

    told = kinds["task_opened"].told
    assert [notice.key.split(":")[2] for notice in told] == ["task_opened", "task_opened"]
    assert len({notice.key for notice in told}) == 2
    assert {row.status for row in entries(database)} == {"done"}


def test_no_words_of_a_form_are_told_outside(cases, opened, do, database):
    do(opened, "Record", aware_on="2019-03-04", child="Mia Lane")

    bodies = [json.loads(row.body) for row in entries(database)]
    assert set(bodies[0]) == {"case", "task", "role", "area"}


def test_a_failure_is_tried_again_with_the_same_key_after_a_wait(cases, opened, on, database):
    kinds = {"task_opened": Flaky(1)}
    handle(cases, database, kinds)
    failed = entries(database)[0]
    handle(cases, database, kinds)
    assert kinds["task_opened"].told == []  # not before its wait is over

    on("2019-03-04 10:03")
    handle(cases, database, kinds)

    assert failed.last_error == "OSError"
    assert [notice.key for notice in kinds["task_opened"].told] == [failed.key]
    assert entries(database)[0].status == "done"


def test_the_log_has_the_kind_of_a_fault_and_not_its_words(cases, opened, database, caplog):
    child = "Mia Lane"

    def refuses(_notice):
        raise OSError(f"cannot send to {child}")

    handle(cases, database, {"task_opened": refuses})

    assert "OSError" in caplog.text
    assert child not in caplog.text


def test_waits_grow_and_end_at_a_day(cases):
    waits = [outbox.wait_after(tries) for tries in range(outbox.MOST_TRIES + 1)]

    assert waits[:3] == [timedelta(minutes=1), timedelta(minutes=2), timedelta(minutes=4)]
    assert waits[-1] == timedelta(days=1)


def test_what_fails_for_ever_is_given_up_and_the_self_check_says_so(cases, opened, on, database):
    kinds = {"task_opened": Flaky(outbox.MOST_TRIES)}

    for days in range(outbox.MOST_TRIES):
        assert entries(database)[0].status == "pending"
        on(f"{date(2019, 3, 5) + timedelta(days=2 * days)} 10:00")
        handle(cases, database, kinds)

    assert entries(database)[0].status == "dead"
    assert not next(c for c in cases.doctor() if c.name == "outbox").passed


def test_a_worker_that_dies_in_a_handler_does_it_again(cases, opened, on, database):
    class Killed(BaseException):
        pass

    def dies(_notice):
        raise Killed

    with pytest.raises(Killed):
        handle(cases, database, {"task_opened": dies})
    again = Flaky(0)
    on("2019-03-04 10:02")

    handle(cases, database, {"task_opened": again})

    assert len(again.told) == 1


def test_kinds_nobody_handles_wait_and_the_self_check_says_so(cases, opened, database):
    handle(cases, database, {})

    assert entries(database)[0].status == "pending"
    check = next(c for c in cases.doctor(kinds=()) if c.name == "outbox handlers")
    assert (check.passed, check.detail) == (False, "nobody handles task_opened")


def test_the_thread_fires_what_is_due_and_stops_at_once(cases, anna, do, database):
    ref = cases.open_case("incident", area="E1", title="Late", actor=anna).ref
    with clock.at(clock.now() - timedelta(days=400)):
        day = clock.today().isoformat()
        do(ref, "Record", aware_on=day)
    worker = Worker(cases, database, seconds=60)

    worker.start()
    for _ in range(200):
        if len(cases.open_tasks(ref)) == 3 and not cases.due_work().outbox:
            break
        threading.Event().wait(0.05)
    worker.stop()

    assert [task.element for task in cases.open_tasks(ref)] == ["Notify", "Hurry", "Why_late"]
    assert not any(thread.name == "worker" for thread in threading.enumerate())


def test_a_worker_outlives_a_fault(cases, database, monkeypatch, caplog):
    looked = threading.Event()

    def broken(*_args, **_kwargs):
        looked.set()
        raise RuntimeError("no database")

    monkeypatch.setattr(cases, "due_work", broken)
    worker = Worker(cases, database, seconds=0.01)

    worker.start()
    assert looked.wait(5)
    looked.clear()
    assert looked.wait(5)

    worker.stop()
    assert "could not do what is due" in caplog.text


def test_a_chore_that_fails_keeps_nothing_else_waiting(cases, opened, database):
    done = threading.Event()

    def fails():
        raise OSError

    chores = (fails, done.set)
    worker = Worker(cases, database, chores=chores, seconds=0.01)
    worker.start()
    try:
        assert done.wait(10)
    finally:
        worker.stop()
