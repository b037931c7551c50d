"""What changed in meaning between two versions of a process, element by element, in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from engine.diagrams.meaning import Fact, Meaning, Thing, meaning_of_diagram, titles
from engine.diagrams.notation import kind
from engine.diagrams.table_meaning import meaning_of_rules, meaning_of_tables
from engine.diagrams.xml import parse

__all__ = ["Change", "difference"]

Files = Mapping[str, bytes]
_LONGEST = 90
_SINGLE = "diagram"


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is said differently. `old` is None for what is new, `new` for what is gone.

    `element` is the id on the diagram (empty for a whole file), `what` names the part of it.
    """

    file: str
    element: str
    what: str
    old: str | None
    new: str | None
    sentence: str


def difference(old: Files | bytes, new: Files | bytes) -> list[Change]:
    """Every change of meaning from `old` to `new`: files by name, or the content of one file each.

    Places, order in the file, prefixes, white space and defaults written out are no changes.
    Raises `Unreadable` for a file that is none of BPMN, DMN, TOML although it says so.
    """
    before = {_SINGLE: old} if isinstance(old, bytes) else old
    after = {_SINGLE: new} if isinstance(new, bytes) else new
    found: list[Change] = []
    for file in sorted({*before, *after}):
        if file not in before:
            found.append(Change(file, "", "file", None, file, f"The file {file} is new."))
        elif file not in after:
            found.append(Change(file, "", "file", file, None, f"The file {file} is gone."))
        elif before[file] != after[file]:
            found += _file(file, before[file], after[file])
    return found


def _file(file: str, old: bytes, new: bytes) -> list[Change]:
    before, after = _meaning(file, old), _meaning(file, new)
    if before is None or after is None:
        return [Change(file, "", "content", None, None, f"The file {file} reads differently.")]
    names = titles(before), titles(after)
    return list(_Comparison(file, before, after, names).changes())


def _meaning(file: str, content: bytes) -> Meaning | None:
    """None for a file whose meaning is not known here, such as a picture."""
    if file.endswith(".toml") or (file == _SINGLE and not _looks_like_xml(content)):
        return meaning_of_rules(file, content)
    if file != _SINGLE and not file.endswith((".bpmn", ".dmn")):
        return None
    root = parse(file, content)
    is_table = kind(root) == "definitions" and "/DMN/" in str(root.tag)
    return meaning_of_tables(root) if is_table else meaning_of_diagram(root)


def _looks_like_xml(content: bytes) -> bool:
    return content.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\x00")[:1] == b"<"


@dataclass(frozen=True, slots=True)
class _Comparison:
    file: str
    before: Meaning
    after: Meaning
    names: tuple[Mapping[str, str], Mapping[str, str]]  # what elements are called, before and after

    def changes(self) -> Iterator[Change]:
        for name, thing in self.before.items():
            if name not in self.after:
                yield self._change(name, thing.kind, (thing.name or name, None), "is gone")
        for name, thing in self.after.items():
            if name not in self.before:
                yield self._change(name, thing.kind, (None, thing.name or name), "is new")
            else:
                yield from self._thing(name, self.before[name], thing)

    def _thing(self, name: str, old: Thing, new: Thing) -> Iterator[Change]:
        groups = {group for group, _ in (*old.facts, *new.facts)}
        whole = {group for group in groups if group and _has(old, group) != _has(new, group)}
        for group in sorted(whole):
            words = _title(old, group), _title(new, group)
            gone = words[1] is None
            shown = _short((words[0] if gone else words[1]) or "")
            said = f"{group} ({shown}) is {'gone' if gone else 'new'}"
            yield self._change(name, group, words, f"the {said}")
        for fact in sorted({*old.facts, *new.facts}):
            if fact[0] not in whole and old.facts.get(fact) != new.facts.get(fact):
                yield self._fact(name, fact, old, new)
        for what in sorted({*old.orders} & {*new.orders}):
            pair = _common(old.orders[what], new.orders[what])
            if pair[0] != pair[1]:
                words = ", ".join(pair[0]), ", ".join(pair[1])
                yield self._change(name, what, words, f"the {what} is {words[1]}")

    def _fact(self, name: str, fact: Fact, old: Thing, new: Thing) -> Change:
        was, now = _value(fact, old, self.names[0]), _value(fact, new, self.names[1])
        what = ": ".join(filter(None, fact))
        if was is None:
            said = f"{what} is new: {_short(now or '')}"
        elif now is None:
            said = f"{what} is gone; it was {_short(was)}"
        else:
            said = f"{what} was {_short(was)}, is now {_short(now)}"
        return self._change(name, what, (was, now), said)

    def _change(
        self, name: str, what: str, words: tuple[str | None, str | None], said: str
    ) -> Change:
        thing = self.after.get(name) or self.before[name]
        title = thing.title if thing.name else f"{thing.kind} {name}"
        subject = title[0].upper() + title[1:]
        end = f"{subject} {said}." if said in {"is new", "is gone"} else f"{subject}: {said}."
        return Change(self.file, name, what, *words, end)


def _value(fact: Fact, thing: Thing, names: Mapping[str, str]) -> str | None:
    """What is said; an element referred to appears by its words."""
    value = thing.facts.get(fact)
    return names.get(value, value) if value is not None and fact in thing.refers else value


def _has(thing: Thing, group: str) -> bool:
    return any(one == group for one, _ in thing.facts)


def _title(thing: Thing, group: str) -> str | None:
    """What a question or column is called; None where it is not there."""
    if not _has(thing, group):
        return None
    return thing.facts.get((group, "label")) or group


def _common(old: list[str], new: list[str]) -> tuple[list[str], list[str]]:
    """Both orders without what only one of them has."""
    both = {*old} & {*new}
    return [one for one in old if one in both], [one for one in new if one in both]


def _short(words: str) -> str:
    flat = " ".join(words.split())
    return f"“{flat if len(flat) <= _LONGEST else flat[: _LONGEST - 1] + '…'}”"
