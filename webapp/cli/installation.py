"""Commands of an installation: serve, publish, add people, verify, look oneself over."""

from __future__ import annotations

import argparse
import getpass
import importlib.metadata
import json
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict

from flask import Flask
from sqlalchemy import Engine

from engine.errors import CaseError, DiagramRefused
from engine.service import Cases, Check
from processes.definition import definition
from webapp import demo
from webapp.accounts.people import People
from webapp.app import create_app
from webapp.cli.files import bundle
from webapp.migrations import upgrade
from webapp.server import serve
from webapp.settings import SettingRefused, Settings

OUR_PACKAGES = ("engine", "processes", "webapp")


def run(chosen: argparse.Namespace) -> int:
    """Serve until interrupted."""
    with _installation(chosen, demo_data=chosen.demo) as app:
        if chosen.demo:
            demo.seed(app)
        serve(app, chosen.host, chosen.port, started=_say_started)
    return 0


def publish(chosen: argparse.Namespace) -> int:
    """Publish a folder; prints every finding that stands in the way."""
    files = bundle(chosen.folder)
    with _installation(chosen, publish_shipped=False) as app:
        published = _cases(app).publish(
            files, author=chosen.author, reason=chosen.reason, approver=chosen.approver
        )
    print(f"bundle {published.number} is live ({published.hash[:12]})")
    return 0


def add_user(chosen: argparse.Namespace) -> int:
    """Add a person; the password is read without an echo, or from standard input."""
    password = getpass.getpass("Password: ") if sys.stdin.isatty() else sys.stdin.readline()
    with _installation(chosen) as app, app.app_context():
        grants = [(role, chosen.area) for role in chosen.role]
        person = People(definition()).add(
            chosen.email, name=chosen.name, grants=grants, password=password.rstrip("\n")
        )
    print(f"{chosen.email} added ({person})")
    return 0


def verify(chosen: argparse.Namespace) -> int:
    """Read the whole audit; 1 if it is not whole."""
    with _installation(chosen, publish_shipped=False) as app:
        found = _cases(app).verify()
    for problem in found.problems:
        print(problem)
    print(f"{found.rows} rows, head {found.head}, {'whole' if found.whole else 'NOT WHOLE'}")
    return int(not found.whole)


def doctor(chosen: argparse.Namespace) -> int:
    """Print one line a check; 1 if one failed."""
    with _installation(chosen, publish_shipped=False) as app:
        checks = [*_cases(app).doctor(), _packages()]
    if chosen.json:
        print(json.dumps([asdict(check) for check in checks], indent=1))
    else:
        for check in checks:
            print(f"{'ok  ' if check.passed else 'FAIL'}  {check.name}: {check.detail}")
    return int(not all(check.passed for check in checks))


@contextmanager
def _installation(
    chosen: argparse.Namespace, *, demo_data: bool = False, publish_shipped: bool = True
) -> Iterator[Flask]:
    """The application over a migrated database, with the shipped diagrams if none are live."""
    try:
        settings = Settings.read(os.environ, data=chosen.data, demo=demo_data)
    except SettingRefused as error:
        raise CaseError(str(error)) from None
    app = create_app(settings)
    database: Engine = app.extensions["cspr.engine"]
    try:
        upgrade(database)
        if publish_shipped and not any(row.live for row in _cases(app).bundles()):
            _publish_shipped(_cases(app), definition().files())
        yield app
    except DiagramRefused as refused:
        raise CaseError(_first(refused)) from None
    finally:
        database.dispose()


def _publish_shipped(cases: Cases, files: Mapping[str, bytes]) -> None:
    cases.publish(files, author="cspr", reason="the diagrams shipped with this version")


def _first(refused: DiagramRefused) -> str:
    first, *others = refused.findings
    more = f" (and {len(others)} more: see `cspr check`)" if others else ""
    return f"{first}{more}"


def _cases(app: Flask) -> Cases:
    found: Cases = app.extensions["cspr.cases"]
    return found


def _packages() -> Check:
    """Another distribution may ship folders of our names and overwrite them without a word."""
    owners = importlib.metadata.packages_distributions()
    foreign = {
        name: others
        for name in OUR_PACKAGES
        if (others := sorted(set(owners.get(name, ())) - {"cspr"}))
    }
    detail = "; ".join(f"{name} also comes from {', '.join(o)}" for name, o in foreign.items())
    return Check("packages", passed=not foreign, detail=detail or "ours alone")


def _say_started(address: str) -> None:
    print(f"cspr is at {address} (Ctrl+C stops it)", flush=True)
