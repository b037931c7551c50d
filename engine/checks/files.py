"""Stage file: whether the files can be read, and names and ids stand for one thing each."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from engine.checks.finding import Hit
from engine.checks.registry import rule
from engine.checks.subject import Subject
from engine.diagrams.extensions import line_of
from engine.diagrams.words import BPMN
from engine.diagrams.xml import printable
from engine.errors import RuleProblem

MOST_FILES = 100
LONGEST_NAME = 200
_ID = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,199}")
_FILE = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}")
_OK = "start s; user u; end e; s>u>e"


def _faults(subject: Subject, *rules: str) -> Iterator[Hit]:
    for file, fault in subject.faults:
        if fault.rule in rules:
            yield Hit(file, fault.line, "", fault.message, remedy=fault.remedy)


@rule("xml", "file", remedy="Export the diagram again.", bad="file x.bpmn [<a><b></a>]", good=_OK)
def broken_xml(subject: Subject) -> Iterator[Hit]:
    """The file is well-formed XML. A broken file is read by nobody, not half."""
    yield from _faults(subject, "xml")


@rule(
    "doctype",
    "file",
    remedy="Delete the declaration.",
    bad="file x.bpmn [<!DOCTYPE a><a/>]",
    good=_OK,
)
def declarations(subject: Subject) -> Iterator[Hit]:
    """No DOCTYPE, ENTITY or XInclude: they can read files of the server or fill its memory."""
    yield from _faults(subject, "doctype")


@rule(
    "encoding",
    "file",
    remedy="Save the file as UTF-8.",
    good=_OK,
    bad='file x.bpmn [<?xml version="1.0" encoding="UTF-7"?><a/>]',
)
def encodings(subject: Subject) -> Iterator[Hit]:
    """UTF-8 or UTF-16, and truly so. Other encodings can hide text from the reader of the file."""
    yield from _faults(subject, "encoding")


@rule(
    "too-big",
    "file",
    remedy="Split the process into several diagrams.",
    good=_OK,
    bad="file x.bpmn [<a " + " ".join(f"a{n}='1'" for n in range(101)) + "/>]",
)
def too_big(subject: Subject) -> Iterator[Hit]:
    """At most 2 MB, 20,000 elements, 100 attributes on one element and 100 files."""
    yield from _faults(subject, "too-big")
    if len(subject.files) > MOST_FILES:
        yield Hit("", 1, "", f"{len(subject.files)} files, more than {MOST_FILES}")


@rule(
    "too-deep",
    "file",
    remedy="Move inner sub-processes into diagrams of their own.",
    good=_OK,
    bad="file x.bpmn [" + "<a>" * 61 + "</a>" * 61 + "]",
)
def too_deep(subject: Subject) -> Iterator[Hit]:
    """At most 60 elements within elements."""
    yield from _faults(subject, "too-deep")


@rule(
    "not-bpmn",
    "file",
    remedy="Choose the .bpmn or .dmn file which the modeller saves.",
    good=_OK,
    bad='file x.bpmn [<definitions xmlns="urn:other"/>]',
)
def not_bpmn(subject: Subject) -> Iterator[Hit]:
    """A .bpmn file is BPMN 2.0, a .dmn file is DMN; a picture or a web page is neither."""
    yield from _faults(subject, "not-bpmn")
    for file, root in subject.roots.items():
        name = etree.QName(root)
        if file.endswith(".bpmn") and root.tag != BPMN + "definitions":
            yield Hit(
                file, line_of(root), "", f"this is not BPMN 2.0: its root is {name.text[:200]}"
            )
        if file.endswith(".dmn") and not (
            name.localname == "definitions" and "/spec/DMN/" in (name.namespace or "")
        ):
            yield Hit(file, line_of(root), "", f"this is not DMN: its root is {name.text[:200]}")


@rule(
    "file-name",
    "file",
    remedy="Use letters, digits, dots, hyphens and underscores.",
    good=_OK,
    bad="file ../x.bpmn [<a/>]",
)
def file_names(subject: Subject) -> Iterator[Hit]:
    """File names are plain: no folders, nothing invisible, no more than 100 characters."""
    for file in subject.files:
        if not _FILE.fullmatch(file):
            yield Hit(printable(file), 1, "", f"the file name “{printable(file)}” is not allowed")


@rule(
    "id-characters",
    "file",
    remedy="Use letters, digits, underscore, hyphen and dot.",
    good=_OK,
    bad="start s; user ü; end e; s>ü; s>e",
)
def id_characters(subject: Subject) -> Iterator[Hit]:
    """Ids of elements are plain ASCII names of at most 200 characters.

    They stand in links, messages and the law table, where look-alike and invisible characters
    deceive.
    """
    for file, root in subject.roots.items():
        for element in root.iter():
            ident = element.get("id")
            if ident is not None and not _ID.fullmatch(ident) and _is_drawn(element):
                yield Hit(
                    file,
                    line_of(element),
                    printable(ident, most=40),
                    f"the id “{printable(ident, most=40)}” is not allowed",
                )
    yield from _odd(subject, "id-characters")


def _is_drawn(element: etree._Element) -> bool:
    """Whether the id belongs to a part of the diagram, not to a form's field or to the picture."""
    return element.tag.startswith(BPMN) or "/spec/DMN/" in element.tag


