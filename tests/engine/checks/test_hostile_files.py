from __future__ import annotations

import time

import pytest

from engine.checks import check
from engine.checks.example_world import OPENING, definition
from engine.checks.examples import bundle
from tests.engine.checks.hostile import DRAWINGS, FILES, PLAIN


def rules(files: dict[str, bytes]) -> set[str]:
    return {finding.rule for finding in check(files, definition(), opening=OPENING)}


@pytest.mark.parametrize(("content", "rule"), [f[1:] for f in FILES], ids=[f[0] for f in FILES])
def test_a_hostile_file_is_refused_by_name_and_quickly(content, rule):
    began = time.perf_counter()

    found = rules({"p.bpmn": content})

    assert rule in found
    assert time.perf_counter() - began < 2


@pytest.mark.parametrize(("text", "rule"), [d[1:] for d in DRAWINGS], ids=[d[0] for d in DRAWINGS])
def test_a_diagram_that_cannot_be_run_is_refused_by_name(text, rule):
    files = bundle(text)

    found = rules(files)

    assert rule in found


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_every_usual_encoding_is_read(encoding):
    text = PLAIN.decode().replace("UTF-8", "UTF-16" if encoding == "utf-16" else "UTF-8")

    found = rules({"p.bpmn": text.encode(encoding)})

    assert not found & {"encoding", "xml", "not-bpmn"}


def test_a_stylesheet_instruction_is_dropped():
    stylesheet = b'<?xml-stylesheet href="http://127.0.0.1/x.xsl" type="text/xsl"?>'
    content = PLAIN.replace(b"?>\n", b"?>\n" + stylesheet, 1)

    assert rules({"p.bpmn": content}) == rules({"p.bpmn": PLAIN})


def test_a_fault_names_its_line():
    files = {
        "p.bpmn": PLAIN.replace(b"<startEvent", b"\n\n<startEvent", 1).replace(b"</process>", b"")
    }

    finding = check(files, definition())[0]

    assert (finding.file, finding.line, finding.rule) == ("p.bpmn", 4, "xml")


def test_a_picture_named_as_a_diagram_is_called_a_picture():
    finding = check({"p.bpmn": b"\x89PNG\r\n"}, None)[0]

    assert "this is a PNG picture" in finding.message


def test_a_misspelt_name_gets_the_nearest_one():
    text = (
        "start s; user u form=[died boolean required]; exclusive g; end e; end f; s>u>g; "
        "g>e [dyed == true]; g>f [default]"
    )

    finding = check(bundle(text), definition(), opening=OPENING)[0]

    assert "Did you mean died?" in finding.message


def test_every_fault_is_told_at_once():
    text = "start s; user u lane=[] bare; user v bare; end e; s>u>v>e"

    found = rules(bundle(text))

    assert {"user-without-lane", "user-without-form", "guidance-missing", "law-missing"} <= found
