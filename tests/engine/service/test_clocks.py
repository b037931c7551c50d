from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select, update

from engine.definition import CalendarChange
from engine.errors import InvalidAnswers, NotFound, Refused
from engine.service import bundles
from engine.store import tables


def elements(cases, ref):
    return [task.element for task in cases.open_tasks(ref)]


def deadline(cases, ref, actor, number=0):
    return cases.case(ref, actor).deadlines[number]


def wakes_at(database, ref):
    with database.connect() as connection:
        wanted = select(tables.case.c.next_due_at).where(tables.case.c.ref == ref)
        return connection.execute(wanted).scalar_one()


@pytest.fixture
def notifying(opened, do):
    """The case at Notify: aware on Monday 4 March 2019, due by Monday 11 March."""
    do(opened, "Record", aware_on="2019-03-04")
    return opened


def test_only_an_open_case_has_a_moment_to_wake(cases, notifying, anna, database):
    assert wakes_at(database, notifying)

    cases.suspend(notifying, reason="court order", actor=anna)
    cases.correct_fact(notifying, "aware_on", "2019-03-01", reason="earlier call", actor=anna)

    assert wakes_at(database, notifying) is None
    cases.resume(notifying, reason="order lifted", actor=anna)
    assert wakes_at(database, notifying)
    cases.withdraw(notifying, reason="an accident", actor=anna)
    assert wakes_at(database, notifying) is None


# -- a deadline begins, is met, is missed -------------------------------------------------------
def test_a_deadline_explains_its_date(cases, notifying, anna):
    found = deadline(cases, notifying, anna)

    assert (found.status, found.started_on, found.due_on) == (
        "open",
        date(2019, 3, 4),
        date(2019, 3, 11),
    )
    assert [day.name for day in found.due.skipped] == ["Saturday", "Sunday"]
    assert (found.overdue, found.days_left) == (False, 5)


def test_it_is_met_on_the_day_of_the_proof_not_of_the_click(cases, notifying, anna, do, on):
    on("2019-03-20 10:00")
    do(notifying, "Notify", notified_on="2019-03-07")

    met = deadline(cases, notifying, anna)
    assert (met.status, met.met_on, met.late_by) == ("met", date(2019, 3, 7), 0)
    (notify,) = (t for t in cases.case(notifying, anna).tasks if t.element == "Notify")
    assert met.proof_task == notify.id


def test_without_proof_it_is_met_on_the_day_its_step_ended(cases, anna, do, on):
    ref = cases.open_case("publishing", area="E1", title="To be sent", actor=anna).ref
    do(ref, "Plan", publish_on="2019-03-15")  # seven working days before: 6 March
    on("2019-03-08 10:00")

    do(ref, "Send")

    met = deadline(cases, ref, anna)
    assert (met.due_on, met.met_on, met.late_by) == (date(2019, 3, 6), date(2019, 3, 8), 2)


def test_lateness_is_seen_without_any_worker(cases, notifying, anna, on):
    on("2019-03-14 09:00")

    found = deadline(cases, notifying, anna)

    assert (found.overdue, found.late_by) == (True, 3)
    assert cases.open_tasks(notifying)[0].overdue
    assert cases.counts(anna).overdue == 1


def test_a_case_entered_late_shows_at_once_what_is_late(cases, opened, anna, do, on):
    on("2019-04-01 10:00")

    do(opened, "Record", aware_on="2019-03-04")

    assert elements(cases, opened) == ["Notify", "Hurry", "Why_late"]
    assert deadline(cases, opened, anna).overdue


def test_a_limit_is_foreseen_as_soon_as_its_facts_are_known(cases, anna, on):
    planned = {"publish_on": "2019-05-20", "died": True}
    ref = cases.open_case("incident", area="E1", title="x", actor=anna, values=planned).ref
    calm = {"publish_on": "2019-05-20", "died": False}
    other = cases.open_case("incident", area="E1", title="x", actor=anna, values=calm).ref

    foreseen = cases.case(ref, anna).foreseen

    assert [(due.rule.id, due.due_on) for due in foreseen] == [("R2", date(2019, 5, 9))]
    assert cases.case(other, anna).foreseen == ()


