"""What every answer carries, what no request may do, and who sees nothing."""

from __future__ import annotations

import base64
import hashlib
import logging
import re
from typing import TYPE_CHECKING

import pytest

from tests.webapp.conftest import INCIDENT, PASSWORD, Browser

if TYPE_CHECKING:
    from werkzeug.test import TestResponse

    from tests.webapp.conftest import Site

CASE = "/cases/2026-00001"
PAGES = [
    "/",
    "/cases",
    "/report",
    "/diagrams",
    "/diagrams/small_process",
    "/my-calendar",
    "/tasks/1",
    CASE,
]
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}


@pytest.mark.parametrize("page", [*PAGES, "/nothing", "/healthz", f"{CASE}/deadlines/1.json"])
def test_every_answer_carries_the_headers_that_protect_it(officer: Browser, page: str) -> None:
    officer.hand_in(officer.open_case(), INCIDENT)

    sent = officer.get(page).headers

    assert {name: sent.get(name) for name in HEADERS} == HEADERS
    assert sent["Content-Security-Policy"].startswith("default-src 'none'; script-src 'self'")
    assert "unsafe" not in sent["Content-Security-Policy"]


def test_the_policy_allows_exactly_the_one_inline_script(officer: Browser) -> None:
    answer = officer.get("/")

    scripts = re.findall(r"<script>(.*?)</script>", answer.text, re.DOTALL)
    hashed = base64.b64encode(hashlib.sha256(scripts[0].encode()).digest()).decode()

    assert len(scripts) == 1
    assert f"'sha256-{hashed}'" in answer.headers["Content-Security-Policy"]
    assert not re.search(r'\s(style|on\w+)="', answer.text)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_loads_nothing_from_elsewhere(officer: Browser, page: str) -> None:
    officer.open_case()

    text = officer.get(page).text

    assert not re.findall(r'(?:src|href|action)="(?:https?:)?//', text)
    assert "GOV.UK" not in text


def test_built_files_may_be_kept_for_a_year(site: Site) -> None:
    page = site.app.test_client().get("/sign-in").text
    address = re.findall(r'href="(/static/dist/[^"]+)"', page)[0]

    with site.app.test_client().get(address) as answer:
        assert answer.status_code == 200
        assert "immutable" in answer.headers["Cache-Control"]


@pytest.mark.parametrize("page", [*PAGES, f"{CASE}/end", "/tasks/1/send-back"])
def test_a_stranger_is_asked_to_sign_in(site: Site, page: str) -> None:
    answer = site.app.test_client().get(page)

    assert answer.status_code == 302
    assert answer.location.startswith("/sign-in?next=")


def test_a_request_without_token_changes_nothing_and_gives_back_what_was_typed(
    officer: Browser,
) -> None:
    task = officer.open_case()

    answer = officer.client.post(task, data=INCIDENT, headers={"Sec-Fetch-Site": "same-origin"})

    assert answer.status_code == 400
    assert "Your page was open too long" in answer.text
    assert "A fall at home, hospital told the authority." in answer.text
    assert "Send it again" in answer.text


def test_what_another_site_sends_is_refused_even_with_a_token(officer: Browser) -> None:
    data = {"csrf_token": officer.token("/report"), "title": "Forged"}

    answer = officer.client.post("/report", data=data, headers={"Sec-Fetch-Site": "cross-site"})

    assert answer.status_code == 403


@pytest.mark.parametrize(
    "hidden", ["/tasks/1", CASE, f"{CASE}/deadlines/1", f"{CASE}/map/small_process.svg"]
)
def test_what_may_not_be_seen_answers_byte_for_byte_like_what_is_not_there(
    site: Site, officer: Browser, hidden: str
) -> None:
    officer.hand_in(officer.open_case(), INCIDENT)
    south = site.browser("south")

    forbidden, missing = south.get(hidden), south.get(hidden.replace("1", "77", 1))

    assert officer.get(hidden).status_code == 200
    assert forbidden.status_code == missing.status_code == 404
    assert forbidden.data == missing.data
    assert _without_cookie(forbidden) == _without_cookie(missing)


def _without_cookie(answer: TestResponse) -> dict[str, str]:
    """The cookie carries the time of the request, whatever was asked for."""
    return {name: value for name, value in answer.headers if name != "Set-Cookie"}


