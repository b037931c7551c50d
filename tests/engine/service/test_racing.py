from __future__ import annotations

import threading
from functools import partial

import pytest

from engine.errors import CaseError, Conflict


def at_once(*works):
    """Run all at the same moment; what each gave back, or the error it raised."""
    start = threading.Barrier(len(works))
    results = [None] * len(works)

    def run(number, work):
        start.wait()
        try:
            results[number] = work()
        except CaseError as error:
            results[number] = error

    threads = [threading.Thread(target=run, args=each) for each in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


@pytest.fixture
def racers(cases):
    grants = frozenset({("worker", "E1"), ("partner", "E1")})
    return [cases.actor(name, name, grants) for name in ("anna", "ben")]


def completing(cases, task, actor):
    values = {"aware_on": "2019-03-04", "child": actor.id}
    return lambda: cases.complete(task.id, version=1, actor=actor, values=values)


def test_of_two_racers_exactly_one_completes_the_task(cases, racers):
    for _ in range(8):
        ref = cases.open_case("incident", area="E1", title="A race", actor=racers[0]).ref
        task = cases.open_tasks(ref)[0]

        results = at_once(*(completing(cases, task, racer) for racer in racers))

        lost = [each for each in results if isinstance(each, Conflict)]
        won = next(r for r, each in zip(racers, results, strict=True) if each not in lost)
        answers = cases.case(ref, won).answers
        assert len(lost) == 1
        assert lost[0].by == won.id
        assert [answer.by for answer in answers] == [won.id]


def test_of_two_racers_exactly_one_takes_the_task(cases, racers):
    for _ in range(8):
        ref = cases.open_case("incident", area="E1", title="A race", actor=racers[0]).ref
        task = cases.open_tasks(ref)[0]

        results = at_once(*(partial(cases.claim, task.id, actor=each) for each in racers))

        assert sum(isinstance(each, Conflict) for each in results) == 1


def test_two_branches_at_once_lose_no_update(cases, racers, do):
    ref = cases.open_case("incident", area="E1", title="A race", actor=racers[0]).ref
    do(ref, "Record", aware_on="2026-11-02")
    do(ref, "Notify", notified_on="2026-11-03")

    at_once(lambda: do(ref, "Review"), lambda: do(ref, "Tell", actor=racers[0]))

    view = cases.case(ref, racers[0])
    assert {t.element for t in view.tasks if t.status == "open"}.isdisjoint({"Review", "Tell"})
    assert cases.verify().whole


def test_two_workers_fire_a_clock_once(cases, racers, do, on):
    ref = cases.open_case("incident", area="E1", title="Late", actor=racers[0]).ref
    do(ref, "Record", aware_on="2019-03-04")

    swept = at_once(cases.fire_due_timers, cases.fire_due_timers)

    fired = [e for e in cases.case(ref, racers[0]).timeline if e.action == "clock_fired"]
    assert sum(sweep.moved for sweep in swept) == 1
    assert len(fired) == 2  # the reminder and the limit, each once
    assert cases.incidents() == ()


def test_cases_opened_at_once_get_numbers_of_their_own(cases, racers):
    opening = [
        lambda: cases.open_case("rounds", area="E1", title="At once", actor=racers[0])
        for _ in range(4)
    ]

    refs = {outcome.ref for outcome in at_once(*opening)}

    assert len(refs) == 4
    assert cases.verify().whole


def test_a_page_read_while_others_write_shows_one_state(cases, racers, do):
    ref = cases.open_case("rounds", area="E1", title="Round and round", actor=racers[0]).ref
    stop = threading.Event()

    def work():
        for _ in range(40):
            do(ref, "Look", again=True)
        stop.set()

    def look():
        torn = []
        while not stop.is_set():
            view = cases.case(ref, racers[0])
            done = sum(task.status == "done" for task in view.tasks)
            torn += [view] if not done == len(view.answers) == view.version - 1 else []
        return torn

    assert at_once(work, look, look)[1:] == [[], []]
