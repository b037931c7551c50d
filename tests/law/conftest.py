from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path

import pytest

from processes.deadlines import EnglishLegalTime

RULES = files("bpmn_diagrams").joinpath("deadlines.toml").read_bytes()
VECTORS = json.loads(Path(__file__).with_name("vectors.json").read_bytes())


@pytest.fixture
def legal_time():
    return EnglishLegalTime(RULES)
