"""The catalogue of public sets that can be imported as they are published."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from fdc_project.web.htmx import render_page
from generation.formats import format_named
from generation.formats.public.catalogue import CATALOGUE, PublicSet


@require_GET
def catalogue(request: HttpRequest) -> HttpResponse:
    """Size, origin and licence of each set, and what is often told wrongly of it."""
    return render_page(request, "generation/catalogue.html", {"sets": [_shown(each) for each in CATALOGUE]})


def _shown(each: PublicSet) -> dict[str, Any]:
    chosen = format_named(each.format)
    return {
        "set": each,
        "format": _(chosen.title),
        "rows": _(each.rows),
        "origin": _(each.origin),
        "licence": _(each.licence),
        "wrong": [_(text) for text in each.wrong],
        "notes": [_(text) for text in each.notes],
    }
