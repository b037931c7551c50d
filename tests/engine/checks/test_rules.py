from __future__ import annotations

import pytest

from engine.checks import check
from engine.checks.example_world import OPENING, definition
from engine.checks.examples import bundle
from engine.checks.registry import RULES
from engine.checks.subject import Subject

EVERY = sorted(RULES.values(), key=lambda rule: rule.id)


def said(text: str) -> set[str]:
    return {finding.rule for finding in check(bundle(text), definition(text), opening=OPENING)}


WITH_EXAMPLE = [rule for rule in EVERY if rule.bad]


@pytest.mark.parametrize("rule", WITH_EXAMPLE, ids=lambda rule: rule.id)
def test_a_rule_speaks_about_its_bad_example(rule):
    assert rule.id in said(rule.bad)


@pytest.mark.parametrize("rule", EVERY, ids=lambda rule: rule.id)
def test_nothing_is_said_about_a_good_example(rule):
    assert said(rule.good) == set()


def test_what_the_engine_refuses_is_a_finding_and_not_an_exception():
    files = bundle("start s; events g; user u; end e; s>g>u>e")

    found = list(RULES["engine-refuses"].check(Subject(files)))

    assert "the engine refuses the bundle" in found[0].message


@pytest.mark.parametrize("rule", EVERY, ids=lambda rule: rule.id)
def test_a_rule_has_a_page_and_a_remedy(rule):
    assert len(rule.page) > 30
    assert rule.remedy.endswith((".", '"]'))
