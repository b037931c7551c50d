"""The command line: `cspr COMMAND`. Errors are one line on stderr, never a traceback."""

from __future__ import annotations

from webapp.cli.main import main

__all__ = ["main"]
