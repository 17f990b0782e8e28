"""The help page, and the answer that tells a supervisor that this process serves."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from fdc_project.web import keys
from fdc_project.web.htmx import render_page
from generation.access import person_of
from generation.forms.people import role_labels
from generation.recipes import RECIPES


@require_GET
def help(request: HttpRequest) -> HttpResponse:
    """What FDC is for, how a row travels, roles, keys, what it needs and what it leaves to others."""
    chosen = person_of(request).keys
    context = {
        "keys": [(label, chosen.get(action, key)) for action, (key, label) in keys.ACTIONS.items()],
        "roles": role_labels(),
        "recipes": [
            {"title": _(recipe.title), "summary": _(recipe.summary), "paper": recipe.paper} for recipe in RECIPES
        ],
    }
    return render_page(request, "generation/help.html", context)


@login_not_required
@never_cache
@require_GET
def health(request: HttpRequest) -> HttpResponse:
    """200 "ok" when the database answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain")
