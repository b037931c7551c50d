"""What an installation may set, by arguments or the environment; checked once, at start."""

from __future__ import annotations

import os
import re
import secrets
from dataclasses import dataclass, field
from email.errors import MessageError
from email.headerregistry import Address
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping

#: The host of a URL: a name or an IPv4 address; a leading dot stands for all names below it.
HOST = re.compile(r"\.?[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?")
#: 128 bits written in hexadecimal.
SHORTEST_KEY = 32
#: The database in the data folder, unless another one is named.
DATABASE = "cspr.sqlite3"
YES_OR_NO = {"yes": True, "no": False}
SMTP_PORTS = {"smtp": 25, "smtps": 465}


class SettingRefused(ValueError):
    """A setting makes no sense; the message names it and says what would."""


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail is handed in; `encrypted` means from the first byte (smtps)."""

    host: str
    port: int
    encrypted: bool
    user: str
    password: str = field(repr=False)
    sender: str
    base_url: str  # what links in mails begin with, no slash at the end


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
    mail: MailServer | None = None  # None: the list of tasks is the only notice

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
            mail=_mail_server(environment),
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


def _mail_server(environment: Mapping[str, str]) -> MailServer | None:
    """The messages never repeat the URL: it may hold a password."""
    given = environment.get("CSPR_SMTP_URL", "")
    if not given:
        return None
    url, port = _split("CSPR_SMTP_URL", given)
    if url.scheme not in SMTP_PORTS or url.path.strip("/") or url.query or url.fragment:
        raise SettingRefused("CSPR_SMTP_URL must read smtp://user:password@host:port or smtps://…")
    if bool(url.username) != bool(url.password):
        raise SettingRefused("CSPR_SMTP_URL must name both user and password, or neither")
    return MailServer(
        host=str(url.hostname),
        port=port or SMTP_PORTS[url.scheme],
        encrypted=url.scheme == "smtps",
        user=unquote(url.username or ""),
        password=unquote(url.password or ""),
        sender=_sender(environment),
        base_url=_base_url(environment),
    )


def _split(name: str, given: str) -> tuple[SplitResult, int | None]:
    try:
        url = urlsplit(given)
        port = url.port
    except ValueError:
        raise SettingRefused(f"{name} is no URL, or its port is no number to 65535") from None
    plain = given.isascii() and given.isprintable() and " " not in given
    if not plain or not HOST.fullmatch(url.hostname or ""):
        raise SettingRefused(f"{name} must name a host, without spaces")
    return url, port


def _sender(environment: Mapping[str, str]) -> str:
    given = environment.get("CSPR_MAIL_FROM", "")
    try:
        address = Address(addr_spec=given)
    except (MessageError, ValueError, IndexError):
        address = Address()
    if not address.username or not HOST.fullmatch(address.domain.lower()) or not given.isascii():
        raise SettingRefused("CSPR_MAIL_FROM must be one e-mail address, as cases@example.org")
    return given


def _base_url(environment: Mapping[str, str]) -> str:
    given = environment.get("CSPR_BASE_URL", "")
    url, _ = _split("CSPR_BASE_URL", given)
    if url.scheme not in {"http", "https"} or url.query or url.fragment or url.username:
        raise SettingRefused("CSPR_BASE_URL must read https://host: links in mails begin with it")
    return given.rstrip("/")
