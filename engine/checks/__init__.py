"""What may be published: every fault of a bundle at once, each with its place and its remedy."""

from __future__ import annotations

from engine.checks.checking import check, refuse_errors
from engine.checks.finding import Finding
from engine.checks.manual import manual

__all__ = ["Finding", "check", "manual", "refuse_errors"]