@rule(
    "id-duplicate",
    "file",
    remedy="Give one of the two another id.",
    good=_OK,
    bad="start s; user u; user u; end e; s>u>e",
)
def id_duplicate(subject: Subject) -> Iterator[Hit]:
    """An id names one element of its file, and a process or decision one file of the bundle."""
    for file, root in subject.roots.items():
        first: dict[str, int] = {}
        for element in root.iter():
            ident = element.get("id")
            if ident is None or not _is_drawn(element):
                continue
            if ident in first:
                yield Hit(
                    file,
                    line_of(element),
                    printable(ident),
                    f"the id {printable(ident)} is already used in line {first[ident]}",
                )
            first.setdefault(ident, line_of(element))
    yield from _odd(subject, "id-duplicate")


@rule(
    "scope-shared",
    "file",
    remedy="Give the sub-process another id.",
    good=_OK,
    bad="start s; sub q {start a; user u; end b; a>u>b}; call c call=q; end e; s>q>c>e; "
    "process q {start s; user u; end e; s>u>e}",
)
def scope_shared(subject: Subject) -> Iterator[Hit]:
    """No sub-process has the id of a process or of another file's sub-process.

    The engine keeps the insides of all of them in one list.
    """
    homes: dict[str, str] = {process.id: process.file for process in subject.processes}
    for process in subject.processes:
        for scope in process.scopes:
            if scope == process.id:
                continue
            if scope in homes:
                node = process.nodes[scope]
                yield Hit(process.file, node.line, scope, f"{scope} is also in {homes[scope]}")
            homes.setdefault(scope, process.file)


@rule(
    "name-too-long",
    "file",
    remedy="Shorten the name; put the rest into the documentation.",
    bad=f"start s; user u name=[{'x' * 201}]; end e; s>u>e",
    good=_OK,
)
def names(subject: Subject) -> Iterator[Hit]:
    """Names have at most 200 characters, none of them invisible or turning the writing around."""
    for file, root in subject.roots.items():
        for element in root.iter():
            name = element.get("name") or ""
            if len(name) > LONGEST_NAME:
                yield Hit(
                    file,
                    line_of(element),
                    element.get("id") or "",
                    f"a name of {len(name):,} characters",
                )
            elif not all(c.isprintable() or c in "\n\t" for c in name):
                yield Hit(
                    file,
                    line_of(element),
                    element.get("id") or "",
                    f"the name “{printable(name)}” holds an invisible character",
                )


@rule(
    "no-process",
    "file",
    remedy="Set “Executable” in the properties of the process.",
    good=_OK,
    bad='file x.bpmn [<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL">'
    '<process id="x"/></definitions>]',
)
def no_process(subject: Subject) -> Iterator[Hit]:
    """Each .bpmn file holds one executable process. Other pools are there for the reader only."""
    for file, root in subject.roots.items():
        if not file.endswith(".bpmn") or root.tag != BPMN + "definitions":
            continue
        processes = [p for p in root.findall(BPMN + "process") if p.get("isExecutable") == "true"]
        if not processes:
            yield Hit(file, line_of(root), "", "no executable process")
        for extra in processes[1:]:
            yield Hit(
                file,
                line_of(extra),
                extra.get("id") or "",
                "a second executable process",
                remedy="Move it into a file of its own.",
            )


@rule(
    "process-id",
    "file",
    remedy="Give the process and the file the same name.",
    good=_OK,
    bad='file x.bpmn [<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL">'
    '<process id="y" isExecutable="true"/></definitions>]',
)
def process_id(subject: Subject) -> Iterator[Hit]:
    """The id of a process is the name of its file, so that everybody finds what a step calls."""
    for process in subject.processes:
        if f"{process.id}.bpmn" != process.file:
            yield Hit(
                process.file,
                process.line,
                process.id,
                f"the process is called {process.id}, its file {process.file}",
            )


@rule(
    "unknown-element",
    "file",
    remedy="Draw the step with an element of the palette.",
    good=_OK,
    bad="start s; choreographyTask u; end e; s>u>e",
)
def unknown_element(subject: Subject) -> Iterator[Hit]:
    """Everything on the diagram is understood. An unknown element would be left out in silence."""
    yield from _odd(subject, "unknown-element")


def _odd(subject: Subject, what: str) -> Iterator[Hit]:
    for odd in subject.bundle.odd:
        if odd.what == what:
            yield Hit(odd.file, odd.line, odd.element, odd.words)


@rule(
    "deadlines",
    "file",
    remedy="Mend the deadline rule at this line.",
    good=_OK,
    bad="file deadlines.toml [wrong]",
)
def deadlines(subject: Subject) -> Iterator[Hit]:
    """The deadline rules can be read: every rule complete, with its source."""
    for problem in subject.rule_problems:
        match problem:
            case RuleProblem(line=line, key=key, message=message, remedy=remedy):
                yield Hit("deadlines.toml", line, key, message, remedy=remedy or None)
