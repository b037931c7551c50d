"""The verbs and questions of a case system. One verb is one transaction: all of it, or none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.service import (
    completing,
    corrections,
    doctor,
    lists,
    migrating,
    outbox,
    pages,
    publishing,
    sending_back,
    sweep,
    taking,
    trail,
    verbs,
)
from engine.service.bundles import Bundles, read_changes
from engine.service.desk import Desk
from engine.service.results import AuditFilter, DueWork
from engine.service.views import Actor, CaseFilter, InboxFilter
from engine.store.database import reading

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sqlalchemy import Engine

    from engine.definition import CalendarChange, ProcessDefinition, Value
    from engine.service.results import (
        AreaView,
        BundleRow,
        Check,
        DeadlineMove,
        FactPreview,
        IncidentView,
        Outcome,
        Published,
        StartForm,
        Sweep,
        Verification,
    )
    from engine.service.views import (
        CasePage,
        CaseView,
        InboxCounts,
        InboxPage,
        InboxRow,
        MapPosition,
        OpenDeadline,
        TaskPage,
        TimelineEntry,
        Typed,
    )

#: Kinds of outbox entries every installation handles, in the list of tasks if nowhere else.
HANDLED = ("task_opened", "clock_fired", "deadline_moved")


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
        watch: Callable[[str, str], None] = lambda _process, _element: None,
    ) -> None:
        """`name_of` turns an actor's id into a name for messages to people; it is never stored.

        `watch` is told process and element of everything a case passes, ends included.
        """
        self._desk = Desk(database, definition, Bundles(definition), name_of, watch)

    # -- people, areas ---------------------------------------------------------------------
    def actor(self, actor_id: str, name: str, grants: frozenset[tuple[str, str | None]]) -> Actor:
        """Somebody with these roles and with those whose liaison they are."""
        roles = {role for role, _ in grants}
        liaison = {
            (role.id, area)
            for role in self._desk.definition.roles
            for granted, area in grants
            if role.liaison == granted and role.id not in roles
        }
        return Actor(actor_id, name, grants | liaison, frozenset(role for role, _ in liaison))

    def put_area(self, code: str, name: str, *, facts: Mapping[str, Value], actor: Actor) -> None:
        """Add an area, or change its name and the facts its new cases are opened with."""
        publishing.put_area(self._desk, code, name=name, facts=facts, actor=actor)

    def areas(self) -> tuple[AreaView, ...]:
        return publishing.areas(self._desk)

    # -- bundles ---------------------------------------------------------------------------
    def publish(
        self, files: Mapping[str, bytes], *, author: str, reason: str, approver: str | None = None
    ) -> Published:
        """Make these files the bundle new cases start on; open cases stay on theirs.

        Refuses with `DiagramRefused` when a finding of severity error stands in the way.
        Publishing the same content again changes nothing but which bundle is live.
        """
        return publishing.publish(
            self._desk, files, author=author, reason=reason, approver=approver
        )

    def bundles(self) -> tuple[BundleRow, ...]:
        return publishing.bundles(self._desk)

    def bundle_files(self, bundle_hash: str) -> Mapping[str, bytes]:
        return publishing.bundle_files(self._desk, bundle_hash)

    def startable(self) -> tuple[StartForm, ...]:
        """What can be started on the live bundle."""
        return publishing.startable(self._desk)

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
        return verbs.open_case(
            self._desk, process, area=area, title=title, actor=actor, values=values or {}
        )

    def withdraw(self, ref: str, *, reason: str, actor: Actor) -> Outcome:
        """End the case because what it was opened for did not hold; its deadlines end with it."""
        return verbs.end(self._desk, ref, status="withdrawn", reason=reason, actor=actor)

    def cancel(self, ref: str, *, reason: str, actor: Actor) -> Outcome:
        """End a case that was opened by mistake."""
        return verbs.end(self._desk, ref, status="cancelled", reason=reason, actor=actor)

    def suspend(self, ref: str, *, reason: str, actor: Actor) -> Outcome:
        """Stand still: no task can be done and no clock fires; legal dates run on."""
        return verbs.suspend(self._desk, ref, reason=reason, actor=actor)

    def resume(self, ref: str, *, reason: str, actor: Actor) -> Outcome:
        return verbs.resume(self._desk, ref, reason=reason, actor=actor)

    def report(self, ref: str, message: str, *, actor: Actor, reason: str = "") -> Outcome:
        """Report what a boundary message names; `message` is a `MessageView.key`."""
        return verbs.report(self._desk, ref, message, reason=reason, actor=actor)

    def migrate(self, ref: str, *, reason: str, actor: Actor) -> Outcome:
        """Move an open case to the live bundle; `Refused` names every obstacle at once."""
        return migrating.migrate(self._desk, ref, reason=reason, actor=actor)

    # -- verbs of a task -------------------------------------------------------------------
    def claim(self, task_id: int, *, actor: Actor) -> None:
        """Take a task; `Conflict` when somebody else has it."""
        taking.claim(self._desk, task_id, actor=actor)

    def release(self, task_id: int, *, actor: Actor) -> None:
        taking.release(self._desk, task_id, actor=actor)

    def assign(self, task_id: int, *, to: Actor, reason: str, actor: Actor) -> None:
        taking.assign(self._desk, task_id, to=to, reason=reason, actor=actor)

    def save_draft(self, task_id: int, typed: Typed, *, actor: Actor) -> None:
        """Keep what was typed as it is, unchecked."""
        taking.save_draft(self._desk, task_id, typed, actor=actor)

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

        `version` is the case version the form carried: a form that asks for a fact corrected
        since is a conflict. None skips that (programs that just read the case). Raises
        `InvalidAnswers`, `Conflict`.
        """
        return completing.complete(
            self._desk, task_id, version=version, actor=actor, typed=typed, values=values
        )

    def send_back(self, task_id: int, to: int, *, reason: str, actor: Actor) -> Outcome:
        """Put the case back on a finished task (`BackTo.key`), with today's facts."""
        return sending_back.send_back(self._desk, task_id, to=to, reason=reason, actor=actor)

    # -- corrections: look first, then confirm -------------------------------------------
    def preview_fact(self, ref: str, fact: str, value: str, *, actor: Actor) -> FactPreview:
        """Every deadline that would move. `value` as typed or as ISO text."""
        return corrections.preview_fact(self._desk, ref, fact, value=value, actor=actor)

    def correct_fact(
        self, ref: str, fact: str, value: str, *, reason: str, actor: Actor
    ) -> FactPreview:
        """Set a fact anew: deadlines and waiting timers are worked out again.

        Old values stay in the audit.
        """
        return corrections.correct_fact(
            self._desk, ref, fact, value=value, reason=reason, actor=actor
        )

    def preview_calendar_change(self, change: CalendarChange) -> tuple[DeadlineMove, ...]:
        """Every open deadline of every case that would move."""
        return corrections.preview_calendar_change(self._desk, change)

    def add_calendar_change(
        self, change: CalendarChange, *, actor: Actor
    ) -> tuple[DeadlineMove, ...]:
        return corrections.add_calendar_change(self._desk, change, actor=actor)

    def calendar_changes(self) -> tuple[CalendarChange, ...]:
        with reading(self._desk.database) as connection:
            return tuple(read_changes(connection))

    # -- the clock -------------------------------------------------------------------------
    def due_work(self, kinds: Sequence[str] = HANDLED) -> DueWork:
        """Whether a clock is due or an outbox entry of these kinds waits; two reads, no lock."""
        with reading(self._desk.database) as connection:
            return DueWork(sweep.clocks_are_due(connection), outbox.waits(connection, kinds))

    def fire_due_timers(self, *, limit: int = 100) -> Sweep:
        """Move every case whose clock is due, each in its own transaction.

        A case that fails becomes an incident and is tried again later; the others go on.
        """
        return sweep.fire_due_timers(self._desk, limit=limit)

    # -- questions -------------------------------------------------------------------------
    def inbox(
        self,
        actor: Actor,
        filters: InboxFilter | None = None,
        *,
        after: str | None = None,
        limit: int = 50,
    ) -> InboxPage:
        """Open tasks the actor may work, nearest deadline first, those without one last."""
        chosen = filters or InboxFilter()
        return lists.inbox(self._desk, actor, chosen, after=after, limit=limit)

    def counts(self, actor: Actor) -> InboxCounts:
        return lists.counts(self._desk, actor)

    def cases(
        self,
        actor: Actor,
        filters: CaseFilter | None = None,
        *,
        after: str | None = None,
        limit: int = 50,
    ) -> CasePage:
        """Cases of the actor's areas, newest first."""
        chosen = filters or CaseFilter()
        return lists.cases(self._desk, actor, chosen, after=after, limit=limit)

    def open_deadlines(self, actor: Actor) -> tuple[OpenDeadline, ...]:
        """Those of all cases the actor sees, the nearest first, as many as a list may have."""
        return lists.open_deadlines(self._desk, actor)

    def case(self, ref: str, actor: Actor) -> CaseView:
        return pages.case(self._desk, ref, actor)

    def task(self, task_id: int, actor: Actor) -> TaskPage:
        return pages.task(self._desk, task_id, actor)

    def positions(self, ref: str, actor: Actor) -> tuple[MapPosition, ...]:
        return pages.positions(self._desk, ref, actor)

    def open_tasks(self, ref: str) -> tuple[InboxRow, ...]:
        """Open tasks of a case in the order they were opened; for programs, no actor asked."""
        return lists.open_tasks(self._desk, ref)

    # -- trust -----------------------------------------------------------------------------
    def audit(
        self, filters: AuditFilter | None = None, *, limit: int = 100
    ) -> tuple[TimelineEntry, ...]:
        """Entries, newest first."""
        return trail.search(self._desk, filters or AuditFilter(), limit=limit)

    def incidents(self) -> tuple[IncidentView, ...]:
        return sweep.incidents(self._desk)

    def verify(self) -> Verification:
        """Read the whole audit: chain, triggers, each case's last entry."""
        return doctor.verify(self._desk)

    def doctor(self, kinds: Sequence[str] = HANDLED) -> tuple[Check, ...]:
        """The self-check; `kinds` of outbox entries are those somebody handles."""
        return doctor.examine(self._desk, kinds)
