"""What stands on every page: the top bar with its counters."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import template
from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language, pgettext

from generation.access import Seat
from generation.models import Project, Tally

register = template.Library()


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the navigation; `count` is None where nothing is counted."""

    name: str
    label: str
    url: str
    current: bool
    count: int | None


_COUNTED = {
    "seeds": ("seed", None),
    "review": ("sample", "needs_review"),
    "samples": ("sample", None),
    "datasets": ("dataset", None),
    "exports": ("export", None),
}
_UNDER = {
    "imports": "samples", "media": "samples", "chat-templates": "prompts", "documents": "seeds", "spend": "runs",
    "evaluation-sets": "quality", "conflicts": "quality",
    "pairs": "compare", "judges": "compare", "vocabularies": "seeds", "workflows": "runs", "scenarios": "seeds",
    "coverage": "quality", "selections": "quality",
}  # fmt: skip
"""Pages that stand in the navigation under another's name."""


@register.inclusion_tag("_top_bar.html", takes_context=True)
def top_bar(context: dict[str, Any]) -> dict[str, Any]:
    """The bar at the top: mark, project switcher, navigation with counts, search, keys, person. Two queries, and one
    for each count that another app brings along (`counted_elsewhere`)."""
    request = context.get("request")
    person = getattr(request, "user", None)
    seat: Seat | None = context.get("seat")
    signed_in = bool(person and person.is_authenticated)
    return {
        "request": request,
        "person": person if signed_in else None,
        "seat": seat,
        "projects": list(Project.objects.for_person(person).order_by("name")[:20]) if signed_in else [],
        "entries": _entries(seat.project, request, context.get("counted_elsewhere") or {}) if seat else [],
        "languages": settings.LANGUAGES,
        "language": get_language(),
        "search": request.GET.get("q", "") if seat and request else "",
    }


def _entries(project: Project, request: Any, elsewhere: Mapping[str, Callable[[Project], int]]) -> list[Entry]:
    labels = {
        "home": pgettext("page", "Home"),
        "seeds": pgettext("page", "Seeds"),
        "prompts": pgettext("page", "Prompts"),
        "runs": pgettext("page", "Runs"),
        "review": pgettext("page", "Review"),
        "compare": pgettext("page", "Compare"),
        "samples": pgettext("page", "Samples"),
        "datasets": pgettext("page", "Datasets"),
        "exports": pgettext("page", "Exports"),
        "quality": pgettext("page", "Reports"),
    }
    home = reverse("home", args=[project.slug])
    rest = (request.path if request else "").removeprefix(home)
    first = rest.split("/")[0] or "home"
    here = _UNDER.get(first, first)
    figures = _figures(project) | {name: count(project) for name, count in elsewhere.items()}
    return [
        Entry(name, label, home if name == "home" else f"{home}{name}", here == name, figures.get(name))
        for name, label in labels.items()
    ]


def _figures(project: Project) -> dict[str, int]:
    rows = list(
        Tally.objects.filter(project=project, kind__in=["seed", "sample", "dataset", "export"]).values_list(
            "kind", "state", "count"
        )
    )
    return {
        name: sum(count for kind_, state_, count in rows if kind_ == kind and state in (None, state_))
        for name, (kind, state) in _COUNTED.items()
    }


@register.simple_tag(takes_context=True)
def person_keys(context: dict[str, Any]) -> str:
    """The keys that this person chose for actions, as JSON for the script."""
    person = getattr(context.get("request"), "user", None)
    return json.dumps(getattr(person, "keys", None) or {})


@register.simple_tag(takes_context=True)
def theme(context: dict[str, Any]) -> str:
    """ "light", "dark", or nothing to follow the system."""
    return getattr(getattr(context.get("request"), "user", None), "theme", "") or ""
