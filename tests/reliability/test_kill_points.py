from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def killed(*words):
    command = [sys.executable, "-m", "tests.reliability.kill_points", *words]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_a_process_killed_at_any_statement_or_commit_leaves_the_old_or_the_new_state():
    found = killed("every=1")

    assert found["points"] >= 100
    assert found["wrong"] == 0


def test_the_harness_catches_a_step_in_two_transactions():
    found = killed("every=4", "torn")

    assert found["wrong"] > 0


def test_a_killed_client_of_postgresql_leaves_the_old_or_the_new_state(postgresql_server):
    found = killed("every=6", f"server={postgresql_server}")

    assert found["points"] >= 15
    assert found["wrong"] == 0
