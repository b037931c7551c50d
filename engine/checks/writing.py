"""Stage text: whether every condition, timer and script line can be read and is known."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from engine.checks.finding import Hit
from engine.checks.registry import rule
from engine.checks.subject import Subject, nearest
from engine.checks.texts import Text
from engine.definition import Value
from engine.errors import CaseError
from engine.expressions import compile_expression

_OK = "start s; user u; end e; s>u>e"
#: Days to try: rules of law begin and end, and a bank holiday calendar does, too.
_DAYS = ("2026-03-02", "2019-03-04", "2035-03-05")
_ASKED = "start s; user u form=[died boolean required]; exclusive g; end e; end f; s>u>g; "


def on(text: Text, message: str, *, remedy: str | None = None) -> Hit:
    """A hit on a text."""
    return Hit(text.file, text.line, text.element, message, remedy=remedy)


@rule(
    "expression-syntax",
    "text",
    bad=_ASKED + "g>e [died = true]; g>f [default]",
    remedy='Write it like: died == true and harm in ["death", "serious_harm"]',
    good=_ASKED + "g>e [died == true]; g>f [default]",
)
def expression_syntax(subject: Subject) -> Iterator[Hit]:
    """Conditions, timers, scripts and table cells are written in the closed language.

    Names, values, comparisons, and or not, in, arithmetic, a few functions. Nothing else is ever
    run.
    """
    for text in subject.texts:
        if text.error is not None:
            yield on(
                text,
                f"{text.title}, column {text.error.column}: {text.error}",
                remedy=_remedy(text),
            )


def _remedy(text: Text) -> str | None:
    if text.kind == "timer":
        return 'Write due("R02") for a statutory clock, or on(a_date).'
    if text.kind == "script":
        return "Write one line for each value: name = expression."
    return "Write it without ${ }." if text.source.strip().startswith("${") else None


@rule(
    "timer-kind",
    "text",
    good='start s; user u; boundary b on=u calm timer=[due("R2")]; user v; '
    "end e; end f; s>u>e; b>v>f",
    remedy='Choose “Date” and write on(a_date) or due("R02").',
    bad="start s; user u; boundary b on=u calm duration=[on(aware_on)]; user v; end e; end f; "
    "s>u>e; b>v>f",
)
def timer_kind(subject: Subject) -> Iterator[Hit]:
    """Timers name a date. A duration like P5D knows no working days, and a cycle never ends."""
    for text in subject.texts:
        if text.kind == "timer" and text.node and text.node.event.timer != "timeDate":
            yield on(text, f"{text.title} is a {text.node.event.timer or 'timer without a time'}")


@rule(
    "timer-not-due",
    "text",
    remedy='Write due("R02"), due("R02", remind=2) or on(a_date).',
    bad="start s; user u; boundary b on=u calm timer=[aware_on]; user v; end e; end f; s>u>e; "
    "b>v>f",
    good="start s; user u; boundary b on=u calm timer=[on(aware_on)]; user v; end e; end f; "
    "s>u>e; b>v>f",
)
def timer_not_due(subject: Subject) -> Iterator[Hit]:
    """A timer is due(...) or on(...): only these give an instant of England's day."""
    for text in subject.texts:
        if text.kind == "timer" and text.error is None and text.returns != "instant":
            yield on(text, f"{text.title} gives no instant: {text.source[:80]}")


@rule(
    "timer-fails",
    "text",
    remedy='Write due("R02"), due("R02", remind=2) or on(a_date), with dates and whole numbers.',
    good="start s; user u; boundary b on=u calm timer=[on(aware_on)]; user v; end e; end f; "
    "s>u>e; b>v>f",
    bad="start s; user u; boundary b on=u calm timer=[on(0 - aware_on)]; user v; end e; end f; "
    "s>u>e; b>v>f",
)
def timer_fails(subject: Subject) -> Iterator[Hit]:
    """A timer gives a day for the answers that people may give. Else the case could not go on."""
    for text in subject.texts:
        if text.kind != "timer" or text.error is not None or text.returns != "instant":
            continue
        said = [_failure(subject, text, day) for day in _DAYS]
        if all(said):
            yield on(text, f"{text.title} gives no day: {said[0]}")


def _failure(subject: Subject, text: Text, day: str) -> str:
    """Why the timer cannot be worked out where every date is this day."""
    samples = {name: _sample(subject, name, day) for name in text.names}
    try:
        compile_expression(text.source, subject.functions).evaluate(samples)
    except CaseError as error:
        return str(error)
    return ""


def _sample(subject: Subject, name: str, day: str) -> Value:
    """Something of the kind the name holds; a date where nothing says what it is."""
    fact = subject.facts.get(name)
    fields = subject.fields.get(name, ())
    kind = fact.type if fact is not None else next((each.type for _, each in fields), "date")
    samples: dict[str, Value] = {"date": day, "boolean": True, "long": 1}
    return samples.get(kind, "a text")


