"""Moving an open case from the diagrams it began on to those that are live now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.errors import Refused
from engine.service.desk import require_open, require_reason
from engine.service.step import finish
from engine.service.verbs import held_for
from engine.store.database import writing

if TYPE_CHECKING:
    from engine.service.desk import Desk
    from engine.service.results import Outcome
    from engine.service.views import Actor


def migrate(desk: Desk, ref: str, *, reason: str, actor: Actor) -> Outcome:
    """See `Cases.migrate`. Deadlines are worked out anew by the new bundle's rules."""
    reason = require_reason(reason)
    with writing(desk.database) as connection:
        step = held_for(desk, connection, ref, actor=actor)
        require_open(step.held.row["status"])
        old, new = step.bundle, desk.bundles.current(connection)
        if new.hash == old.hash:
            raise Refused("The case runs on the live diagrams already")
        if obstacles := step.case.obstacles(new.runtime):
            raise Refused(" ".join(obstacles))
        step.held.case = step.case.migrated(new.runtime)
        step.bundle, step.facts_changed = new, True
        step.case.calendar_changed()
        step.say("migrated", {"from": old.number, "to": new.number, "reason": reason})
        return finish(step)
