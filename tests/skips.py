"""Leaving a test out for want of a tool: with a reason here, never in CI."""

from __future__ import annotations

import os
from typing import NoReturn

import pytest


def skip(reason: str) -> NoReturn:
    """Skip the test; where `CSPR_FORBID_SKIPS=1` is set, fail it instead."""
    if os.environ.get("CSPR_FORBID_SKIPS") == "1":
        pytest.fail(f"nothing may be skipped here: {reason}")
    pytest.skip(reason)
