"""Each shipped diagram opens in the Camunda Modeler and comes back unchanged in meaning."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from engine.diagrams.difference import difference
from tests.skips import skip

pytestmark = pytest.mark.modeler
HERE = Path(__file__).parent
SHIPPED = sorted(HERE.parents[1].joinpath("bpmn_diagrams").glob("*.bpmn"))
SAMPLE = HERE.parent / "engine/pictures/sample.bpmn"
each_diagram = pytest.mark.parametrize("path", [*SHIPPED, SAMPLE], ids=lambda path: path.stem)


def node(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    program = shutil.which("node")
    if program is None:
        skip("Node.js is not on this machine")
    if not HERE.joinpath("node_modules/bpmnlint").is_dir():
        skip("the packages of tests/modeler are not installed: npm ci")
    command = [program, *map(str, arguments)]
    return subprocess.run(
        command, cwd=HERE, capture_output=True, text=True, timeout=100, check=False
    )


def read_back(*paths: Path) -> dict[str, dict[str, object]]:
    done = node("roundtrip.mjs", *paths)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def as_read():
    """What the Modeler's reader makes of every shipped diagram; one start of Node.js for all."""
    return read_back(*SHIPPED, SAMPLE)


@each_diagram
def test_the_modeler_reads_the_diagram_without_a_warning(as_read, path):
    assert as_read[str(path)]["warnings"] == []


@each_diagram
def test_the_modeler_knows_every_element_and_attribute(as_read, path):
    assert as_read[str(path)]["unknown"] == []


@each_diagram
def test_what_the_modeler_writes_back_means_the_same(as_read, path):
    written = as_read[str(path)]["xml"].encode()

    assert [change.sentence for change in difference(path.read_bytes(), written)] == []


def test_an_unknown_attribute_and_element_are_noticed(tmp_path):
    odd = tmp_path / "odd.bpmn"
    odd.write_bytes(
        SAMPLE.read_bytes()
        .replace(b'id="Mend" ', b'id="Mend" camunda:nonsense="1" ')
        .replace(b"<camunda:formData>", b'<x:own xmlns:x="urn:x" /><camunda:formData>')
    )

    unknown = read_back(odd)[str(odd)]["unknown"]

    assert unknown == ["Report_leak: element x:own", "Mend: attribute camunda:nonsense"]


@each_diagram
def test_the_diagram_keeps_the_recommended_rules_of_drawing(path):
    done = node("node_modules/bpmnlint/bin/bpmnlint.js", "--config", ".bpmnlintrc", path)

    assert done.returncode == 0, done.stdout + done.stderr


def test_a_diagram_that_breaks_a_recommended_rule_is_noticed(tmp_path):
    broken = tmp_path / "broken.bpmn"
    broken.write_bytes(SAMPLE.read_bytes().replace(b' name="Mend the pipe"', b""))

    done = node("node_modules/bpmnlint/bin/bpmnlint.js", "--config", ".bpmnlintrc", broken)

    assert done.returncode == 1
    assert "label-required" in done.stdout


def test_the_lock_file_names_no_address():
    lock = HERE.joinpath("package-lock.json").read_text(encoding="utf-8")

    assert "resolved" not in lock
    assert "registry" not in lock
