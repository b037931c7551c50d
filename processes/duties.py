"""The register of duties R01-R37, as `duties.toml` says it, and the law text it quotes."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from engine.definition import Duty

if TYPE_CHECKING:
    from collections.abc import Mapping

FORCES = ("must", "should", "will", "expected", "may_not", "informative")


@dataclass(frozen=True, slots=True)
class Entry:
    """One duty with all a reader of the law wants to know; the engine needs only `duty`."""

    duty: Duty
    actors: tuple[str, ...]
    trigger: str
    deadlines: tuple[str, ...]  # rule ids of deadlines.toml; none where no period is set
    recipients: tuple[str, ...]
    needs: str
    judged: str
    exceptions: str
    when_missed: str
    waived: str | None  # why no element of a diagram carries it


@lru_cache(maxsize=1)
def register() -> Mapping[str, Entry]:
    """All duties by id."""
    table = tomllib.loads(files("processes").joinpath("duties.toml").read_text("utf-8"))
    return MappingProxyType({item["id"]: _entry(item) for item in table["duty"]})


def duties() -> Mapping[str, Duty]:
    return MappingProxyType({duty_id: entry.duty for duty_id, entry in register().items()})


def waived() -> Mapping[str, str]:
    """Duty id -> why no element carries it."""
    reasons = {duty_id: entry.waived for duty_id, entry in register().items()}
    return MappingProxyType({duty_id: reason for duty_id, reason in reasons.items() if reason})


def law_text() -> str:
    """The text every phrase is quoted from, its white space made even."""
    law = files("processes").joinpath("law", "working_together_2018_chapter_4.txt")
    return " ".join(law.read_text("utf-8").split())


def _entry(item: Mapping[str, Any]) -> Entry:
    return Entry(
        duty=Duty(item["id"], item["title"], item["force"], item["phrase"]),
        actors=tuple(item["actor"]),
        trigger=item["trigger"],
        deadlines=tuple(item["deadline"]),
        recipients=tuple(item["recipients"]),
        needs=item["needs"],
        judged=item["judged"],
        exceptions=item["exceptions"],
        when_missed=item["when_missed"],
        waived=item.get("waived"),
    )
