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
from engine.diagrams.difference import difference
from engine.diagrams.picture import draw as draw_diagram
from engine.errors import CaseError
from engine.rehearsal import Rehearsal, open_stage, ordinary_answers, read_scenario
from processes.definition import definition
from processes.explain import as_text, as_values, due_dates
from webapp.cli.files import KINDS, bundle

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
    """Print the findings; 1 if any stands in the way of publishing."""
    files = _to_check(chosen.file)
    if not files:
        raise CaseError(f"nothing to check: name files ending in {', '.join(KINDS)}")
    findings = check_files(files, definition())
    if chosen.json:
        _print_json([asdict(finding) for finding in findings])
    else:
        for found in findings:
            where = f"{found.file}:{found.line}" + (f" {found.element}" if found.element else "")
            print(f"{where} {found.severity} {found.rule}: {found.message}. {found.remedy}")
    return int(any(found.severity == "error" for found in findings))


def _to_check(paths: Iterable[Path]) -> dict[str, bytes]:
    """Files by their path; a folder of diagrams counts whole, other files are passed over."""
    files: dict[str, bytes] = {}
    for path in paths:
        if path.is_dir():
            files |= {str(path / name): data for name, data in bundle(path).items()}
        elif path.suffix in KINDS or not path.exists():
            files[str(path)] = path.read_bytes()
        else:
            print(f"{path}: not a diagram, table or rules file, passed over", file=sys.stderr)
    return files


def draw(chosen: argparse.Namespace) -> int:
    """Write the picture of a diagram."""
    chosen.output.write_text(draw_diagram(chosen.file.read_bytes()), encoding="utf-8")
    return 0


def diff(chosen: argparse.Namespace) -> int:
    """Print what changed in meaning; 1 if anything did."""
    if chosen.old.is_dir() != chosen.new.is_dir():
        raise CaseError("compare a file with a file, or a folder with a folder")
    changes = difference(bundle(chosen.old), bundle(chosen.new))
    if chosen.json:
        _print_json([asdict(change) for change in changes])
    else:
        for change in changes:
            print(change.sentence)
    return int(bool(changes))


def rehearse(chosen: argparse.Namespace) -> int:
    """Play scenarios; 1 if an expectation does not hold."""
    files = bundle(chosen.bundle) if chosen.bundle else definition().files()
    paths = [path for path in chosen.scenario if path.name != ORDINARY]
    scenarios = [(read_scenario(path.stem, path.read_bytes()), path.parent) for path in paths]
    with open_stage(definition(), files) as stage:
        played = [stage.play(one, _ordinary(folder)) for one, folder in scenarios]
    if chosen.json:
        _print_json([_as_json(one) for one in played])
    else:
        for one in played:
            _print_rehearsal(one, journal=chosen.journal)
    return int(not all(one.holds for one in played))


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
