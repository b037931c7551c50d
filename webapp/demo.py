"""Invented areas, people and cases, so that somebody new sees something true at once.

The cases go through the same service as real ones, each at its own moments in the past.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from engine.clock import LONDON, at, now, today
from engine.service import SYSTEM
from processes.areas import Area

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask

    from engine.definition import LegalTime, Value
    from engine.diagrams.forms import Field, Form, Known
    from engine.service import Actor, Cases, InboxRow, TaskPage
    from webapp.accounts.people import People

AREAS = (
    Area("NM", "Northmere", None, date(2019, 4, 1)),
    Area("EW", "Eastwold", None, date(2019, 7, 1)),
    Area("CB", "Castlebridge", None, date(2019, 9, 29)),
)
#: Name, e-mail, and the roles with their area (None: every area).
PEOPLE: tuple[tuple[str, str, tuple[tuple[str, str | None], ...]], ...] = (
    ("Amira Holt", "amira.holt", (("la_officer", "NM"), ("la_officer", "EW"))),
    ("Ben Farrow", "ben.farrow", (("la_director", "NM"), ("la_director", "EW"))),
    ("Carol Osei", "carol.osei", (("business_unit", None),)),
    ("Dev Patel-Moss", "dev.patel-moss", (("agency_author", None),)),
    ("Elin Rees", "elin.rees", (("review_chair", None),)),
    ("Femi Adeyemi", "femi.adeyemi", (("safeguarding_partner", None),)),
    ("Grace Lindqvist", "grace.lindqvist", (("reviewer", None),)),
    ("Hugh Sandal", "hugh.sandal", (("communications", None),)),
    ("Ines Duarte", "ines.duarte", (("lscb", None),)),
    ("Jack Thorne", "jack.thorne", (("la_officer", "CB"), ("la_director", "CB"))),
)
INVENTED = "Invented for the demonstration."
#: Answers that lead a case along the usual way; every other question gets a plain one.
ANSWERS: Mapping[str, Value] = {
    "normally_resident": True,
    "suspicion": "suspected",
    "harm": "serious_harm",
    "limb": "a",
    "conflicts_checked": True,
    "criteria_met": True,
    "review_appropriate": True,
    "signed_in_agreement": True,
    "record_complete": True,
    "summary_records_secured": True,
    "report_records_secured": True,
    "reviewer_suitable": True,
    "reviewer_conflict_seen": True,
    "reviewer_second_person": True,
    "report_satisfactory": True,
    "families_can_be_told": True,
    "publish_now": True,
    "children_known_as": ["Child A"],
    "agencies": ["Northmere Hospital", "Police"],
    "report_agencies": ["Children's social care", "Police"],
    "review_group": ["Local authority", "Health", "Police"],
}
MOST_STEPS = 60


@dataclass(frozen=True, slots=True)
class Story:
    """A case whose clock `rule` is `left` working days from today (negative: late by so many).

    It goes on, one step every `pace`, until one of `until` is the only thing left to do.
    """

    title: str
    area: str
    rule: str
    left: int
    until: frozenset[str]
    pace: timedelta = timedelta(hours=5)
    answers: Mapping[str, Value] = field(default_factory=dict)


STORIES = (
    Story(
        "Serious injury of an infant at home",
        "NM",
        "R02",
        -1,
        frozenset({"Notify_panel", "Report_to_partners"}),
    ),
    Story(
        "Death of a young person in care",
        "EW",
        "R02",
        1,
        frozenset({"Notify_panel", "Tell_ofsted_and_minister"}),
        answers={"looked_after": True, "died": True, "harm": "death"},
    ),
    Story("Fall from a window", "NM", "R02", 4, frozenset({"Judge_criteria"})),
    Story(
        "Neglect found by a health visitor",
        "CB",
        "R10",
        2,
        frozenset({"Decide_on_review", "Hold_meeting"}),
    ),
    Story(
        "Injuries of a toddler known to three agencies",
        "NM",
        "R25",
        12,
        frozenset({"Draft_report", "Check_time_quality"}),
        pace=timedelta(days=2),
    ),
)


def seed(app: Flask) -> None:
    """Fill an empty installation; one with people in it stays as it is."""
    cases: Cases = app.extensions["cspr.cases"]
    people: People = app.extensions["cspr.people"]
    with app.app_context():
        if people.everyone():
            return
        for area in AREAS:
            cases.put_area(area.code, area.name, facts=area.opening_facts(), actor=SYSTEM)
        for name, email, grants in PEOPLE:
            people.add(f"{email}@example.org", name=name, grants=grants)
        actors = tuple(
            cases.actor(one.person_id, one.name, one.grants) for one in people.everyone()
        )
        legal_time = app.extensions["cspr.published"].legal_time()
        for story in STORIES:
            _Teller(cases, actors, story, _first_day(story, legal_time)).tell()
        cases.fire_due_timers()


def _first_day(story: Story, legal_time: LegalTime) -> date:
    """The latest working day from which the story's clock ends where the story wants it."""
    fact = legal_time.rules[story.rule].starts_from or ""
    day = today()
    while True:
        day -= timedelta(days=1)
        due_on = legal_time.due(story.rule, {fact: day.isoformat()}).due_on
        works = legal_time.working_days_between(day - timedelta(days=1), day) == 1
        if works and legal_time.working_days_between(today(), due_on) <= story.left:
            return day


