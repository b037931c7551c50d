"""The command line as other programs rely on it: what is printed where, and the exit code."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from webapp.cli import main

DIAGRAMS = Path(__file__).parents[2] / "bpmn_diagrams"


@pytest.fixture
def folder(tmp_path):
    """A copy of the shipped bundle that a test may break."""
    return shutil.copytree(DIAGRAMS, tmp_path / "bundle")


def edit(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_a_deadline_is_printed_first_and_explained_below(capsys):
    code = main(["deadline", "R02", "2018-12-20"])

    date, *why = capsys.readouterr().out.splitlines()
    assert (code, date) == (0, "2018-12-31")
    assert any("Boxing Day" in line for line in why)


def test_a_deadline_as_json_lists_counted_and_skipped_days(capsys):
    main(["deadline", "R02", "2018-12-20", "2026-12-24", "--json"])

    first, second = json.loads(capsys.readouterr().out)
    assert (first["rule"], first["start"], first["due"]) == ("R02", "2018-12-20", "2018-12-31")
    assert {"on": "2018-12-25", "name": "Christmas Day"} in first["skipped"]
    assert second["due"] == "2027-01-05"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["deadline", "R20", "2018-12-20"], "R20"),
        (["deadline", "R02", "2018-04-31"], "2018-04-31"),
        (["deadline", "R02", "20188-01-01"], "20188-01-01"),
        (["deadline", "R02", "2390-01-01"], "2390"),
        (["check", "nowhere.bpmn"], "nowhere.bpmn"),
        (["check", "README.md"], "nothing to check"),
        (["draw", "nowhere.bpmn", "-o", "out.svg"], "nowhere.bpmn"),
        (["rehearse", "nowhere.toml"], "nowhere.toml"),
        (["rehearse", "ordinary.toml"], "nothing to rehearse"),
        (["draw", __file__, "-o", "out.svg"], "test_commands.py:1:1"),
        (["diff", __file__, __file__], "name a file ending in .bpmn"),
    ],
)
def test_bad_input_is_one_line_on_stderr_and_exit_code_2(arguments, said, capsys):
    code = main(arguments)

    told = capsys.readouterr()
    assert (code, told.out) == (2, "")
    assert said in told.err
    assert told.err.splitlines()[-1].startswith("cspr: ")


def test_the_shipped_bundle_passes_its_check(capsys):
    assert main(["check", *map(str, sorted(DIAGRAMS.iterdir()))]) == 0


def test_a_finding_is_printed_with_file_line_element_and_remedy(folder, capsys):
    edit(folder / "publication.bpmn", 'due("R23")', 'due("R99")')

    code = main(["check", str(folder / "publication.bpmn"), "--json"])

    found = [one for one in json.loads(capsys.readouterr().out) if one["severity"] == "error"]
    assert code == 1
    assert found[0]["file"] == str(folder / "publication.bpmn")
    assert found[0]["line"] > 1
    assert found[0]["element"]
    assert found[0]["remedy"]


def test_what_a_change_breaks_elsewhere_is_told_too(folder, capsys):
    for diagram in folder.glob("*.bpmn"):
        text = diagram.read_text(encoding="utf-8")
        diagram.write_text(text.replace("R28", "R25"), encoding="utf-8")

    code = main(["check", str(folder / "publication.bpmn")])

    told = capsys.readouterr().out
    assert code == 1
    assert "error law-uncovered: no element serves the duty R28" in told


def test_a_diagram_that_is_gone_is_told_where_it_was_called(folder, capsys):
    (folder / "publication.bpmn").unlink()

    code = main(["check", str(folder / "delay_notice.bpmn"), "--json"])

    found = json.loads(capsys.readouterr().out)
    assert code == 1
    assert str(folder / "local_review.bpmn") in {one["file"] for one in found}


def test_a_folder_named_like_a_diagram_is_passed_over(folder):
    (folder / "old.bpmn").mkdir()

    assert main(["check", str(folder)]) == 0


def test_a_picture_is_written(tmp_path):
    out = tmp_path / "out.svg"

    assert main(["draw", str(DIAGRAMS / "delay_notice.bpmn"), "-o", str(out)]) == 0
    assert out.read_text(encoding="utf-8").startswith("<svg")


def test_no_difference_is_silence_and_exit_code_0(folder, capsys):
    assert main(["diff", str(DIAGRAMS), str(folder)]) == 0
    assert capsys.readouterr().out == ""


def test_a_changed_timer_is_told_in_a_sentence(folder, capsys):
    edit(folder / "publication.bpmn", 'due("R23")', 'due("R24")')

    code = main(["diff", str(DIAGRAMS), str(folder)])

    assert code == 1
    assert "R24" in capsys.readouterr().out


def test_two_files_of_different_names_are_compared_as_one_diagram(folder, capsys):
    edit(folder / "publication.bpmn", 'due("R23")', 'due("R24")')
    changed = (folder / "publication.bpmn").rename(folder / "publication new.bpmn")

    code = main(["diff", str(DIAGRAMS / "publication.bpmn"), str(changed)])

    assert code == 1
    assert "R24" in capsys.readouterr().out


def test_a_damaged_side_of_a_difference_is_named(tmp_path, capsys):
    (tmp_path / "damaged.bpmn").write_bytes(b"\x89PNG")

    code = main(["diff", str(tmp_path / "damaged.bpmn"), str(DIAGRAMS / "publication.bpmn")])

    assert code == 2
    assert "damaged.bpmn:1:1 this is a PNG picture" in capsys.readouterr().err


def test_no_web_server_is_loaded_to_work_out_a_date():
    program = (
        "import sys; from webapp.cli import main; main(['deadline', 'R02', '2018-12-20']);"
        " sys.exit(int('flask' in sys.modules))"
    )

    done = subprocess.run([sys.executable, "-c", program], check=False, capture_output=True)

    assert done.returncode == 0


def test_brackets_without_end_are_told_and_not_followed(tmp_path, capsys):
    deep = tmp_path / "deep.toml"
    deep.write_text("a = " + "[" * 5_000 + "]" * 5_000, encoding="utf-8")

    codes = [
        main(["diff", str(deep), str(DIAGRAMS / "deadlines.toml")]),
        main(["rehearse", str(deep)]),
    ]

    assert codes == [2, 2]
    assert len(capsys.readouterr().err.splitlines()) == 2
