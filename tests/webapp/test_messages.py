"""E-mails, handed to a real SMTP server."""

from __future__ import annotations

from datetime import timedelta
from email import message_from_bytes, policy
from typing import TYPE_CHECKING

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from sqlalchemy import select, update

from engine.clock import at
from engine.service.worker import DEFAULT_HANDLERS, handle
from engine.store import tables
from tests.webapp.conftest import INCIDENT, NOON, Site, application
from webapp.accounts.tables import person
from webapp.messages.post import Mail, NotReachable, PostOffice
from webapp.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import EmailMessage
    from pathlib import Path


SOUND = {
    "CSPR_SMTP_URL": "smtps://user:p%40ss@mail.example.org",
    "CSPR_MAIL_FROM": "cases@example.org",
    "CSPR_BASE_URL": "https://cases.example.org",
}
A_MAIL = Mail("k", "a@example.org", "Task", ("x",))


class Letterbox:
    """Keeps what it takes; refuses as long as it is told to."""

    def __init__(self) -> None:
        self.answer = "250 taken"
        self.mails: list[EmailMessage] = []
        self.to: list[str] = []

    async def handle_DATA(self, _server, _session, envelope) -> str:  # noqa: N802  # aiosmtpd's name
        if self.answer.startswith("250"):
            self.mails.append(message_from_bytes(envelope.content, policy=policy.SMTP))
            self.to += envelope.rcpt_tos
        return self.answer


