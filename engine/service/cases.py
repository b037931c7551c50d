"""The verbs and questions of a case system. One verb is one transaction: all of it, or none."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from engine.service.views import (
    Actor,
    AreaView,
    AuditFilter,
    BundleRow,
    CaseFilter,
    CasePage,
    CaseView,
    Check,
    DeadlineMove,
    DueWork,
    FactPreview,
    InboxCounts,
    InboxFilter,
    InboxPage,
    InboxRow,
    IncidentView,
    MapPosition,
    Outcome,
    Published,
    StartForm,
    Sweep,
    TaskPage,
    TimelineEntry,
    Typed,
    Verification,
)

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from engine.definition import CalendarChange, ProcessDefinition, Value


class Cases:
    """Cases of one installation. Safe to share between threads.

    Every verb raises the types of `engine.errors`: `NotFound` for what is missing or hidden from
    the actor, `NotAllowed` for a role, `Conflict` when somebody was quicker, `Refused` when the
    case stands elsewhere, `InvalidAnswers` with one sentence a field.
    """

    def __init__(
        self,
        database: Engine,
        definition: ProcessDefinition,
        *,
        name_of: Callable[[str], str] = str,
    ) -> None:
        """`name_of` turns an actor's id into a name for messages to people; it is never stored."""

    # -- people, areas ---------------------------------------------------------------------
    def actor(self, actor_id: str, name: str, grants: frozenset[tuple[str, str | None]]) -> Actor:
        """Somebody with these roles and with those whose liaison they are."""
        raise NotImplementedError

    def put_area(self, code: str, name: str, *, facts: Mapping[str, Value], actor: Actor) -> None:
        """Add an area, or change its name and the facts its new cases are opened with."""
        raise NotImplementedError

    def areas(self) -> tuple[AreaView, ...]:
        raise NotImplementedError

    # -- bundles ---------------------------------------------------------------------------
    def publish(
        self, files: Mapping[str, bytes], *, author: str, reason: str, approver: str | None = None
    ) -> Published:
        """Make these files the bundle new cases start on; open cases stay on theirs.

        Refuses with `DiagramRefused` when a finding of severity error stands in the way.
        Publishing the same content again changes nothing but which bundle is live.
        """
        raise NotImplementedError

    def bundles(self) -> tuple[BundleRow, ...]:
        raise NotImplementedError

    def bundle_files(self, bundle_hash: str) -> Mapping[str, bytes]:
        raise NotImplementedError

    def startable(self) -> tuple[StartForm, ...]:
        """What can be started on the live bundle."""
        raise NotImplementedError

    # -- verbs of a case -------------------------------------------------------------------
    def open_case(
        self,
        process: str,
        *,
        area: str,
        title: str,
        actor: Actor,
        values: Mapping[str, Value] | None = None,
    ) -> Outcome:
        """Start `process` on the live bundle with the area's facts and `values` (facts only)."""
        raise NotImplementedError

    def withdraw(self, ref: str, *, reason: str, actor: Actor) -> Outcome:
        """End the case because what it was opened for did not hold; its deadlines end with it."""
        raise NotImplementedError

    def cancel(self, ref: str, *, reason: str, actor: Actor) -> Outcome:
        """End a case that was opened by mistake."""
        raise NotImplementedError

    def suspend(self, ref: str, *, reason: str, actor: Actor) -> Outcome:
        """Stand still: no task can be done and no clock fires; legal dates run on."""
        raise NotImplementedError

    def resume(self, ref: str, *, reason: str, actor: Actor) -> Outcome:
        raise NotImplementedError

    def report(self, ref: str, message: str, *, actor: Actor, reason: str = "") -> Outcome:
        """Report what a boundary message names; `message` is a `MessageView.key`."""
        raise NotImplementedError

    # -- verbs of a task -------------------------------------------------------------------
    def claim(self, task_id: int, *, actor: Actor) -> None:
        """Take a task; `Conflict` when somebody else has it."""
        raise NotImplementedError

    def release(self, task_id: int, *, actor: Actor) -> None:
        raise NotImplementedError

    def assign(self, task_id: int, *, to: Actor, reason: str, actor: Actor) -> None:
        raise NotImplementedError

    def save_draft(self, task_id: int, typed: Typed, *, actor: Actor) -> None:
        """Keep what was typed as it is, unchecked."""
        raise NotImplementedError

    def complete(
        self,
        task_id: int,
        *,
        version: int | None,
        actor: Actor,
        typed: Typed | None = None,
        values: Mapping[str, Value] | None = None,
    ) -> Outcome:
        """Hand in a form: as `typed` in a browser, or as `values` (dates as ISO texts).

        `version` is the case version the form carried; None skips the guard against changes in
        other branches (programs that just read the case). Raises `InvalidAnswers`, `Conflict`.
        """
        raise NotImplementedError

    def send_back(self, task_id: int, to: int, *, reason: str, actor: Actor) -> Outcome:
        """Put the case back on a finished task (`BackTo.key`), with today's facts."""
        raise NotImplementedError

    # -- corrections: look first, then confirm -------------------------------------------
    def preview_fact(self, ref: str, fact: str, value: str, *, actor: Actor) -> FactPreview:
        """Every deadline that would move. `value` as typed or as ISO text."""
        raise NotImplementedError

    def correct_fact(
        self, ref: str, fact: str, value: str, *, reason: str, actor: Actor
    ) -> FactPreview:
        """Set a fact anew: deadlines and waiting timers are worked out again.

        Old values stay in the audit.
        """
        raise NotImplementedError

    def preview_calendar_change(self, change: CalendarChange) -> tuple[DeadlineMove, ...]:
        """Every open deadline of every case that would move."""
        raise NotImplementedError

    def add_calendar_change(
        self, change: CalendarChange, *, actor: Actor
    ) -> tuple[DeadlineMove, ...]:
        raise NotImplementedError

    def calendar_changes(self) -> tuple[CalendarChange, ...]:
        raise NotImplementedError

    # -- the clock -------------------------------------------------------------------------
    def due_work(self) -> DueWork:
        """Whether a clock is due or an outbox row waits; one plain read each, no lock."""
        raise NotImplementedError

    def fire_due_timers(self, *, limit: int = 100) -> Sweep:
        """Move every case whose clock is due, each in its own transaction.

        A case that fails becomes an incident and is tried again later; the others go on.
        """
        raise NotImplementedError

    # -- questions -------------------------------------------------------------------------
    def reading(self) -> AbstractContextManager[None]:
        """Inside, all questions read one and the same state, without taking the writer's place."""
        raise NotImplementedError

    def inbox(
        self,
        actor: Actor,
        filters: InboxFilter | None = None,
        *,
        after: str | None = None,
        limit: int = 50,
    ) -> InboxPage:
        """Open tasks the actor may work, nearest deadline first, those without one last."""
        raise NotImplementedError

    def counts(self, actor: Actor) -> InboxCounts:
        raise NotImplementedError

    def cases(
        self,
        actor: Actor,
        filters: CaseFilter | None = None,
        *,
        after: str | None = None,
        limit: int = 50,
    ) -> CasePage:
        """Cases of the actor's areas, newest first."""
        raise NotImplementedError

    def case(self, ref: str, actor: Actor) -> CaseView:
        raise NotImplementedError

    def task(self, task_id: int, actor: Actor) -> TaskPage:
        raise NotImplementedError

    def positions(self, ref: str, actor: Actor) -> tuple[MapPosition, ...]:
        raise NotImplementedError

    def open_tasks(self, ref: str) -> tuple[InboxRow, ...]:
        """Open tasks of a case in the order they were opened; for programs, no actor asked."""
        raise NotImplementedError

    # -- trust -----------------------------------------------------------------------------
    def audit(
        self, filters: AuditFilter | None = None, *, limit: int = 100
    ) -> tuple[TimelineEntry, ...]:
        """Entries, newest first."""
        raise NotImplementedError

    def incidents(self) -> tuple[IncidentView, ...]:
        raise NotImplementedError

    def verify(self) -> Verification:
        """Read the whole audit: chain, triggers, each case's last entry."""
        raise NotImplementedError

    def doctor(self) -> tuple[Check, ...]:
        raise NotImplementedError
