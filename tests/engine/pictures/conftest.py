from __future__ import annotations

from pathlib import Path

import pytest

SAMPLE = Path(__file__).with_name("sample.bpmn")


@pytest.fixture
def sample() -> bytes:
    """A small diagram with two lanes, an outside body, a question, a clock and a form."""
    return SAMPLE.read_bytes()
