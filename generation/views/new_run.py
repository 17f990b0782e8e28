"""A new run: which recipe, with what, what it would bring and cost, and the start."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from fdc_project.web.htmx import go, is_htmx, render_page
from fdc_project.web.numbers import number_in
from generation.access import Seat, seat_in
from generation.actions.confirming import needs_confirmation
from generation.actions.estimates import Measured, expect
from generation.actions.prompts import versions_in_use
from generation.actions.runs import StartRefusedError, start_wished
from generation.actions.starts import Wish, drawn
from generation.forms.parts import field_of
from generation.forms.runs import RunForm
from generation.forms.sources import SAMPLE_FILTERS, list_document
from generation.holes import Hole, filling
from generation.models import Document, Endpoint, Role, Run, Seed
from generation.recipe_words import MAKES
from generation.recipes import RECIPES, UnknownRecipe
from generation.recipes import recipe as recipe_named
from generation.recipes.base import Recipe, slots
from generation.recipes.rehearsal import Proposed
from generation.repeat_shares import share_before
from generation.run_sights import told_of_preview
from generation.views.prompt_starts import advice_for_run
from generation.views.run_previews import free_samples, paid_preview
from generation.views.scenarios import suggested
from generation.views.seeds import seed_facets
from generation.words import SOURCES, START_FAULTS, word

SHOWN = 3
_LACKING = frozenset({"no_seeds", "no_samples", "no_documents", "no_vocabulary", "no_answers", "nothing_new"})


@require_safe
def new_run_recipes(request: HttpRequest, slug: str) -> HttpResponse:
    """The recipes to choose from."""
    seat = seat_in(request.user, slug, Role.EDITOR)
    context = {"seat": seat, "cards": _cards(seat), "bare": _bare(seat)}
    return render_page(request, "generation/new_run_recipes.html", context)


@require_http_methods(["GET", "POST"])
def new_run(request: HttpRequest, slug: str, recipe: str) -> HttpResponse:
    """The form of one recipe with its preview. A POST looks again or starts the run."""
    seat = seat_in(request.user, slug, Role.EDITOR)
    try:
        made = recipe_named(recipe)
    except UnknownRecipe:
        raise Http404 from None
    form = RunForm(
        request.POST if request.method == "POST" else None, project=seat.project, recipe=made, like=_like(request, seat)
    )
    form.initial.update(suggested(request.GET, made))
    form.initial.update(_samples_named(request.GET))
    hole = Hole.from_query(request.GET)
    left_open: tuple[str, ...] = ()
    if hole is not None and (filled := filling(seat.project, hole)).recipe == recipe:
        form.initial.update(filled.initial)
        left_open = filled.left_open
        if hole.document:
            list_document(form.fields["documents"], get_object_or_404(Document, project=seat.project, pk=hole.document))
    else:
        hole = None
    try:
        look = _look(seat, form)
    except StartRefusedError as error:
        look = {"wish": None, "estimate": None, "proposed": []}
        _refuse(form, error)
    if request.POST.get("do") == "start" and look["wish"] is not None:
        try:
            run = _start(seat, form, look["wish"], measured=look["preview"].found.measured if look["preview"] else None)
        except StartRefusedError as error:
            _refuse(form, error)
        else:
            return go(request, reverse("run", args=[slug, run.pk]))
    context = {"seat": seat, "form": form, "recipe": made, "cards": _cards(seat), "hole": hole, "left_open": left_open}
    context |= {**_choices(seat, made), **look}
    refused = form.is_bound and form.errors and not (is_htmx(request) and request.POST.get("do") != "start")
    return render_page(request, "generation/new_run.html", context, status=422 if refused else 200)


def _refuse(form: RunForm, error: StartRefusedError) -> None:
    """Says it where it is at fault: beside the model of a part, else above the form."""
    field = field_of(error.part)
    form.add_error(field if field in form.fields else None, word(START_FAULTS, error.code))


def _start(seat: Seat, form: RunForm, wish: Wish, *, measured: Measured | None) -> Run:
    return start_wished(
        seat.project,
        wish=wish,
        start_key=form.cleaned_data["start_key"],
        by=seat.person,
        now=timezone.now(),
        measured=measured,
        confirmed=bool(form.cleaned_data.get("confirm")),
    )


def _look(seat: Seat, form: RunForm) -> dict[str, Any]:
    """What the run as it stands in the form would be: its seeds, figures, and some samples."""
    filled = form if form.is_bound else RunForm(_defaults(form), project=form.project, recipe=form.recipe)
    if not filled.is_valid():
        return {"wish": None, "estimate": None, "proposed": []}
    wish = filled.wish()
    on = timezone.now().date()
    try:
        fields = drawn(seat.project, wish=wish)
    except StartRefusedError as error:
        if error.code not in _LACKING:
            raise
        said, source = word(START_FAULTS, error.code), error.code.removeprefix("no_")
        return {"wish": None, "estimate": None, "proposed": [], "lacking": said, "source": source}
    preview = paid_preview(seat, filled, wish, asked=form.data.get("do") == "preview")
    measured = preview.found.measured if preview else None
    figures = expect(seat.project, wish=wish, on=on, measured=measured, fields=fields)
    concern = needs_confirmation(seat.project, estimate=figures, budget_micro=wish.budget_micro)
    proposed = free_samples(seat, filled, wish, fields) if figures.free else preview.proposed if preview else []
    proposed = told_of_preview(seat, recipe=filled.recipe, proposed=proposed)
    passing = sum(not each.reason for each in proposed)
    return {
        "wish": wish, "estimate": figures, "spread": figures.calls[0] != figures.calls[1], "preview": preview,
        "advice": advice_for_run(seat.project, filled.recipe, params=filled.params, language=wish.language),
        "repeats": share_before(seat.project, recipe=filled.recipe.name),
        "concern": concern, "may_price": seat.may(Role.OWNER),
        "proposed": _shown(proposed), "tried": len(proposed), "passing": passing,
    }  # fmt: skip


def _shown(proposed: list[Proposed]) -> list[Proposed]:
    """Three of them: samples that pass, and one that does not where there is any."""
    passing = [each for each in proposed if not each.reason]
    falling = [each for each in proposed if each.reason]
    few = [*passing[:2], *falling[:1]] if passing and falling else proposed
    return few[:SHOWN]


def _defaults(form: RunForm) -> dict[str, Any]:
    """The form's first values as a browser would send them."""
    values = {name: form[name].value() for name in form.fields}
    values["endpoint"] = getattr(values.get("endpoint"), "pk", values.get("endpoint"))
    return {name: value for name, value in values.items() if value is not None and value is not False}


