"""A damaged file is drawn, told and compared, or refused with a reason; it is never a crash."""

from __future__ import annotations

import random
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from engine.diagrams.description import describe
from engine.diagrams.difference import difference
from engine.diagrams.legend import legend
from engine.diagrams.picture import Mark, draw
from engine.errors import CaseError

SAMPLE = Path(__file__).with_name("sample.bpmn").read_bytes()
ODD_VALUES = ["", "x", "NaN", "-1", "1e9", "Mend", "true", "a b"]


def damaged(xml: bytes, chance: random.Random) -> bytes:
    root = etree.fromstring(xml)
    everything = list(root.iter("*"))
    for _ in range(chance.randint(1, 4)):
        one, other = chance.choice(everything[1:]), chance.choice(everything)
        parent = one.getparent()
        match chance.randrange(5):
            case 0 if parent is not None:
                parent.remove(one)
            case 1 if one.attrib:
                del one.attrib[chance.choice(list(one.attrib))]
            case 2 if one.attrib:
                one.attrib[chance.choice(list(one.attrib))] = chance.choice(ODD_VALUES)
            case 3:
                one.append(etree.fromstring(etree.tostring(other)))
            case _:
                one.tag = other.tag
    return etree.tostring(root)


WORKS = {
    "draw": lambda xml: draw(xml, marks={"Mend": Mark(1, "late")}, link=lambda name: name),
    "describe": describe,
    "difference": lambda xml: difference(SAMPLE, xml),
    "legend": legend,
}


@pytest.mark.parametrize("work", WORKS.values(), ids=WORKS)
@settings(max_examples=60, deadline=None)
@given(chance=st.randoms(use_true_random=False))
def test_a_damaged_diagram_is_worked_or_refused(work, chance):
    broken = damaged(SAMPLE, chance)

    with suppress(CaseError):
        work(broken)
