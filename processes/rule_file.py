"""A TOML file whose faults are found by line: reading, and the checks every key goes through.

Pure: bytes in, values or located problems out. What the rules mean is `deadline_rules`.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from datetime import date, datetime
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from engine.errors import RuleProblem, RulesRefused

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

_MOST_BYTES = 500_000
_LONGEST_TEXT = 2_000
_HEADER = re.compile(r"\s*(\[\[?)\s*([\w.-]+)\s*\]")
_KEY = re.compile(r"\s*([\w-]+)\s*=")
_WHERE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)")


@dataclass(slots=True)
class Document:
    """The file as read, with the line of every table and key, and the problems found so far."""

    tables: dict[str, Any]
    lines: dict[tuple[str, int, str], int]
    problems: list[RuleProblem] = field(default_factory=list)

    def list_of(self, name: str) -> Iterator[Section]:
        """The tables written as [[name]], in order."""
        found = self.tables.get(name, [])
        if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
            line = self.lines.get((name, 0, ""), 1)
            self.refuse(line, name, f"“{name}” is not a list of tables", f"Write [[{name}]]")
            return
        for index, values in enumerate(found):
            yield Section(self, name, index, values)

    def refuse(self, line: int, key: str, message: str, remedy: str) -> None:
        self.problems.append(RuleProblem(line, key, message, remedy))


@dataclass(slots=True)
class Section:
    """One table. Each reader returns a usable value or None after noting the problem."""

    document: Document
    name: str
    index: int
    values: dict[str, Any]

    @property
    def title(self) -> str:
        return str(self.values.get("id") or self.values.get("rule") or self.name)

    def line(self, key: str = "") -> int:
        lines = self.document.lines
        return lines.get((self.name, self.index, key)) or lines.get((self.name, self.index, ""), 1)

    def refuse(self, key: str, message: str, remedy: str) -> None:
        where = f"{self.title}.{key}" if key else self.title
        self.document.refuse(self.line(key), where, message, remedy)

    def only(self, known: Collection[str]) -> None:
        """Refuse every key that means nothing here."""
        for key in self.values:
            if key not in known:
                near = get_close_matches(key, known, n=1)
                remedy = f"Did you mean “{near[0]}”?" if near else f"Known are {', '.join(known)}"
                self.refuse(key, f"{self.title} has a key “{key}” that means nothing", remedy)

    def text(self, key: str, *, required: bool = True, one_of: Collection[str] = ()) -> str:
        value = self._value(key, required=required)
        if value is None:
            return ""
        if not isinstance(value, str) or not value.strip():
            self._wrong(key, "is not a text", f'Write {key} = "…"')
            return ""
        if len(value) > _LONGEST_TEXT:
            self._wrong(key, "is too long", f"Write at most {_LONGEST_TEXT} characters")
            return ""
        if one_of and value not in one_of:
            near = get_close_matches(value, one_of, n=1)
            remedy = f"Did you mean “{near[0]}”?" if near else f"Write one of {', '.join(one_of)}"
            self._wrong(key, f"cannot be “{value}”", remedy)
            return ""
        return " ".join(value.split())

    def whole_number(self, key: str, *, most: int) -> int:
        value = self._value(key, required=True)
        if value is None:
            return 0
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= most:
            self._wrong(key, "is not a count", f"Write a whole number from 0 to {most}")
            return 0
        return value

    def day(self, key: str) -> date | None:
        value = self._value(key, required=False)
        if value is None:
            return None
        if not isinstance(value, date) or isinstance(value, datetime):
            self._wrong(key, "is not a date", f"Write {key} = 2018-06-29, without quotes")
            return None
        return value

    def texts(self, key: str, pattern: str, remedy: str) -> tuple[str, ...]:
        value = self._value(key, required=True)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(
            isinstance(item, str) and re.fullmatch(pattern, item, re.ASCII) for item in value
        ):
            self._wrong(key, "is not a list of such names", remedy)
            return ()
        return tuple(value)

    def _value(self, key: str, *, required: bool) -> Any:
        value = self.values.get(key)
        if value is None and required:
            self.refuse(key, f"{self.title} has no “{key}”", f"Add a line {key} = …")
        return value

    def _wrong(self, key: str, what: str, remedy: str) -> None:
        self.refuse(key, f"“{key}” of {self.title} {what}", remedy)


def read(data: bytes) -> Document:
    """The document, or `RulesRefused` when it is no TOML at all."""
    if len(data) > _MOST_BYTES:
        raise _unreadable(1, "the file is too big", f"Keep it under {_MOST_BYTES} bytes")
    try:
        text = data.decode()
        return Document(tomllib.loads(text), key_lines(text))
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise _unreadable(line, "a character is not UTF-8", "Save the file as UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        where = _WHERE.search(str(error))
        line = int(where[1]) if where and where[1] else data.count(b"\n") + 1
        message = _WHERE.sub("", str(error))
        remedy = "Look at this line and the one before it: quotes, brackets, key = value"
        raise _unreadable(line, f"this is not TOML: {message}", remedy) from None
    except RecursionError:
        raise _unreadable(1, "brackets are nested too deep", "Remove the brackets") from None
    except ValueError as error:  # a date such as 2019-02-30, a number of thousands of digits
        remedy = "Look for a date that does not exist or a number that is too long"
        raise _unreadable(1, f"a value cannot be read: {error}", remedy) from None


def key_lines(text: str) -> dict[tuple[str, int, str], int]:
    """(table, how many such tables before, key or "" for the header) -> line, counted from 1."""
    lines: dict[tuple[str, int, str], int] = {}
    seen: dict[str, int] = {}
    table, index, inside = "", 0, False
    for number, line in enumerate(text.splitlines(), start=1):
        quotes = line.count('"""') + line.count("'''")
        if not inside and (header := _HEADER.match(line)):
            table = header[2]
            index = seen.get(table, -1) + 1
            seen[table] = index
            lines.setdefault((table, index, ""), number)
        elif not inside and (key := _KEY.match(line)):
            lines.setdefault((table, index, key[1]), number)
        inside ^= quotes % 2 == 1
    return lines


def _unreadable(line: int, message: str, remedy: str) -> RulesRefused:
    return RulesRefused([RuleProblem(line, "", message, remedy)])
