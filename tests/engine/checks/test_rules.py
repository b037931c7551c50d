from __future__ import annotations

import pytest

from engine.checks import check
from engine.checks.examples import OPENING, bundle, definition
from engine.checks.registry import RULES

EVERY = sorted(RULES.values(), key=lambda rule: rule.id)


def said(text: str) -> set[str]:
    return {finding.rule for finding in check(bundle(text), definition(text), opening=OPENING)}


@pytest.mark.parametrize("rule", EVERY, ids=lambda rule: rule.id)
def test_a_rule_speaks_about_its_bad_example(rule):
    assert rule.id in said(rule.bad)


@pytest.mark.parametrize("rule", EVERY, ids=lambda rule: rule.id)
def test_nothing_is_said_about_a_good_example(rule):
    assert said(rule.good) == set()


@pytest.mark.parametrize("rule", EVERY, ids=lambda rule: rule.id)
def test_a_rule_has_a_page_and_a_remedy(rule):
    assert len(rule.page) > 30
    assert rule.remedy.endswith((".", '"]'))
