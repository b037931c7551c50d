"""An installation brought up to date: its database, its diagrams, the people of the demonstration.

As a program (`python -m webapp.cli.preparing [--demo] [DATA]`) it does so in a process of its own:
what migrating and checking need in memory is given back before the pages are served.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from flask import Flask

from engine.errors import CaseError
from engine.service import Cases
from processes.definition import definition
from webapp import demo
from webapp.app import create_app
from webapp.migrations import upgrade
from webapp.settings import DATABASE, SettingRefused, Settings


def read_settings(data: Path | None, *, demonstration: bool = False) -> Settings:
    """From the environment; raises `CaseError` naming what makes no sense."""
    try:
        return Settings.read(os.environ, data=data, demo=demonstration)
    except SettingRefused as error:
        raise CaseError(str(error)) from None


@contextmanager
def installation(
    data: Path | None, *, demonstration: bool = False, publish_shipped: bool = True
) -> Iterator[Flask]:
    """The application over a migrated database, with the shipped diagrams if none are live."""
    app = create_app(read_settings(data, demonstration=demonstration))
    try:
        upgrade(app.extensions["cspr.engine"])
        if publish_shipped:
            _publish_shipped(app.extensions["cspr.cases"])
        yield app
    finally:
        app.extensions["cspr.engine"].dispose()


def require_installation(data: Path | None) -> None:
    """Raises `CaseError` where nothing is installed: an empty one would be found sound."""
    folder = data or Path(os.environ.get("CSPR_DATA") or "data")
    if not os.environ.get("CSPR_DATABASE_URL") and not (folder / DATABASE).exists():
        raise CaseError(f"{folder}: there is no installation here (no {DATABASE})")


def _publish_shipped(cases: Cases) -> None:
    if not any(row.live for row in cases.bundles()):
        reason = "the diagrams shipped with this version"
        cases.publish(definition().files(), author="cspr", reason=reason)


def main(arguments: Sequence[str]) -> int:
    """Prepare, and nothing else."""
    folders = [Path(each) for each in arguments if each != "--demo"]
    demonstration = "--demo" in arguments
    try:
        with installation(next(iter(folders), None), demonstration=demonstration) as app:
            if demonstration:
                demo.seed(app)
    except CaseError as error:
        print(f"cspr: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
