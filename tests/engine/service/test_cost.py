from __future__ import annotations

from contextlib import contextmanager

import pytest
from sqlalchemy import event, insert

from engine import clock
from engine.service.sweep import clocks_are_due
from engine.store import tables
from engine.store.database import writing


@contextmanager
def counted(database):
    """Statements and commits inside, as they reach the driver; BEGIN and COMMIT do not count."""
    statements, commits = [], []

    def sent(_connection, _cursor, statement, *_):
        if not statement.startswith("BEGIN"):
            statements.append(statement)

    def committed(_connection):
        commits.append(1)

    event.listen(database, "before_cursor_execute", sent)
    event.listen(database, "commit", committed)
    try:
        yield statements, commits
    finally:
        event.remove(database, "before_cursor_execute", sent)
        event.remove(database, "commit", committed)


def test_an_ordinary_completion_is_one_transaction_of_at_most_fifteen_statements(
    cases, anna, do, on, database
):
    ref = cases.open_case("rounds", area="E1", title="Round and round", actor=anna).ref
    task = cases.open_tasks(ref)[0]

    with counted(database) as (statements, commits):
        cases.complete(task.id, version=1, actor=anna, values={"again": True})

    assert len(commits) == 1
    assert len(statements) <= 15, "\n".join(statements)


@pytest.mark.parametrize("element", ["Record", "Notify"])
def test_a_completion_with_a_deadline_stays_within_seventeen(
    cases, opened, *, do, on, database, element
):
    answers = {"Record": {"aware_on": "2019-03-04"}, "Notify": {"notified_on": "2019-03-04"}}
    if element == "Notify":
        do(opened, "Record", **answers["Record"])
    task = cases.open_tasks(opened)[0]
    ben = cases.actor("ben", "Ben", frozenset({("worker", None)}))

    with counted(database) as (statements, commits):
        cases.complete(task.id, version=None, actor=ben, values=answers[element])

    assert len(commits) == 1
    assert len(statements) <= 17, "\n".join(statements)


def test_the_hundredth_round_costs_what_the_first_did(cases, anna, do, on, database):
    ref = cases.open_case("rounds", area="E1", title="Round and round", actor=anna).ref
    numbers = []

    for _ in range(100):
        with counted(database) as (statements, _commits):
            do(ref, "Look", actor=anna, again=True)
        numbers.append(len(statements))

    assert numbers[-1] <= numbers[1]


def test_a_look_for_due_work_is_two_reads(cases, opened, database):
    with counted(database) as (statements, _commits):
        due = cases.due_work()

    assert not due.timers
    assert len(statements) == 2
    assert all(statement.startswith("SELECT") for statement in statements)


def test_a_look_with_a_hundred_thousand_clocks_waiting_walks_an_index(on, sqlite_database):
    """Counted in steps of SQLite's own machine, which no busy neighbour changes."""
    later = clock.now().replace(year=2020)
    with writing(sqlite_database) as connection:
        bundle = {"hash": "b", "number": 1, "author": "a", "reason": "r", "live": True}
        connection.execute(insert(tables.bundle).values(published_at=later, **bundle))
        connection.execute(insert(tables.area).values(code="E1", name="E", facts="{}"))
        row = {"process": "p", "bundle": "b", "area": "E1", "title": "t", "status": "open",
               "opened_at": later, "opened_by": "a", "version": 1, "next_seq": 1, "facts": "{}",
               "head": "{}", "next_due_at": later}  # fmt: skip
        rows = [row | {"ref": str(number)} for number in range(100_000)]
        connection.execute(insert(tables.case), rows)
    steps = 0

    def step():
        nonlocal steps
        steps += 1

    with sqlite_database.connect() as connection:
        connection.connection.driver_connection.set_progress_handler(step, 10)
        assert not clocks_are_due(connection)
        connection.connection.driver_connection.set_progress_handler(None, 0)
    assert steps < 20
