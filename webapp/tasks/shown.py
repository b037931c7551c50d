"""What the page of a task shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from webapp.accounts.signin import cases
from webapp.cases.clocks import clock
from webapp.published import published
from webapp.tasks.questions import sections, summary
from webapp.wording import value_in_words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.service import TaskPage
    from webapp.cases.clocks import Clock
    from webapp.tasks.questions import Section


@dataclass(frozen=True, slots=True)
class Shown:
    """The task, its form, and (anchor, sentence) of everything wrong with what was typed."""

    page: TaskPage
    area_name: str
    clock: Clock | None
    sections: tuple[Section, ...]
    problems: Sequence[tuple[str, str]]
    answers: tuple[tuple[str, str], ...]  # (question, answer in words) of a finished task


def shown(
    page: TaskPage,
    typed: Mapping[str, Sequence[str]] | None = None,
    *,
    problems: Mapping[str, str] | None = None,
) -> Shown:
    """The form shows what was typed just now, else the draft, else what is known already."""
    if typed is None:
        typed = page.draft or page.form.typed(page.values)
    asked = sections(page.form, typed, known=page.known, problems=problems)
    areas = {area.code: area.name for area in cases().areas()}
    return Shown(
        page=page,
        area_name=areas.get(page.task.area, page.task.area),
        clock=clock(page.deadline, published().legal_time()) if page.deadline else None,
        sections=asked,
        problems=summary(asked, problems or {}),
        answers=_answers(page) if page.task.status == "done" else (),
    )


def _answers(page: TaskPage) -> tuple[tuple[str, str], ...]:
    return tuple(
        (
            field.label,
            value_in_words(
                page.values.get(field.id),
                field=field.id,
                answers={(field.id, option.id): option.name for option in field.options},
            ),
        )
        for field in page.form.visible(page.values, page.known)
    )
