"""Exports: the list, a new one, one with its progress, and its two files."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from fdc_project.web.htmx import go, render_page
from fdc_project.web.paging import page_of
from fdc_project.web.states import TransitionError
from generation.access import Seat, seat_in
from generation.actions.jobs import retry_job
from generation.files.layouts import LAYOUTS
from generation.formats import FORMATS, UnknownFormat, format_named
from generation.models import Role
from generation.types import Kind
from generation.words import word
from review.actions.datasets import NothingApprovedError
from review.actions.exports import UnreachableError, cancel_export, file_path, start_export
from review.actions.hub import PushError, pushes, start_push
from review.exporting.choice import Choice, facets, versions
from review.exporting.downloads import data_attachment, manifest_attachment
from review.exporting.hub import INSTALL, installed
from review.exporting.offer import CHECKED, Offer, offer
from review.exporting.options import TEMPLATES, ExportOptions, targets
from review.exporting.presets import presets_for
from review.models import Export
from review.reports.counts import veil_exports
from review.reports.ready import Ready, ready_approved, ready_version
from review.reports.veils import kind_of, sees_rows
from review.words import HUB_FAULTS, export_words


@require_GET
def exports(request: HttpRequest, slug: str) -> HttpResponse:
    """The project's exports, newest first."""
    seat = seat_in(request.user, slug)
    rows = Export.objects.in_project(seat.project)
    page = page_of(rows, after=request.GET.get("after"), size=50, newest_first=True)
    veil_exports(seat, page.rows)
    context = {
        "seat": seat,
        "page": page,
        "rows": [(export, export_words(export)) for export in page.rows],
        "at_work": any(not export.job.over for export in page.rows),
        "may_export": seat.may(Role.EDITOR),
    }
    return render_page(request, "review/exports.html", context)


@require_http_methods(["GET", "POST"])
def export_new(request: HttpRequest, slug: str) -> HttpResponse:
    """Shows the exact rows and the first lines before anything is written; a POST starts the export."""
    seat = seat_in(request.user, slug, Role.EDITOR)
    query = request.POST if request.method == "POST" else request.GET
    choice = Choice.from_query(query.dict(), project=seat.project)
    empty = False
    if request.method == "POST":
        try:
            return _started(request, seat, choice)
        except NothingApprovedError:
            empty = True
    offered = offer(seat.project, choice)
    context = {
        "seat": seat,
        "offer": offered,
        "blind": not sees_rows(seat, kind=kind_of(choice)),
        "presets": presets_for(choice.version, format_name=choice.format.name, split=choice.options.split),
        "ready": _ready(seat, offered),
        "layouts": [each for each in LAYOUTS if each.name in choice.format.layouts],
        "versions": versions(seat.project),
        "templates": TEMPLATES.items(),
        "facets": facets(seat.project),
        "most_checked": CHECKED,
        "empty": empty,
    }
    return render_page(request, "review/export_new.html", context, status=422 if empty else 200)


@require_http_methods(["GET", "POST"])
def export(request: HttpRequest, slug: str, export_id: int) -> HttpResponse:
    """One export with its progress. A POST cancels it, tries it again, or writes its version once more."""
    seat = seat_in(request.user, slug, Role.EDITOR if request.method == "POST" else Role.VIEWER)
    found = _export(seat, export_id)
    if request.method == "POST":
        return _changed(request, seat, found)
    veil_exports(seat, [found])
    context = {
        "seat": seat,
        "export": found,
        "words": export_words(found),
        "format": format_named(found.format),
        "options": ExportOptions.from_config(found.options),
        "targets": targets(FORMATS, kind=cast(Kind, found.version.dataset.kind)),
        "there": found.ready and file_path(found).exists(),
        "blind": not sees_rows(seat, kind=found.version.dataset.kind),
        "pushes": pushes(found),
        "hub": INSTALL if not installed() else "",
        "may_export": seat.may(Role.EDITOR),
    }
    return render_page(request, "review/export.html", context)


@require_GET
def export_file(request: HttpRequest, slug: str, export_id: int) -> FileResponse:
    """The file itself, to be saved."""
    return data_attachment(_readable(seat_in(request.user, slug), export_id))


@require_GET
def export_manifest(request: HttpRequest, slug: str, export_id: int) -> FileResponse:
    """Where each of the file's rows came from, to be saved."""
    return manifest_attachment(_readable(seat_in(request.user, slug), export_id))


def _export(seat: Seat, export_id: int) -> Export:
    return get_object_or_404(Export.objects.in_project(seat.project), pk=export_id)


def _readable(seat: Seat, export_id: int) -> Export:
    """The export, where its file may be shown to the person: one that tells what was preferred is for who looked."""
    found = _export(seat, export_id)
    if not sees_rows(seat, kind=found.version.dataset.kind):
        raise PermissionDenied
    return found


def _ready(seat: Seat, offered: Offer) -> Ready | None:
    """The panel on readiness: of the version that is exported, else of the approved rows."""
    if offered.choice.version is not None:
        return ready_version(seat, offered.choice.version)
    return ready_approved(seat, offered.figures) if offered.figures and offered.rows else None


def _started(request: HttpRequest, seat: Seat, choice: Choice) -> HttpResponse:
    made = start_export(
        seat.project,
        format_name=choice.format.name,
        selection=choice.selection,
        version=choice.version,
        options=choice.options,
        by=seat.person,
        now=timezone.now(),
    )
    return go(request, reverse("export", args=[seat.project.slug, made.pk]))


def _changed(request: HttpRequest, seat: Seat, found: Export) -> HttpResponse:
    target: Any = found
    try:
        match request.POST.get("do"):
            case "cancel":
                cancel_export(found, now=timezone.now())
            case "retry":
                retry_job(found.job, now=timezone.now())
            case "again":
                target = _again(seat, found, format_name=request.POST.get("format", ""))
            case "push":
                _push(request, seat, found)
            case "leave_out":
                target = _again(seat, found, leave_out=True)
            case "despite":
                target = _again(seat, found, despite=True)
            case _:
                raise Http404
    except TransitionError:
        messages.warning(request, _("Nothing was changed: the export had moved on meanwhile."), extra_tags="warn")
    except (NothingApprovedError, UnknownFormat, UnreachableError):
        messages.error(request, _("Nothing was written: there are no rows, or no such format."), extra_tags="bad")
    return go(request, reverse("export", args=[seat.project.slug, target.pk]))


def _push(request: HttpRequest, seat: Seat, found: Export) -> None:
    said = request.POST
    try:
        start_push(
            found, repo=said.get("repo", "").strip(), private="private" in said, token=said.get("token", "").strip(),
            by=seat.person, now=timezone.now(),
        )  # fmt: skip
    except PushError as error:
        messages.error(request, word(HUB_FAULTS, error.code), extra_tags="bad")


def _again(seat: Seat, found: Export, *, format_name: str = "", **changes: Any) -> Export:
    """The same version once more: as another format, or with other rules for what the target refuses."""
    version = found.version
    if not version.content_hash:
        raise NothingApprovedError
    chosen = format_named(format_name or found.format)
    options = replace(ExportOptions.from_config(found.options), **changes)
    if options.layout not in chosen.layouts and chosen.layouts:
        options = replace(options, layout=chosen.layouts[0])
    return start_export(
        seat.project, format_name=chosen.name, by=seat.person, now=timezone.now(), version=version, options=options
    )
