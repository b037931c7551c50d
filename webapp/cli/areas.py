"""`cspr area add`: the areas whose incidents this installation records."""

from __future__ import annotations

import argparse
import re
import sys
from datetime import date

from engine.errors import CaseError
from engine.service import SYSTEM
from processes.areas import Area
from webapp.cli.preparing import installation

CODE = re.compile(r"[A-Z0-9]{1,12}")


def add(chosen: argparse.Namespace) -> int:
    """Add an area, or change the one of that code; odd dates are warned about, not refused."""
    if not CODE.fullmatch(chosen.code):
        raise CaseError(f"{chosen.code!r} is no area code: write up to 12 capitals and digits")
    published_on = _day(chosen.published_on) if chosen.published_on else None
    area = Area(chosen.code, chosen.name, published_on, _day(chosen.start_on))
    for warning in area.warnings():
        print(f"cspr: {warning}", file=sys.stderr)
    with installation(chosen.data) as app:
        app.extensions["cspr.cases"].put_area(
            area.code, area.name, facts=area.opening_facts(), actor=SYSTEM
        )
    print(f"area {area.code} is {area.name}")
    return 0


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise CaseError(f"{text!r} is not a date like 2019-09-29") from None