@pytest.mark.parametrize("verb", ["", "/draft", "/claim", "/release", "/send-back"])
def test_nobody_of_another_area_can_do_anything_to_a_task(
    site: Site, officer: Browser, verb: str
) -> None:
    task = officer.open_case()

    answer = site.browser("south").post(f"{task}{verb}", {"to": "1", "reason": "x"})

    assert answer.status_code == 404


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "localhost@evil"])
def test_a_host_that_is_not_ours_is_refused(site: Site, host: str) -> None:
    answer = site.app.test_client().get("/sign-in", headers={"Host": host})

    assert answer.status_code == 400


def test_a_form_that_is_too_large_is_refused_in_words(officer: Browser) -> None:
    task = officer.open_case()

    answer = officer.post(task, {"summary": "x" * 3_000_000})

    assert answer.status_code == 413
    assert "too large" in answer.text


def test_a_wrong_password_and_an_unknown_address_answer_alike(site: Site) -> None:
    browser = Browser(site.app.test_client())

    texts = [
        re.sub(r'value="[^"]*"', "", browser.sign_in(email, "wrong password").text)
        for email in ("officer@example.org", "nobody-at-all@example.org")
    ]

    assert texts[0] == texts[1]
    assert "The e-mail address or the password is wrong" in texts[0]


def test_signing_out_ends_the_session(officer: Browser) -> None:
    officer.post("/sign-out")

    assert officer.get("/").location.startswith("/sign-in")


@pytest.mark.parametrize(
    "there", ["//evil.example", "https:evil", "/\\evil.example", "javascript:x"]
)
def test_signing_in_never_leads_to_another_site(site: Site, there: str) -> None:
    browser = Browser(site.app.test_client())
    typed = {"email": "officer@example.org", "password": PASSWORD, "next": there}

    answer = browser.post("/sign-in", typed, page="/sign-in")

    assert answer.location in {"/", "/%5Cevil.example"}  # the sign escaped: a page of ours


def test_a_forged_cookie_is_nobody(site: Site) -> None:
    client = site.app.test_client()
    client.set_cookie("session", "e30.forged." + "x" * 3000)

    assert client.get("/").status_code == 302


def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(site: Site) -> None:
    browser = Browser(site.app.test_client())

    cookie = browser.sign_in("officer@example.org", PASSWORD).headers["Set-Cookie"]

    assert "HttpOnly" in cookie
    assert "Expires=" in cookie  # it ends when nobody uses it
    assert "SameSite=Lax" in cookie


def test_a_fault_of_ours_shows_a_number_and_no_details(
    site: Site, officer: Browser, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ValueError("a secret detail")

    monkeypatch.setattr(site.app.extensions["cspr.cases"], "inbox", broken)

    with caplog.at_level(logging.ERROR):
        answer = officer.get("/")

    number = re.findall(r"<strong>([0-9A-F]{8})</strong>", answer.text)[0]
    assert answer.status_code == 500
    assert "a secret detail" not in answer.text
    assert number in caplog.text


VALUES = ["0", "-1", "1e3", "%00", "9" * 30, "1;--", "..%2f..%2fetc", "%2e%2e/", "{{7*7}}", "é"]


@pytest.mark.parametrize("value", VALUES)
def test_no_address_and_no_answer_however_odd_is_a_fault_of_ours(
    site: Site, officer: Browser, value: str
) -> None:
    officer.open_case()
    seen = {}
    token = officer.token("/report")

    for rule in site.app.url_map.iter_rules():
        if rule.endpoint == "static":
            continue
        address = re.sub(r"<[^>]+>", value, rule.rule)
        data = {"csrf_token": token, "title": value, "to": value, "how": value}
        seen[f"GET {address}"] = officer.get(address).status_code
        if "/sign-out" not in address:
            seen[f"POST {address}"] = officer.client.post(address, data=data).status_code

    assert {address: status for address, status in seen.items() if status >= 500} == {}


def test_a_copy_of_the_cookie_is_worth_nothing_after_sign_out(site: Site) -> None:
    browser = site.browser("officer")
    assert "Tasks" in browser.get("/").text
    with browser.client.session_transaction() as session:
        copied = dict(session)

    browser.post("/sign-out")
    with browser.client.session_transaction() as session:
        session.update(copied)
    answer = browser.get("/")

    assert answer.status_code == 302
    assert answer.location.startswith("/sign-in")
