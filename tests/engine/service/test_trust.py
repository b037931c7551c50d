from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import text, update
from sqlalchemy.exc import DatabaseError

from engine.errors import Conflict, DiagramRefused, Refused
from engine.service import AuditFilter, Cases
from engine.store import tables
from engine.store.triggers import create_triggers


def unprotected(database, statement):
    """What somebody with the database's own rights could do: drop the triggers first."""
    with database.begin() as connection:
        table = "" if database.dialect.name == "sqlite" else " on audit"
        for name in ("audit_no_update", "audit_no_delete", "audit_chain"):
            connection.execute(text(f"drop trigger {name}{table}"))
        connection.execute(statement)
        create_triggers(connection)


FORGED = """
insert into audit
select seq + 1000, case_id, at, actor, on_behalf_of, action, element, body, previous, hash
from audit where seq = 1
"""


@pytest.mark.parametrize(
    "statement",
    [
        "update audit set actor = 'eve' where seq = 2",
        "delete from audit where seq = 2",
        FORGED,
        "update answer set by = 'eve'",
        "update bundle_file set name = 'x'",
        "delete from bundle_file",
    ],
)
def test_the_database_itself_refuses_to_change_what_happened(
    cases, opened, do, database, statement
):
    do(opened, "Record", aware_on="2019-03-04")

    with pytest.raises(DatabaseError), database.begin() as connection:
        connection.execute(text(statement.replace(" by =", ' "by" =')))

    assert cases.verify().whole


@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        ("update audit set actor = 'eve' where seq = 4", "Entry 4 was changed"),
        ("delete from audit where seq = 4", "entry 4 was expected"),
        (
            "delete from audit where seq = (select max(seq) from audit)",
            "has 3 entries, but 2 are there",
        ),
    ],
)
def test_tampering_behind_the_triggers_is_found(cases, opened, *, do, database, statement, problem):
    do(opened, "Record", aware_on="2019-03-04")
    assert cases.verify().whole

    unprotected(database, text(statement))

    assert problem in " ".join(cases.verify().problems)


@pytest.mark.parametrize(
    "forged",
    [
        {"case_id": None},
        {"at": datetime(2019, 3, 1, tzinfo=UTC)},
        {"actor": "eve"},
        {"on_behalf_of": "panel"},
        {"action": "cancelled"},
        {"element": "Tell"},
        {"body": "{}"},
    ],
    ids=lambda forged: next(iter(forged)),
)
def test_nothing_an_entry_says_can_be_changed_unseen(cases, opened, do, database, forged):
    do(opened, "Record", aware_on="2019-03-04")

    unprotected(database, update(tables.audit).where(tables.audit.c.seq == 4).values(forged))

    assert "Entry 4 was changed after it was written." in cases.verify().problems


def test_a_missing_trigger_is_found(cases, database):
    table = "" if database.dialect.name == "sqlite" else " on audit"
    with database.begin() as connection:
        connection.execute(text(f"drop trigger audit_no_delete{table}"))

    assert "audit_no_delete" in cases.verify().problems[0]
    assert not next(c for c in cases.doctor() if c.name == "audit protected").passed


def test_the_self_check_of_a_sound_installation_finds_nothing(cases, opened):
    assert [check for check in cases.doctor() if not check.passed] == []


def test_every_change_of_a_case_stands_in_the_audit(cases, opened, anna, ben, do):
    task = cases.open_tasks(opened)[0]
    cases.claim(task.id, actor=anna)
    cases.release(task.id, actor=anna)
    cases.assign(task.id, to=ben, reason="on leave", actor=anna)
    do(opened, "Record", aware_on="2019-03-04", died=True)

    entries = cases.audit(AuditFilter(case_ref=opened))
    assert [entry.action for entry in reversed(entries)] == [
        "opened",
        "claimed",
        "released",
        "assigned",
        "completed",
        "deadline_started",
    ]
    assert entries[1].body["facts"] == {"aware_on": [None, "2019-03-04"], "died": [None, True]}
    assert [e.action for e in cases.audit(AuditFilter(actor="ben"))][-1] == "completed"


# -- who has a task -----------------------------------------------------------------------------
def test_a_task_taken_by_one_cannot_be_taken_or_done_by_another(cases, opened, anna, ben, do):
    task = cases.open_tasks(opened)[0]
    cases.claim(task.id, actor=anna)
    cases.claim(task.id, actor=anna)  # again: nothing to say

    with pytest.raises(Conflict, match="taken by Anna Berg"):
        cases.claim(task.id, actor=ben)
    with pytest.raises(Refused, match="Anna Berg has taken this task"):
        do(opened, "Record", actor=ben, aware_on="2019-03-04")
    with pytest.raises(Refused, match="You have not taken"):
        cases.release(task.id, actor=ben)


def test_a_task_is_not_given_to_somebody_without_its_role(cases, opened, anna):
    kim = cases.actor("kim", "Kim", frozenset({("partner", "E1")}))
    task = cases.open_tasks(opened)[0]

    with pytest.raises(Refused, match="kim does not have the role"):
        cases.assign(task.id, to=kim, reason="help", actor=anna)


