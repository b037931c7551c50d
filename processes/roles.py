"""Who works which lane. An outside body without users here is worked by its liaison."""

from __future__ import annotations

from engine.definition import Role

_LIAISON = "business_unit"

ROLES = (
    Role("la_officer", "Local authority officer"),
    Role("la_director", "Director of children's services"),
    Role("business_unit", "Partnership business unit"),
    Role("agency_author", "Agency"),
    Role("review_chair", "Rapid review chair"),
    Role("safeguarding_partner", "Safeguarding partners"),
    Role("reviewer", "Independent reviewer"),
    Role("communications", "Communications and legal"),
    Role("lscb", "Local Safeguarding Children Board"),
    Role("panel", "Child Safeguarding Practice Review Panel", _LIAISON),
    Role("secretary_of_state", "Secretary of State", _LIAISON),
    Role("ofsted", "Ofsted", _LIAISON),
)
