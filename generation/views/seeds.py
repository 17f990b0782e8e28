"""Seeds: the list with its filters, one seed, a new one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from fdc_project.web.htmx import go, render_page
from fdc_project.web.numbers import number_in
from fdc_project.web.paging import capped_count, page_of
from fdc_project.web.texts import count_hidden
from generation.access import Seat, seat_in
from generation.actions.seed_rows import row_of, texts
from generation.actions.seeds import (
    DuplicateSeedError,
    FaultySeedError,
    retire_seed,
    retire_seeds,
    save_seed,
    tag_seeds,
)
from generation.forms.seeds import SeedForm
from generation.models import Role, Seed
from generation.models.seeds import SeedQuerySet
from generation.row_words import ROW_FAULTS
from generation.words import word

FACET_ROWS = 20_000
TAG_ROWS = 2_000


@dataclass(frozen=True, slots=True)
class Filters:
    """What of the list is asked for, as it stands in the URL."""

    q: str = ""
    type: str = ""
    tag: str = ""
    language: str = ""
    source: str = ""

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> Filters:
        """The known filters of a query string; anything else in it has no meaning."""
        names = ("q", "type", "tag", "language", "source")
        return cls(*(str(query.get(name, "")).replace("\0", "")[:200] for name in names))

    def apply(self, rows: SeedQuerySet) -> SeedQuerySet:
        """The rows that pass every filter that is set."""
        rows = rows.matching(self.q)
        rows = rows.filter(task_type=self.type) if self.type else rows
        rows = rows.filter(language=self.language) if self.language else rows
        rows = rows.filter(source=self.source) if self.source else rows
        return rows.tagged(self.tag) if self.tag else rows

    @property
    def any(self) -> bool:
        """Whether any filter is set."""
        return any((self.q, self.type, self.tag, self.language, self.source))


@require_http_methods(["GET", "POST"])
def seeds(request: HttpRequest, slug: str) -> HttpResponse:
    """The list. A POST tags or retires the marked rows."""
    seat = seat_in(request.user, slug, Role.EDITOR if request.method == "POST" else Role.VIEWER)
    if request.method == "POST":
        return _change_marked(request, seat)
    filters = Filters.from_query(request.GET)
    rows = filters.apply(Seed.objects.in_project(seat.project))
    page = page_of(rows, after=request.GET.get("after"), size=50, newest_first=True)
    context = {
        "seat": seat,
        "filters": filters,
        "page": page,
        "count": capped_count(rows),
        "total": capped_count(Seed.objects.in_project(seat.project)) if filters.any else None,
        "facets": seed_facets(seat),
        "may_edit": seat.may(Role.EDITOR),
    }
    return render_page(request, "generation/seeds.html", context)


def seed_facets(seat: Seat) -> dict[str, list[tuple[str, int]]]:
    """Values to filter by with their counts, from the newest rows; tags from fewer, as they have to be unpacked."""
    rows = Seed.objects.in_project(seat.project).order_by("-id")
    oldest = rows.values_list("pk", flat=True)[FACET_ROWS : FACET_ROWS + 1].first()
    newest = rows.filter(pk__gt=oldest) if oldest else rows
    columns = ("task_type", "language", "source")
    found: dict[str, Counter[str]] = {name: Counter() for name in ("type", "language", "source", "tag")}
    for task_type, language, source, n in newest.order_by().values_list(*columns).annotate(Count("id")):
        for name, value in (("type", task_type), ("language", language), ("source", source)):
            found[name][value] += n
    found["tag"].update(tag for tags in rows.values_list("tags", flat=True)[:TAG_ROWS] for tag in tags)
    return {name: [(value, n) for value, n in counter.most_common(60) if value] for name, counter in found.items()}


def _change_marked(request: HttpRequest, seat: Seat) -> HttpResponse:
    ids = [pk for pk in map(number_in, request.POST.getlist("seed")) if pk is not None][:1000]
    tag, now = request.POST.get("tag", "").strip(), timezone.now()
    if request.POST.get("do") == "retire":
        changed = retire_seeds(seat.project, ids=ids, now=now)
        messages.success(request, ngettext("%(n)d seed retired.", "%(n)d seeds retired.", changed) % {"n": changed})
    elif tag:
        try:
            changed = tag_seeds(seat.project, ids=ids, tag=tag, now=now)
            messages.success(request, ngettext("%(n)d seed tagged.", "%(n)d seeds tagged.", changed) % {"n": changed})
        except FaultySeedError as error:
            messages.error(request, word(ROW_FAULTS, error.error.code))
    query = request.GET.urlencode()
    return go(request, reverse("seeds", args=[seat.project.slug]) + (f"?{query}" if query else ""))


@require_http_methods(["GET", "POST"])
def seed_new(request: HttpRequest, slug: str) -> HttpResponse:
    """A seed written by hand."""
    seat = seat_in(request.user, slug, Role.EDITOR)
    return _edit(request, seat, None, "generation/seed_new.html")


@require_http_methods(["GET", "POST"])
def seed(request: HttpRequest, slug: str, seed_id: int) -> HttpResponse:
    """One seed: everybody reads it, editors change and retire it."""
    seat = seat_in(request.user, slug, Role.EDITOR if request.method == "POST" else Role.VIEWER)
    row = get_object_or_404(Seed.objects.filter(project=seat.project), pk=seed_id)
    if request.method == "POST" and request.POST.get("do") == "retire":
        if row.retired_at is None:
            retire_seed(row, now=timezone.now())
        messages.success(request, _("Seed %(id)s is retired. Nothing that was made from it is lost.") % {"id": row.pk})
        return go(request, reverse("seeds", args=[slug]))
    return _edit(request, seat, row, "generation/seed.html")


def _edit(request: HttpRequest, seat: Seat, row: Seed | None, template: str) -> HttpResponse:
    form = SeedForm(request.POST if request.method == "POST" else None, seed=row)
    if request.method == "POST" and form.is_valid():
        try:
            saved = save_seed(seat.project, row=form.row(), seed=row, now=timezone.now())
        except DuplicateSeedError as error:
            form.add_error(None, _("Seed %(id)s has exactly this content.") % {"id": error.seed.pk})
        except FaultySeedError as error:
            form.add_error(None, word(ROW_FAULTS, error.error.code))
        else:
            messages.success(request, _("Seed %(id)s is saved.") % {"id": saved.pk})
            return go(request, _after_save(request, seat, saved))
    context = {
        "seat": seat,
        "form": form,
        "seed": row,
        "may_edit": seat.may(Role.EDITOR),
        "samples": _made_from(row),
        "hidden": count_hidden(*texts(row_of(row))) if row else 0,
    }
    return render_page(request, template, context, status=422 if form.errors else 200)


def _made_from(row: Seed | None) -> Any:
    return capped_count(row.samples.all()) if row else None


def _after_save(request: HttpRequest, seat: Seat, saved: Seed) -> str:
    if request.POST.get("do") == "another":
        return reverse("seed_new", args=[seat.project.slug])
    return reverse("seed", args=[seat.project.slug, saved.pk])
