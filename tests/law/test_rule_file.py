"""A faulty deadlines.toml: every fault found at once, with its line, its key and what to do."""

from __future__ import annotations

import pytest

from engine.errors import RulesRefused
from processes.deadline_rules import read_rules

GOOD = """\
[facts]
aware_on = { title = "Date of awareness", type = "date" }
died = { title = "A child died", type = "boolean" }

[[rule]]
id = "R02"
title = "Notify the Panel"
counts = "working_days"
number = 5
direction = "after"
starts_from = "aware_on"
force = "must"
recipients = ["panel"]
law = ["R02"]
document = "The guidance"
phrase = "within 5 working days"
"""
EASED = """
[[relaxation]]
rule = "R02"
from = 2020-03-30
to = 2020-04-30
effect = "noted"
says = "It was eased."
source = "A letter"
"""


def problems(text):
    with pytest.raises(RulesRefused) as refused:
        read_rules(text if isinstance(text, bytes) else text.encode())
    return refused.value.problems


def test_a_good_file_is_read():
    rules = read_rules((GOOD + EASED).encode())

    assert list(rules.versions) == ["R02"]
    assert rules.versions["R02"][0].rule.limit == "5 working days after"
    assert rules.relaxations["R02"][0].says == "It was eased."


@pytest.mark.parametrize(
    ("old", "new", "line", "key", "said"),
    [
        ("number = 5", "numbr = 5", 9, "R02.numbr", "Did you mean “number”?"),
        ("number = 5\n", "", 5, "R02.number", "Add a line number = …"),
        ("number = 5", "number = -1", 9, "R02.number", "from 0 to 250"),
        ("number = 5", "number = true", 9, "R02.number", "from 0 to 250"),
        ("number = 5", 'number = "5"', 9, "R02.number", "from 0 to 250"),
        ("number = 5", "number = 99999999999999999999", 9, "R02.number", "from 0 to 250"),
        ('"working_days"', '"workingdays"', 8, "R02.counts", "Did you mean “working_days”?"),
        ('"working_days"', '"weeks"', 8, "R02.counts", "working_days, calendar_days, months"),
        ('"after"', '"past"', 10, "R02.direction", "after, before"),
        ('"must"', '"may"', 12, "R02.force", "must"),
        ('= "aware_on"', '= "awar_on"', 11, "R02.starts_from", "Did you mean “aware_on”?"),
        ('= "aware_on"', '= "died"', 11, "R02.starts_from", "type date"),
        ('"R02"\ntitle', '"r 2"\ntitle', 6, "r 2.id", "capitals"),
        ('["R02"]', '"R02"', 14, "R02.law", 'law = ["R02"]'),
        ('["R02"]', '["2"]', 14, "R02.law", 'law = ["R02"]'),
        ('"Notify the Panel"', '" "', 7, "R02.title", 'title = "…"'),
        ('"Notify the Panel"', f'"{"x" * 3000}"', 7, "R02.title", "at most"),
        ('"The guidance"', '"x"\nvalid_from = "2018-06-29"', 16, "R02.valid_from", "no"),
        (
            '"The guidance"', '"x"\nforeseen_while = "died ="', 16, "R02.foreseen_while",
            "cannot be read at column",
        ),
        (
            '"The guidance"', '"x"\nforeseen_while = "dyed == null"', 16, "R02.foreseen_while",
            "Did you mean “died”?",
        ),
        ('"boolean"', '"bool"', 3, "died.type", "Did you mean “boolean”?"),
        ("= { title = ", "= ", 1, "", "TOML"),
        ('{ title = "A child died", type = "boolean" }', "3", 3, "facts.died", "title"),
        ("[[rule]]", "[rule]", 5, "rule", "Write [[rule]]"),
        ("[[rule]]", "[[rules]]", 5, "rules", "[[rule]]"),
        ('"R02"\ntitle', '"R02"\nid = "R03"\ntitle', 7, "", "key = value"),
    ],
)  # fmt: skip
def test_a_fault_is_located_and_has_a_remedy(old, new, line, key, said):
    assert old in GOOD

    found = problems(GOOD.replace(old, new, 1))

    if key:
        assert [problem for problem in found if (problem.line, problem.key) == (line, key)]
    assert any(said in f"{problem.message} {problem.remedy}" for problem in found)


