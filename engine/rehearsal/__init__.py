"""Scenarios played in legal time by the real engine, on a database of their own."""

from __future__ import annotations

from engine.rehearsal.coverage import Coverage, coverage
from engine.rehearsal.scenario import Scenario, ScenarioFault, ordinary_answers, read_scenario
from engine.rehearsal.stage import Entry, Rehearsal, Stage, open_stage

__all__ = [
    "Coverage",
    "Entry",
    "Rehearsal",
    "Scenario",
    "ScenarioFault",
    "Stage",
    "coverage",
    "open_stage",
    "ordinary_answers",
    "read_scenario",
]
