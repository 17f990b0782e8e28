"""Vocabularies: the list, one, a new one, and one as a file."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from fdc_project.web.htmx import go, render_page
from generation.access import Seat, seat_in
from generation.actions.vocabularies import FaultyVocabularyError, NameTakenError, delete_vocabulary, save_vocabulary
from generation.formats.vocabularies import as_json, flattened
from generation.forms.vocabularies import VocabularyForm
from generation.models import Role, Vocabulary
from generation.row_words import ROW_FAULTS
from generation.words import word

SHARED_SHOWN = 20


@require_safe
def vocabularies(request: HttpRequest, slug: str) -> HttpResponse:
    """The project's vocabularies, newest first."""
    seat = seat_in(request.user, slug)
    rows = Vocabulary.objects.filter(project=seat.project).order_by("-id")[:200]
    shown = [(row, len(row.terms), len(flattened(row.terms))) for row in rows]
    context = {"seat": seat, "rows": shown, "may_edit": seat.may(Role.EDITOR)}
    return render_page(request, "generation/vocabularies.html", context)


@require_http_methods(["GET", "POST"])
def vocabulary_new(request: HttpRequest, slug: str) -> HttpResponse:
    """A vocabulary out of lines or a file."""
    seat = seat_in(request.user, slug, Role.EDITOR)
    return _edit(request, seat, None)


@require_http_methods(["GET", "POST"])
def vocabulary(request: HttpRequest, slug: str, vocabulary_id: int) -> HttpResponse:
    """One vocabulary: everybody reads it, editors change and delete it. `?json` saves it as a file."""
    seat = seat_in(request.user, slug, Role.EDITOR if request.method == "POST" else Role.VIEWER)
    row = get_object_or_404(Vocabulary, project=seat.project, pk=vocabulary_id)
    if request.method == "POST" and request.POST.get("do") == "delete":
        delete_vocabulary(row, by=seat.person, now=timezone.now())
        messages.success(request, _("The vocabulary is deleted. Runs keep the terms that they were started with."))
        return go(request, reverse("vocabularies", args=[slug]))
    if "json" in request.GET:
        return HttpResponse(
            as_json(row.terms), content_type="application/json",
            headers={"Content-Disposition": f'attachment; filename="vocabulary-{row.pk}.json"'},
        )  # fmt: skip
    return _edit(request, seat, row)


def _edit(request: HttpRequest, seat: Seat, row: Vocabulary | None) -> HttpResponse:
    posted = request.method == "POST"
    form = VocabularyForm(request.POST if posted else None, request.FILES if posted else None, vocabulary=row)
    if posted and form.is_valid() and (saved := _save(seat, form, row)):
        told = _saved_in_words(form)
        messages.success(request, told)
        return go(request, reverse("vocabulary", args=[seat.project.slug, saved.pk]))
    context = {"seat": seat, "form": form, "vocabulary": row, "may_edit": seat.may(Role.EDITOR), **_shown(row)}
    template = "generation/vocabulary.html" if row else "generation/vocabulary_new.html"
    return render_page(request, template, context, status=422 if form.errors else 200)


def _save(seat: Seat, form: VocabularyForm, row: Vocabulary | None) -> Vocabulary | None:
    """The saved vocabulary, or None with the reason in the form."""
    values = form.cleaned_data
    try:
        return save_vocabulary(
            seat.project, name=values["name"], language=values["language"], terms=form.terms, vocabulary=row,
            by=seat.person, now=timezone.now(),
        )  # fmt: skip
    except NameTakenError:
        form.add_error("name", _("Another vocabulary of the project has this name."))
    except FaultyVocabularyError as error:
        form.add_error("text", word(ROW_FAULTS, error.code))
    return None


def _saved_in_words(form: VocabularyForm) -> str:
    count = len(flattened(form.terms))
    told = ngettext("%(n)d term is saved.", "%(n)d terms are saved.", count) % {"n": count}
    if form.repeated:
        words = ", ".join(dict.fromkeys(form.repeated[:5]))
        told += " " + _("Twice in one category, kept once: %(words)s") % {"words": words}
    return told


def _shown(row: Vocabulary | None) -> dict[str, Any]:
    """The categories with their terms, and the terms of several categories."""
    if row is None:
        return {}
    terms = flattened(row.terms)
    shared = [(term, names) for term, names in terms.items() if len(names) > 1]
    return {"count": len(terms), "shared": shared[:SHARED_SHOWN], "more_shared": max(0, len(shared) - SHARED_SHOWN)}
