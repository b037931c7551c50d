"""What the name of a variable may be."""

from __future__ import annotations

import re

NAME = re.compile(r"[a-zA-Z][a-zA-Z0-9_]{0,79}")
#: Words of the language, and keys the engine keeps for itself in the data of a case.
RESERVED_NAMES = frozenset(
    {
        "and",
        "or",
        "not",
        "in",
        "is",
        "if",
        "else",
        "True",
        "False",
        "None",
        "true",
        "false",
        "null",
        "typename",
        "f",
        "w",
        "joined",
        "done",
        "at",
        "csrf_token",
        "version",
        "today",
        "lambda",
        "for",
    }
)
