"""A process that goes round and round, so that one case can have thousands of finished tasks."""

from __future__ import annotations

from engine.checks.examples import bundle
from engine.definition import Duty, ProcessDefinition, Role
from processes.deadlines import EnglishLegalTime

ROUNDS = """
process rounds {
  start Begin; exclusive Again;
  user Look form=[seen_on date required meets=R1,again boolean required,
                  what string,who string,where text,how_many long];
  boundary Late on=Look calm timer=[due("R1")] law=R1; end Told;
  exclusive More; end Done;
  Begin>Again>Look>More; More>Again [again == true]; More>Done [default]; Late>Told
}
"""
RULES = """
[facts]
seen_on = { title = "Seen on", type = "date" }
aware_on = { title = "Aware on", type = "date" }

[[rule]]
id = "R1"
title = "Look again"
counts = "working_days"
number = 5
direction = "after"
starts_from = "aware_on"
force = "must"
recipients = ["panel"]
law = ["R01"]
document = "a benchmark"
phrase = "in five working days"
valid_from = 2018-06-29
"""
FILES = bundle(ROUNDS) | {"deadlines.toml": RULES.encode()}
DEFINITION = ProcessDefinition(
    startable=("rounds",),
    roles=(Role("worker", "Worker"),),
    duties={name: Duty(name, f"Duty {name}", "must", "as written") for name in ("R1", "R01")},
    waived={"R01": "a benchmark"},
    statute={"known_at_opening": ["aware_on"]},
    legal_time=EnglishLegalTime,
    files=lambda: FILES,
)
