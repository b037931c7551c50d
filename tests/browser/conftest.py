"""The demonstration as people meet it: a real server, the system's own Chromium."""

from __future__ import annotations

import os
import re
import shutil
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import sync_playwright
from waitress.server import create_server

from engine.store.database import open_database
from processes.definition import shipped_files
from tests.skips import skip
from webapp import demo
from webapp.app import create_app
from webapp.migrations import upgrade
from webapp.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

AXE = Path(__file__).parents[2] / "webapp/frontend/node_modules/axe-core/axe.min.js"
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The demonstration on a free port; gives its address."""
    settings = Settings.read({}, data=tmp_path_factory.mktemp("demo"), demo=True)
    database = open_database(settings.database_url)
    upgrade(database)
    database.dispose()
    app = create_app(settings)
    app.extensions["cspr.cases"].publish(shipped_files(), author="owner", reason="test")
    demo.seed(app)
    server = create_server(app, host="127.0.0.1", port=0, threads=4)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    with suppress(OSError):
        server.close()
    thread.join(5)
    app.extensions["cspr.engine"].dispose()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    program = next(filter(None, (shutil.which(name) for name in CHROMIUM)), None)
    if program is None:
        skip("no Chromium on this machine")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield browser
        browser.close()


@dataclass
class Visit:
    """One window. `complaints` are what the browser's console objected to."""

    page: Page
    site: str
    complaints: list[str] = field(default_factory=list)

    def go(self, address: str) -> None:
        self.page.goto(self.site + address)

    def sign_in(self, name: str) -> None:
        self.go("/sign-in")
        self.page.get_by_role("button", name=name).click()

    def violations(self) -> list[str]:
        """What axe finds, as rule and place; run through the protocol, so the policy stands."""
        protocol = self.page.context.new_cdp_session(self.page)
        protocol.send("Runtime.evaluate", {"expression": AXE.read_text(encoding="utf-8")})
        run = f"axe.run(document, {{runOnly: {RULES}}}).then(r => JSON.stringify(r.violations"
        run += ".map(v => v.id + ' ' + v.nodes.map(n => n.target.join(' ')).join(', '))))"
        found = protocol.send(
            "Runtime.evaluate", {"expression": run, "awaitPromise": True, "returnByValue": True}
        )
        result: str = found["result"]["value"]
        return [] if result == "[]" else [result]

    def overflow(self) -> int:
        """By how many pixels the page is wider than the window."""
        wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        return int(self.page.evaluate(wide))


@pytest.fixture
def window(request: pytest.FixtureRequest, chromium: Browser, site: str) -> Iterator[Visit]:
    """A fresh window; a test may ask for a `width` and for scripts switched off."""
    asked: dict[str, object] = getattr(request, "param", {})
    context = chromium.new_context(
        viewport={"width": int(str(asked.get("width", 1280))), "height": 900},
        java_script_enabled=bool(asked.get("scripts", True)),
    )
    page = context.new_page()
    page.set_default_timeout(15_000)
    visit = Visit(page, site)
    page.on("console", lambda line: visit.complaints.append(line.text))
    page.on("pageerror", lambda fault: visit.complaints.append(str(fault)))
    yield visit
    if folder := os.environ.get("CSPR_TEST_PICTURES"):  # to be looked at by people
        name = re.sub(r"\W+", "-", request.node.name)
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
    context.close()


@pytest.fixture
def axe() -> None:
    """Tests that ask for it need axe-core from the front end's packages."""
    if not AXE.is_file():
        skip("axe-core is not installed: npm ci in webapp/frontend")
