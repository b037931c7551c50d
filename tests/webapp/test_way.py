"""The way of a case over a shipped diagram."""

from __future__ import annotations

import pytest

from engine.diagrams.model import Process
from engine.diagrams.reading import load
from processes.definition import shipped_files
from webapp.cases import way


@pytest.fixture(scope="module")
def overview() -> Process:
    return load(shipped_files()).processes["serious_incident"]


def test_what_lies_between_two_steps_of_people_was_passed_too(overview: Process) -> None:
    passed = way.passed(
        overview,
        here=frozenset({"Until_panel_answers", "Carry_out_rapid_review"}),
        been=frozenset({"Notify_incident"}),
    )

    names = {overview.nodes[element].name for element in passed}
    assert "Is a rapid review needed?" in names
    assert "Find out who reviews" in names
    assert "No rapid review needed" not in names
    assert "Review decided" not in names


def test_clocks_beside_the_work_and_frames_around_it_are_not_where_it_stands(
    overview: Process,
) -> None:
    clocks = {node.id for node in overview.boundaries("Carry_out_rapid_review")}

    stands = way.standing(overview, {"Until_panel_answers", "Carry_out_rapid_review", *clocks})

    assert stands == {"Carry_out_rapid_review"}


def test_a_case_that_never_came_to_a_diagram_has_no_way_on_it(overview: Process) -> None:
    assert way.passed(overview, here=frozenset(), been=frozenset()) == frozenset()
