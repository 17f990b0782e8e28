"""Scenarios that ship, to begin a project with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from fdc_project.web.htmx import go, render_page
from fdc_project.web.numbers import number_in
from generation.access import seat_in
from generation.actions.scenarios import Loaded, load_scenario
from generation.forms.params import PREFIX
from generation.models import Role
from generation.recipes.base import Recipe
from generation.samples.scenarios import SCENARIOS, Scenario, ScenarioError, scenario_named, shipped
from generation.scenario_words import SCENARIO_FAULTS
from generation.words import word


@require_http_methods(["GET", "POST"])
def scenarios(request: HttpRequest, slug: str) -> HttpResponse:
    """What ships, with what each brings. A POST brings one in."""
    seat = seat_in(request.user, slug, Role.EDITOR if request.method == "POST" else Role.VIEWER)
    if request.method == "POST":
        name, _sep, language = request.POST.get("scenario", "").partition(":")
        try:
            loaded = load_scenario(seat.project, name=name, language=language, by=seat.person, now=timezone.now())
        except ScenarioError as error:
            messages.error(request, f"{word(SCENARIO_FAULTS, error.code)} {error.detail[:60]}")
            return go(request, reverse("scenarios", args=[slug]))
        messages.success(request, _in_words(loaded))
        return go(request, reverse("new_run", args=[slug, loaded.scenario.manifest.recipe]) + query_of(loaded))
    own = "zh" if (get_language() or "").startswith("zh") else "en"
    context = {"seat": seat, "cards": [_card(each, own) for each in shipped()], "may_edit": seat.may(Role.EDITOR)}
    return render_page(request, "generation/scenarios.html", context)


def query_of(loaded: Loaded) -> str:
    """The form of a new run begins as the scenario suggests."""
    chosen = f"&vocabulary={loaded.vocabulary.pk}" if loaded.vocabulary else ""
    return f"?scenario={loaded.scenario.name}:{loaded.language}{chosen}"


def suggested(query: Mapping[str, str], recipe: Recipe) -> dict[str, Any]:
    """The values with which the form of a new run begins when the address names a scenario, `name:language`."""
    name, _sep, language = query.get("scenario", "").partition(":")
    if name not in SCENARIOS:
        return {}
    scenario = scenario_named(name)
    if scenario.manifest.recipe != recipe.name or language not in scenario.languages:
        return {}
    params = {PREFIX + each: value for each, value in scenario.manifest.params.items()}
    chosen = {"language": language, "seed_source": f"scenario:{name}", "seed_language": language}
    return params | chosen | {"vocabulary": number_in(query.get("vocabulary", ""))}


def _card(scenario: Scenario, own: str) -> dict[str, Any]:
    manifest = scenario.manifest
    editions = [(language, scenario.contents(language)) for language in scenario.languages]
    return {
        "name": scenario.name,
        "title": scenario.told(manifest.title, own),
        "about": scenario.told(manifest.about, own),
        "editions": editions,
    }


def _in_words(loaded: Loaded) -> str:
    told = ngettext("%(n)d seed came in.", "%(n)d seeds came in.", loaded.seeds) % {"n": loaded.seeds}
    if loaded.there:
        told += " " + ngettext("%(n)d was there.", "%(n)d were there.", loaded.there) % {"n": loaded.there}
    if loaded.vocabulary is not None:
        told += " " + _("The vocabulary is called %(name)s.") % {"name": loaded.vocabulary.name}
    if loaded.version is not None:
        told += " " + _("The prompt is version %(n)d.") % {"n": loaded.version.number}
    return told
