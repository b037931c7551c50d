"""Faults in the log: what kind and where, never in their own words.

A database quotes the row it refuses, a mail server the letter: such words may name a child.
"""

from __future__ import annotations


class QuietError(Exception):
    """Stands in the log for another error; its text is that error's type."""


def wordless(error: BaseException) -> QuietError:
    """The same places, without the error's text and without those it came from."""
    return QuietError(type(error).__name__).with_traceback(error.__traceback__)
