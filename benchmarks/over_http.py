"""What a started case and a completed task cost through HTTP, as one case's history grows."""

from __future__ import annotations

import http.client
import re
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from urllib.parse import urlencode, urlsplit

from benchmarks.server import PASSWORD

AT = (1, 100, 500, 2_000)
SAMPLES = 24
STARTS = 60


class Client:
    """One keep-alive connection with one cookie, as a browser would have."""

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        self.connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=30)
        self.cookie = ""
        self.token = ""

    def get(self, path: str) -> tuple[int, str, float]:
        return self._send("GET", path, None)

    def post(self, path: str, fields: dict[str, str]) -> tuple[int, str, float]:
        return self._send("POST", path, urlencode({"csrf_token": self.token, **fields}))

    def _send(self, method: str, path: str, body: str | None) -> tuple[int, str, float]:
        headers = {"Cookie": self.cookie, "Content-Type": "application/x-www-form-urlencoded"}
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        text = answer.read().decode()
        if cookie := answer.getheader("Set-Cookie"):
            self.cookie = cookie.split(";")[0]
        if found := re.search(r'name="csrf_token"[^>]*value="([^"]+)"', text):
            self.token = found[1]
        return answer.status, text, float(answer.getheader("X-Cpu-Ms") or 0)


@contextmanager
def running():
    """The server in a process of its own: (address, pid, folder, seconds until it answered)."""
    with tempfile.TemporaryDirectory() as folder:
        begun = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.server", folder], stdout=subprocess.PIPE, text=True
        )
        try:
            address = process.stdout.readline().strip()
            yield address, process.pid, Path(folder), time.perf_counter() - begun
        finally:
            process.terminate()
            process.wait(timeout=30)


def measure() -> dict[str, object]:
    with running() as (address, pid, folder, up):
        client = Client(address)
        client.get("/sign-in")
        status, _, _ = client.post("/sign-in", {"email": "b@example.org", "password": PASSWORD})
        assert status in (302, 303), status
        database = sqlite3.connect(folder / "cspr.sqlite3")
        starts = [start(client) for _ in range(STARTS)]
        figures: dict[str, object] = {
            "server_up_s": up,
            "start_cpu_ms": median(cpu for cpu, _ in starts),
            "start_wall_ms": median(wall for _, wall in starts),
        }
        figures |= rounds(client, database)
        figures["worker_rss_mb"] = rss(pid)
        figures |= sizes(database)
        database.close()
    return figures


def start(client: Client) -> tuple[float, float]:
    client.get("/report")
    return timed(
        lambda: client.post("/report", {"process": "rounds", "area": "B", "title": "Round"})
    )


def rounds(client: Client, database: sqlite3.Connection) -> dict[str, object]:
    """Complete the same task over and over; sample at each mark."""
    (case,) = database.execute("select max(id) from case_").fetchone()
    done, figures = 0, {}
    for mark in AT:
        while done < mark - 1:
            complete(client, database, case)
            done += 1
        sample = [complete(client, database, case) for _ in range(SAMPLES)]
        done += SAMPLES
        figures[f"complete_cpu_ms_at_{mark}"] = median(cpu for cpu, _ in sample)
        figures[f"complete_wall_ms_at_{mark}"] = median(wall for _, wall in sample)
    first, last = (figures[f"complete_cpu_ms_at_{mark}"] for mark in (AT[0], AT[-1]))
    return figures | {"complete_growth_ratio": last / first}


def complete(client: Client, database: sqlite3.Connection, case: int) -> tuple[float, float]:
    task, version = database.execute(
        "select task.id, version from task join case_ on case_.id = case_id"
        " where case_id = ? and task.status = 'open'", (case,)
    ).fetchone()  # fmt: skip
    form = {
        "version": str(version), "seen_on-day": "3", "seen_on-month": "3", "seen_on-year": "2026",
        "again": "yes", "what": "a thing of note", "who": "somebody", "where": "here",
        "how_many": "3",
    }  # fmt: skip
    spent = timed(lambda: client.post(f"/tasks/{task}", form))
    client.get("/")  # as a browser does: the message of success is shown, and gone
    return spent


def timed(send) -> tuple[float, float]:
    begun = time.perf_counter()
    status, text, cpu = send()
    wall = (time.perf_counter() - begun) * 1000
    assert status in (302, 303), (status, text[:2000])
    return cpu, wall


def rss(pid: int) -> float:
    words = Path(f"/proc/{pid}/status").read_text(encoding="ascii").split("VmRSS:")[1].split()
    return int(words[0]) / 1024


def sizes(database: sqlite3.Connection) -> dict[str, object]:
    (pages,) = database.execute("pragma page_count").fetchone()
    (size,) = database.execute("pragma page_size").fetchone()
    (answers,) = database.execute("select count(*) from answer").fetchone()
    return {"database_bytes_per_completed_form": pages * size / answers}
