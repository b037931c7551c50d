"""One stage for all scenarios: the shipped bundle on a database of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.rehearsal import open_stage, ordinary_answers
from processes.definition import definition

SCENARIOS = Path(__file__).parents[2] / "bpmn_diagrams" / "scenarios"


@pytest.fixture(scope="session")
def ordinary():
    return ordinary_answers((SCENARIOS / "ordinary.toml").read_bytes())


@pytest.fixture(scope="session")
def stage():
    with open_stage(definition(), definition().files()) as opened:
        yield opened


@pytest.fixture(scope="session")
def played(stage, ordinary):
    """Plays a scenario once, however many tests ask for it."""
    known = {}

    def play(scenario):
        if scenario.name not in known:
            known[scenario.name] = stage.play(scenario, ordinary)
        return known[scenario.name]

    return play
