"""Prompts: every slot in both languages, the editor with its live preview, versions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from fdc_project.web.htmx import go, is_htmx, render_page
from fdc_project.web.numbers import number_in
from generation.access import Seat, seat_in
from generation.actions.prompts import (
    LANGUAGES,
    UnknownSlotError,
    all_slots,
    save_version,
    slot_named,
    texts_for,
    use_version,
    versions_in_use,
)
from generation.actions.task_types import types_in
from generation.forms.prompts import PromptForm
from generation.models import Project, PromptVersion, Role, Seed
from generation.recipes.base import PromptSlot, PromptText, Recipe, reads
from generation.recipes.placeholders import braced
from generation.recipes.rehearsal import Filled, Stand, fill
from generation.types import Sources
from generation.views.prompt_starts import advice_on, outline_asked, preview_terms

PREVIEW_SEEDS = 60


@require_safe
def prompts(request: HttpRequest, slug: str) -> HttpResponse:
    """Every slot of every recipe, with the version in use in each language."""
    seat = seat_in(request.user, slug)
    own = {language: versions_in_use(seat.project, language=language) for language in LANGUAGES}
    groups: dict[str, dict[str, Any]] = {}
    for recipe, slot in all_slots():
        group = groups.setdefault(recipe.name, {"recipe": recipe, "slots": []})
        cells = [(language, own[language].get(slot.name)) for language in LANGUAGES]
        group["slots"].append({"slot": slot, "name": slot.name.partition(".")[2], "cells": cells})
    context = {
        "seat": seat,
        "groups": groups.values(),
        "types": types_in(seat.project),
        "may_edit": seat.may(Role.EDITOR),
    }
    return render_page(request, "generation/prompts.html", context)


@require_http_methods(["GET", "POST"])
def prompt(request: HttpRequest, slug: str, slot: str, language: str) -> HttpResponse:
    """One slot in one language. A POST previews a text, saves it as a new version, or takes an old one back."""
    seat = seat_in(request.user, slug, Role.EDITOR if request.method == "POST" else Role.VIEWER)
    try:
        recipe, known = slot_named(slot, language=language)
    except UnknownSlotError:
        raise Http404 from None
    if request.method == "POST" and request.POST.get("do") == "use":
        return _use(request, seat, known, language)
    version_id, text = texts_for(seat.project, recipe=recipe, language=language)[slot]
    text = outline_asked(request, known, language) or text
    form = PromptForm(request.POST if request.method == "POST" else None, slot=known, text=text)
    if request.method == "POST":
        text = request.POST.get("text", "").replace("\r\n", "\n")
    valid = form.is_valid() if form.is_bound else True
    if valid and request.POST.get("do") == "save":
        return _save(request, seat, form, language)
    context = {
        "seat": seat, "recipe": recipe, "slot": known, "language": language, "form": form, "version_id": version_id,
        "languages": LANGUAGES, "may_edit": seat.may(Role.EDITOR), "shipped": known.shipped(language),
        "versions": _versions(seat.project, known, language), "compared": _compared(request, seat.project),
        "variables": _variables(known, text), "advice": advice_on(recipe, known, text),
        "filled": _fill(seat.project, recipe, known, language, text) if valid else [],
    }  # fmt: skip
    # A preview that htmx asked for is swapped whatever it says; only a refused save is an error of the page.
    refused = not valid and not (is_htmx(request) and request.POST.get("do") == "preview")
    return render_page(request, "generation/prompt.html", context, status=422 if refused else 200)


def _save(request: HttpRequest, seat: Seat, form: PromptForm, language: str) -> HttpResponse:
    version = save_version(
        seat.project,
        slot=form.slot.name,
        language=language,
        text=form.cleaned_data["text"],
        note=form.cleaned_data["note"],
        by=seat.person,
        now=timezone.now(),
    )
    messages.success(request, _("Version %(n)d is in use. Runs at work keep theirs.") % {"n": version.number})
    return go(request, reverse("prompt", args=[seat.project.slug, form.slot.name, language]))


def _use(request: HttpRequest, seat: Seat, slot: PromptSlot, language: str) -> HttpResponse:
    wanted = number_in(request.POST.get("version", ""))
    versions = _versions(seat.project, slot, language)
    old = get_object_or_404(versions, pk=wanted) if wanted is not None else None
    if old is None:
        raise Http404
    version = use_version(old, by=seat.person, now=timezone.now())
    messages.success(
        request,
        _("The text of version %(old)d is in use again, as version %(n)d.") % {"old": old.number, "n": version.number},
    )
    return go(request, reverse("prompt", args=[seat.project.slug, slot.name, language]))


def _versions(project: Project, slot: PromptSlot, language: str) -> Any:
    rows = PromptVersion.objects.filter(
        template__project=project, template__slot=slot.name, template__language=language
    )
    return rows.filter(template__name="").select_related("author").order_by("-number")


def _compared(request: HttpRequest, project: Project) -> PromptVersion | None:
    wanted = number_in(request.GET.get("diff", ""))
    found = PromptVersion.objects.filter(template__project=project, pk=wanted) if wanted is not None else None
    return found.first() if found is not None else None


def _variables(slot: PromptSlot, text: str) -> list[tuple[str, bool, bool]]:
    """Each variable of the slot: its name, whether it must be used, whether the text uses it."""
    used = PromptText(braced(text, slot.placeholders)).variables()
    return [(name, name in slot.requires, name in used) for name in slot.offers]


def _fill(project: Project, recipe: Recipe, slot: PromptSlot, language: str, text: str) -> list[Filled]:
    seeds = preview_seeds(project, recipe, language=language)
    in_use = texts_for(project, recipe=recipe, language=language)
    texts = {name: PromptText(value) for name, (_id, value) in in_use.items()}
    texts[slot.name] = PromptText(text)
    params = recipe.Params(**recipe.params_showing(slot.name))
    terms = preview_terms(project) if "vocabulary" in reads(recipe) else {}
    sources = Sources(seeds, vocabulary=terms)
    return fill(Stand(recipe, params, texts, sources, language, random_seed=7), slot=slot.name)


def preview_seeds(project: Project, recipe: Recipe, *, language: str, columns: Sequence[str] = ()) -> list[Any]:
    """Some of the project's seeds as a recipe sees them: rows of tables where no model reads, with these columns.

    Those in the language come before others; each wish is dropped when no seed meets it.
    """
    rows = Seed.objects.in_project(project)
    kind = rows.exclude(instruction="") if recipe.needs_model else rows.filter(instruction="")
    for narrower in (kind, kind.filter(fields__has_keys=list(columns)) if columns else kind):
        rows = narrower if narrower.exists() else rows
    fitting = rows.filter(language=language)
    rows = fitting if fitting.exists() else rows
    return [seed.view() for seed in rows.order_by("id")[:PREVIEW_SEEDS]]
