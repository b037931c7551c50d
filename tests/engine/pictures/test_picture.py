from __future__ import annotations

import re
from collections import Counter

import pytest
from lxml import etree

from engine.diagrams.description import describe
from engine.diagrams.marks import INKS
from engine.diagrams.pen import INK, PAPER
from engine.diagrams.picture import Mark, draw
from engine.diagrams.xml import Unreadable
from engine.errors import NotDrawable

SVG = "{http://www.w3.org/2000/svg}"


def drawn(picture: str) -> etree._Element:
    return etree.fromstring(picture.encode())


def words(picture: str) -> str:
    return " ".join(one.text for one in drawn(picture).iter(f"{SVG}text"))


def test_every_label_of_the_diagram_is_real_text_on_the_picture(sample):
    picture = words(draw(sample))

    for label in ("House", "Caretaker", "Insurer", "Report the leak", "Is it serious?", "Yes"):
        assert label in picture


def test_the_same_file_gives_the_same_picture(sample):
    assert draw(sample) == draw(sample)


def test_a_strict_policy_finds_no_script_style_or_address_on_the_picture(sample):
    marked = draw(sample, marks={"Mend": Mark(1, "late")}, link=lambda name: f"/map#{name}")

    tags = {etree.QName(one).localname for one in drawn(marked).iter()}

    assert not tags & {"script", "style", "image", "foreignObject", "use"}
    assert not re.search(r"\s(on\w+|style|xlink:href)=", marked)
    assert set(re.findall(r"https?://[^\"]+", marked)) == {"http://www.w3.org/2000/svg"}


def test_words_of_the_diagram_never_become_markup(sample):
    attack = "&lt;script&gt;alert(1)&lt;/script&gt;&quot; onload=&quot;x"
    evil = sample.replace(b"Report the leak", attack.encode()).replace(b"A leak", attack.encode())

    picture = draw(evil, link=lambda _: '"><script>')

    assert "<script" not in picture
    assert not any("onload" in one.attrib for one in drawn(picture).iter())


def test_ids_are_unique_and_begin_with_the_prefix(sample):
    old, new = draw(sample, prefix="old"), draw(sample, prefix="new")

    ids = Counter(re.findall(r'\sid="([^"]+)"', old + new))

    assert set(ids.values()) == {1}
    assert all(name.startswith(("old-", "new-")) for name in ids)


def test_every_reference_on_the_picture_leads_somewhere(sample):
    picture = draw(sample)

    ids = set(re.findall(r'\sid="([^"]+)"', picture))

    assert set(re.findall(r"url\(#([^)]+)\)", picture)) <= ids
    assert set(drawn(picture).get("aria-labelledby").split()) <= ids


@pytest.mark.parametrize(
    ("mark", "said"),
    [
        (Mark(2, "open"), "2 open"),
        (Mark(3, "late", "3, 1 late"), "3, 1 late"),
        (Mark(1, "due_soon"), "1 due soon"),
    ],
)
def test_live_state_shows_as_words_as_fill_and_as_a_badge(sample, mark, said):
    picture = draw(sample, marks={"Mend": mark})

    assert said in words(picture)
    assert INKS[mark.state].fill in picture
    assert f"<title>Mend the pipe: {said}</title>" in picture


def test_each_state_has_a_badge_of_its_own_shape(sample):
    states = ("open", "due_soon", "late", "passed")
    plain = draw(sample)

    shapes = {state: draw(sample, marks={"Mend": Mark(1, state, "1")}) for state in states}

    without_colours = {re.sub(r"#[0-9a-f]{6}", "", one) for one in shapes.values()}
    assert len(without_colours | {plain}) == len(states) + 1


