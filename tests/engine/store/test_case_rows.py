from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from engine import clock
from engine.errors import Conflict, NotFound
from engine.store import tables
from engine.store.case_rows import CaseRows
from engine.store.database import reading, writing
from tests.engine.drawing import (
    BEGIN,
    do,
    gateway,
    open_elements,
    runtime,
    side_path,
    tasks,
    timer,
    way_if,
    ways,
)
from tests.engine.proof import columns, counting, prepare_tables, prove

LOOP = tasks("U") + gateway("exclusive", "M") + gateway("exclusive", "X", "f_X_E")
LOOP += ways("S", "M", "U", "X", "E") + way_if("X", "M", "again")
TIMED = LOOP + timer("T", "U", "after(60)") + side_path("T")


def opened(database, body, **values):
    """The rows of a new case of this body."""
    made = runtime(body)
    rows = CaseRows(lambda _: made)
    prepare_tables(database, ["b"])
    with clock.at(BEGIN), writing(database) as connection:
        held = rows.create(connection, made.start("P", values), **columns(1, "b"))
    return rows, held.id


def step(database, rows, case_id, element, **values):
    with clock.at(BEGIN), writing(database) as connection:
        held = rows.load(connection, case_id)
        do(held.case, element, **values)
        rows.save(connection, held)
        return held.version


def test_a_case_goes_on_where_its_rows_say(database):
    rows, case_id = opened(database, tasks("A", "B") + ways("S", "A", "B", "E"), x=1)

    step(database, rows, case_id, "A", y=2)

    with writing(database) as connection:
        task = rows.load(connection, case_id).case.open_tasks()[0]
    assert (task.element, task.variables) == ("B", {"x": 1, "y": 2})


def test_a_finished_case_leaves_almost_nothing_but_its_past(database):
    rows, case_id = opened(database, tasks("A", "B") + ways("S", "A", "B", "E"))
    step(database, rows, case_id, "A")
    step(database, rows, case_id, "B")

    with reading(database) as connection:
        tokens = connection.execute(select(tables.token)).all()
        passed = rows.passed(connection, case_id)

    assert len(tokens) <= 2
    assert [task.element for task in passed] == ["A", "B"]


def test_the_number_of_a_task_stays_the_same_over_saving(database):
    rows, case_id = opened(database, tasks("A") + ways("S", "A", "E"))

    numbers = set()
    for _ in range(2):
        with writing(database) as connection:
            held = rows.load(connection, case_id)
            numbers.add(held.case.open_tasks()[0].seq)
            rows.save(connection, held)

    assert len(numbers) == 1


def test_the_earliest_waiting_timer_stands_in_the_cases_row(database):
    opened(database, TIMED)

    with reading(database) as connection:
        due = connection.scalar(select(tables.case.c.next_due_at))

    assert due == BEGIN + timedelta(seconds=60)


def test_columns_given_win_over_the_engines_own(database):
    rows, case_id = opened(database, TIMED)

    with writing(database) as connection:
        held = rows.load(connection, case_id)
        rows.save(connection, held, next_due_at=None, status="suspended")

    with reading(database) as connection:
        row = connection.execute(select(tables.case)).one()
    assert (row.next_due_at, row.status) == (None, "suspended")


def test_facts_are_in_the_cases_row_and_come_back(database):
    rows, case_id = opened(database, tasks("A", "B") + ways("S", "A", "B", "E"))

    step(database, rows, case_id, "A", died=True)

    with writing(database) as connection:
        held = rows.load(connection, "T1")
    assert held.row["facts"] == '{"died":true}'
    assert held.case.facts == {"died": True}


def test_whoever_comes_with_an_old_version_is_told(database):
    rows, case_id = opened(database, LOOP)
    version = step(database, rows, case_id, "U", again=True)

    with writing(database) as connection, pytest.raises(Conflict):
        rows.load(connection, case_id, version=version - 1)


def test_a_row_that_changed_behind_a_loaded_case_is_a_conflict(database):
    rows, case_id = opened(database, LOOP)

    with writing(database) as connection:
        held = rows.load(connection, case_id)
        rows.save(connection, held)
        held.version -= 1
        with pytest.raises(Conflict):
            rows.save(connection, held)


def test_two_people_finishing_two_branches_at_once_both_count(database):
    body = gateway("parallel", "G") + tasks("A", "B", "R") + gateway("parallel", "J")
    rows, case_id = opened(
        database, body + ways("S", "G", "A", "J", "R", "E") + ways("G", "B", "J")
    )
    together = threading.Barrier(2)

    def one(element: str) -> int:
        together.wait()
        return step(database, rows, case_id, element)

    with ThreadPoolExecutor(2) as threads:
        versions = sorted(threads.map(one, "AB"))

    with writing(database) as connection:
        assert open_elements(rows.load(connection, case_id).case) == ["R"]
    assert versions == [2, 3]


def test_a_case_that_is_not_there_is_told(database):
    rows, _ = opened(database, LOOP)

    with writing(database) as connection, pytest.raises(NotFound):
        rows.load(connection, "nothing")


@pytest.mark.parametrize("body", [LOOP, TIMED], ids=["loop", "loop with an old late task open"])
def test_a_step_costs_the_same_after_500_turns(sqlite_database, body):
    rows, case_id = opened(sqlite_database, body)
    if body is TIMED:
        with clock.at(BEGIN + timedelta(seconds=61)), writing(sqlite_database) as connection:
            held = rows.load(connection, case_id)
            held.case.fire_due_timers()
            rows.save(connection, held)
    count, cost = counting(sqlite_database), {}

    for turn in range(1, 502):
        count.look()
        step(sqlite_database, rows, case_id, "U", again=True)
        if turn in {2, 100, 501}:
            statements = count.look()
            with reading(sqlite_database) as connection:
                bodies = connection.scalars(select(tables.token.c.body)).all()
            cost[turn] = (statements, len(bodies))

    assert cost[2] == cost[100] == cost[501]
    assert cost[501][0] <= 6


def test_a_case_is_saved_as_it_is_left_by_an_interrupted_step(database):
    rows, case_id = opened(database, tasks("A", "B") + ways("S", "A", "B", "E"))

    def broken() -> None:
        with writing(database) as connection:
            held = rows.load(connection, case_id)
            do(held.case, "A")
            rows.save(connection, held)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        broken()

    with writing(database) as connection:
        assert open_elements(rows.load(connection, case_id).case) == ["A"]


def test_forty_random_cases_are_equal_in_memory_as_json_and_as_rows(sqlite_database):
    assert prove(sqlite_database, count=40) == 40


def test_eight_random_cases_are_equal_on_postgresql_too(postgresql_database):
    assert prove(postgresql_database, count=8, first=40) == 8
