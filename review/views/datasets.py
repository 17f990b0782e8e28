"""Datasets: the list, a new version with everything that it would hold, and where a dataset's newest version is."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from fdc_project.web.htmx import go, render_page
from fdc_project.web.numbers import number_in
from generation.access import Seat, seat_in
from generation.models import Role
from generation.quality.selection import SOURCES, advise
from review.actions.datasets import NothingApprovedError, WrongKindError
from review.actions.freezing import start_freeze
from review.mixes.choice import BALANCES, Choice, narrowing
from review.mixes.recipe import APART, Recipe
from review.mixes.snapshot import groups_of
from review.mixes.splitting import NAMES, NEAR_LIMIT, PRESETS
from review.mixes.uses import USES
from review.models import Dataset, DatasetVersion
from review.reports.datasets import facets, listed, outlook
from review.reports.selections import tokens_of_tiers
from review.training_budget import UNITS, TrainingBudget

MOST_LISTED = 200


@require_GET
def datasets(request: HttpRequest, slug: str) -> HttpResponse:
    """The project's datasets, latest work first."""
    seat = seat_in(request.user, slug)
    context = {"seat": seat, "rows": listed(seat.project)[:MOST_LISTED], "may_freeze": seat.may(Role.EDITOR)}
    return render_page(request, "review/datasets.html", context)


@require_http_methods(["GET", "POST"])
def dataset_new(request: HttpRequest, slug: str) -> HttpResponse:
    """What do you train? Then which rows, how mixed, how split, with exact counts; a POST freezes the version."""
    seat = seat_in(request.user, slug, Role.EDITOR)
    choice = _choice(request, seat)
    fault = ""
    if request.method == "POST":
        try:
            return _frozen(request, seat, choice)
        except NothingApprovedError:
            fault = _("Nothing was frozen: no row meets this selection.")
        except WrongKindError:
            fault = _("Nothing was frozen: the dataset of this name holds rows of another kind. Choose another name.")
    kind = str(choice.use.kind)
    found = outlook(seat, choice.recipe)
    context = {
        "seat": seat,
        "choice": choice,
        "uses": USES,
        "outlook": found,
        **_epochs(request, seat, choice, rows=found.rows),
        "sources": list(enumerate(choice.recipe.sources, 1)),
        "narrowing": narrowing(kind),
        "facets": facets(seat.project, kind),
        "names": Dataset.objects.filter(project=seat.project, kind=kind).values_list("name", flat=True)[:MOST_LISTED],
        "balances": [name for name in BALANCES if name and name in groups_of(kind)],
        "presets": PRESETS,
        "splits": [*zip(NAMES, choice.recipe.ratios or (80, 10, 10), strict=False)],
        "apart": APART,
        "near_limit": NEAR_LIMIT,
        "fault": fault,
    }
    return render_page(request, "review/dataset_new.html", context, status=422 if fault else 200)


@require_GET
def dataset(request: HttpRequest, slug: str, dataset_id: int) -> HttpResponse:
    """Leads to the dataset's newest version, or to a new one where it has none."""
    seat = seat_in(request.user, slug)
    found = get_object_or_404(Dataset, project=seat.project, pk=dataset_id)
    newest = found.versions.order_by("-number").first()
    if newest is None:
        return go(request, reverse("datasets", args=[slug]))
    return go(request, reverse("version", args=[slug, found.pk, newest.number]))


def _choice(request: HttpRequest, seat: Seat) -> Choice:
    """What the form says; `from` begins with the recipe of a version, `more` adds a source."""
    query = (request.POST if request.method == "POST" else request.GET).dict()
    begun = number_in(query.get("from", ""))
    if begun is not None:
        version = get_object_or_404(DatasetVersion.objects.in_project(seat.project), pk=begun)
        return Choice.of(Recipe.from_config(version.config), name=version.dataset.name)
    sources = number_in(query.get("sources", ""))
    if sources is not None:
        query["sources"] = str(sources + ("more" in query) - ("fewer" in query))
    return Choice.from_query(query)


def _epochs(request: HttpRequest, seat: Seat, choice: Choice, *, rows: int) -> dict[str, Any]:
    """How often a training budget would pass over the rows. Tokens are reckoned where a tier says how long rows are."""
    budget = TrainingBudget.from_query(request.GET)
    a_row = tokens_of_tiers(seat.project, [source.selection.ranked for source in choice.recipe.sources])
    samples = budget.samples(tokens_a_row=a_row)
    passes = advise([(100.0, rows)], budget=samples).tiers[0] if samples and rows else None
    units = [unit for unit in UNITS if a_row or unit != "tokens"]
    return {"budget": budget, "units": units, "tokens_a_row": a_row, "epochs": passes, "sources_of_epochs": SOURCES}


def _frozen(request: HttpRequest, seat: Seat, choice: Choice) -> HttpResponse:
    made = start_freeze(
        seat.project, recipe=choice.recipe, by=seat.person, now=timezone.now(), name=choice.name, note=choice.note
    )
    messages.success(
        request,
        _("Version %(number)s of %(name)s is being frozen.") % {"number": made.number, "name": made.dataset.name},
        extra_tags="ok",
    )
    return go(request, reverse("version", args=[seat.project.slug, made.dataset_id, made.number]))
