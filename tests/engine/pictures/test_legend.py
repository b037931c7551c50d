from __future__ import annotations

import pytest
from lxml import etree

from engine.diagrams.legend import legend
from engine.errors import NotDrawable


def test_only_signs_that_occur_are_explained_in_plain_words(sample):
    assert [sign.words for sign in legend(sample)] == [
        "somebody does this",
        "one way",
        "here it starts",
        "on that date; the work goes on",
        "here it ends",
    ]


def test_an_unbroken_ring_and_a_repeated_step_are_explained(sample):
    changed = sample.replace(b'cancelActivity="false"', b"").replace(
        b'<bpmn:userTask id="Mend" name="Mend the pipe">',
        b'<bpmn:userTask id="Mend" name="Mend"><bpmn:multiInstanceLoopCharacteristics />',
    )

    words = [sign.words for sign in legend(changed)]

    assert "once for each" in words
    assert "unbroken ring: ends the work it stands on" in words
    assert "on that date; the work goes on" not in words


def test_each_sign_is_a_picture_that_screen_readers_pass_over(sample):
    for sign in legend(sample):
        assert etree.fromstring(sign.picture).get("aria-hidden") == "true"


def test_a_file_without_a_drawing_is_refused(sample):
    with pytest.raises(NotDrawable):
        legend(sample.replace(b"BPMNPlane", b"Nothing"))
