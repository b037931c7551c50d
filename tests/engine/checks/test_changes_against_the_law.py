from __future__ import annotations

from lxml import etree

from engine.checks import check
from processes.definition import definition

SHIPPED = definition().files()
BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"


class Edited:
    """A shipped diagram, redrawn as an owner might in the modeller."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.root = etree.fromstring(SHIPPED[name])

    def element(self, ident: str):
        return next(each for each in self.root.iter() if each.get("id") == ident)

    def lead(self, flow: str, target: str) -> Edited:
        """Let the flow end at another step."""
        found = self.element(flow)
        self.element(found.get("targetRef")).remove(
            next(e for e in self.root.iter(BPMN + "incoming") if e.text == flow)
        )
        found.set("targetRef", target)
        etree.SubElement(self.element(target), BPMN + "incoming").text = flow
        return self

    def set(self, ident: str, name: str, value: str) -> Edited:
        self.element(ident).set(name, value)
        return self

    def refused_by(self) -> dict[str, str]:
        """Rule -> all it said."""
        files = {**SHIPPED, self.name: etree.tostring(self.root)}
        found = check(files, definition())
        errors = [each for each in found if each.severity == "error"]
        rules = {each.rule for each in errors}
        return {rule: "\n".join(str(e) for e in errors if e.rule == rule) for rule in rules}


def test_a_clock_of_the_law_must_not_take_the_work_away():
    diagram = Edited("incident_notification.bpmn")
    diagram.set("Panel_notice_due", "cancelActivity", "true")

    assert "R02" in diagram.refused_by()["law-clock-interrupts"]


def test_a_clock_cannot_be_moved_away_from_the_work_it_measures():
    diagram = Edited("serious_incident.bpmn")
    diagram.set("Rapid_review_due", "attachedToRef", "Get_panel_answer")

    assert "R10" in diagram.refused_by()["law-clock-moved"]


def test_swapped_answers_are_found_by_what_must_follow():
    diagram = Edited("panel_response.bpmn")
    diagram.lead("Flow_national", "No_national_review")
    diagram.lead("Flow_no_national", "Tell_of_decision")

    assert "without Tell_secretary_of_state" in diagram.refused_by()["law-must-follow"]


def test_an_ordinary_branch_cannot_lead_to_an_end_the_law_reserves():
    diagram = Edited("publication.bpmn").lead("Flow_Move_date_to_Merge_dates", "Nothing_published")

    assert "R27" in diagram.refused_by()["law-only-from"]


def test_publication_cannot_come_before_the_copies_are_sent():
    diagram = Edited("publication.bpmn")
    diagram.lead("Flow_Anything_published_to_Merge_dates", "Publish_report")

    assert "R23" in diagram.refused_by()["law-must-precede"]


def test_a_parallel_branch_that_never_comes_back_is_found_with_the_way_to_it():
    diagram = Edited("panel_response.bpmn")
    diagram.lead("Flow_tell_families_all_told_of_decision", "Merge_answers")

    assert "“Tell the families" in diagram.refused_by()["unsafe"]
