"""One process that answers browsers and fires the clocks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from waitress.server import create_server

from engine.service.worker import Worker

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

THREADS = 4


def serve(
    app: Flask,
    host: str,
    port: int,
    *,
    started: Callable[[str], None] | None = None,
) -> None:
    """Serve until interrupted. `port` 0 takes a free one; `started` is told the address.

    The worker's thread ends with the server, after the case it has in hand.
    """
    listen: Callable[..., Any] = create_server  # untyped upstream
    server = listen(app, host=host, port=port, threads=THREADS, ident="cspr")
    worker = Worker(
        app.extensions["cspr.cases"],
        app.extensions["cspr.engine"],
        handlers=app.extensions["cspr.handlers"],
        chores=app.extensions["cspr.chores"],
    )
    worker.start()
    try:
        if started is not None:
            started(f"http://{host}:{server.effective_port if port == 0 else port}")
        server.run()
    finally:
        worker.stop()
        server.close()
