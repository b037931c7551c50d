"""Stage text: forms."""

from __future__ import annotations

from collections.abc import Iterator

from engine.checks.finding import Hit
from engine.checks.registry import rule
from engine.checks.subject import Subject, nearest
from engine.diagrams.fields import MOST_ENTRIES, Field
from engine.diagrams.model import Node
from engine.diagrams.names import NAME, RESERVED_NAMES

MOST_FIELDS = 60
_OK = "start s; user u form=[seen_on date]; end e; s>u>e"


def _on(node: Node, field: Field, message: str) -> Hit:
    return Hit(node.file, field.line, node.id, f"{node.title}, field {field.id}: {message}")


def _asked(subject: Subject) -> Iterator[tuple[Node, Field]]:
    for node in subject.nodes():
        for field in node.form.fields:
            yield node, field


def _strange(subject: Subject, rule_id: str) -> Iterator[Hit]:
    for node in subject.nodes():
        for odd in node.form.strange:
            if odd.rule == rule_id:
                yield Hit(
                    node.file, odd.line, node.id, f"{node.title}, field {odd.field}: {odd.words}"
                )


@rule(
    "form-type-unknown",
    "text",
    remedy="Choose one of the types named.",
    good=_OK,
    bad="start s; user u form=[a colour]; end e; s>u>e",
)
def form_type_unknown(subject: Subject) -> Iterator[Hit]:
    """Fields have one of the nine types.

    String, text, long, boolean, date, enum, choices, areas, list.
    """
    yield from _strange(subject, "form-type-unknown")


@rule(
    "form-word-unknown",
    "text",
    remedy="Delete it, or mend the spelling.",
    good=_OK,
    bad="start s; user u form=[a string requried]; end e; s>u>e",
)
def form_word_unknown(subject: Subject) -> Iterator[Hit]:
    """Constraints and properties of a field are known ones: a misspelt “required” asks nobody."""
    yield from _strange(subject, "form-word-unknown")


@rule(
    "form-limit",
    "text",
    remedy="Write whole numbers, the smaller one as the minimum.",
    good=_OK,
    bad="start s; user u form=[a long min=5 max=2]; end e; s>u>e",
)
def form_limit(subject: Subject) -> Iterator[Hit]:
    """Limits are numbers, and something fits between them."""
    yield from _strange(subject, "form-limit")
    for node, each in _asked(subject):
        for low, high in ((each.minimum, each.maximum), (each.min_length, each.max_length)):
            if low is not None and high is not None and low > high:
                yield _on(node, each, f"nothing fits between {low} and {high}")
        if each.type in ("list", "areas", "choices") and (each.maximum or 0) > MOST_ENTRIES:
            yield _on(node, each, f"a list may have {MOST_ENTRIES} entries at most")


@rule(
    "field-id",
    "text",
    remedy="Use small letters, digits and underscores, like aware_on.",
    bad="start s; user u form=[_a string]; end e; s>u>e",
    good=_OK,
)
def field_id(subject: Subject) -> Iterator[Hit]:
    """The id of a field is the name of a variable, so it is written like one."""
    for node, each in _asked(subject):
        if not NAME.fullmatch(each.id) or each.id in RESERVED_NAMES:
            yield _on(node, each, f"“{each.id[:60]}” cannot be the name of a variable")
        elif each.id in subject.functions:
            yield _on(node, each, f"“{each.id}” is the name of a function")


@rule(
    "field-label",
    "text",
    remedy="Write the question as a person reads it.",
    good=_OK,
    bad="start s; user u form=[a string label=]; end e; s>u>e",
)
def field_label(subject: Subject) -> Iterator[Hit]:
    """Every field has a label; messages name it."""
    for node, each in _asked(subject):
        if not each.label:
            yield _on(node, each, "it has no label")


@rule(
    "field-duplicate",
    "text",
    remedy="Give one of them another id.",
    good=_OK,
    bad="start s; user u form=[a string,a date]; end e; s>u>e",
)
def field_duplicate(subject: Subject) -> Iterator[Hit]:
    """A form asks for each variable once, and for no more than 60."""
    for node in subject.nodes():
        ids = [each.id for each in node.form.fields]
        for each in node.form.fields:
            if ids.count(each.id) > 1 and ids.index(each.id) == node.form.fields.index(each):
                yield _on(node, each, "it is asked twice")
        if len(ids) > MOST_FIELDS:
            yield _on(node, node.form.fields[0], f"{len(ids)} questions in one form are too many")


@rule(
    "field-type-clash",
    "text",
    remedy="Use one type, or another id.",
    good=_OK,
    bad="start s; user u form=[a string]; user v form=[a date]; end e; s>u>v>e",
)
def field_type_clash(subject: Subject) -> Iterator[Hit]:
    """One id means one thing in the whole bundle.

    The same type wherever it is asked, and that of the fact of this name.
    """
    for name, places in subject.fields.items():
        first_node, first = places[0]
        fact = subject.facts.get(name)
        for node, each in places:
            if fact is not None and each.type != fact.type:
                yield _on(node, each, f"it is a {each.type}, but the fact {name} is a {fact.type}")
            elif each.type != first.type:
                yield _on(
                    node, each, f"it is a {each.type}, but a {first.type} in {first_node.title}"
                )


