"""The product's own server over the benchmark's process; tells each answer's CPU time.

As `cspr run` does, it prepares in another process and serves in this one.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from importlib import import_module
from pathlib import Path

from benchmarks.world import DEFINITION, FILES
from engine.service import SYSTEM
from webapp.accounts.people import People
from webapp.app import create_app
from webapp.server import serve
from webapp.settings import Settings

PASSWORD = "a benchmark's password"


class Timed:
    """WSGI around the application: `X-Cpu-Ms` is what the answering thread has used."""

    def __init__(self, inner):
        self.inner = inner

    def __call__(self, environ, start_response):
        begun = time.thread_time()
        told = []

        def remember(status, headers, _error=None):
            told.append((status, headers))
            return lambda _: None

        body = b"".join(self.inner(environ, remember))
        status, headers = told[-1]
        spent = (time.thread_time() - begun) * 1000
        start_response(status, [*headers, ("X-Cpu-Ms", f"{spent:.3f}")])
        return [body]


def application(data: Path):
    return create_app(Settings.read(os.environ, data=data), process=DEFINITION)


def prepare(data: Path) -> None:
    upgrade = import_module("webapp.migrations").upgrade  # the serving process needs no Alembic
    app = application(data)
    upgrade(app.extensions["cspr.engine"])
    cases = app.extensions["cspr.cases"]
    cases.publish(FILES, author="bench", reason="bench")
    cases.put_area("B", "Benchshire", facts={"aware_on": "2026-03-02"}, actor=SYSTEM)
    with app.app_context():
        People(DEFINITION).add(
            "b@example.org", name="Ben Bench", grants=[("worker", "B")], password=PASSWORD
        )


def main(data: Path) -> None:
    subprocess.run([sys.executable, "-m", "benchmarks.server", "prepare", data], check=True)
    app = application(data)
    app.wsgi_app = Timed(app.wsgi_app)
    serve(app, "127.0.0.1", 0, started=lambda address: print(address, flush=True))


if __name__ == "__main__":
    (prepare if sys.argv[1] == "prepare" else main)(Path(sys.argv[-1]))
