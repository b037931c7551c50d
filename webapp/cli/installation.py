"""Commands of an installation: publish, add people, verify, look oneself over."""

from __future__ import annotations

import argparse
import getpass
import importlib.metadata
import json
import sys
from dataclasses import asdict

from flask import Flask

from engine.service import Cases, Check
from processes.definition import definition
from webapp.accounts.people import People
from webapp.cli.files import bundle
from webapp.cli.preparing import installation, require_installation

OUR_PACKAGES = ("engine", "processes", "webapp")


def publish(chosen: argparse.Namespace) -> int:
    """Publish a folder; prints every finding that stands in the way."""
    files = bundle(chosen.folder)
    with installation(chosen.data, publish_shipped=False) as app:
        published = _cases(app).publish(
            files, author=chosen.author, reason=chosen.reason, approver=chosen.approver
        )
    print(f"bundle {published.number} is live ({published.hash[:12]})")
    return 0


def add_user(chosen: argparse.Namespace) -> int:
    """Add a person; the password is read without an echo, or from standard input."""
    password = getpass.getpass("Password: ") if sys.stdin.isatty() else sys.stdin.readline()
    with installation(chosen.data) as app, app.app_context():
        grants = [(role, chosen.area) for role in chosen.role]
        person = People(definition()).add(
            chosen.email, name=chosen.name, grants=grants, password=password.rstrip("\n")
        )
    print(f"{chosen.email} added ({person})")
    return 0


def verify(chosen: argparse.Namespace) -> int:
    """Read the whole audit; 1 if it is not whole."""
    require_installation(chosen.data)
    with installation(chosen.data, publish_shipped=False) as app:
        found = _cases(app).verify()
    for problem in found.problems:
        print(problem)
    rows = "1 row" if found.rows == 1 else f"{found.rows} rows"
    print(f"{rows}, head {found.head}, {'whole' if found.whole else 'NOT WHOLE'}")
    return int(not found.whole)


def doctor(chosen: argparse.Namespace) -> int:
    """Print one line a check; 1 if one failed."""
    require_installation(chosen.data)
    with installation(chosen.data, publish_shipped=False) as app:
        checks = [*_cases(app).doctor(tuple(app.extensions["cspr.handlers"])), _packages()]
    if chosen.json:
        print(json.dumps([asdict(check) for check in checks], indent=1))
    else:
        for check in checks:
            print(f"{'ok  ' if check.passed else 'FAIL'}  {check.name}: {check.detail}")
    return int(not all(check.passed for check in checks))


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