def _cards(seat: Seat) -> list[tuple[str, list[tuple[Recipe, int, str]]]]:
    """By what they make each recipe with the number of its runs here, and what it draws from."""
    runs = Run.objects.filter(project=seat.project, preview=False).order_by().values_list("recipe")
    used = dict(runs.annotate(Count("id")))
    return [
        (
            word(MAKES, kind),
            [(each, used.get(each.name, 0), _drawn_from(each)) for each in RECIPES if each.makes == kind],
        )
        for kind in MAKES
    ]


def _bare(seat: Seat) -> bool:
    """Whether the project holds nothing that any recipe could draw from."""
    holders = (Seed.objects.in_project(seat.project), Document.objects.filter(project=seat.project))
    return not any(rows.exists() for rows in holders)


def _drawn_from(recipe: Recipe) -> str:
    """ "seeds or samples", "seeds + a vocabulary"."""
    joint = " " + _("or") + " "
    either = [joint.join(str(word(SOURCES, source)) for source in group) for group in recipe.reads]
    return " + ".join(either)


def _choices(seat: Seat, recipe: Recipe) -> dict[str, Any]:
    endpoints = Endpoint.objects.usable_in(seat.project)
    models = dict.fromkeys(name for endpoint in endpoints for name in endpoint.models_listed)
    return {"facets": seed_facets(seat), "models": list(models), "versions": _versions(seat, recipe)}


def _versions(seat: Seat, recipe: Recipe) -> list[tuple[str, list[tuple[str, int]]]]:
    """The prompt slots of the recipe that the project edited, with the version in use, by language."""
    found, names = [], {slot.name for slot in slots(recipe)}
    for language in ("en", "zh"):
        own = versions_in_use(seat.project, language=language)
        mine = [(slot, version.number) for slot, version in own.items() if slot in names]
        found.append((language, sorted(mine)))
    return found


def _samples_named(query: Mapping[str, str]) -> dict[str, Any]:
    """Where the form begins when the address names samples: their filter, and whether only those without it come in."""
    found: dict[str, Any] = {
        f"sample_{name}": query[f"sample_{name}"] for name in SAMPLE_FILTERS if query.get(f"sample_{name}")
    }
    return found | ({"fresh": True} if query.get("fresh") else {})


def _like(request: HttpRequest, seat: Seat) -> Run | None:
    wanted = number_in(request.GET.get("like", ""))
    return Run.objects.filter(project=seat.project, pk=wanted).first() if wanted is not None else None