# -- clocks fire --------------------------------------------------------------------------------
def test_the_reminder_comes_first_and_the_missed_limit_later(cases, notifying, on):
    on("2019-03-07 00:01")
    assert cases.fire_due_timers().moved == 1
    assert elements(cases, notifying) == ["Notify", "Hurry"]

    on("2019-03-12 00:01")
    assert cases.fire_due_timers().moved == 1
    assert elements(cases, notifying) == ["Notify", "Hurry", "Why_late"]


def test_after_days_without_power_every_clock_fires_once_in_order(cases, notifying, anna, on):
    on("2019-03-25 08:00")

    swept = cases.fire_due_timers()
    again = cases.fire_due_timers()

    fired = [e.element for e in cases.case(notifying, anna).timeline if e.action == "clock_fired"]
    assert (swept.moved, again.moved) == (1, 0)
    assert fired == ["Late", "Soon"]  # newest first


@pytest.mark.parametrize(
    ("aware_on", "last_second", "late"),
    [
        ("2019-03-25", "2019-04-01 22:59:59", "2019-04-01 23:00:00"),  # summer time since 31 March
        ("2019-10-21", "2019-10-28 23:59:59", "2019-10-29 00:00:00"),  # winter time since 27 Oct.
    ],
)
def test_the_last_day_ends_at_midnight_in_london(
    cases, anna, *, do, on, aware_on, last_second, late
):
    on(f"{aware_on} 10:00")
    ref = cases.open_case("incident", area="E1", title="Around the change", actor=anna).ref
    do(ref, "Record", aware_on=aware_on)

    on(last_second)
    cases.fire_due_timers()
    assert "Why_late" not in elements(cases, ref)

    on(late)
    cases.fire_due_timers()
    assert "Why_late" in elements(cases, ref)


def test_nothing_is_due_before_its_time(cases, notifying, on):
    on("2019-03-05 10:00")

    assert not cases.due_work().timers
    assert cases.fire_due_timers().moved == 0


def test_a_case_that_fails_becomes_an_incident_and_the_others_go_on(
    cases, notifying, *, anna, do, on, database
):
    other = cases.open_case("incident", area="E1", title="Another", actor=anna).ref
    do(other, "Record", aware_on="2019-03-04")
    with database.begin() as connection:
        broken = update(tables.case).where(tables.case.c.ref == notifying).values(head="{")
        connection.execute(broken)
    on("2019-03-12 08:00")

    swept = cases.fire_due_timers()

    assert (swept.moved, swept.failed) == (1, 1)
    assert elements(cases, other) == ["Notify", "Hurry", "Why_late"]
    assert [(i.case_ref, i.tries) for i in cases.incidents()] == [(notifying, 1)]
    assert not cases.due_work().timers  # it is tried again later, not at once


def test_a_failing_case_is_tried_again_and_mended(cases, notifying, on, database):
    ref = tables.case.c.ref == notifying
    with database.begin() as connection:
        head = connection.execute(select(tables.case.c.head).where(ref)).scalar_one()
        connection.execute(update(tables.case).where(ref).values(head="{"))
    on("2019-03-12 08:00")
    cases.fire_due_timers()
    with database.begin() as connection:
        connection.execute(update(tables.case).where(ref).values(head=head))
    on("2019-03-12 08:06")

    swept = cases.fire_due_timers()

    assert swept.moved == 1
    assert cases.incidents()[0].solved


# -- facts corrected ----------------------------------------------------------------------------
def test_a_preview_names_every_deadline_that_moves_and_changes_nothing(cases, notifying, anna):
    preview = cases.preview_fact(notifying, "aware_on", "2019-03-01", actor=anna)

    move = preview.moves[0]
    assert (preview.old, preview.new) == ("2019-03-04", "2019-03-01")
    assert (move.old_on, move.new_on) == (date(2019, 3, 11), date(2019, 3, 8))
    assert deadline(cases, notifying, anna).due_on == date(2019, 3, 11)


