"""One version of a dataset: its figures, its rows, what differs from another; its note may still change."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from fdc_project.web.htmx import go, is_htmx, render_page
from fdc_project.web.numbers import number_in
from fdc_project.web.states import TransitionError
from generation.access import Seat, seat_in
from generation.actions.evaluation_sets import EvaluationSetError
from generation.actions.jobs import retry_job
from generation.evaluation_words import EVALUATION_FAULTS
from generation.models import Role
from generation.words import word
from review.actions.freezing import cancel_freeze, set_note
from review.actions.held_out_splits import keep_split, kept_splits
from review.mixes.recipe import Recipe
from review.mixes.splitting import NAMES
from review.mixes.uses import use_named, usual
from review.models import DatasetVersion
from review.reports.ready import ready_version
from review.reports.versions import compare, rows_page, two_of, versions_of

PEEK = 5


@require_http_methods(["GET", "POST"])
def version(request: HttpRequest, slug: str, dataset_id: int, number: int) -> HttpResponse:
    """What went in, what came out, whether it is ready. A POST changes the note, stops or retries the
    freezing, or keeps a held-out split as an evaluation set."""
    seat = seat_in(request.user, slug, Role.EDITOR if request.method == "POST" else Role.VIEWER)
    found = _version(seat, dataset_id, number)
    if request.method == "POST":
        return _changed(request, seat, found)
    recipe = Recipe.from_config(found.config)
    sealed = bool(found.content_hash)
    if sealed and is_htmx(request):
        return go(request, request.path)  # it was being frozen: the whole page has more to offer now
    use = use_named(recipe.use) or usual(recipe.kind)
    context = {
        "seat": seat,
        "version": found,
        "versions": versions_of(seat.project, dataset_id)[:100],
        "recipe": recipe,
        "use": use,
        "ready": ready_version(seat, found) if sealed else None,
        "peek": rows_page(seat, found, size=PEEK).rows if sealed else (),
        "may_freeze": seat.may(Role.EDITOR),
        "sources": found.figures.get("sources", ()),
        "kept": kept_splits(found) if sealed else {},
    }
    return render_page(request, "review/version.html", context)


@require_GET
def version_rows(request: HttpRequest, slug: str, dataset_id: int, number: int) -> HttpResponse:
    """The rows that a version pins, by position, narrowed to a split or a source."""
    seat = seat_in(request.user, slug)
    found = _sealed(seat, dataset_id, number)
    split = request.GET.get("split", "")
    source = request.GET.get("source", "").replace("\0", "")[:60]
    context = {
        "seat": seat,
        "version": found,
        "split": split if split in NAMES else "",
        "source": source,
        "sources": [each["name"] for each in found.figures.get("sources", ()) if each["name"]],
        "page": rows_page(
            seat,
            found,
            split=split if split in NAMES else "",
            source=source,
            after=number_in(request.GET.get("after", "")),
        ),
    }
    return render_page(request, "review/version_rows.html", context)


@require_GET
def versions_compare(request: HttpRequest, slug: str, dataset_id: int) -> HttpResponse:
    """What differs between two versions of a dataset, row by row."""
    seat = seat_in(request.user, slug)
    rows = list(versions_of(seat.project, dataset_id).complete()[:200])
    numbers = {name: number_in(request.GET.get(name, "")) for name in ("from", "to")}
    two = two_of(rows, before=numbers["from"], after=numbers["to"])
    if two is None:
        raise Http404
    before, after = two
    context = {
        "seat": seat,
        "versions": rows,
        "before": before,
        "version": after,
        "found": compare(
            seat,
            before,
            after,
            change=request.GET.get("show", ""),
            after=number_in(request.GET.get("after", "")),
        ),
    }
    return render_page(request, "review/versions_compare.html", context)


def _version(seat: Seat, dataset_id: int, number: int) -> DatasetVersion:
    found: DatasetVersion = get_object_or_404(versions_of(seat.project, dataset_id), number=number)
    return found


def _sealed(seat: Seat, dataset_id: int, number: int) -> DatasetVersion:
    found = _version(seat, dataset_id, number)
    if not found.content_hash:
        raise Http404
    return found


def _changed(request: HttpRequest, seat: Seat, found: DatasetVersion) -> HttpResponse:
    now = timezone.now()
    try:
        match request.POST.get("do"):
            case "note":
                set_note(found, note=request.POST.get("note", "").strip(), by=seat.person, now=now)
                messages.success(request, _("The note is saved."), extra_tags="ok")
            case "cancel":
                cancel_freeze(found, now=now)
            case "retry" if found.job is not None:
                retry_job(found.job, now=now)
            case "keep":
                return _kept(request, seat, found)
            case _:
                raise Http404
    except TransitionError:
        messages.warning(request, _("Nothing was changed: the version had moved on meanwhile."), extra_tags="warn")
    return go(request, reverse("version", args=[seat.project.slug, found.dataset_id, found.number]))


def _kept(request: HttpRequest, seat: Seat, found: DatasetVersion) -> HttpResponse:
    """Makes an evaluation set of a held-out split, and goes there."""
    try:
        made = keep_split(seat, version=found, split=request.POST.get("split", ""), now=timezone.now())
    except EvaluationSetError as error:
        messages.error(request, word(EVALUATION_FAULTS, error.code), extra_tags="bad")
        return go(request, reverse("version", args=[seat.project.slug, found.dataset_id, found.number]))
    return go(request, reverse("evaluation_set", args=[seat.project.slug, made.pk]))
