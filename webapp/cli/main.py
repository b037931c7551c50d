"""The commands and their arguments. What a command does stands in the module it names."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from engine.errors import CaseError

BAD_INPUT = 2
DATA_HELP = "folder of the installation's data (default: data)"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; gives back its exit code."""
    chosen = _parser().parse_args(arguments)
    try:
        return _command(chosen.run)(chosen)
    except CaseError as error:
        return _complain(str(error))
    except BrokenPipeError:  # whoever read the output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except FileNotFoundError as error:
        return _complain(f"{error.filename}: there is no such file or folder")
    except OSError as error:
        return _complain(f"{error.filename or 'system'}: {error.strerror or error}")
    except KeyboardInterrupt:
        return 0


def _command(name: str) -> Callable[[argparse.Namespace], int]:
    """The function; loaded only now, so that a date needs no web server in memory."""
    module, function = name.split(".")
    found: Callable[[argparse.Namespace], int] = getattr(
        importlib.import_module(f"webapp.cli.{module}"), function
    )
    return found


def _complain(message: str) -> int:
    print(f"cspr: {' '.join(message.split())}", file=sys.stderr)
    return BAD_INPUT


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="cspr", description="Child safeguarding practice reviews, from their diagrams."
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for add in (
        _run,
        _deadline,
        _check,
        _draw,
        _diff,
        _rehearse,
        _publish,
        _area,
        _user,
        _verify,
        _doctor,
    ):
        add(commands)
    return parser


Commands = argparse._SubParsersAction  # noqa: SLF001  # argparse names this type only privately


def _run(commands: Commands[argparse.ArgumentParser]) -> None:
    one = commands.add_parser("run", help="serve the pages, with the worker")
    one.add_argument("--demo", action="store_true", help="seed fictional people and cases")
    one.add_argument("--host", default="127.0.0.1", help="address to listen on")
    one.add_argument("--port", type=int, default=8000, help="0 takes a free port")
    one.add_argument("--data", type=Path, help=DATA_HELP)
    one.set_defaults(run="serving.run")


def _deadline(commands: Commands[argparse.ArgumentParser]) -> None:
    one = commands.add_parser("deadline", help="when a rule is due, and why")
    one.add_argument("rule", metavar="RULE", help="such as R02")
    one.add_argument("start", metavar="START", nargs="+", help="date counted from: 2018-12-20")
    one.add_argument("--json", action="store_true", help="a list of explanations")
    one.set_defaults(run="offline.deadline")


def _check(commands: Commands[argparse.ArgumentParser]) -> None:
    one = commands.add_parser("check", help="what stands in the way of publishing these files")
    one.add_argument("file", metavar="FILE", nargs="+", type=Path)
    one.add_argument("--json", action="store_true", help="a list of findings")
    one.set_defaults(run="offline.check")


def _draw(commands: Commands[argparse.ArgumentParser]) -> None:
    one = commands.add_parser("draw", help="a diagram as a picture")
    one.add_argument("file", metavar="FILE", type=Path)
    one.add_argument("-o", "--output", metavar="OUT.svg", type=Path, required=True)
    one.set_defaults(run="offline.draw")


def _diff(commands: Commands[argparse.ArgumentParser]) -> None:
    one = commands.add_parser("diff", help="what changed in meaning, element by element")
    one.add_argument("old", metavar="OLD", type=Path, help="a file or a folder")
    one.add_argument("new", metavar="NEW", type=Path, help="a file or a folder")
    one.add_argument("--json", action="store_true", help="a list of changes")
    one.set_defaults(run="offline.diff")


def _rehearse(commands: Commands[argparse.ArgumentParser]) -> None:
    one = commands.add_parser("rehearse", help="play scenarios in legal time")
    one.add_argument("scenario", metavar="SCENARIO", nargs="+", type=Path)
    one.add_argument("--bundle", type=Path, help="folder of diagrams (default: the shipped ones)")
    one.add_argument("--journal", action="store_true", help="print what happened, day by day")
    one.add_argument("--json", action="store_true", help="a list of results")
    one.set_defaults(run="offline.rehearse")


def _publish(commands: Commands[argparse.ArgumentParser]) -> None:
    one = commands.add_parser("publish", help="make a folder of diagrams the live bundle")
    one.add_argument("folder", metavar="DIR", type=Path)
    one.add_argument("--author", required=True, help="who changed the process")
    one.add_argument("--reason", required=True, help="why")
    one.add_argument("--approver", help="who approved it")
    one.add_argument("--data", type=Path, help=DATA_HELP)
    one.set_defaults(run="installation.publish")


def _area(commands: Commands[argparse.ArgumentParser]) -> None:
    areas = commands.add_parser("area", help="the areas whose incidents are recorded here")
    verbs = areas.add_subparsers(dest="verb", required=True, metavar="VERB")
    one = verbs.add_parser("add", help="add an area, or change the one of that code")
    one.add_argument("code", metavar="CODE", help="capitals and digits, such as NM")
    one.add_argument("--name", required=True)
    one.add_argument(
        "--start-on", metavar="DATE", required=True, help="when its new arrangements began"
    )
    one.add_argument("--published-on", metavar="DATE", help="when they were published")
    one.add_argument("--data", type=Path, help=DATA_HELP)
    one.set_defaults(run="areas.add")


def _user(commands: Commands[argparse.ArgumentParser]) -> None:
    users = commands.add_parser("user", help="people who sign in")
    verbs = users.add_subparsers(dest="verb", required=True, metavar="VERB")
    one = verbs.add_parser("add", help="add a person; asks for the password on standard input")
    one.add_argument("email", metavar="EMAIL")
    one.add_argument("--name", required=True)
    one.add_argument("--role", action="append", required=True, help="role id; may be repeated")
    one.add_argument("--area", help="area code; without it the roles hold in every area")
    one.add_argument("--data", type=Path, help=DATA_HELP)
    one.set_defaults(run="installation.add_user")


def _verify(commands: Commands[argparse.ArgumentParser]) -> None:
    one = commands.add_parser("verify", help="is the audit whole?")
    one.add_argument("--data", type=Path, help=DATA_HELP)
    one.set_defaults(run="installation.verify")


def _doctor(commands: Commands[argparse.ArgumentParser]) -> None:
    one = commands.add_parser("doctor", help="is this installation sound?")
    one.add_argument("--data", type=Path, help=DATA_HELP)
    one.add_argument("--json", action="store_true", help="a list of checks")
    one.set_defaults(run="installation.doctor")
