from __future__ import annotations

from importlib.resources import files

import pytest

from processes.deadlines import EnglishLegalTime


@pytest.fixture(scope="session")
def rules():
    return files("bpmn_diagrams").joinpath("deadlines.toml").read_bytes()


@pytest.fixture
def legal_time(rules):
    return EnglishLegalTime(rules)