def test_all_faults_are_told_at_once_in_order_of_lines():
    text = GOOD.replace("number = 5", "number = -5").replace('"must"', '"maybe"')

    found = problems(text)

    assert [(problem.line, problem.key) for problem in found] == [
        (9, "R02.number"),
        (12, "R02.force"),
    ]


@pytest.mark.parametrize(
    ("data", "line", "said"),
    [
        (b"", 1, "no rule"),
        (b"[facts]\n\xff", 2, "UTF-8"),
        (b"a = 1\nb = = 2\n", 2, "TOML"),
        (b"a = 2019-02-30\n", 1, ""),
        (b"x = " + b"[" * 5000, 1, ""),
        (b"x = " + b"9" * 5000, 1, ""),
        (b"#" * 600_000, 1, "too big"),
        (b"facts = 3\nrule = 4\n", 1, "[facts]"),
        (b"rule = [1, 2]\n", 1, "[[rule]]"),
        (b'\x00"', 1, "TOML"),
    ],
)
def test_what_is_no_rules_file_at_all_is_refused_with_a_line(data, line, said):
    found = problems(data)

    assert found[0].line == line
    assert any(said in f"{problem.message} {problem.remedy}" for problem in found)


def test_lines_are_right_below_texts_of_several_lines():
    text = GOOD.replace('"Notify the Panel"', '"""Notify\nid = 3\n[[rule]]\nthe Panel"""')

    found = problems(text.replace("number = 5", "number = 999"))

    assert [(problem.line, problem.key) for problem in found] == [(12, "R02.number")]


def second_version(**dates):
    rule = GOOD[GOOD.index("[[rule]]") :].replace("number = 5", "number = 3")
    return rule + "".join(f"{key} = {on}\n" for key, on in dates.items())


def test_two_versions_may_not_stand_for_the_same_dates():
    text = GOOD + "valid_to = 2020-01-31\n\n" + second_version(valid_from="2020-01-31")

    assert "twice for the same dates" in problems(text)[0].message


def test_versions_of_one_rule_count_from_the_same_fact():
    facts = GOOD.replace("died =", 'told_on = { title = "Told", type = "date" }\ndied =')
    later = second_version(valid_from="2020-02-01").replace('"aware_on"', '"told_on"')

    found = problems(facts + "valid_to = 2020-01-31\n\n" + later)

    assert "different facts" in found[0].message


def test_a_version_that_ends_before_it_begins_is_refused():
    found = problems(GOOD + "valid_from = 2020-02-01\nvalid_to = 2020-01-01\n")

    assert [(problem.line, problem.key) for problem in found] == [(18, "R02.valid_to")]


@pytest.mark.parametrize(
    ("old", "new", "key", "said"),
    [
        ('rule = "R02"', 'rule = "R20"', "R20.rule", "R02"),
        ("from = 2020-03-30\n", "", "R02.from", "Add from"),
        ("to = 2020-04-30", "to = 2019-04-30", "R02.to", "Swap"),
        ('"noted"', '"number"', "R02.number", "Add a line number"),
        ('"noted"', '"noted"\nnumber = 3', "R02.number", "means nothing with noted"),
        ('to = 2020-04-30\neffect = "noted"', 'effect = "suspended"', "R02.to", "without an end"),
        (
            '2020-04-30\neffect = "noted"',
            '9999-12-31\neffect = "suspended"',
            "R02.to",
            "longer than",
        ),
        ('"noted"', '"forgotten"', "R02.effect", "noted, number, suspended"),
    ],
)
def test_a_faulty_relaxation_is_located(old, new, key, said):
    assert old in EASED

    found = problems(GOOD + EASED.replace(old, new, 1))

    assert [problem.key for problem in found] == [key]
    assert said in f"{found[0].message} {found[0].remedy}"


def test_months_cannot_leave_suspended_days_out():
    text = GOOD.replace("working_days", "months") + EASED.replace("noted", "suspended")

    assert "working days" in problems(text)[0].message