@rule(
    "instant-elsewhere",
    "text",
    remedy="Compare dates: today() and the names of dates.",
    bad=_ASKED + 'g>e [due("R1") > aware_on]; g>f [default]',
    good=_ASKED + "g>e [died == true]; g>f [default]",
)
def instant_elsewhere(subject: Subject) -> Iterator[Hit]:
    """due(...) and on(...) stand in timers only.

    Elsewhere a clock would be worked out that nobody keeps.
    """
    for text in subject.texts:
        for call in text.calls:
            returns = subject.functions[call.name].returns
            if text.kind != "timer" and returns == "instant":
                yield on(text, f"{text.title} calls {call.name}(…), which belongs into timers")


@rule(
    "name-unknown",
    "text",
    remedy="Use the id of a form field, a fact or a table's output.",
    bad=_ASKED + "g>e [dies == true]; g>f [default]",
    good=_ASKED + "g>e [died == true]; g>f [default]",
)
def name_unknown(subject: Subject) -> Iterator[Hit]:
    """Every name that is read is set somewhere: by a form, a script, a table, or at opening."""
    known = subject.settable | subject.facts.keys() | set(subject.opening)
    for text in subject.texts:
        for name in sorted(text.names - known):
            yield on(
                text, f"{text.title} reads “{name}”, which nothing sets.{nearest(name, known)}"
            )


@rule(
    "fact-never-set",
    "text",
    remedy="Ask for it in a form under the fact's id.",
    good=_OK,
    bad="start s; user u; boundary b on=u calm timer=[on(died_on)]; user v; end e; end f; s>u>e; "
    "b>v>f",
)
def fact_never_set(subject: Subject) -> Iterator[Hit]:
    """A fact that something reads is set by something: else its clocks would never start."""
    known = subject.settable | set(subject.opening)
    for text in subject.texts:
        for name in sorted(text.names & subject.facts.keys() - known):
            yield on(
                text, f"{text.title} reads the fact “{name}”, which nothing on the diagrams sets"
            )


@rule(
    "condition-constant",
    "text",
    severity="warning",
    remedy="Ask something that can differ.",
    bad=_ASKED + "g>e [1 == 2]; g>f [default]",
    good=_ASKED + "g>e [died == true]; g>f [default]",
)
def condition_constant(subject: Subject) -> Iterator[Hit]:
    """A condition reads at least one name; otherwise it is always the same."""
    for text in subject.texts:
        if text.kind == "condition" and text.error is None and not text.names and not text.calls:
            yield on(text, f"{text.title} is always the same: {text.source[:60]}")


@rule(
    "list-not-a-name",
    "text",
    remedy="Write the id of a list or areas field.",
    bad="start s; user v form=[died boolean]; user u list=[died]; end e; s>v>u>e",
    good="start s; user v form=[them list]; user u list=[them]; end e; s>v>u>e",
)
def list_not_a_name(subject: Subject) -> Iterator[Hit]:
    """What a step is repeated for is the name of a list."""
    for text in subject.texts:
        if text.kind != "list" or text.error is not None:
            continue
        kinds = {each.type for _, each in subject.fields.get(text.source.strip(), ())}
        if not isinstance(text.tree, ast.Name):
            yield on(text, f"{text.title} is not a name: {text.source[:60]}")
        elif kinds and not kinds <= {"list", "areas", "choices"}:
            yield on(text, f"{text.title} is “{text.source.strip()}”, which is no list")


@rule(
    "timer-interrupts",
    "text",
    severity="warning",
    remedy="Let the timer not interrupt: what is late is still to be done.",
    bad='start s; user u; boundary b on=u timer=[due("R1")]; user v; end e; end f; s>u>e; b>v>f',
    good='start s; user u; boundary b on=u calm timer=[due("R2")]; user v; end e; end f; s>u>e; '
    "b>v>f",
)
def timer_interrupts(subject: Subject) -> Iterator[Hit]:
    """A missed limit ends nothing: the duty stays open, unless the law table says otherwise."""
    rows = (subject.definition.statute if subject.definition else {}).get("deadline", [])
    lawful = {
        row.get("rule")
        for row in (rows if isinstance(rows, list) else [])
        if isinstance(row, dict) and row.get("interrupting")
    }
    for text in subject.texts:
        node = text.node
        if node is None or node.kind != "boundaryEvent" or not node.interrupting:
            continue
        limits = {
            str(call.constants[0]) for call in text.calls if call.name == "due" and call.constants
        }
        if limits - lawful:
            yield on(text, f"{node.title} takes the work away when the limit is missed")
