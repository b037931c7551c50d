"""Reading XML that anybody may have written: nothing is fetched or expanded, all is limited."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

from lxml import etree

from engine.diagrams.extensions import line_of
from engine.errors import CaseError

MOST_BYTES = 2_000_000
MOST_ELEMENTS = 20_000
MOST_ATTRIBUTES = 100
MOST_DEPTH = 60
#: What other programs write that people mistake for a diagram, by its first bytes.
KINDS = (
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"%PDF", "a PDF document"),
    (b"PK\x03\x04", "a ZIP archive or an office document"),
    (b"\x1f\x8b", "a compressed file"),
    (b"{", "JSON"),
    (b"[", "JSON"),
    (b"<!doctype html", "a web page"),
    (b"<html", "a web page"),
    (b"<svg", "an SVG picture"),
)
_DECLARED = re.compile(r"""^<\?xml[^>]*?\bencoding\s*=\s*["']([^"']*)["'][^>]*\?>""")
_DECLARATION = re.compile(r"^<\?xml\s[^>]*\?>")
_FORBIDDEN = re.compile(r"<!(DOCTYPE|ENTITY)", re.IGNORECASE)
_XINCLUDE = "{http://www.w3.org/2001/XInclude}"
_ENCODINGS = frozenset({"utf-8", "utf8", "us-ascii", "ascii", "utf-16", "utf-16le", "utf-16be"})
_BYTE_ORDER = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_START_UTF16 = ((b"<\x00", "utf-16-le"), (b"\x00<", "utf-16-be"))


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a file cannot be read, and where. `line` and `column` count from 1."""

    rule: str
    message: str
    remedy: str
    line: int = 1
    column: int = 1


class Unreadable(CaseError):
    """The file cannot be read."""

    def __init__(self, file: str, fault: Fault) -> None:
        super().__init__(f"{file}:{fault.line}:{fault.column} {fault.message}. {fault.remedy}")
        self.file = file
        self.fault = fault


def parse(file: str, content: bytes) -> etree._Element:
    """The root element, without comments and processing instructions; raises `Unreadable`."""
    try:
        text = _text(content)
        _refuse_declarations(text)
        return _tree(text)
    except _FaultError as found:
        raise Unreadable(file, found.fault) from None


class _FaultError(Exception):
    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.message)
        self.fault = fault


def _text(content: bytes) -> str:
    """The characters of the file, without byte order mark and XML declaration."""
    if len(content) > MOST_BYTES:
        raise _FaultError(
            Fault(
                "too-big",
                f"the file has {len(content):,} bytes, more than {MOST_BYTES:,}",
                "Split the process into several diagrams.",
            )
        )
    _refuse_other_kinds(content)
    body, encoding = _encoding(content)
    try:
        text = body.decode(encoding)
    except UnicodeDecodeError as error:
        before = body[: error.start].decode(encoding, "replace")
        line, column = place(before, len(before))
        raise _FaultError(
            Fault(
                "encoding",
                f"this is not {encoding.upper()} text: byte 0x{body[error.start]:02x}",
                "Save the file as UTF-8.",
                line,
                column,
            )
        ) from None
    if (declared := _DECLARED.match(text)) and declared[1].lower() not in _ENCODINGS:
        raise _FaultError(
            Fault(
                "encoding",
                f"the encoding “{printable(declared[1])}” is not allowed",
                "Save the file as UTF-8.",
            )
        )
    # a declaration is one line as a rule; keep its line breaks so that lines stay true
    return _DECLARATION.sub(lambda found: "\n" * found[0].count("\n"), text)


def _encoding(content: bytes) -> tuple[bytes, str]:
    for mark, encoding in _BYTE_ORDER:
        if content.startswith(mark):
            return content[len(mark) :], encoding
    for start, encoding in _START_UTF16:
        if content.startswith(start):
            return content, encoding
    return content, "utf-8"