def contrast(one: str, two: str) -> float:
    """The ratio of the Web Content Accessibility Guidelines, 1 to 21."""

    def light(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        red, green, blue = (
            part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
        )
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    dark, bright = sorted((light(one), light(two)))
    return (bright + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("state", INKS)
def test_words_and_outlines_of_every_state_are_easy_to_see(state):
    assert contrast(INK, INKS[state].fill) >= 7
    assert contrast(INKS[state].stroke, PAPER) >= 4.5


def test_the_taken_way_is_tinted_and_the_other_is_not(sample):
    way = {name: Mark(state="passed") for name in ("Leak_seen", "Report_leak", "Is_serious")}

    picture = draw(sample, marks=way | {"Mend": Mark(1, "open")})

    (tinted,) = re.findall(r'<path d="([^"]+)" fill="none" stroke="#a3cdb6"', picture)
    assert tinted.count("M") == 3
    assert "M345 300L450 300" in tinted
    assert "M320 325" not in tinted


def test_flows_marked_by_name_are_the_taken_way(sample):
    passed = Mark(state="passed")

    picture = draw(sample, marks={"Flow_calm": passed, "Is_serious": passed, "Mend": passed})

    (tinted,) = re.findall(r'<path d="([^"]+)" fill="none" stroke="#a3cdb6"', picture)
    assert tinted == "M320 325L320 402"


def test_links_stand_in_reading_order_and_say_name_and_state(sample):
    marks = {"Mend": Mark(2, "late")}

    picture = draw(sample, marks=marks, link=lambda name: f"/cases/1?at={name}&x")

    links = list(drawn(picture).iter(f"{SVG}a"))
    assert [one.get("aria-label") for one in links][:4] == [
        "Leak seen",
        "Report the leak",
        "Is it serious?",
        "Mend the pipe: 2 late",
    ]
    assert links[0].get("href") == "/cases/1?at=Leak_seen&x"
    assert drawn(picture).get("role") == "group"


def test_links_follow_the_order_of_the_text_twin(sample):
    picture = draw(sample, link=lambda name: name)

    links = [one.get("href") for one in drawn(picture).iter(f"{SVG}a")]

    assert links == [step.id for step in describe(sample)[0].steps]


def test_only_steps_with_an_address_are_links(sample):
    picture = draw(sample, link={"Mend": "/tasks/7"}.get)

    assert [one.get("href") for one in drawn(picture).iter(f"{SVG}a")] == ["/tasks/7"]


def test_a_picture_without_links_is_one_image_with_a_title_and_a_summary(sample):
    root = drawn(draw(sample, marks={"Mend": Mark(1, "late")}))

    assert root.get("role") == "img"
    assert root.findtext(f"{SVG}title") == "A leak"
    assert "worked by: Tenant; Caretaker" in root.findtext(f"{SVG}desc")
    assert "Mend the pipe: 1 late" in root.findtext(f"{SVG}desc")


def test_marks_of_unknown_elements_are_ignored(sample):
    assert draw(sample, marks={"Gone": Mark(1, "late")}) == draw(sample)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'bpmnElement="Mend"', b'bpmnElement="Nobody"'),
        (b'bpmnElement="Flow_seen"', b'bpmnElement="Nobody"'),
        (b'<dc:Bounds x="450"', b'<dc:Bounds x="NaN"'),
        (b'<dc:Bounds x="450"', b'<dc:Bounds x="1e308"'),
        (b'<dc:Bounds x="450"', b"<dc:Bounds"),
        (b'<di:waypoint x="218"', b'<di:waypoint x="far"'),
        (b"bpmndi:BPMNPlane", b"bpmndi:Nothing"),
    ],
)
def test_missing_or_impossible_places_are_refused_with_a_sentence(sample, old, new):
    with pytest.raises(NotDrawable) as refused:
        draw(sample.replace(old, new))

    assert re.search(r"(modeller|stand)", str(refused.value))


def test_what_is_no_xml_is_refused(sample):
    with pytest.raises(Unreadable):
        draw(sample[:-40])


def test_a_colour_in_the_file_that_is_no_colour_is_left_out(sample):
    spoiled = sample.replace(
        b'bpmnElement="Mend">',
        b'bpmnElement="Mend" xmlns:bioc="http://bpmn.io/schema/bpmn/biocolor/1.0" '
        b'bioc:fill="url(http://x.example)">',
    )

    assert draw(spoiled) == draw(sample)
