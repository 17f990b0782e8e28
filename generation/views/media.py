"""Media: the list with what is missing, upload, one medium with the rows that use it, and its bytes."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from fdc_project.web.htmx import go, render_page
from fdc_project.web.paging import capped_count, page_of
from generation.access import Seat, person_of, seat_in
from generation.actions.media import (
    LARGEST,
    LARGEST_ZIP,
    Stored,
    missing_names,
    remove_medium,
    store_archive,
    store_files,
)
from generation.forms.media import MediaForm
from generation.media_files import medium_response
from generation.media_types import kind_of
from generation.models import Media, MediaUse, Role
from generation.words import MEDIA_FAULTS, word

USES_SHOWN = 100


@require_http_methods(["GET", "POST"])
def media(request: HttpRequest, slug: str) -> HttpResponse:
    """What was uploaded, and which names rows use that nobody uploaded. A POST uploads files or a zip."""
    seat = seat_in(request.user, slug, Role.EDITOR if request.method == "POST" else Role.VIEWER)
    form = MediaForm(request.POST, request.FILES) if request.method == "POST" else MediaForm()
    stored = None
    if request.method == "POST" and form.is_valid():
        stored = _store(seat, form)
        if stored.added or stored.known:
            added = ngettext("%(n)d file is kept.", "%(n)d files are kept.", stored.added) % {"n": stored.added}
            known = ngettext("%(n)d was there.", "%(n)d were there.", stored.known) % {"n": stored.known}
            messages.success(request, f"{added} {known}" if stored.known else added)
        if not stored.refusals:
            return go(request, reverse("media", args=[slug]))
    rows = Media.objects.filter(project=seat.project)
    context = {
        "seat": seat,
        "form": form,
        "page": page_of(rows, after=request.GET.get("after"), size=60, newest_first=True),
        "count": capped_count(rows),
        "missing": missing_names(seat.project),
        "refused": [(each.name, word(MEDIA_FAULTS, each.code)) for each in stored.refused] if stored else [],
        "refusals": stored.refusals if stored else 0,
        "largest": LARGEST // 1024 // 1024,
        "may_edit": seat.may(Role.EDITOR),
    }
    return render_page(request, "generation/media.html", context, status=422 if form.errors or stored else 200)


def _store(seat: Seat, form: MediaForm) -> Stored:
    folder, now, stored, single = form.cleaned_data["folder"], timezone.now(), Stored(), []
    for file in form.cleaned_data["files"]:
        if file.read(4) == b"PK\x03\x04" and file.size <= LARGEST_ZIP:
            file.seek(0)
            stored.add(store_archive(seat.project, file=file, folder=folder, now=now))
        else:
            file.seek(0)
            single.append((file.name, file.chunks()))
    stored.add(store_files(seat.project, files=single, folder=folder, now=now))
    return stored


@require_http_methods(["GET", "POST"])
def medium(request: HttpRequest, slug: str, media_id: int) -> HttpResponse:
    """One medium and the rows that use it; a POST by an editor removes it."""
    seat = seat_in(request.user, slug, Role.EDITOR if request.method == "POST" else Role.VIEWER)
    row = get_object_or_404(Media, project=seat.project, pk=media_id)
    if request.method == "POST":
        if request.POST.get("do") == "remove":
            remove_medium(row, by=person_of(request), now=timezone.now())
            messages.success(request, _("The file is removed. Rows that name it keep the name."))
        return go(request, reverse("media", args=[slug]))
    uses = MediaUse.objects.filter(project=seat.project, name=row.name).select_related("sample", "feedback")
    context = {
        "seat": seat,
        "medium": row,
        "kind": kind_of(row.media_type),
        "uses": list(uses.order_by("id")[:USES_SHOWN]),
        "count": capped_count(uses),
        "may_edit": seat.may(Role.EDITOR),
    }
    return render_page(request, "generation/medium.html", context)


@require_GET
def medium_file(request: HttpRequest, slug: str, media_id: int) -> HttpResponseBase:
    """The bytes, to members only."""
    seat = seat_in(request.user, slug)
    row = get_object_or_404(Media, project=seat.project, pk=media_id)
    wanted = request.headers.get("Range", "")
    return medium_response(row, wanted=wanted, download=request.GET.get("download") == "1")
