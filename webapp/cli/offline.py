"""Commands that need no installation: dates, checks, pictures, differences, rehearsals."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from engine.checks import check as check_files
from engine.checks.finding import Finding
from engine.diagrams.difference import difference
from engine.diagrams.picture import draw as draw_diagram
from engine.diagrams.xml import parse
from engine.errors import CaseError, NotDrawable
from engine.rehearsal import Rehearsal, open_stage, ordinary_answers, read_scenario
from processes.definition import definition
from processes.explain import as_text, as_values, due_dates
from webapp.cli.files import DRAWN, KINDS, bundle

ORDINARY = "ordinary.toml"  # beside the scenarios: the answers nobody had to think about


def deadline(chosen: argparse.Namespace) -> int:
    """Print each due date with its explanation."""
    shipped = definition()
    legal_time = shipped.legal_time(shipped.files()["deadlines.toml"], ())
    dates = due_dates(chosen.rule, chosen.start, legal_time=legal_time)
    if chosen.json:
        _print_json([as_values(due) for due in dates])
    else:
        for due in dates:
            print(as_text(due))
    return 0


def check(chosen: argparse.Namespace) -> int:
    """Print the findings of the whole bundle the files belong to; 1 if any forbids publishing."""
    named = _named(chosen.file)
    paths = {path.name: path for path in [*_companions(named), *named]}
    files = {name: path.read_bytes() for name, path in paths.items()}
    findings = check_files(files, definition())
    shown = {name: str(path) for name, path in paths.items()}
    if chosen.json:
        _print_json([asdict(one) | {"file": shown.get(one.file, "")} for one in findings])
    else:
        for one in findings:
            print(_sentence(one, shown.get(one.file)))
    return int(any(one.severity == "error" for one in findings))


def _sentence(one: Finding, path: str | None) -> str:
    """A finding without a file is about all of them together."""
    place = f"{path}:{one.line} {one.element}".rstrip() if path else "the whole bundle"
    way = f" (by way of {' → '.join(one.path)})" if one.path else ""
    return f"{place} {one.severity} {one.rule}: {one.message}{way}{one.stop} {one.remedy}"


def _named(paths: Iterable[Path]) -> list[Path]:
    """The files to be checked; a folder stands for its bundle, other files are passed over."""
    named: list[Path] = []
    for path in paths:
        if path.is_dir():
            named += [path / name for name in bundle(path)]
        elif path.suffix in KINDS or not path.exists():
            named.append(path)
        else:
            print(f"{path}: not a diagram, table or rules file, passed over", file=sys.stderr)
    if not named:
        raise CaseError(f"nothing to check: name files ending in {', '.join(KINDS)}")
    names = [path.name for path in named]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise CaseError(f"{twice} is named twice; a bundle holds one file of a name")
    return named


def _companions(named: Iterable[Path]) -> list[Path]:
    """What lies beside the files and belongs to their bundle: diagrams call each other."""
    folders = {path.parent for path in named}
    return [folder / name for folder in folders for name in bundle(folder)]


def draw(chosen: argparse.Namespace) -> int:
    """Write the picture of a diagram."""
    content = chosen.file.read_bytes()
    parse(str(chosen.file), content)
    try:
        picture = draw_diagram(content)
    except NotDrawable as error:
        raise NotDrawable(f"{chosen.file}: {error}") from error
    chosen.output.write_text(picture, encoding="utf-8")
    return 0


def diff(chosen: argparse.Namespace) -> int:
    """Print what changed in meaning; 1 if anything did. Two files may have different names."""
    old, new = bundle(chosen.old), bundle(chosen.new)
    if chosen.old.is_dir() != chosen.new.is_dir():
        raise CaseError("compare a file with a file, or a folder with a folder")
    if chosen.new.is_file():
        old = {chosen.new.name: _readable(chosen.old)}
        new = {chosen.new.name: _readable(chosen.new)}
        if chosen.old.suffix != chosen.new.suffix:
            raise CaseError(f"{chosen.old} and {chosen.new} are of different kinds")
    for side, files in ((chosen.old, old), (chosen.new, new)):
        if not files:
            raise CaseError(f"{side}: no diagram lies in this folder")
    changes = difference(old, new)
    if chosen.json:
        _print_json([asdict(change) for change in changes])
    else:
        for change in changes:
            print(change.sentence)
    return int(bool(changes))


def _readable(path: Path) -> bytes:
    """A file's content; the complaint about one that is damaged names it."""
    content = path.read_bytes()
    if path.suffix in DRAWN:
        parse(str(path), content)
    elif path.suffix not in KINDS:
        raise CaseError(f"{path}: name a file ending in {', '.join(KINDS)}")
    return content


def rehearse(chosen: argparse.Namespace) -> int:
    """Play scenarios; 1 if an expectation does not hold. A folder stands for those in it."""
    files = bundle(chosen.bundle) if chosen.bundle else definition().files()
    scenarios = [
        (read_scenario(path.stem, path.read_bytes()), path.parent)
        for path in _scenarios(chosen.scenario)
    ]
    with open_stage(definition(), files) as stage:
        played = [stage.play(one, _ordinary(folder)) for one, folder in scenarios]
    if chosen.json:
        _print_json([_as_json(one) for one in played])
    else:
        for one in played:
            _print_rehearsal(one, journal=chosen.journal)
    return int(not all(one.holds for one in played))


def _scenarios(named: Iterable[Path]) -> list[Path]:
    groups = [sorted(path.glob("*.toml")) if path.is_dir() else [path] for path in named]
    paths = [path for group in groups for path in group if path.name != ORDINARY]
    if not paths:
        raise CaseError("nothing to rehearse: name scenarios, files ending in .toml")
    return paths


def _ordinary(folder: Path) -> Mapping[str, Any]:
    path = folder / ORDINARY
    return ordinary_answers(path.read_bytes()) if path.exists() else {}


def _print_rehearsal(played: Rehearsal, *, journal: bool) -> None:
    print(
        f"{'holds' if played.holds else 'FAILS'}  {played.scenario.name}: {played.scenario.title}"
    )
    for entry in played.journal if journal or not played.holds else ():
        print(f"         {entry.on}  {entry.what}")
    for failure in played.failures:
        print(f"      -> {failure}")


def _as_json(played: Rehearsal) -> dict[str, Any]:
    return {
        "scenario": played.scenario.name,
        "holds": played.holds,
        "failures": list(played.failures),
        "journal": [{"on": entry.on, "what": entry.what} for entry in played.journal],
    }


def _print_json(value: object) -> None:
    print(json.dumps(value, default=str, ensure_ascii=False, indent=1))
