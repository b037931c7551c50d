"""Run all, print a table, write results.json."""

from __future__ import annotations

import json
import os
import platform
import sys
from pathlib import Path

from benchmarks import over_http, proving, sweeping

RESULTS = Path(__file__).parent / "results.json"
GOALS = {
    "server_up_s": 3, "start_cpu_ms": 4, "complete_cpu_ms_at_1": 5, "complete_growth_ratio": 1.25,
    "idle_look_ms": 1, "worker_rss_mb": 90,
}  # fmt: skip


def main() -> int:
    machine = {
        "python": platform.python_version(),
        "cpus": os.cpu_count(),
        "load": os.getloadavg()[0],
    }
    results: dict[str, object] = {"machine": machine}
    for part in (over_http, sweeping, proving):
        name = part.__name__.removeprefix("benchmarks.")
        print(f"\n{name}: {(part.__doc__ or '').splitlines()[0]}")
        results[name] = figures = part.measure()
        for key, value in figures.items():
            goal = f"   goal <= {GOALS[key]}" if key in GOALS else ""
            print(
                f"  {key:36} {value:12.3f}{goal}"
                if isinstance(value, float)
                else f"  {key:36} {value!s:>12}{goal}"
            )
    RESULTS.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    print(f"\nwritten to {RESULTS}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
