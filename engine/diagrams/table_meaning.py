"""What decision tables and deadline rules say, as the same plain facts as a diagram's."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from datetime import date

from lxml import etree

from engine.diagrams.extensions import text_of
from engine.diagrams.meaning import Meaning, Thing
from engine.diagrams.notation import kind
from engine.diagrams.xml import Fault, Unreadable


def meaning_of_tables(root: etree._Element) -> Meaning:
    """Each decision and each row of its table, by id; a row's cells are named by their columns."""
    found: Meaning = {}
    for decision in root.iter("{*}decision"):
        name = decision.get("id") or f"decision {len(found) + 1}"
        thing = Thing("decision", decision.get("name") or "")
        found[name] = thing
        thing.facts["", "name"] = thing.name
        for child in decision:
            if kind(child) == "decisionTable":
                _table(child, name, found)
            elif isinstance(child.tag, str):
                said = " ".join(text_of(child).split())
                needs = [str(one) for part in child.iter() for one in part.attrib.values()]
                thing.facts["", kind(child)] = said or " ".join(needs)
    return found


def _table(table: etree._Element, decision: str, found: Meaning) -> None:
    thing = found[decision]
    thing.facts["", "rule for choosing the row"] = table.get("hitPolicy") or "UNIQUE"
    if table.get("aggregation"):
        thing.facts["", "aggregation"] = table.get("aggregation") or ""
    columns = [_column(one, thing) for one in table if kind(one) in {"input", "output"}]
    thing.orders["order of the columns"] = [name for name, _ in columns]
    for number, row in enumerate(table.findall("{*}rule"), 1):
        name = row.get("id") or f"{decision} row {number}"
        thing.orders.setdefault("order of the rows", []).append(name)
        line = Thing(f"row of “{thing.name or decision}”", _sentence(row))
        cells = [one for one in row if kind(one) in {"inputEntry", "outputEntry"}]
        for (_, column), cell in zip(columns, cells, strict=False):
            line.facts["", column] = text_of(cell)
        if note := (row.findtext("{*}description") or "").strip():
            line.facts["", "note"] = note
        found[name] = line


def _column(column: etree._Element, thing: Thing) -> tuple[str, str]:
    """Its id and what its cells are called in a sentence."""
    asked = column.find("{*}inputExpression")
    expression = "" if asked is None else (asked.findtext("{*}text") or "").strip()
    words = column.get("label") or expression or column.get("name") or ""
    name = column.get("id") or words
    said = {
        "label": column.get("label"),
        "expression": expression or None,
        "name": column.get("name"),
        "type": (asked if asked is not None else column).get("typeRef"),
        "values": text_of(values)
        if (values := column.find("{*}inputValues")) is not None
        else None,
    }
    for what, value in said.items():
        if value:
            thing.facts[f"column {words}", what] = value
    return name, f"{'when' if kind(column) == 'input' else 'then'} {words}"


def _sentence(row: etree._Element) -> str:
    cells = [text_of(one) for one in row if kind(one) in {"inputEntry", "outputEntry"}]
    return " | ".join(cell or "any" for cell in cells)


def meaning_of_rules(file: str, content: bytes) -> Meaning:
    """Each table of a TOML file by its id or path; raises `Unreadable` for what is no TOML."""
    try:
        written = tomllib.loads(content.decode("utf-8"))
    except UnicodeDecodeError:
        fault = Fault("toml-encoding", "The file is not in UTF-8", "Save it as UTF-8")
        raise Unreadable(file, fault) from None
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"line (\d+), column (\d+)", str(error))
        line, column = (int(place[1]), int(place[2])) if place else (1, 1)
        message = str(error).partition(" (at ")[0]
        fault = Fault("toml", message, "Correct the line", line, column)
        raise Unreadable(file, fault) from None
    except RecursionError:
        fault = Fault("toml", "Brackets are nested too deep", "Remove the brackets")
        raise Unreadable(file, fault) from None
    found: Meaning = {}
    _entries("", written, found)
    return found


def _entries(path: str, table: Mapping[str, object], found: Meaning) -> None:
    thing = Thing(path.partition(".")[0] or "file", str(table.get("title", "")))
    for key, value in table.items():
        inner = f"{path}.{key}" if path else key
        if isinstance(value, dict):
            _entries(inner, value, found)
        elif isinstance(value, list) and value and all(isinstance(one, dict) for one in value):
            for number, one in enumerate(value, 1):
                _entries(_named(inner, one, number, found), one, found)
        else:
            thing.facts["", key.replace("_", " ")] = _shown(value)
    if thing.facts:
        found[path or "file"] = thing


def _named(path: str, entry: Mapping[str, object], number: int, found: Meaning) -> str:
    """A list's entry by its id; versions of one id by the day they begin, others by their place."""
    name = f"{path}.{entry.get('id') or entry.get('rule') or number}"
    begins = entry.get("valid_from") or entry.get("from")
    if name in found:
        name = f"{name} from {begins}" if begins else f"{name} ({number})"
    return name


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(_shown(one) for one in value)
    return value.isoformat() if isinstance(value, date) else str(value)
