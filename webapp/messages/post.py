"""Handing mail to an SMTP server."""

from __future__ import annotations

import hashlib
import smtplib
import ssl
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import TYPE_CHECKING

from engine import clock

if TYPE_CHECKING:
    from webapp.settings import MailServer

TIMEOUT = 10.0  # seconds
#: After a server could not be reached, entries fail at once for so long: a silent server must
#: not keep the clocks waiting for every mail anew.
PAUSE = timedelta(seconds=30)
OUR_OWN = frozenset({"127.0.0.1", "localhost"})


class NotReachable(OSError):
    """The mail server does not answer, or does not protect the password."""


@dataclass(frozen=True, slots=True)
class Mail:
    """Plain text to one person. `key` is its outbox key: the same key, the same Message-ID."""

    key: str
    to: str
    subject: str
    lines: tuple[str, ...]


class PostOffice:
    """Used by the worker's thread alone."""

    def __init__(self, server: MailServer) -> None:
        self._server = server
        self._silent_until: datetime | None = None

    @property
    def base_url(self) -> str:
        return self._server.base_url

    def send(self, mail: Mail) -> None:
        """Raises `OSError` (of which `SMTPException` is one) unless the server took it."""
        message = self._message(mail)
        with self._connected() as server:
            server.send_message(message, from_addr=self._server.sender, to_addrs=[mail.to])

    def _message(self, mail: Mail) -> EmailMessage:
        """One line each header: what would begin another becomes a space."""
        sender = Address(addr_spec=self._server.sender)
        message = EmailMessage(policy=SMTP)
        message["From"] = Address("Child safeguarding practice reviews", addr_spec=str(sender))
        message["To"] = Address(addr_spec=mail.to)
        message["Subject"] = " ".join(mail.subject.split())
        message["Date"] = format_datetime(clock.now())
        message["Message-ID"] = f"<{_name(mail)}@{sender.domain}>"
        message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no automatic answers, please
        message.set_content("\n".join(mail.lines) + "\n")
        return message

    def _connected(self) -> smtplib.SMTP:
        if self._silent_until is not None and clock.now() < self._silent_until:
            raise NotReachable
        try:
            server = self._greeted()
        except OSError:
            self._silent_until = clock.now() + PAUSE
            raise
        self._silent_until = None
        return server

    def _greeted(self) -> smtplib.SMTP:
        """Encrypted wherever the server offers it; a password travels no other way."""
        to, context = self._server, ssl.create_default_context()
        if to.encrypted:
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                to.host, to.port, timeout=TIMEOUT, context=context
            )
        else:
            server = smtplib.SMTP(to.host, to.port, timeout=TIMEOUT)
        try:
            server.ehlo()
            safe = to.encrypted or to.host in OUR_OWN
            if not to.encrypted and server.has_extn("starttls"):
                server.starttls(context=context)
                server.ehlo()
                safe = True
            if to.user:
                if not safe:
                    raise NotReachable
                server.login(to.user, to.password)
        except OSError:
            server.close()
            raise
        return server


def _name(mail: Mail) -> str:
    """The same for ever, and tells no address to whoever reads the header."""
    return hashlib.sha256(f"{mail.key}\n{mail.to}".encode()).hexdigest()[:40]
