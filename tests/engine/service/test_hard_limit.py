"""Work that ends unproven, by a hard limit or another way: what was due is missed, or goes."""

from __future__ import annotations

from datetime import date

import pytest

from engine.checks.examples import bundle
from engine.definition import Duty, ProcessDefinition, Role
from engine.service import Cases
from processes.deadlines import EnglishLegalTime

DIAGRAM = """
process grace {
  start Begin; user Plan form=[aware_on date required];
  sub Inside { start In; user Finish; user Out form=[done_on date meets=R1+R3]; end Fin;
    In>Finish>Out>Fin };
  boundary Limit on=Inside timer=[due("R3")] law=R1; user Breach; end Breached;
  boundary Target on=Inside calm timer=[due("R1")] law=R1; user Why; end Told_why;
  end Done; Begin>Plan>Inside>Done; Limit>Breach>Breached; Target>Why>Told_why
}
"""
RULES = """
[facts]
aware_on = { title = "Date of awareness", type = "date" }
""" + "".join(
    f"""
[[rule]]
id = "{rule}"
title = "{title}"
counts = "{counts}"
number = {number}
direction = "after"
starts_from = "aware_on"
force = "must"
recipients = []
law = ["R01"]
document = "an example"
phrase = "an example"
"""
    for rule, title, counts, number in (
        ("R1", "Target", "working_days", 5),
        ("R3", "End of the grace", "months", 1),
    )
)
DRAWN = {name: text.replace(b'"R1+R3"', b'"R1 R3"') for name, text in bundle(DIAGRAM).items()}
FILES = DRAWN | {"deadlines.toml": RULES.encode()}
DEFINITION = ProcessDefinition(
    startable=("grace",),
    roles=(Role("worker", "Worker"), Role("partner", "Partner")),
    duties={name: Duty(name, "Duty", "must", "as written") for name in ("R1", "R01")},
    waived={"R01": "an example"},
    statute={},
    legal_time=EnglishLegalTime,
    files=lambda: FILES,
)


@pytest.fixture
def cases(sqlite_database):
    made = Cases(sqlite_database, DEFINITION)
    made.publish(FILES, author="anna", reason="the first ones")
    root = made.actor("root", "Root", frozenset({("worker", None)}))
    made.put_area("E1", "Eastshire", facts={}, actor=root)
    return made


@pytest.fixture
def finishing(cases, anna, do, on):
    """Aware on 4 March 2019: due by 11 March, at the very last by 4 April."""
    ref = cases.open_case("grace", area="E1", title="An example", actor=anna).ref
    do(ref, "Plan", aware_on="2019-03-04")
    do(ref, "Finish")
    return ref


def clocks(cases, ref, actor):
    return {row.rule.id: row for row in cases.case(ref, actor).deadlines}


def test_a_passed_hard_limit_is_missed_and_late(cases, finishing, anna, on):
    on("2019-04-08 10:00")

    cases.fire_due_timers()

    missed = clocks(cases, finishing, anna)
    assert {rule: row.status for rule, row in missed.items()} == {"R1": "missed", "R3": "missed"}
    assert (missed["R3"].overdue, missed["R3"].late_by, missed["R3"].met_on) == (True, 2, None)
    assert "Breach" in [task.element for task in cases.open_tasks(finishing)]


def test_the_missed_limit_is_told_in_the_audit(cases, finishing, anna, on):
    on("2019-04-08 10:00")

    cases.fire_due_timers()

    told = [entry for entry in cases.case(finishing, anna).timeline if "missed" in entry.action]
    assert {entry.body["rule"]: entry.body["due"] for entry in told} == {
        "R1": "2019-03-11",
        "R3": "2019-04-04",
    }


def test_one_date_can_prove_several_duties(cases, finishing, anna, do, on):
    on("2019-03-15 10:00")

    do(finishing, "Out", done_on="2019-03-08")

    met = clocks(cases, finishing, anna)
    assert {rule: row.met_on for rule, row in met.items()} == {
        "R1": date(2019, 3, 8),
        "R3": date(2019, 3, 8),
    }


def test_an_end_without_the_proof_a_form_asks_for_meets_nothing(cases, finishing, anna, do, on):
    on("2019-03-11 10:00")

    do(finishing, "Out")

    gone = clocks(cases, finishing, anna)
    assert {row.status for row in gone.values()} == {"withdrawn"}
    assert not any(row.overdue or row.met_on for row in gone.values())


def test_an_end_without_that_proof_after_the_limit_has_missed_it(cases, finishing, anna, do, on):
    on("2019-03-14 10:00")  # R1 was due on the 11th, R3 on 4 April

    do(finishing, "Out")
    for task in cases.open_tasks(finishing):
        do(finishing, task.element)

    assert {rule: row.status for rule, row in clocks(cases, finishing, anna).items()} == {
        "R1": "missed",
        "R3": "withdrawn",
    }
