"""Commands of an installation, on a data folder of their own."""

from __future__ import annotations

import io
import sqlite3
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from webapp.cli import main

DIAGRAMS = Path(__file__).parents[2] / "bpmn_diagrams"


@pytest.fixture
def data(tmp_path):
    return ["--data", str(tmp_path / "data")]


@pytest.fixture
def typed(monkeypatch):
    """What is typed on standard input."""

    def put(text):
        monkeypatch.setattr("sys.stdin", io.StringIO(text))

    return put


def publish(data):
    return main(
        ["publish", str(DIAGRAMS), "--author", "Ada", "--reason", "the first bundle", *data]
    )


def test_a_folder_of_diagrams_is_published_under_a_number(data, capsys):
    assert publish(data) == 0
    assert "bundle 1 is live" in capsys.readouterr().out


def test_a_folder_with_a_fault_is_refused_and_nothing_is_live(data, tmp_path, capsys):
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "one.bpmn").write_text("<html/>", encoding="utf-8")

    code = main(["publish", str(tmp_path / "broken"), "--author", "A", "--reason", "B", *data])

    assert code == 2
    assert "one.bpmn" in capsys.readouterr().err
    assert rows(tmp_path, "select count(*) from bundle") == [(0,)]


def rows(tmp_path, query):
    database = sqlite3.connect(tmp_path / "data" / "cspr.sqlite3")
    try:
        return database.execute(query).fetchall()
    finally:
        database.close()


def test_a_person_is_added_with_roles_and_a_password_from_standard_input(data, typed, tmp_path):
    typed("a long and fictional password\n")
    who = ["user", "add", "ada@example.org", "--name", "Ada Example", "--role", "business_unit"]

    assert main([*who, *data]) == 0

    assert rows(tmp_path, "select email, name from person") == [("ada@example.org", "Ada Example")]


def test_an_unknown_role_is_refused_with_the_known_ones(data, typed, capsys):
    typed("a long and fictional password\n")

    code = main(["user", "add", "a@example.org", "--name", "A", "--role", "king", *data])

    assert code == 2
    assert "business_unit" in capsys.readouterr().err


def add_area(data, *, code="NM", began="2019-04-01"):
    return main(["area", "add", code, "--name", "Northmere", "--start-on", began, *data])


def test_an_area_is_added_with_what_its_cases_are_opened_with(data, typed, tmp_path):
    typed("a long and fictional password\n")
    who = ["user", "add", "ada@example.org", "--name", "Ada", "--role", "la_officer"]

    assert add_area(data) == 0
    assert main([*who, "--area", "NM", *data]) == 0

    facts = '{"arrangements_start_on": "2019-04-01"}'
    assert rows(tmp_path, "select code, name, facts from area") == [("NM", "Northmere", facts)]


def test_an_odd_start_of_an_area_is_warned_about(data, capsys):
    assert add_area(data, began="2019-12-01") == 0
    assert "were to begin by 29 September 2019" in capsys.readouterr().err


@pytest.mark.parametrize("wrong", [{"code": "north mere"}, {"began": "2019-02-30"}])
def test_an_area_that_makes_no_sense_is_refused_in_one_line(data, capsys, wrong):
    assert add_area(data, **wrong) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_a_whole_audit_is_told_with_its_head(data, capsys):
    publish(data)

    assert main(["verify", *data]) == 0
    assert "whole" in capsys.readouterr().out


def test_a_changed_audit_row_is_found(data, tmp_path, capsys):
    publish(data)
    database = sqlite3.connect(tmp_path / "data" / "cspr.sqlite3")
    for (trigger,) in database.execute(
        "select name from sqlite_master where type = 'trigger' and tbl_name = 'audit'"
    ).fetchall():
        database.execute(f"drop trigger {trigger}")
    database.execute("update audit set actor = 'somebody else' where seq = 1")
    database.commit()
    database.close()

    assert main(["verify", *data]) == 1
    assert "NOT WHOLE" in capsys.readouterr().out


def test_the_doctor_finds_a_fresh_installation_sound(data, capsys):
    publish(data)

    assert main(["doctor", *data]) == 0
    assert "FAIL" not in capsys.readouterr().out


@pytest.mark.parametrize("command", ["verify", "doctor"])
def test_a_folder_without_an_installation_is_not_called_sound(command, data, capsys):
    assert main([command, *data]) == 2
    assert "there is no installation here" in capsys.readouterr().err


def test_a_setting_that_makes_no_sense_names_its_variable(data, monkeypatch, capsys):
    monkeypatch.setenv("CSPR_IDLE_MINUTES", "soon")

    assert publish(data) == 2
    assert "CSPR_IDLE_MINUTES" in capsys.readouterr().err


def test_run_serves_on_a_free_port_and_says_where(tmp_path):
    command = [Path(sys.executable).parent / "cspr", "run", "--port", "0", "--data", tmp_path]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        address = server.stdout.readline().split()[3]

        try:
            with urllib.request.urlopen(f"{address}/healthz", timeout=10) as answer:  # noqa: S310  # our own server on 127.0.0.1
                said = answer.read()
        finally:
            server.terminate()

    assert said == b"ok\n"
    assert address.startswith("http://127.0.0.1:")
