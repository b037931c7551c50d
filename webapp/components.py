"""The GOV.UK components as functions for templates.

Their macros rely on lenient undefined values, ours do not: they have an environment of their own.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, PrefixLoader

if TYPE_CHECKING:
    from collections.abc import Callable

    from markupsafe import Markup

COMPONENTS = {
    "character-count": "govukCharacterCount",
    "checkboxes": "govukCheckboxes",
    "date-input": "govukDateInput",
    "input": "govukInput",
    "radios": "govukRadios",
    "select": "govukSelect",
    "textarea": "govukTextarea",
}


@cache
def components() -> dict[str, Callable[[dict[str, object]], Markup]]:
    """Every component we use, by its macro's name."""
    environment = Environment(
        loader=PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return {
        macro: getattr(
            environment.get_template(f"govuk_frontend_jinja/components/{name}/macro.html").module,
            macro,
        )
        for name, macro in COMPONENTS.items()
    }