class AnyPort(Controller):
    """On a port the system chose."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@pytest.fixture
def letterbox() -> Letterbox:
    return Letterbox()


@pytest.fixture
def environment(letterbox: Letterbox) -> Iterator[dict[str, str]]:
    controller = AnyPort(letterbox, hostname="127.0.0.1", port=0)
    controller.start()
    yield {
        "CSPR_SMTP_URL": f"smtp://127.0.0.1:{controller.port}",
        "CSPR_MAIL_FROM": "cases@example.org",
        "CSPR_BASE_URL": "https://cases.example.org/",
    }
    controller.stop()


@pytest.fixture
def posting(environment: dict[str, str], template: Path, tmp_path: Path) -> Iterator[Site]:
    """The site of `conftest`, with a mail server."""
    for kept in template.iterdir():
        (tmp_path / kept.name).write_bytes(kept.read_bytes())
    app = application(Settings.read(environment, data=tmp_path))
    with app.app_context():
        found = app.extensions["cspr.people"].everyone()
    with at(NOON):
        yield Site(app, {each.email.split("@")[0]: each.fs_uniquifier for each in found})
    app.extensions["cspr.engine"].dispose()


def work(site: Site) -> None:
    """One look of the worker."""
    kept = site.app.extensions
    handle(kept["cspr.cases"], kept["cspr.engine"], kept["cspr.handlers"])


def entries(site: Site, kind: str) -> list:
    with site.app.extensions["cspr.engine"].connect() as connection:
        box = tables.outbox
        return list(connection.execute(select(box).where(box.c.kind == kind).order_by(box.c.id)))


def test_everybody_who_may_work_a_new_task_gets_one_mail(
    posting: Site, letterbox: Letterbox
) -> None:
    posting.browser("officer").open_case()

    work(posting)
    work(posting)

    assert sorted(letterbox.to) == ["officer@example.org", "second@example.org"]
    mail = letterbox.mails[0]
    assert mail["Subject"] == "New task: 2026-00001 Describe the incident"
    assert "https://cases.example.org/tasks/1\r\n" in mail.get_content()
    assert mail.get_content_type() == "text/plain"


def test_a_date_in_a_mail_is_in_words(posting: Site, letterbox: Letterbox) -> None:
    officer = posting.browser("officer")
    officer.hand_in(officer.open_case(), INCIDENT)

    work(posting)

    said = [mail.get_content().splitlines()[1] for mail in letterbox.mails]
    assert said == ["Due on Wednesday 18 November 2026."] * 2


def test_what_was_typed_and_what_a_case_is_called_is_in_no_mail(
    posting: Site, letterbox: Letterbox
) -> None:
    officer = posting.browser("officer")
    officer.hand_in(officer.open_case("Canary-title"), INCIDENT | {"summary": "Canary-form"})
    with at(NOON + timedelta(days=1)):
        posting.app.extensions["cspr.cases"].fire_due_timers()
        work(posting)

    sent = [mail.as_string() for mail in letterbox.mails]
    assert any(mail["Subject"].startswith("A date has come") for mail in letterbox.mails)
    assert not [mail for mail in sent if "anary" in mail]


def test_a_moved_date_is_told_to_whoever_has_its_task(posting: Site, letterbox: Letterbox) -> None:
    officer = posting.browser("officer")
    officer.hand_in(officer.open_case(), INCIDENT)
    task = posting.app.extensions["cspr.cases"].open_tasks("2026-00001")[0]
    officer.post(f"/tasks/{task.id}/claim")
    work(posting)
    before = len(letterbox.mails)

    form = {"reason": "read again", "value-day": "12", "value-month": "11", "value-year": "2026"}
    with posting.app.app_context():
        cases, people = (posting.app.extensions[f"cspr.{name}"] for name in ("cases", "people"))
        who = people.by_email("officer@example.org")
        cases.correct_fact(
            "2026-00001", "authority_aware_on", "2026-11-12", reason=form["reason"],
            actor=cases.actor(who.person_id, who.name, who.grants),
        )  # fmt: skip
    work(posting)

    assert [mail["Subject"][:12] for mail in letterbox.mails[before:]] == ["Date changed"]
    assert letterbox.to[before:] == ["officer@example.org"]


def test_a_refused_mail_comes_again_later_under_the_same_name(
    posting: Site, letterbox: Letterbox
) -> None:
    posting.browser("officer").open_case()
    letterbox.answer = "451 try later"
    work(posting)
    letterbox.answer = "250 taken"
    work(posting)
    waited = len(letterbox.mails)

    with at(NOON + timedelta(minutes=2)):
        work(posting)

    assert waited == 0
    assert [row.attempts for row in entries(posting, "mail")] == [2, 2]
    assert len({mail["Message-ID"] for mail in letterbox.mails}) == 2


def test_the_message_id_depends_on_key_and_recipient_alone(
    environment: dict[str, str], letterbox: Letterbox, tmp_path: Path
) -> None:
    post = PostOffice(Settings.read(environment, data=tmp_path).mail)

    for to, subject in (("a@example.org", "one"), ("a@example.org", "two"), ("b@example.org", "")):
        post.send(Mail("1:1:mail", to, subject, ()))

    first, again, other = (mail["Message-ID"] for mail in letterbox.mails)
    assert first == again != other


def test_a_mail_nobody_takes_is_given_up_after_waiting_ever_longer(
    posting: Site, letterbox: Letterbox
) -> None:
    posting.browser("officer").open_case()
    letterbox.answer = "554 never"

    for day in range(20):
        with at(NOON + timedelta(days=2 * day)):
            work(posting)

    kept = entries(posting, "mail")
    assert {(row.status, row.attempts, row.last_error) for row in kept} == {
        ("dead", 12, "SMTPDataError")
    }


def test_no_line_break_begins_another_header(
    environment: dict[str, str], letterbox: Letterbox, tmp_path: Path
) -> None:
    post = PostOffice(Settings.read(environment, data=tmp_path).mail)

    post.send(Mail("k", "a@example.org", "Task\r\nBcc: all@example.org", ("x",)))
    with pytest.raises(ValueError, match="CR or LF"):
        post.send(Mail("k", "a@example.org\r\nBcc: all@example.org", "Task", ("x",)))

    assert letterbox.to == ["a@example.org"]
    assert letterbox.mails[0]["Bcc"] is None


def test_nobody_is_written_to_who_lost_the_right_meanwhile(
    posting: Site, letterbox: Letterbox
) -> None:
    posting.browser("officer").open_case()
    letterbox.answer = "451 try later"
    work(posting)
    with posting.app.extensions["cspr.engine"].begin() as connection:
        gone = person.c.email == "second@example.org"
        connection.execute(update(person).where(gone).values(active=False))
    letterbox.answer = "250 taken"

    with at(NOON + timedelta(minutes=2)):
        work(posting)

    assert letterbox.to == ["officer@example.org"]


@pytest.fixture
def asking(letterbox: Letterbox) -> Iterator[tuple[dict[str, str], list[bytes]]]:
    """A server that asks for a password; settings for it, and the passwords it was given."""
    given: list[bytes] = []

    def authenticator(_server, _session, _envelope, _mechanism, data) -> AuthResult:
        given.append(data.password)
        return AuthResult(success=data.password == b"p@ss")

    controller = AnyPort(
        letterbox, hostname="127.0.0.1", port=0, authenticator=authenticator, auth_require_tls=False
    )
    controller.start()
    url = f"smtp://user:p%40ss@127.0.0.1:{controller.port}"
    yield SOUND | {"CSPR_SMTP_URL": url}, given
    controller.stop()


def test_user_and_password_are_given_to_a_server_of_this_machine(
    asking: tuple[dict[str, str], list[bytes]], letterbox: Letterbox, tmp_path: Path
) -> None:
    environment, _ = asking

    PostOffice(Settings.read(environment, data=tmp_path).mail).send(A_MAIL)

    assert letterbox.to == ["a@example.org"]


def test_a_password_never_travels_unencrypted_to_another_machine(
    asking: tuple[dict[str, str], list[bytes]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    environment, given = asking
    monkeypatch.setattr("webapp.messages.post.OUR_OWN", frozenset())

    with pytest.raises(NotReachable):
        PostOffice(Settings.read(environment, data=tmp_path).mail).send(A_MAIL)

    assert given == []


def morning(site: Site, days: int, *, hour: int = 9) -> None:
    """A look of the worker of a process that was just started."""
    with at(NOON.replace(hour=hour) + timedelta(days=days)):
        (chore,) = site.app.extensions["cspr.chores"]
        chore.__self__._written_on = None
        chore()
        work(site)


@pytest.fixture
def overdue(posting: Site, letterbox: Letterbox) -> Site:
    """A notification to the Panel that was due on Wednesday 18 November; mails so far are read."""
    officer = posting.browser("officer")
    officer.hand_in(officer.open_case("Canary-title"), INCIDENT | {"summary": "Canary-form"})
    work(posting)
    letterbox.mails.clear()
    letterbox.to.clear()
    return posting


def digests(letterbox: Letterbox) -> list[EmailMessage]:
    return [mail for mail in letterbox.mails if "due soon" in mail["Subject"]]


def test_each_person_gets_one_digest_a_working_day(overdue: Site, letterbox: Letterbox) -> None:
    morning(overdue, 1)
    morning(overdue, 1)

    told = digests(letterbox)
    assert sorted(mail["To"] for mail in told) == ["officer@example.org", "second@example.org"]
    assert told[0]["Subject"] == "1 task overdue or due soon on Thursday 19 November 2026"
    assert "Overdue (1)" in told[0].get_content()
    assert not [mail for mail in told if "anary" in mail.as_string()]


@pytest.mark.parametrize(
    ("days", "hour", "why"),
    [(3, 9, "Saturday"), (4, 9, "Sunday"), (37, 9, "Christmas"), (1, 6, "night"), (1, 13, "late")],
)
def test_no_digest_comes_outside_the_morning_of_a_working_day(
    overdue: Site, letterbox: Letterbox, days: int, hour: int, why: str
) -> None:
    morning(overdue, days, hour=hour)

    assert digests(letterbox) == [], why


def test_a_digest_has_what_is_due_within_two_working_days_and_nothing_later(
    posting: Site, letterbox: Letterbox
) -> None:
    officer = posting.browser("officer")
    officer.hand_in(officer.open_case(), INCIDENT | {"authority_aware_on-day": "16"})

    morning(posting, 0)
    early = len(digests(letterbox))
    morning(posting, 1)

    assert early == 0
    assert "Due within two working days (1)" in digests(letterbox)[0].get_content()


def test_a_digest_of_yesterday_is_not_sent_today(overdue: Site, letterbox: Letterbox) -> None:
    letterbox.answer = "451 try later"
    morning(overdue, 1)
    letterbox.answer = "250 taken"

    morning(overdue, 2)

    assert {mail["Subject"][-22:] for mail in digests(letterbox)} == {"riday 20 November 2026"}


def test_without_a_mail_server_the_list_of_tasks_is_the_notice(site: Site) -> None:
    site.browser("officer").open_case()

    work(site)

    assert site.app.extensions["cspr.handlers"] is DEFAULT_HANDLERS
    assert [row.note for row in entries(site, "task_opened")] == ["shown in the list of tasks"]


def test_a_mail_server_is_read_from_its_url(tmp_path: Path) -> None:
    server = Settings.read(SOUND, data=tmp_path).mail

    assert (server.host, server.port, server.encrypted) == ("mail.example.org", 465, True)
    assert (server.user, server.password) == ("user", "p@ss")
    assert "p@ss" not in repr(server)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CSPR_SMTP_URL", "http://mail.example.org"),
        ("CSPR_SMTP_URL", "smtp://"),
        ("CSPR_SMTP_URL", "smtp://mail.example.org:99999"),
        ("CSPR_SMTP_URL", "smtp://user@mail.example.org"),
        ("CSPR_SMTP_URL", "smtp://mail.example.org/inbox"),
        ("CSPR_SMTP_URL", "smtp://mail example.org"),
        ("CSPR_MAIL_FROM", ""),
        ("CSPR_MAIL_FROM", "cases"),
        ("CSPR_MAIL_FROM", "a@example.org\nBcc: b@example.org"),
        ("CSPR_BASE_URL", ""),
        ("CSPR_BASE_URL", "cases.example.org"),
        ("CSPR_BASE_URL", "javascript://cases.example.org"),
    ],
)
def test_a_mail_setting_that_makes_no_sense_is_refused(
    tmp_path: Path, name: str, value: str
) -> None:
    with pytest.raises(ValueError, match=name):
        Settings.read(SOUND | {name: value}, data=tmp_path)
