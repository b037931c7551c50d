"""The only place that imports SpiffWorkflow.

    runtime = Runtime.of(files, legal_time.functions(), facts=legal_time.facts)
    case = runtime.start("serious_incident", {"arrangements_start_on": "2019-06-01"})

Signatures other packages build on:

    class Runtime:                       # cheap: parsed files are kept by content, a few at a time
        @classmethod
        def of(cls, files: Mapping[str, bytes], functions: Mapping[str, Function], *,
               facts: Collection[str] = ()) -> Runtime
        def start(self, process: str, variables: Mapping[str, Value]) -> RunningCase

    class RunningCase:                   # a verb that raises leaves it unusable: throw it away
        process: str
        finished: bool
        facts: Mapping[str, Value]                      # as they are now, case-wide
        ends: tuple[Step, ...]                          # ends of the case's own process reached
        steps: tuple[Step, ...]                         # all passed since it was loaded or started
        def open_tasks(self) -> tuple[OpenTask, ...]
        def complete(self, seq: int, variables: Mapping[str, Value]) -> None
        def fire_due_timers(self) -> int                # earliest first, until none is due
        def waiting_messages(self) -> tuple[WaitingMessage, ...]
        def send_message(self, seq: int, variables: Mapping[str, Value] | None = None) -> None
        def set_facts(self, facts: Mapping[str, Value]) -> None
        def clocks(self) -> tuple[HostClock, ...]
        def position(self) -> tuple[LivePosition, ...]
        def back_targets(self, seq: int, passed: Iterable[PassedTask]) -> tuple[BackTarget, ...]
        def send_back(self, seq: int, to: PassedTask) -> int     # seq of the task reopened
        def cancel(self) -> None
        def obstacles(self, runtime: Runtime) -> tuple[str, ...] # why it cannot move there
        def migrated(self, runtime: Runtime) -> RunningCase      # Refused when there are obstacles

Timers fire in `fire_due_timers` only: call it after every verb and from the worker. Every other
verb runs the case on until only people, timers and messages are waited for, within a budget of
steps; `Stuck` when nothing would ever happen again.

The rows of a case are read and written by `engine.store.case_rows`:

    class CaseRows:
        def __init__(self, runtime: Callable[[str], Runtime])    # by a bundle's hash
        def create(self, connection, case: RunningCase, **columns: object) -> HeldCase
        def load(self, connection, ref: str, *, version: int | None = None) -> HeldCase
        def save(self, connection, held: HeldCase, **columns: object) -> None
        def passed(self, connection, case_id: int) -> tuple[PassedTask, ...]

    class HeldCase: id: int; row: Mapping[str, Any] (the case's row); case: RunningCase

`columns` are further columns of the case's row, written in the same statement. `load` locks the
row and raises `NotFound`, or `Conflict` when `version` is not the case's version any more.
"""