@rule(
    "form-options",
    "text",
    remedy="List each possible answer once, with its id.",
    good=_OK,
    bad="start s; user u form=[a enum]; end e; s>u>e",
)
def form_options(subject: Subject) -> Iterator[Hit]:
    """A choice lists its answers; no other field does. A default is one of them."""
    for node, each in _asked(subject):
        ids = [option.id for option in each.options]
        if each.type in ("enum", "choices"):
            if not ids:
                yield _on(node, each, "no answers are listed")
            elif len(set(ids)) < len(ids) or "" in ids:
                yield _on(node, each, "an answer is listed twice, or has no id")
            elif each.default and each.default not in ids:
                yield _on(node, each, f"the default “{each.default}” is not one of the answers")
        elif ids:
            yield _on(node, each, f"answers are listed, but it is a {each.type}")


@rule(
    "form-reference",
    "text",
    remedy="Write today, a fact, or a date field of the same form.",
    bad="start s; user u form=[a date not_before=b]; end e; s>u>e",
    good=_OK,
)
def form_reference(subject: Subject) -> Iterator[Hit]:
    """not_before and not_after name today, a fact, or a date field of the same form."""
    for node, each in _asked(subject):
        dates = {other.id for other in node.form.fields if other.type == "date" and other != each}
        dates |= {fact.id for fact in subject.facts.values() if fact.type == "date"} | {"today"}
        dates |= {name for text in subject.texts for name in text.assigns}
        for other in (each.not_before, each.not_after):
            if other is not None and (other not in dates or each.type != "date"):
                yield _on(
                    node,
                    each,
                    f"it is compared with “{other}”, which is no date known here."
                    f"{nearest(other, dates)}",
                )


@rule(
    "show-if-name",
    "text",
    remedy="Use an earlier field of the same form, or a fact.",
    good=_OK,
    bad="start s; user u form=[a string show_if=b,b boolean]; end e; s>u>e",
)
def show_if_name(subject: Subject) -> Iterator[Hit]:
    """show_if reads earlier fields of the same form, facts, and what was set before.

    A question that hangs on a later one would come and go.
    """
    for text in subject.texts:
        if text.kind != "show_if" or text.node is None:
            continue
        fields = [each for each in text.node.form.fields if each.show_if.strip() == text.source]
        ids = [each.id for each in text.node.form.fields]
        for name in sorted(text.names):
            if name in ids and any(ids.index(name) >= ids.index(each.id) for each in fields):
                yield Hit(
                    text.file,
                    text.line,
                    text.element,
                    f"{text.title} reads “{name}”, which is asked later",
                )


@rule(
    "meets-unknown",
    "text",
    remedy="Name a deadline rule, on a date field.",
    good=_OK,
    bad="start s; user u form=[a date meets=R9]; end e; s>u>e",
)
def meets_unknown(subject: Subject) -> Iterator[Hit]:
    """“meets” names a deadline rule on a date: that date is the proof that the duty was done."""
    if subject.legal is None:
        return
    for node, each in _asked(subject):
        if each.meets is None:
            continue
        if each.type != "date":
            yield _on(node, each, "a proof is a date")
        for name in each.proves:
            if name not in subject.legal.rules:
                yield _on(
                    node,
                    each,
                    f"there is no deadline rule “{name}”.{nearest(name, subject.legal.rules)}",
                )


@rule(
    "clock-without-proof",
    "text",
    severity="warning",
    remedy="Put the property “meets” on the date field that proves it.",
    bad='start s; user u; boundary b on=u calm timer=[due("R1")]; user v; end e; end f; s>u>e; '
    "b>v>f",
    good='start s; user u form=[sent_on date meets=R1]; boundary b on=u calm timer=[due("R1")]; '
    "user v; end e; end f; s>u>e; b>v>f",
)
def clock_without_proof(subject: Subject) -> Iterator[Hit]:
    """A clock of the law is met by a date somebody gives, not by the day of a click."""
    if subject.legal is None:
        return
    proofs = {rule for _, each in _asked(subject) for rule in each.proves}
    seen: set[str] = set()
    for text in subject.texts:
        for call in text.calls:
            name = str(call.constants[0]) if call.name == "due" and call.constants else ""
            known = subject.legal.rules.get(name)
            if known and known.force in ("must", "should") and name not in proofs | seen:
                seen.add(name)
                yield Hit(
                    text.file, text.line, text.element, f"no field says by what date {name} was met"
                )


@rule(
    "routing-text",
    "text",
    remedy="Ask with a boolean, an enum or a number as well.",
    good=_OK,
    bad='start s; user u form=[a text]; exclusive g; end e; end f; s>u>g; g>e [a == "x"]; '
    "g>f [default]",
)
def routing_text(subject: Subject) -> Iterator[Hit]:
    """No expression reads a field of several lines: what a case hangs on is a short answer."""
    for text in subject.texts:
        for name in sorted(text.names):
            if any(each.type == "text" for _, each in subject.fields.get(name, ())):
                yield Hit(
                    text.file,
                    text.line,
                    text.element,
                    f"{text.title} reads “{name}”, a text of several lines",
                )