@dataclass(slots=True)
class _Teller:
    """Plays one story."""

    cases: Cases
    actors: tuple[Actor, ...]
    story: Story
    began_on: date

    def tell(self) -> None:
        moments = self._moments()
        with at(next(moments)):
            actor = next(a for a in self.actors if a.may_work("la_officer", self.story.area))
            ref = self.cases.open_case(
                "serious_incident", area=self.story.area, title=self.story.title, actor=actor
            ).ref
        for moment, _ in zip(moments, range(MOST_STEPS), strict=False):
            with at(moment):
                self.cases.fire_due_timers()
                row = self._next(ref)
                if row is None:
                    return
                self._do(row)

    def _moments(self) -> Iterator[datetime]:
        """Ten o'clock on the first day, then one every pace, but never later than now."""
        moment = datetime.combine(self.began_on, time(10), LONDON)
        latest = now() - timedelta(minutes=5)
        while True:
            yield min(moment, latest)
            moment += self.story.pace

    def _next(self, ref: str) -> InboxRow | None:
        open_tasks = self.cases.open_tasks(ref)
        return next((row for row in open_tasks if row.element not in self.story.until), None)

    def _do(self, row: InboxRow) -> None:
        actor = next(actor for actor in self.actors if actor.may_work(row.role, row.area))
        page = self.cases.task(row.id, actor)
        values = answers(page, {**ANSWERS, **self.story.answers})
        self.cases.complete(row.id, version=page.version, actor=actor, values=values)


def answers(page: TaskPage, wanted: Mapping[str, Value]) -> dict[str, Value]:
    """Every question that must be answered gets the wanted answer or a plain one."""
    given: dict[str, Value] = {}
    while True:
        missing = _missing(page.form, page.known, given)
        if not missing:
            return given
        for each in missing:
            given[each.id] = wanted.get(each.id, _plain(each, page.known, given))


def _missing(form: Form, known: Known, given: Mapping[str, Value]) -> list[Field]:
    visible = form.visible(given, replace(known, values={**known.values, **given}))
    return [each for each in visible if each.required and each.id not in given]


def _plain(each: Field, known: Known, given: Mapping[str, Value]) -> Value:
    if each.type == "date":
        return _plain_date(each, known, given)
    if each.type in {"enum", "choices"}:
        options = [option.id for option in each.options]
        return options[0] if each.type == "enum" else list(options)
    plain: dict[str, Value] = {
        "boolean": False,
        "long": each.minimum or 1,
        "areas": [*list(known.areas)[:1]],
        "list": ["Invented entry"],
    }
    return plain.get(each.type, INVENTED)


def _plain_date(each: Field, known: Known, given: Mapping[str, Value]) -> str:
    """Today as the story goes, or the day before which it may not be."""
    limit = {**known.values, **given}.get(each.not_before or "")
    return max(today().isoformat(), str(limit) if limit else "")
