"""Rows of user tasks in line with the running case: opened, closed, handed over, dated."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, insert, select, update

from engine import clock
from engine.service.deadlines import enclosing
from engine.service.outbox import Notice
from engine.service.rows import inbox_row
from engine.store import tables

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection, Row

    from engine.service.deadlines import Deadline
    from engine.service.step import Step
    from engine.service.views import InboxRow
    from engine.spiff.values import OpenTask

_row = tables.task.c
_OPEN = select(tables.task).where(
    _row.case_id == bindparam("case"), _row.status.in_(("open", "held"))
)
_CLOSE = (
    update(tables.task)
    .where(_row.id == bindparam("key"))
    .values(
        status=bindparam("now"),
        closed_at=bindparam("at"),
        closed_by=bindparam("by"),
        draft=None,
        draft_by=None,
        draft_at=None,
    )
)
_CHANGES = ("role", "rule", "due_on")
_CHANGE = (
    update(tables.task)
    .where(_row.id == bindparam("key"))
    .values(**{name: bindparam(name) for name in _CHANGES})
)
_INSERT = insert(tables.task).returning(tables.task, sort_by_parameter_order=True)


def keep(step: Step) -> tuple[InboxRow, ...]:
    """Close what is gone, open what is new, date what moved; gives back what was opened."""
    stored = {row.seq: row for row in _stored(step)}
    open_now = {each.seq: each for each in step.case.open_tasks()}
    _close(step, [row for seq, row in stored.items() if seq not in open_now])
    new, changed = [], []
    for seq, each in open_now.items():
        wanted = _wanted(step, each)
        if seq not in stored:
            new.append(_new_row(step, each) | wanted)
        elif wanted != {name: getattr(stored[seq], name) for name in _CHANGES}:
            changed.append({"key": stored[seq].id, **wanted})
            _tell_hand_over(step, stored[seq], wanted["role"])
    if changed:
        step.connection.execute(_CHANGE, changed)
    return _open(step, new)


def hold(connection: Connection, case_id: int) -> None:
    """Take the open tasks of a suspended case off everybody's list."""
    _turn(connection, case_id, "open", "held")


def give_back(connection: Connection, case_id: int) -> None:
    """Put them on it again."""
    _turn(connection, case_id, "held", "open")


def _turn(connection: Connection, case_id: int, before: str, after: str) -> None:
    change = update(tables.task).where(_row.case_id == case_id, _row.status == before)
    connection.execute(change.values(status=after))


def _stored(step: Step) -> Sequence[Row[Any]]:
    if step.new:
        return ()
    if step.open_rows is not None:
        return step.open_rows
    return step.connection.execute(_OPEN, {"case": step.held.id}).all()


def _close(step: Step, gone: Sequence[Row[Any]]) -> None:
    if not gone:
        return
    rows = [
        {
            "key": row.id,
            "now": "done" if row.id == step.closed_task else "withdrawn",
            "at": clock.now(),
            "by": step.actor.id,
        }
        for row in gone
    ]
    step.connection.execute(_CLOSE, rows)


def _open(step: Step, new: list[dict[str, Any]]) -> tuple[InboxRow, ...]:
    if not new:
        return ()
    opened = step.connection.execute(_INSERT, new).all()
    case = step.held.row
    for row in opened:
        key = f"{step.held.id}:{step.version}:task_opened:{row.seq}"
        body = {"case": case["ref"], "task": row.id, "role": row.role, "area": row.area}
        step.notices.append(Notice(key, "task_opened", step.held.id, body))
    return tuple(inbox_row(step.desk, row, ref=case["ref"], title=case["title"]) for row in opened)


def _new_row(step: Step, task: OpenTask) -> dict[str, Any]:
    return {
        "case_id": step.held.id,
        "seq": task.seq,
        "process": task.process,
        "element": task.element,
        "name": task.name,
        "item": task.item,
        "area": step.held.row["area"],
        "status": "held" if step.held.row["status"] == "suspended" else "open",
        "opened_at": clock.now(),
    }


def _wanted(step: Step, task: OpenTask) -> dict[str, Any]:
    nearest = _nearest(step, task)
    return {
        "role": step.desk.role_of(task.role, by_lane=task.by_lane),
        "rule": nearest.rule if nearest is not None else None,
        "due_on": nearest.due_on if nearest is not None else None,
    }


def _nearest(step: Step, task: OpenTask) -> Deadline | None:
    """The nearest open deadline of the task or of an activity it runs in.

    One that is proven already counts only for tasks whose own form can prove it again.
    """
    if not step.deadlines:
        return None
    around = enclosing(step, task.seq)
    own = step.bundle.proofs.get((task.process, task.element), frozenset())
    meant = [
        each
        for each in step.deadlines
        if each.host in around and (each.proof_on is None or each.rule in own)
    ]
    return min(meant, key=lambda each: (each.due_on, each.rule), default=None)


def _tell_hand_over(step: Step, row: Row[Any], role: str) -> None:
    if row.role != role:
        body = {"task": row.id, "from": row.role, "to": role}
        step.say("handed_over", body, element=row.element)