def test_a_corrected_fact_moves_deadline_timer_and_list(cases, notifying, anna, on, database):
    before = wakes_at(database, notifying)

    cases.correct_fact(notifying, "aware_on", "2019-03-01", reason="earlier call", actor=anna)

    assert deadline(cases, notifying, anna).due_on == date(2019, 3, 8)
    assert cases.open_tasks(notifying)[0].due_on == date(2019, 3, 8)
    assert wakes_at(database, notifying) < before
    on("2019-03-09 00:01")
    cases.fire_due_timers()
    assert "Why_late" in elements(cases, notifying)


def test_old_and_new_date_stay_in_the_audit_with_the_reason(cases, notifying, anna):
    cases.correct_fact(notifying, "aware_on", "2019-03-01", reason="earlier call", actor=anna)

    bodies = {entry.action: entry.body for entry in cases.case(notifying, anna).timeline}
    assert bodies["fact_corrected"]["facts"] == {"aware_on": ["2019-03-04", "2019-03-01"]}
    assert bodies["fact_corrected"]["reason"] == "earlier call"
    assert (bodies["deadline_moved"]["old"], bodies["deadline_moved"]["new"]) == (
        "2019-03-11",
        "2019-03-08",
    )


@pytest.mark.parametrize(
    ("fact", "value", "error"),
    [
        ("aware_on", "2019-02-31", InvalidAnswers),
        ("aware_on", "", Refused),  # a running clock counts from it
        ("aware_on", "2019-03-04", Refused),  # it says so already
        ("child", "Mia", NotFound),  # not a fact
    ],
)
def test_a_correction_that_cannot_be_is_refused(cases, notifying, *, anna, fact, value, error):
    with pytest.raises(error):
        cases.correct_fact(notifying, fact, value, reason="try", actor=anna)

    assert deadline(cases, notifying, anna).due_on == date(2019, 3, 11)


# -- the calendar changes -----------------------------------------------------------------------
HOLIDAY = CalendarChange(date(2019, 3, 7), "A royal funeral", working=False, source="Gazette")


def test_a_bank_holiday_added_moves_open_deadlines_and_their_timers(
    cases, notifying, anna, database
):
    before = wakes_at(database, notifying)
    previewed = cases.preview_calendar_change(HOLIDAY)

    moved = cases.add_calendar_change(HOLIDAY, actor=anna)

    assert previewed == moved
    assert [(m.case_ref, m.old_on, m.new_on) for m in moved] == [
        (notifying, date(2019, 3, 11), date(2019, 3, 12))
    ]
    found = deadline(cases, notifying, anna)
    assert found.due_on == date(2019, 3, 12)
    assert "A royal funeral" in [day.name for day in found.due.skipped]
    assert wakes_at(database, notifying) > before  # the reminder moves too


def test_a_deadline_that_was_met_keeps_its_date(cases, notifying, anna, do):
    do(notifying, "Notify", notified_on="2019-03-05")

    moved = cases.add_calendar_change(HOLIDAY, actor=anna)

    assert moved == ()
    assert deadline(cases, notifying, anna).due_on == date(2019, 3, 11)


def test_bundles_are_parsed_once_for_each_state_of_the_calendar(
    cases, notifying, anna, do, monkeypatch
):
    made = []
    ready = bundles.make_ready
    monkeypatch.setattr(bundles, "make_ready", lambda *a, **k: made.append(a) or ready(*a, **k))

    cases.case(notifying, anna)
    do(notifying, "Notify", notified_on="2019-03-05")
    assert made == []

    cases.add_calendar_change(HOLIDAY, actor=anna)
    cases.case(notifying, anna)
    cases.case(notifying, anna)
    assert len(made) == 1


# -- waiting on the way -------------------------------------------------------------------------
def test_a_case_that_waits_for_a_date_says_for_which(cases, anna, do, on):
    ref = cases.open_case("pausing", area="E1", title="An example", actor=anna).ref
    do(ref, "Plan", publish_on="2019-05-07")

    waits = cases.case(ref, anna).waits

    assert [(each.element, each.until) for each in waits] == [
        ("The_day", datetime(2019, 5, 6, 23, tzinfo=UTC))  # midnight in London
    ]


def test_a_clock_beside_a_task_holds_nothing_up(cases, notifying, anna):
    assert cases.case(notifying, anna).waits == ()
