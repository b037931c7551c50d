"""The only place that imports SpiffWorkflow; none of its types leave it.

    runtime = Runtime.of(files, legal_time.functions(), facts=legal_time.facts)
    case = runtime.start("serious_incident", {"arrangements_start_on": "2019-06-01"})
    case.complete(case.open_tasks()[0].seq, {"died": True})
    case.fire_due_timers()

Timers fire in `fire_due_timers` only: call it after every verb, and from the worker. Every verb
runs the case on until only people, timers and messages are waited for. A verb that raises leaves
the case unusable: throw it away, its rows are as they were.

The rows of a case are read and written by `engine.store.case_rows`.
"""

from __future__ import annotations

from engine.spiff.case import RunningCase
from engine.spiff.runtime import Runtime
from engine.spiff.values import (
    BackTarget,
    Changes,
    HostClock,
    LivePosition,
    OpenTask,
    PassedTask,
    Step,
    TokenRow,
    WaitingMessage,
)

__all__ = [
    "BackTarget",
    "Changes",
    "HostClock",
    "LivePosition",
    "OpenTask",
    "PassedTask",
    "RunningCase",
    "Runtime",
    "Step",
    "TokenRow",
    "WaitingMessage",
]
