"""What sums are of, in words."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.translation import gettext, pgettext

register = template.Library()


@register.filter
def spend_kind(code: str) -> Any:
    """What a line of the spend page is of."""
    return {
        "run": pgettext("spend", "Run"), "recipe": gettext("Recipe"), "model": gettext("Model"),
        "prompt": gettext("Prompt version"), "stage": gettext("Stage"), "day": gettext("Day"),
    }[code]  # fmt: skip
