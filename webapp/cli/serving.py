"""`cspr run`: prepare in another process, then answer browsers and fire the clocks in this one."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys

from webapp.app import create_app
from webapp.server import serve
from webapp.settings import Settings


def run(chosen: argparse.Namespace) -> int:
    """Serve until interrupted."""
    arguments = ["--demo"] * chosen.demo + [str(chosen.data)] * bool(chosen.data)
    command = [sys.executable, "-m", "webapp.cli.preparing", *arguments]
    prepared = subprocess.run(command, check=False).returncode  # noqa: S603  # our own module
    if prepared != 0:
        return prepared
    settings = Settings.read(os.environ, data=chosen.data, demo=chosen.demo)
    serve(create_app(settings), chosen.host, chosen.port, started=_say_started)
    return 0


def _say_started(address: str) -> None:
    print(f"cspr is at {address} (Ctrl+C stops it)", flush=True)
