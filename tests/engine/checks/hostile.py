"""Files nobody should write: each with the rule that must name it."""

from __future__ import annotations

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"


def diagram(body: str, *, process: str = "p") -> bytes:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<definitions xmlns="{BPMN}"'
        ' xmlns:xi="http://www.w3.org/2001/XInclude"'
        f' xmlns:camunda="http://camunda.org/schema/1.0/bpmn">'
        f'<process id="{process}" isExecutable="true">{body}</process></definitions>'
    ).encode()


PLAIN = diagram("<startEvent id='s'/><endEvent id='e'/>")
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"

#: number in the catalogue of bad input, what it is, the bytes, the rule that names it
FILES: list[tuple[str, bytes, str]] = [
    (
        "01 external entity",
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
        "doctype",
    ),
    (
        "02 parameter entity",
        b'<!DOCTYPE a [<!ENTITY % x SYSTEM "http://127.0.0.1/">%x;]><a/>',
        "doctype",
    ),
    ("03 external DTD", b'<!DOCTYPE a SYSTEM "http://127.0.0.1/a.dtd"><a/>', "doctype"),
    (
        "04 billion laughs",
        f'<!DOCTYPE a [<!ENTITY l0 "ha">{LAUGHS}]><a>&l9;</a>'.encode(),
        "doctype",
    ),
    (
        "05 quadratic blow-up",
        b'<!DOCTYPE a [<!ENTITY x "' + b"x" * 20_000 + b'">]><a>' + b"&x;" * 20_000 + b"</a>",
        "doctype",
    ),
    ("06 internal entity", b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', "doctype"),
    ("07 XInclude", diagram('<xi:include href="/etc/passwd"/>'), "doctype"),
    ("09 depth 10,000", b"<a>" * 10_000 + b"</a>" * 10_000, "too-deep"),
    ("10 50 MB of text", b"<a>" + b"x" * 50_000_000 + b"</a>", "too-big"),
    ("11 200,000 elements", b"<a>" + b"<b/>" * 200_000 + b"</a>", "too-big"),
    (
        "12 100,000 attributes",
        b"<a " + b" ".join(b'x%d=""' % n for n in range(100_000)) + b"/>",
        "too-big",
    ),
    ("13 10 MB comment", b"<!--" + b"x" * 10_000_000 + b"--><a/>", "too-big"),
    ("15 UTF-7", b'<?xml version="1.0" encoding="UTF-7"?><a/>', "encoding"),
    ("15 EBCDIC", '<?xml version="1.0" encoding="cp037"?><a/>'.encode("cp037"), "not-bpmn"),
    ("16 Latin-1 as UTF-8", b'<?xml version="1.0" encoding="UTF-8"?>\n<a>\xe9</a>', "encoding"),
    ("18 NUL in an id", b'<a id="x\x00y"/>', "xml"),
    ("18 NUL as a reference", b'<a id="&#0;"/>', "xml"),
    ("19 truncated", PLAIN[:200], "xml"),
    ("19 empty", b"", "not-bpmn"),
    ("19 PNG", PNG, "not-bpmn"),
    ("19 JSON", b'{"bpmn": true}', "not-bpmn"),
    ("19 HTML", b"<!DOCTYPE html><html></html>", "not-bpmn"),
    ("19 ZIP", b"PK\x03\x04 and more", "not-bpmn"),
    ("20 another namespace", b'<definitions xmlns="urn:x"/>', "not-bpmn"),
    ("20 no executable process", PLAIN.replace(b'isExecutable="true"', b""), "no-process"),
    ("21 an id used twice", diagram("<startEvent id='s'/><endEvent id='s'/>"), "id-duplicate"),
    ("52 direction marks in an id", diagram("<startEvent id='a\u202eb'/>"), "id-characters"),
    ("52 zero width in a name", diagram("<startEvent id='s' name='a\u200bb'/>"), "name-too-long"),
    (
        "52 a name of 10,000 letters",
        diagram(f"<startEvent id='s' name='{'x' * 10_000}'/>"),
        "name-too-long",
    ),
    ("52 a script in an id", diagram("<startEvent id='&lt;script&gt;'/>"), "id-characters"),
]

_ASK = "start s; user u form=[died boolean required]; exclusive g; end e; end f; s>u>g; "
_WAIT = "start s; user u; boundary b on=u calm {}; user v; end e; end f; s>u>e; b>v>f"
_TABLE = "start s; user u form=[harm enum(a|b) required]; rule r table=t; end e; s>u>r>e; "

#: number in the catalogue, what it is, an example, the rule that names it
DRAWINGS: list[tuple[str, str, str]] = [
    (
        "22 one process in two files",
        "start s; user u; end e; s>u>e; file q.bpmn ["
        + diagram("<startEvent id='s'/>").decode().partition("?>")[2].strip()
        + "]",
        "id-duplicate",
    ),
    ("23 no picture", "start s blind; user u blind; end e blind; s>u>e", "di-missing"),
    ("25 no start", "user u; end e; u>e", "one-start"),
    ("25 two starts", "start s; start t; end e; user u; s>u>e; t>u", "one-start"),
    ("25 no end", "start s; user u; s>u; u>u", "no-end"),
    ("26 orphan", "start s; user u; user v; end e; s>u>e; v>e", "unreached"),
    ("27 flow to nothing", "start s; user u; end e; s>u>e; u>ghost", "flow-nowhere"),
    (
        "29 event on nothing",
        "start s; user u; boundary b on=x message=m; end e; end f; s>u>e; b>f",
        "boundary-host",
    ),
    ("30 no default", _ASK + "g>e [died == true]; g>f", "condition-missing"),
    ("31 unknown name", _ASK + "g>e [no_such == true]; g>f [default]", "name-unknown"),
    ("32 broken condition", _ASK + "g>e [a > > 1]; g>f [default]", "expression-syntax"),
    (
        "33 loop without a wait",
        (
            "start s; exclusive m; script a script=[x = 1]; exclusive g; end e; "
            "s>m>a>g; g>m [x == 1]; g>e [default]"
        ),
        "loop-without-wait",
    ),
    ("34 calls itself", "start s; call c call=p; end e; s>c>e", "call-cycle"),
    ("35 call of nothing", "start s; call c call=q; end e; s>c>e", "call-unknown"),
    ("36 call of a path", "start s; call c call=../../x; end e; s>c>e", "call-unknown"),
    ("37 a million times", "start s; user u times=1000000; end e; s>u>e", "multi-no-list"),
    ("38 loop marker", "start s; user u loop; end e; s>u>e", "standard-loop"),
    (
        "39 script of another language",
        "start s; script a script=[import os]; user u; end e; s>a>u>e",
        "expression-syntax",
    ),
    (
        "40 script without an end",
        "start s; script a script=[while True: pass]; user u; end e; s>a>u>e",
        "expression-syntax",
    ),
    (
        "40 script reads a file",
        'start s; script a script=[h = open("/etc/hostname").read()]; user u; end e; s>a>u>e',
        "expression-syntax",
    ),
    (
        "40 import",
        "start s; script a script=[h = __import__('os')]; user u; end e; s>a>u>e",
        "expression-syntax",
    ),
    ("41 service task", "start s; service a; user u; end e; s>a>u>e", "refused-task"),
    ("42 timer soon", _WAIT.format("timer=[soon]"), "name-unknown"),
    ("42 duration", _WAIT.format("duration=[PT1S]"), "timer-kind"),
    ("42 30 February", _WAIT.format('timer=["2018-02-30"]'), "timer-not-due"),
    ("43 negative duration", _WAIT.format('duration=["-PT1S"]'), "timer-kind"),
    ("44 cycle", _WAIT.format('cycle=["R1000000/PT0S"]'), "timer-kind"),
    ("44 nine million years", _WAIT.format('duration=["P9999999Y"]'), "timer-kind"),
    ("45 naive date-time", _WAIT.format('timer=["2018-06-29T00:00:00"]'), "timer-not-due"),
    ("48 nobody named", "start s; user u lane=[]; end e; s>u>e", "user-without-lane"),
    ("48 nothing asked", "start s; user u bare law=R1; end e; s>u>e", "user-without-form"),
    (
        "49 chain of 490 tasks",
        "start s; "
        + "; ".join(f"user u{n}" for n in range(490))
        + "; end e; s>"
        + ">".join(f"u{n}" for n in range(490))
        + ">e",
        "too-many-steps",
    ),
    (
        "50 overlapping rows",
        _TABLE + 'table t {harm -> x unique; "a" -> "1"; - -> "2"}',
        "table-overlap",
    ),
    ("50 gap", _TABLE + 'table t {harm -> x unique; "a" -> "1"}', "table-gap"),
    (
        "50 hit policy",
        _TABLE + 'table t {harm -> x priority; "a" -> "1"; "b" -> "2"}',
        "hit-policy",
    ),
    (
        "50 2,500 rows",
        _TABLE
        + "table t {harm -> x unique; "
        + "; ".join(f'"{n}" -> "1"' for n in range(2_500))
        + "}",
        "table-shape",
    ),
    (
        "51 code in a cell",
        _TABLE + 'table t {harm -> x unique; __import__("os") -> "1"}',
        "expression-syntax",
    ),
    (
        "51 injection in a cell",
        _TABLE + 'table t {harm -> x unique; ) or True or ( -> "1"}',
        "expression-syntax",
    ),
    (
        "53 501 files",
        "start s; user u; end e; s>u>e; " + "; ".join(f"file f{n}.txt [x]" for n in range(501)),
        "too-big",
    ),
    ("53 zip-slip name", "start s; user u; end e; s>u>e; file ../../x.bpmn [x]", "file-name"),
]
