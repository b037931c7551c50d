"""What the page of a case shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from webapp.cases import way
from webapp.cases.clocks import RUNNING, clocks
from webapp.cases.story import Known, story
from webapp.published import marks, published
from webapp.wording import value_in_words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.diagrams.legend import Sign
    from engine.service import Actor, AnswerView, CaseView, FactView, InboxRow
    from webapp.cases.clocks import Clock
    from webapp.cases.story import Line

Answers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """One diagram with the case on it. `steps` says the same as text: (step, state)."""

    process: str
    title: str
    svg: str
    steps: tuple[tuple[str, str], ...]
    stands_here: bool
    legend: tuple[Sign, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """`mine` are the open tasks this person may do, `others` the rest."""

    case: CaseView
    mine: tuple[InboxRow, ...]
    others: tuple[InboxRow, ...]
    clocks: tuple[Clock, ...]
    next_clock: Clock | None
    facts: tuple[tuple[FactView, str], ...]
    answers: tuple[tuple[str, AnswerView, Answers], ...]
    story: tuple[Line, ...]
    pictures: tuple[Picture, ...]
    may_change: bool


def shown(case: CaseView, actor: Actor) -> Shown:
    diagrams = published().numbered(case.bundle_number)
    legal_time = published().legal_time()
    listed = diagrams.answers
    running = [task for task in case.tasks if task.status == "open"]
    mine = tuple(task for task in running if actor.may_work(task.role, task.area))
    all_clocks = clocks(case, legal_time)
    known = Known(
        facts={fact.id: fact.title for fact in legal_time.facts.values()},
        rules={rule.id: rule.title for rule in legal_time.rules.values()},
        answers=listed,
    )
    return Shown(
        case=case,
        mine=mine,
        others=tuple(task for task in running if task not in mine),
        clocks=all_clocks,
        next_clock=next((each for each in all_clocks if each.status in RUNNING), None),
        facts=tuple(_facts(case, listed)),
        answers=tuple(_handed_in(case, listed)),
        story=story(case.timeline, known),
        pictures=pictures(case),
        may_change=case.status == "open" and any(True for _ in actor.grants),
    )


def _facts(case: CaseView, listed: Mapping[tuple[str, str], str]) -> list[tuple[FactView, str]]:
    return [
        (fact, value_in_words(fact.value, field=fact.id, answers=listed))
        for fact in case.facts
        if fact.value not in (None, "", [])
    ]


def _handed_in(
    case: CaseView, listed: Mapping[tuple[str, str], str]
) -> list[tuple[str, AnswerView, Answers]]:
    """Newest first; a task done for each of several says for which."""
    items = {task.id: task.item for task in case.tasks}
    return [
        (_titled(view.task_name, items.get(view.task)), view, _answers(view, listed))
        for view in reversed(case.answers)
    ]


def _titled(name: str, item: str | None) -> str:
    return f"{name}: {item}" if item else name


def _answers(view: AnswerView, listed: Mapping[tuple[str, str], str]) -> Answers:
    return tuple(
        (label, value_in_words(value, field=field, answers=listed))
        for field, label, value in view.values
    )


def pictures(case: CaseView) -> tuple[Picture, ...]:
    """Every diagram the case has reached, the outermost first."""
    diagrams = published().numbered(case.bundle_number)
    late = {each.element for each in case.deadlines if each.status == "open" and each.overdue}
    found = []
    for position in case.positions:
        process = diagrams.process(position.process)
        stands = way.standing(process, position.here)
        passed = way.passed(process, here=position.here, been=position.been)
        shown_late = stands | (position.here & late)
        here = marks(shown_late, passed - position.here, late=late)
        told = published().description(diagrams.hash, position.process)
        steps = tuple(
            (step.what, "here" if step.id in stands else "passed")
            for step in told.steps
            if step.id in stands | position.been
        )
        found.append(
            Picture(
                process=position.process,
                title=position.title,
                svg=published().picture(diagrams.hash, position.process, marks=here),
                steps=steps,
                stands_here=bool(position.here),
                legend=published().legend(diagrams.hash, position.process),
            )
        )
    return tuple(found)
