"""All the engine needs of the practice review process, as one value."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

from engine.definition import ProcessDefinition
from processes import duties
from processes.deadlines import EnglishLegalTime
from processes.roles import ROLES

if TYPE_CHECKING:
    from collections.abc import Mapping

_SUFFIXES = (".bpmn", ".dmn")
_RULES_FILE = "deadlines.toml"


def shipped_files() -> Mapping[str, bytes]:
    """The bundle as shipped: diagrams, decision tables and deadline rules by file name."""
    return {
        item.name: item.read_bytes()
        for item in sorted(files("bpmn_diagrams").iterdir(), key=lambda item: item.name)
        if item.name.endswith(_SUFFIXES) or item.name == _RULES_FILE
    }


def statute() -> Mapping[str, object]:
    """What the law demands of the diagrams, for the checker; an owner cannot edit it with them."""
    return tomllib.loads(files("processes").joinpath("statute.toml").read_text("utf-8"))


@lru_cache(maxsize=1)
def definition() -> ProcessDefinition:
    return ProcessDefinition(
        startable=("serious_incident", "transitional_scr"),
        roles=ROLES,
        duties=duties.duties(),
        waived=duties.waived(),
        statute=statute(),
        legal_time=EnglishLegalTime,
        files=shipped_files,
    )