def _refuse_other_kinds(content: bytes) -> None:
    if not content.strip(b" \t\r\n\x00"):
        raise _FaultError(Fault("not-bpmn", "the file is empty", "Export the diagram again."))
    start = content[:400].lstrip(b"\xef\xbb\xbf \t\r\n")
    for magic, words in KINDS:
        if start[: len(magic)].lower() == magic.lower():
            raise _FaultError(
                Fault(
                    "not-bpmn",
                    f"this is {words}, not a diagram",
                    "Choose the .bpmn or .dmn file which the modeller saves.",
                )
            )
    if not start.startswith((b"<", b"\xff\xfe", b"\xfe\xff", b"\x00<")):
        raise _FaultError(
            Fault(
                "not-bpmn",
                "this is not XML: it does not begin with “<”",
                "Choose the .bpmn or .dmn file which the modeller saves.",
            )
        )


def _refuse_declarations(text: str) -> None:
    if found := _FORBIDDEN.search(text):
        line, column = place(text, found.start())
        raise _FaultError(
            Fault(
                "doctype",
                f"{found[1].upper()} is not allowed",
                "Delete the declaration: diagrams need none, and it could read other files.",
                line,
                column,
            )
        )


def _tree(text: str) -> etree._Element:
    count = depth = 0
    root: etree._Element | None = None
    try:
        for event, element in _events(text):
            if event == "end":
                depth -= 1
                continue
            count, depth = count + 1, depth + 1
            root = element if root is None else root
            _refuse_excess(element, count, depth)
    except etree.XMLSyntaxError as error:
        raise _FaultError(_syntax(error)) from None
    if root is None:
        raise _FaultError(Fault("xml", "the file holds no element", "Export the diagram again."))
    return root


def _events(text: str) -> Iterator[tuple[str, etree._Element]]:
    yield from etree.iterparse(
        BytesIO(text.encode("utf-8", "surrogatepass")),
        events=("start", "end"),
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )


def _refuse_excess(element: etree._Element, count: int, depth: int) -> None:
    line = line_of(element)
    if depth > MOST_DEPTH:
        raise _FaultError(
            Fault(
                "too-deep",
                f"elements are nested deeper than {MOST_DEPTH}",
                "Move inner sub-processes into diagrams of their own.",
                line,
            )
        )
    if count > MOST_ELEMENTS:
        raise _FaultError(
            Fault(
                "too-big",
                f"more than {MOST_ELEMENTS:,} elements",
                "Split the process into several diagrams.",
                line,
            )
        )
    if len(element.attrib) > MOST_ATTRIBUTES:
        raise _FaultError(
            Fault(
                "too-big",
                f"an element with more than {MOST_ATTRIBUTES} attributes",
                "Export the diagram again from a modeller.",
                line,
            )
        )
    if element.tag.startswith(_XINCLUDE):
        raise _FaultError(
            Fault(
                "doctype",
                "XInclude is not allowed",
                "Delete the element: a diagram does not read other files.",
                line,
            )
        )


def _syntax(error: etree.XMLSyntaxError) -> Fault:
    line, column = (max(1, number) for number in error.position)
    message = str(error.msg or "the XML is broken")
    if "Excessive depth" in message:
        return Fault(
            "too-deep",
            f"elements are nested deeper than {MOST_DEPTH}",
            "Move inner sub-processes into diagrams of their own.",
            line,
            column,
        )
    reason = printable(message.partition(", line")[0])
    return Fault(
        "xml",
        f"the XML breaks off or is broken here: {reason}",
        "Export the diagram again, or mend the file at this place.",
        line,
        column,
    )


def place(text: str, index: int) -> tuple[int, int]:
    """Line and column, from 1, of a position in a text."""
    line = text.count("\n", 0, index) + 1
    return line, index - (text.rfind("\n", 0, index) + 1) + 1


def printable(text: str, *, most: int = 200) -> str:
    """The text as it may stand in a message: no control or direction characters, not endless."""
    shown = "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text)
    return shown if len(shown) <= most else f"{shown[:most]}…"
