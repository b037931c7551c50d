from __future__ import annotations

import pytest

from tests.architecture import built_files
from tests.architecture.built_files import Built


def test_every_built_file_is_what_its_sources_give():
    assert [str(built.path) for built in built_files.stale()] == []
    assert built_files.left_over() == []


@pytest.fixture
def house(tmp_path, monkeypatch):
    """A repository with one built file."""
    monkeypatch.setattr(built_files, "ROOT", tmp_path)
    made = Built(tmp_path / "made.txt", lambda: "new\n")
    monkeypatch.setattr(built_files, "KINDS", (lambda: iter([made]),))
    return tmp_path


@pytest.mark.parametrize("before", [None, "old\n"])
def test_a_missing_or_old_file_is_named_and_can_be_renewed(house, capsys, before):
    if before:
        house.joinpath("made.txt").write_text(before)

    assert built_files.main([]) == 1
    assert "made.txt is not what its sources give" in capsys.readouterr().err
    assert built_files.main(["--write"]) == 0
    assert house.joinpath("made.txt").read_text() == "new\n"
    assert built_files.main([]) == 0


def test_a_picture_whose_diagram_is_gone_is_named_and_taken_away(house):
    house.joinpath("made.txt").write_text("new\n")
    house.joinpath("bpmn_diagrams").mkdir()
    house.joinpath("bpmn_diagrams/gone.svg").write_text("<svg/>")

    assert built_files.main([]) == 1
    built_files.main(["--write"])

    assert built_files.main([]) == 0
