"""Every duty and every clock is quoted word for word from the law text that is shipped."""

from __future__ import annotations

import pytest

from processes import duties
from processes.deadline_rules import FORCES, read_rules
from processes.definition import definition
from processes.roles import ROLES

REGISTER = duties.register()
ROLE_IDS = {role.id for role in ROLES}


def test_the_register_holds_every_duty_once():
    assert list(REGISTER) == [f"R{number:02}" for number in range(1, 38)]


@pytest.mark.parametrize("duty_id", REGISTER)
def test_the_phrase_of_a_duty_stands_in_the_law(duty_id):
    assert REGISTER[duty_id].duty.phrase in duties.law_text()


@pytest.mark.parametrize("duty_id", REGISTER)
def test_a_duty_is_told_with_roles_clocks_and_a_force_that_exist(duty_id, legal_time):
    entry = REGISTER[duty_id]

    assert set(entry.actors) <= ROLE_IDS
    assert entry.actors
    assert set(entry.deadlines) <= set(legal_time.rules)
    assert entry.duty.force in duties.FORCES


def test_the_phrase_of_a_clock_stands_in_the_law(rules):
    for versions in read_rules(rules).versions.values():
        for version in versions:
            quoted = version.rule.source.split("“")[1].split("”")[0]

            assert quoted in duties.law_text(), version.rule.id


def test_clocks_name_duties_and_duties_name_their_clocks(legal_time):
    for rule in legal_time.rules.values():
        assert rule.force in FORCES
        for duty_id in rule.law:
            assert duty_id in REGISTER
        if rule.id in REGISTER:
            assert rule.id in REGISTER[rule.id].deadlines or rule.force == "local"


def test_few_duties_are_waived_and_each_has_a_reason():
    waived = duties.waived()

    assert set(waived) == {"R30"}
    assert all(len(reason) > 30 for reason in waived.values())


def test_the_engine_gets_the_whole_definition():
    process = definition()

    assert process.role("panel").liaison == "business_unit"
    assert set(process.duties) == set(REGISTER)
    assert "deadlines.toml" in process.files()
    assert set(process.legal_time(process.files()["deadlines.toml"], ()).facts) >= {"died"}
