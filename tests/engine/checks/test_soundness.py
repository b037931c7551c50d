from __future__ import annotations

import pytest

from engine.checks import check
from engine.checks.example_world import OPENING, definition
from engine.checks.examples import bundle
from engine.checks.exploring import explore, judge, reduce
from engine.checks.net import net_of
from engine.checks.reach import loops, reachable
from engine.checks.soundness import problems_of
from engine.diagrams import load
from tests.engine.checks.random_diagrams import random_diagram

PLAYED = {"stuck", "unsafe", "never-ends", "dead", "side-merge", "side-terminates"}


def process(text: str):
    return load(bundle(text)).processes["p"]


def parallel(branches: int, tasks: int) -> str:
    ids = [[f"u{b}x{t}" for t in range(tasks)] for b in range(branches)]
    flows = "; ".join(f"a>{'>'.join(branch)}>z" for branch in ids)
    users = "; ".join(f"user {name}" for branch in ids for name in branch)
    return f"start s; parallel a; parallel z; end e; {users}; s>a; z>e; {flows}"


@pytest.mark.parametrize(("branches", "markings"), [(2, 20), (4, 260), (6, 4_100)])
def test_every_order_of_parallel_work_is_looked_at(branches, markings):
    net = net_of(process(parallel(branches, 3)), "p")

    graph = explore(net, net.start)

    assert len(graph.came_from) == markings
    assert judge(net, graph) == []


def test_work_in_many_branches_is_proved_by_taking_together_what_belongs_together():
    found = process(parallel(9, 4))

    assert problems_of(found, "p") == []


def test_the_smaller_net_has_the_verdict_of_the_whole_one():
    compared = unsound = 0

    for seed in range(400):
        files = bundle(random_diagram(seed))
        errors = {
            f.rule for f in check(files, definition(), opening=OPENING) if f.severity == "error"
        }
        if errors - PLAYED:
            continue
        for scope in load(files).processes["p"].scopes:
            net = net_of(load(files).processes["p"], scope)
            small = reduce(net)
            whole = judge(net, explore(net, net.start))
            assert bool(judge(small, explore(small, small.start))) is bool(whole), seed
            compared, unsound = compared + 1, unsound + bool(whole)

    assert compared > 150
    assert unsound > 5


def test_a_counterexample_is_a_way_in_the_words_of_the_diagram():
    text = (
        "start s; user q form=[died boolean required] name=[Ask]; exclusive g; user u name=[Tell]; "
        "user v; parallel j; end e; s>q>g; g>u [died == true]; g>v [default]; u>j; v>j>e"
    )

    found = next(f for f in check(bundle(text), definition(), opening=OPENING) if f.rule == "stuck")

    assert found.path == ("start event s", "“Ask”", "exclusive gateway g: to “Tell”", "“Tell”")
    assert found.element == "j"


def test_a_loop_is_found_with_all_its_steps():
    found = process(
        "start s; exclusive m; user u; exclusive g; end e; s>m>u>g; g>m [x == 1]; g>e [default]"
    )

    assert list(loops(found, frozenset(found.nodes))) == [["m", "u", "g"]]
    assert reachable(found, "u") == {"m", "u", "g", "e"}