def test_a_draft_comes_back_as_it_was_typed(cases, opened, anna):
    task = cases.open_tasks(opened)[0]

    cases.save_draft(task.id, {"aware_on-day": ["31"], "child": ["M"]}, actor=anna)

    page = cases.task(task.id, anna)
    assert page.draft == {"aware_on-day": ["31"], "child": ["M"]}
    assert page.draft_by == "anna"


def test_a_draft_is_gone_when_the_task_is_done(cases, opened, anna, do, database):
    task = cases.open_tasks(opened)[0]
    cases.save_draft(task.id, {"child": ["Mia"]}, actor=anna)

    do(opened, "Record", aware_on="2019-03-04", child="Mia Lane")

    page = cases.task(task.id, anna)
    assert page.draft is None
    assert page.values["child"] == "Mia Lane"


def test_a_task_goes_to_whom_the_facts_name_and_the_hand_over_is_told(cases, anna, do, on):
    ref = cases.open_case("handing_over", area="E1", title="Two bodies", actor=anna).ref
    do(ref, "Ask", body="worker")
    assert {t.element: t.role for t in cases.open_tasks(ref)}["Hold"] == "worker"

    cases.correct_fact(ref, "body", "partner", reason="new arrangements", actor=anna)

    assert {t.element: t.role for t in cases.open_tasks(ref)}["Hold"] == "partner"
    told = next(e for e in cases.case(ref, anna).timeline if e.action == "handed_over")
    assert (told.body["from"], told.body["to"]) == ("worker", "partner")


def test_no_value_of_a_row_reaches_an_error_of_the_database(sqlite_database):
    with pytest.raises(DatabaseError) as failed, sqlite_database.begin() as connection:
        connection.execute(text("insert into area (code) values (:child)"), {"child": "Mia Lane"})

    assert "Mia Lane" not in str(failed.value)


# -- publishing ---------------------------------------------------------------------------------
def test_diagrams_with_a_fault_are_not_published(cases, definition):
    files = dict(definition.files()) | {"rounds.bpmn": b"<not-bpmn/>"}

    with pytest.raises(DiagramRefused) as refused:
        cases.publish(files, author="anna", reason="a try")

    assert refused.value.findings
    assert [row.number for row in cases.bundles()] == [1]


def test_the_same_content_is_the_same_bundle_however_it_is_laid_out(cases, definition):
    files = {
        name: content.replace(b"><bpmn:", b">\n  <bpmn:") if name.endswith(".bpmn") else content
        for name, content in definition.files().items()
    }

    again = cases.publish(files, author="ben", reason="saved by another program")

    assert again.number == 1
    assert len(cases.bundles()) == 1


def test_open_cases_stay_on_their_bundle_and_new_ones_start_on_the_new(
    cases, definition, opened, anna
):
    files = dict(definition.files())
    files["deadlines.toml"] = files["deadlines.toml"].replace(b"number = 5", b"number = 6")

    published = cases.publish(files, author="ben", reason="six days", approver="anna")

    fresh = cases.open_case("incident", area="E1", title="A new one", actor=anna).ref
    assert published.number == 2
    assert cases.case(opened, anna).bundle_number == 1
    assert cases.case(fresh, anna).bundle_number == 2
    assert cases.bundle_files(published.hash) == files


def test_an_open_case_moves_to_the_live_bundle_and_its_rules(cases, definition, opened, anna, do):
    do(opened, "Record", aware_on="2019-03-04")
    files = dict(definition.files())
    files["deadlines.toml"] = files["deadlines.toml"].replace(b"number = 5", b"number = 6")
    cases.publish(files, author="ben", reason="six days")

    cases.migrate(opened, reason="the new guidance", actor=anna)

    view = cases.case(opened, anna)
    assert view.bundle_number == 2
    assert view.deadlines[0].due_on.isoformat() == "2019-03-12"
    do(opened, "Notify", notified_on="2019-03-05")
    assert cases.case(opened, anna).deadlines[0].status == "met"
    with pytest.raises(Refused, match="already"):
        cases.migrate(opened, reason="again", actor=anna)


def test_a_case_whose_open_task_is_gone_stays_where_it_is(cases, definition, opened, anna):
    files = {
        name: content.replace(b'"Record"', b'"Write_down"').replace(b">Record<", b">Write_down<")
        for name, content in definition.files().items()
    }
    cases.publish(files, author="ben", reason="another task")

    with pytest.raises(Refused, match="Record is open, and gone"):
        cases.migrate(opened, reason="try", actor=anna)

    assert cases.case(opened, anna).bundle_number == 1


def test_nothing_starts_before_something_is_published(database, definition):
    empty = Cases(database, definition)
    root = empty.actor("root", "Root", frozenset({("worker", None)}))
    empty.put_area("E1", "Eastshire", facts={}, actor=root)

    with pytest.raises(Refused, match="Nothing is published"):
        empty.open_case("incident", area="E1", title="Too early", actor=root)
