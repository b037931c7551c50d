"""What an installation may set, by arguments or the environment; checked once, at start."""

from __future__ import annotations

import os
import re
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

#: The host of a URL: a name or an IPv4 address; a leading dot stands for all names below it.
HOST = re.compile(r"\.?[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?")
#: 128 bits written in hexadecimal.
SHORTEST_KEY = 32
#: The database in the data folder, unless another one is named.
DATABASE = "cspr.sqlite3"
YES_OR_NO = {"yes": True, "no": False}


class SettingRefused(ValueError):
    """A setting makes no sense; the message names it and says what would."""


@dataclass(frozen=True, slots=True)
class Settings:
    """`data` is the folder that holds everything that must be kept."""

    data: Path
    database_url: str
    secret_key: str
    trusted_hosts: tuple[str, ...]
    https: bool
    idle_minutes: int
    demo: bool

    @classmethod
    def read(
        cls,
        environment: Mapping[str, str],
        *,
        data: Path | None = None,
        demo: bool = False,
    ) -> Settings:
        """Arguments win over the environment. Creates the data folder and, once, the secret key."""
        folder = (data or Path(environment.get("CSPR_DATA") or "data")).resolve()
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as problem:
            message = f"CSPR_DATA: {folder} cannot be used as data folder: {problem.strerror}"
            raise SettingRefused(message) from problem
        return cls(
            data=folder,
            database_url=_database_url(environment, folder),
            secret_key=_secret_key(environment, folder),
            trusted_hosts=_trusted_hosts(environment),
            https=_yes_or_no(environment, "CSPR_HTTPS", default=False),
            idle_minutes=_whole_number(environment, "CSPR_IDLE_MINUTES", default=60),
            demo=demo,
        )


def _database_url(environment: Mapping[str, str], folder: Path) -> str:
    url = environment.get("CSPR_DATABASE_URL", "")
    if not url:
        return f"sqlite:///{folder / DATABASE}"
    if not url.startswith(("sqlite:///", "postgresql+psycopg://", "postgresql://")):
        raise SettingRefused(
            "CSPR_DATABASE_URL must start with sqlite:/// or postgresql:// "
            f"but starts with {url[:12]!r}"
        )
    return url


def _secret_key(environment: Mapping[str, str], folder: Path) -> str:
    """Made once and kept, readable by the owner only: a new one would sign everybody out."""
    given = environment.get("CSPR_SECRET_KEY", "")
    if given:
        if len(given) < SHORTEST_KEY:
            raise SettingRefused(f"CSPR_SECRET_KEY must have at least {SHORTEST_KEY} characters")
        return given
    path = folder / "secret_key"
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        kept = path.read_text(encoding="ascii").strip()
        if not kept:
            raise SettingRefused(f"{path} is empty; remove it and a new key is made") from None
        return kept
    with os.fdopen(handle, "w", encoding="ascii") as file:
        key = secrets.token_hex(32)
        file.write(key)
    return key


def _trusted_hosts(environment: Mapping[str, str]) -> tuple[str, ...]:
    given = environment.get("CSPR_TRUSTED_HOSTS", "127.0.0.1 localhost")
    hosts = tuple(given.lower().split())
    for host in hosts:
        if not HOST.fullmatch(host):
            raise SettingRefused(
                f"CSPR_TRUSTED_HOSTS: {host!r} is not a host name; "
                "write names without scheme and port, separated by spaces"
            )
    if not hosts:
        raise SettingRefused("CSPR_TRUSTED_HOSTS must name at least one host")
    return hosts


def _yes_or_no(environment: Mapping[str, str], name: str, *, default: bool) -> bool:
    given = environment.get(name, "")
    if not given:
        return default
    if given not in YES_OR_NO:
        raise SettingRefused(f"{name} must be yes or no, not {given!r}")
    return YES_OR_NO[given]


def _whole_number(environment: Mapping[str, str], name: str, *, default: int) -> int:
    given = environment.get(name, "")
    if not given:
        return default
    if not re.fullmatch(r"[1-9][0-9]{0,3}", given):
        raise SettingRefused(f"{name} must be a whole number from 1 to 9999, not {given!r}")
    return int(given)
