from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import update

from engine.service import CaseFilter, InboxFilter
from engine.store import tables


@pytest.fixture
def several(cases, anna, do, on):
    """Five cases: three at Notify with different dates, two at their first task without one."""
    refs = []
    for day in ("2019-03-04", "2019-02-25", "2019-03-01"):
        ref = cases.open_case("incident", area="E1", title=f"Aware {day}", actor=anna).ref
        do(ref, "Record", aware_on=day)
        refs.append(ref)
    refs += [
        cases.open_case("incident", area="E1", title="Without a date", actor=anna).ref
        for _ in range(2)
    ]
    return refs


def everything(ask, size):
    rows, after = [], None
    while True:
        page = ask(after, size)
        rows += page.rows
        after = page.after
        if after is None:
            return rows


@pytest.mark.parametrize("size", [1, 2, 3, 50])
def test_the_list_is_in_order_of_dates_page_by_page_and_complete(cases, several, anna, size):
    rows = everything(lambda after, n: cases.inbox(anna, after=after, limit=n), size)

    dates = [row.due_on for row in rows]
    dated = [on for on in dates if on is not None]
    assert dated == sorted(dated)
    assert dates[len(dated) :] == [None] * (len(dates) - len(dated))
    assert len({row.id for row in rows}) == len(rows)


def test_counts_say_what_the_list_says(cases, several, anna):
    rows = cases.inbox(anna).rows
    cases.claim(rows[0].id, actor=anna)

    counts = cases.counts(anna)

    assert counts.open == len(rows)
    assert counts.mine == 1
    assert counts.overdue == sum(row.overdue for row in rows)


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        (InboxFilter(overdue=True), {"Aware 2019-02-25"}),
        (InboxFilter(text="without a"), {"Without a date"}),
        (InboxFilter(text="50%"), set()),
        (InboxFilter(role="partner"), set()),
        (InboxFilter(area="W1"), set()),
        (InboxFilter(mine=True), set()),
    ],
)
def test_filters_choose(cases, several, anna, *, on, chosen, expected):
    on("2019-03-07 10:00")

    titles = {row.case_title for row in cases.inbox(anna, chosen).rows}

    assert titles == expected


def test_a_cursor_nobody_gave_out_shows_the_first_page(cases, several, anna):
    first = cases.inbox(anna).rows

    for cursor in ("x", "2019-99-99:1", "2019-03-04:x", ":"):
        assert cases.inbox(anna, after=cursor).rows == first


def test_tasks_of_a_suspended_case_are_not_in_the_list(cases, several, anna):
    before = len(cases.inbox(anna).rows)

    cases.suspend(several[-1], reason="court order", actor=anna)

    assert len(cases.inbox(anna).rows) == cases.counts(anna).open == before - 1


def test_cases_are_listed_newest_first_with_their_nearest_deadline(cases, several, anna, on):
    on("2019-03-07 10:00")

    rows = everything(lambda after, n: cases.cases(anna, after=after, limit=n), 2)

    assert [row.ref for row in rows] == sorted(several, reverse=True)
    late = {row.ref for row in rows if row.overdue}
    assert {row.ref for row in cases.cases(anna, CaseFilter(overdue=True)).rows} == late
    assert rows[-1].next_due_on == date(2019, 3, 11)


def test_a_person_without_grants_sees_nothing(cases, several, database):
    nobody = cases.actor("eve", "Eve", frozenset())

    assert cases.inbox(nobody).rows == ()
    assert cases.cases(nobody).rows == ()
    assert cases.counts(nobody).open == 0


def test_a_grant_for_one_area_shows_that_area_only(cases, several, anna, database):
    with database.begin() as connection:
        moved = update(tables.task).where(tables.task.c.name == "Record").values(area="W1")
        connection.execute(moved)
    west = cases.actor("wes", "Wes", frozenset({("worker", "W1")}))

    assert len(cases.inbox(west).rows) == 2
    assert {row.area for row in cases.inbox(anna).rows} == {"E1"}
