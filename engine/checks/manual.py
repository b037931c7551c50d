"""The manual page of the rules, written from the registry."""

from __future__ import annotations

from engine.checks.registry import RULES, STAGES, Rule

WORDS = {
    "file": "Can it be read?",
    "wiring": "Do the lines meet?",
    "shape": "How it is drawn",
    "text": "What is written in it",
    "choice": "Answers and ways on",
    "play": "Playing every case",
    "law": "What the law demands",
    "engine": "What the engine says",
}
_LONGEST_EXAMPLE = 400
_HEAD = """# What is checked before a diagram is published

Written from the rules themselves; do not edit. Examples are in the short language of
`engine/checks/examples.py`. A stage is looked at only when those before it hold no error.
"""


def manual() -> str:
    """All rules as one Markdown page."""
    parts = [_HEAD]
    for number, stage in enumerate(STAGES, 1):
        rules = [rule for rule in RULES.values() if rule.stage == stage]
        if rules:
            parts.append(f"\n## {number}. {WORDS[stage]}\n")
            parts += [_page(rule) for rule in rules]
    return "".join(parts)


def _page(rule: Rule) -> str:
    mark = "" if rule.severity == "error" else f" ({rule.severity})"
    page = " ".join(rule.page.split())
    lines = [f"\n### {rule.id}{mark}\n\n{page}\n\n*Remedy:* {rule.remedy}\n"]
    if rule.bad and len(rule.bad) + len(rule.good) <= _LONGEST_EXAMPLE * 2:
        lines.append(f"\n```\nrefused  {rule.bad}\nfine     {rule.good}\n```\n")
    return "".join(lines)
