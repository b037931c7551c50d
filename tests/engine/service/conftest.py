"""A small world: two areas, three roles, processes with clocks, a real calendar and database."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from engine import clock
from engine.checks.examples import bundle
from engine.definition import Duty, ProcessDefinition, Role
from engine.service import Actor, Cases
from processes.deadlines import EnglishLegalTime

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import Engine

#: Record sets the fact the clock counts from; Notify carries the clock; then two tasks at once.
DIAGRAMS = """
process incident {
  start Begin; user Record form=[aware_on date required not_after=today,died boolean,child string];
  user Notify form=[notified_on date required meets=R1 not_before=aware_on];
  boundary Late on=Notify calm timer=[due("R1")] law=R1;
  user Why_late form=[reason_late text]; end Told_why name=[Told why];
  boundary Soon on=Notify calm timer=[due("R1", remind=2)] law=R1;
  user Hurry; end Hurried;
  boundary Not_so on=Notify message=not_met; user Note_it; end Dropped name=[Not met];
  parallel Split; user Review lane=Partner; user Tell lane=Panel; parallel Join;
  end Done name=[Closed];
  Begin>Record>Notify>Split>Review>Join>Done; Split>Tell>Join;
  Late>Why_late>Told_why; Soon>Hurry>Hurried; Not_so>Note_it>Dropped
};
process publishing {
  start Begin; user Plan form=[publish_on date required];
  user Send; boundary Send_late on=Send calm timer=[due("R2")] law=R2; user Why; end Told_why;
  end Done; Begin>Plan>Send>Done; Send_late>Why>Told_why
};
process handing_over {
  start Begin; user Ask form=[body enum(worker|partner) required];
  parallel Split; user Hold lane=Partner groups=whoever; user Wait; parallel Join; end Done;
  Begin>Ask>Split>Hold>Join>Done; Split>Wait>Join
};
process pausing {
  start Begin; user Plan form=[publish_on date required]; catch The_day timer=[on(publish_on)];
  user Go_on; end Done; Begin>Plan>The_day>Go_on>Done
};
process rounds {
  start Begin; exclusive Again; user Look form=[again boolean required]; exclusive More; end Done;
  Begin>Again>Look>More; More>Again [again == true]; More>Done [default]
}
"""
RULES = """
[facts]
aware_on = { title = "Date of awareness", type = "date" }
died = { title = "A child died", type = "boolean" }
publish_on = { title = "Planned publication", type = "date" }
body = { title = "Who holds it", type = "enum" }

[[rule]]
id = "R1"
title = "Notify in five working days"
counts = "working_days"
number = 5
direction = "after"
starts_from = "aware_on"
force = "must"
recipients = ["panel"]
law = ["R01"]
document = "an example"
phrase = "in five working days"
valid_from = 2018-06-29

[[rule]]
id = "R2"
title = "Send before publication"
counts = "working_days"
number = 7
direction = "before"
starts_from = "publish_on"
foreseen_while = "died == true"
force = "should"
recipients = ["panel"]
law = ["R02"]
document = "an example"
phrase = "seven working days before"
valid_from = 2018-06-29
"""
DRAWN = {
    name: drawn.replace(b'"whoever"', b'"${body}"') for name, drawn in bundle(DIAGRAMS).items()
}
FILES = DRAWN | {"deadlines.toml": RULES.encode()}
DEFINITION = ProcessDefinition(
    startable=("incident", "publishing", "handing_over", "pausing", "rounds"),
    roles=(
        Role("worker", "Worker"),
        Role("partner", "Partner"),
        Role("panel", "Panel", liaison="worker"),
    ),
    duties={
        name: Duty(name, f"Duty {name}", "must", "as written")
        for name in ("R1", "R2", "R01", "R02")
    },
    waived=dict.fromkeys(("R01", "R02"), "an example"),
    statute={},
    legal_time=EnglishLegalTime,
    files=lambda: FILES,
)


@pytest.fixture
def definition() -> ProcessDefinition:
    return DEFINITION


@pytest.fixture
def cases(database: Engine) -> Cases:
    """The world on an empty database, its diagrams published on 2 January 2019."""
    names = {"anna": "Anna Berg", "ben": "Ben Cole"}
    made = Cases(database, DEFINITION, name_of=lambda actor: names.get(actor, actor))
    with clock.at(datetime(2019, 1, 2, 9, tzinfo=UTC)):
        made.publish(FILES, author="anna", reason="the first ones")
        root = made.actor("root", "Root", frozenset({("worker", None)}))
        made.put_area("E1", "Eastshire", facts={}, actor=root)
        made.put_area("W1", "Westshire", facts={}, actor=root)
    return made


@pytest.fixture
def anna(cases: Cases) -> Actor:
    """A worker of Eastshire; liaison of the Panel."""
    return cases.actor("anna", "Anna Berg", frozenset({("worker", "E1")}))


@pytest.fixture
def ben(cases: Cases) -> Actor:
    """A worker and partner of Eastshire."""
    return cases.actor("ben", "Ben Cole", frozenset({("worker", "E1"), ("partner", "E1")}))


@pytest.fixture
def on() -> Iterator[Callable[[str], None]]:
    """`on("2019-03-04 10:00")` makes it that moment, in UTC, until the next call."""
    with ExitStack() as stack:

        def set_to(moment: str) -> None:
            stack.enter_context(clock.at(datetime.fromisoformat(moment).replace(tzinfo=UTC)))

        set_to("2019-03-04 10:00")
        yield set_to


@pytest.fixture
def opened(cases: Cases, anna: Actor, on: object) -> str:
    """A case of process `incident` at Record, on Monday 4 March 2019."""
    outcome = cases.open_case("incident", area="E1", title="An example", actor=anna)
    return outcome.ref


@pytest.fixture
def do(cases: Cases, ben: Actor) -> Callable[..., object]:
    """`do(ref, "Notify", notified_on="2019-03-05")` hands in the open task of that element."""

    def complete(ref: str, element: str, *, actor: Actor = ben, **values: object) -> object:
        task = next(each for each in cases.open_tasks(ref) if each.element == element)
        return cases.complete(task.id, version=None, actor=actor, values=values)

    return complete
