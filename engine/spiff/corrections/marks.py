"""What the engine notes on SpiffWorkflow's tasks, and the masks of states it asks for."""

from __future__ import annotations

from SpiffWorkflow.util.task import TaskState

LIVE = TaskState.WAITING | TaskState.READY | TaskState.STARTED
FINISHED = TaskState.FINISHED_MASK
UNFINISHED = TaskState.NOT_FINISHED_MASK
PREDICTED = TaskState.PREDICTED_MASK

# keys of Task.internal_data
WRITES = "w"  # variable -> logical time of its last write
FORKS = "f"  # the open splits a token stands under: [[time, branch], ...]
USED = "joined"  # an arrival at a join that a firing has used
DONE = "done"  # logical time at which an activity ended
OPENED = "at"  # logical time at which a split sent out its tokens

CLOCK = "_clock"  # key of the case's own data: its logical time
