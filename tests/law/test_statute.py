"""The law table of the checker fits the diagrams, the register and the deadline rules."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest
from lxml import etree

from processes.definition import shipped_files, statute
from processes.duties import register

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
TABLE = statute()
KINDS = ("must_follow", "must_precede", "deadline", "only_from", "limit")
ROWS = [pytest.param(kind, row, id=row["id"]) for kind in KINDS for row in TABLE[kind]]
NEEDED = {
    "must_follow": {"process", "law", "when", "then"},
    "must_precede": {"process", "law", "first", "before"},
    "deadline": {"process", "rule", "contains", "interrupting"},
    "only_from": {"process", "law", "end", "from"},
    "limit": {"rule", "counts", "number", "direction", "starts_from"},
}


def diagrams():
    shipped = shipped_files()
    return {
        name.removesuffix(".bpmn"): etree.fromstring(content)
        for name, content in shipped.items()
        if name.endswith(".bpmn")
    }


def elements(process, found=None):
    """Ids in a process and in all it calls."""
    found = found or {}
    root = diagrams()[process]
    found[process] = {element.get("id") for element in root.iter() if element.get("id")}
    for call in root.iter(f"{BPMN}callActivity"):
        if call.get("calledElement") not in found:
            elements(call.get("calledElement"), found)
    return found


def named(row):
    for key in ("when", "first", "before", "end"):
        if key in row:
            yield row[key]
    for key in ("then", "contains", "from", "unless_end"):
        yield from row.get(key, ())


@pytest.mark.parametrize(("kind", "row"), ROWS)
def test_a_row_says_what_its_kind_needs(kind, row):
    optional = {"answer", "unless_end"} if kind == "must_follow" else set()

    assert NEEDED[kind] | {"id", "says"} <= set(row) <= NEEDED[kind] | {"id", "says"} | optional
    assert row["says"].endswith(".")


@pytest.mark.parametrize(("kind", "row"), ROWS)
def test_a_row_names_only_steps_duties_and_rules_that_exist(kind, row, legal_time):
    if "process" in row:
        assert set(named(row)) <= set().union(*elements(row["process"]).values())
    assert set(row.get("law", "").split()) <= set(register())
    assert row.get("rule", "R02") in legal_time.rules


@pytest.mark.parametrize("row", TABLE["limit"], ids=lambda row: row["id"])
def test_every_version_of_a_rule_keeps_its_lawful_limit(row, legal_time):
    for version in legal_time.versions(row["rule"]):
        assert (version.counts, version.number) == (row["counts"], row["number"])
        assert (version.direction, version.starts_from) == (row["direction"], row["starts_from"])


def test_every_limit_of_statute_and_guidance_is_in_the_table(legal_time):
    binding = {rule.id for rule in legal_time.rules.values() if rule.force in {"must", "should"}}

    assert {row["rule"] for row in TABLE["limit"]} == binding


def test_every_limit_of_statute_and_guidance_has_its_clock_in_the_table(legal_time):
    binding = {rule.id for rule in legal_time.rules.values() if rule.force in {"must", "should"}}

    assert {row["rule"] for row in TABLE["deadline"]} == binding


def test_a_duty_stands_on_an_element_or_is_waived_but_not_both():
    text = b"".join(
        files("bpmn_diagrams").joinpath(f"{name}.bpmn").read_bytes() for name in diagrams()
    )
    carried = set()

    for value in re.findall(rb'"law" value="([^"]*)"', text):
        carried |= set(value.decode().split())
    waived = {duty_id for duty_id, entry in register().items() if entry.waived}

    assert carried | waived == set(register())
    assert not carried & waived


def test_a_case_knows_the_start_of_its_areas_arrangements_from_the_first_moment():
    assert TABLE["known_at_opening"] == ["arrangements_start_on"]
