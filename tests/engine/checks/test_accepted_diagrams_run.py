from __future__ import annotations

import random
import time

import pytest

from engine.checks import check
from engine.spiff.runtime import Runtime
from processes.definition import definition
from tests.engine.checks.random_diagrams import broken, proof

SHIPPED = definition().files()
DIAGRAMS = sorted(name for name in SHIPPED if name.endswith(".bpmn"))


def test_what_is_accepted_runs_to_an_end_whatever_people_choose():
    result = proof(300, seed=50_000)

    assert result.wrong == []
    assert result.accepted > 50
    assert result.ended == result.runs


def test_unsound_diagrams_are_among_those_refused():
    result = proof(300, seed=50_000, runs=0)

    assert {"stuck", "unreached", "no-way-on", "loop-without-wait"} <= result.refused.keys()


@pytest.mark.parametrize("name", DIAGRAMS)
def test_a_broken_shipped_diagram_is_judged_quickly_and_without_an_exception(name):
    rng = random.Random(name)
    slowest = 0.0

    for _ in range(5):
        files = {**SHIPPED, name: broken(SHIPPED[name], rng)}
        began = time.perf_counter()
        found = check(files, definition())
        slowest = max(slowest, time.perf_counter() - began)
        assert all(each.message and each.remedy for each in found)
        assert "check-failed" not in {each.rule for each in found}

    assert slowest < 10


def test_what_is_left_of_a_broken_bundle_and_accepted_begins_a_case():
    rng = random.Random(7)
    legal = definition().legal_time(SHIPPED["deadlines.toml"], ())

    for _ in range(15):
        name = rng.choice(DIAGRAMS)
        files = {**SHIPPED, name: broken(SHIPPED[name], rng)}
        if any(each.severity == "error" for each in check(files, definition())):
            continue
        runtime = Runtime.of(files, legal.functions(), facts=legal.facts)
        case = runtime.start("serious_incident", {"arrangements_start_on": "2019-06-01"})
        assert case.open_tasks()
