"""Files of training data: the list of imports, upload, look, confirm, watch, and every fault as a file."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from fdc_project.web.htmx import go, render_page
from fdc_project.web.paging import page_of
from generation.access import Seat, person_of, seat_in
from generation.actions.jobs import cancel_job, retry_job
from generation.actions.row_imports import KIND, start_row_import
from generation.actions.row_outcomes import outcome_of
from generation.actions.row_previews import RowPreview, preview_rows, unreadable
from generation.actions.sample_files import import_samples
from generation.actions.uploads import (
    LARGEST,
    NoUploadError,
    Upload,
    UploadTooLargeError,
    drop_upload,
    find_upload,
    store_upload,
)
from generation.fault_files import fault_file
from generation.formats.detecting import detect
from generation.forms.imports import FIELDS, RowImportForm
from generation.forms.seeds import UploadForm
from generation.models import Job, Role
from generation.samples import TRAINING_ROWS, UnknownSample, sample_path
from generation.views.row_looks import row_look

EVERY_SAMPLE = "all"
"""What the button for all shipped files sends."""


@require_GET
def imports(request: HttpRequest, slug: str) -> HttpResponse:
    """What was imported, newest first, with how it went."""
    seat = seat_in(request.user, slug)
    rows = Job.objects.in_project(seat.project).filter(kind=KIND).select_related("made_by")
    page = page_of(rows, after=request.GET.get("after"), newest_first=True)
    at_work = any(not job.over for job in page.rows)
    context = {"seat": seat, "page": page, "at_work": at_work, "may_edit": seat.may(Role.EDITOR)}
    return render_page(request, "generation/imports.html", context)


@require_http_methods(["GET", "POST"])
def import_new(request: HttpRequest, slug: str) -> HttpResponse:
    """Choose a file, paste rows, or take one or all of the samples that come with FDC."""
    seat = seat_in(request.user, slug, Role.EDITOR)
    wanted = request.POST.get("sample", "")
    if wanted == EVERY_SAMPLE:
        import_samples(seat.project, by=person_of(request), now=timezone.now())
        return go(request, reverse("imports", args=[slug]))
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" and not wanted else UploadForm()
    if request.method == "POST" and (wanted or form.is_valid()):
        try:
            upload = _sample(seat, wanted) if wanted else _store(seat, form)
            return go(request, reverse("import_preview", args=[slug, upload.token]))
        except UploadTooLargeError:
            form.add_error("file", _("The file is larger than %(mb)d MB.") % {"mb": LARGEST // 1024 // 1024})
    context = {"seat": seat, "form": form, "largest": LARGEST // 1024 // 1024, "samples": TRAINING_ROWS}
    return render_page(request, "generation/import_new.html", context, status=422 if form.errors else 200)


def _store(seat: Seat, form: UploadForm) -> Upload:
    file, pasted = form.cleaned_data["file"], form.cleaned_data["pasted"]
    if file:
        return store_upload(seat.project, name=file.name, chunks=file.chunks())
    text = pasted.replace("\r\n", "\n").encode("utf-8", "surrogatepass")
    return store_upload(seat.project, name=_("pasted"), chunks=[text])


def _sample(seat: Seat, name: str) -> Upload:
    try:
        path = sample_path(name)
    except UnknownSample as error:
        raise BadRequest from error
    return store_upload(seat.project, name=name, chunks=[path.read_bytes()])


@require_http_methods(["GET", "POST"])
def import_preview(request: HttpRequest, slug: str, token: str) -> HttpResponse:
    """What the file's rows would become, before any is written; all of it can be changed. A POST looks again, imports
    or forgets."""
    seat = seat_in(request.user, slug, Role.EDITOR)
    try:
        upload = find_upload(seat.project, token=token)
    except NoUploadError:
        raise Http404 from None
    do = request.POST.get("do", "")
    if do == "forget":
        drop_upload(upload)
        return go(request, reverse("import_new", args=[slug]))
    with upload.path.open("rb") as file:
        detected = detect(file, lenient=request.POST.get("lenient") == "on")
        form = RowImportForm(request.POST or None, detected=detected, initial={"source": upload.name})
        asked = request.method == "POST" and form.is_valid()
        choices = form.choices() if asked else form.first_choices()
        preview = preview_rows(seat.project, file=file, choices=choices) if choices else unreadable(detected)
    if asked and do == "import" and choices:
        total = preview.read if preview.whole else 0
        by, now = person_of(request), timezone.now()
        job = start_row_import(seat.project, upload=upload, choices=choices, by=by, now=now, total=total)
        return go(request, reverse("import_job", args=[slug, job.pk]))
    context = {"seat": seat, "upload": upload, "detected": detected, **_shown(form, preview)}
    refused = do == "import" and form.errors
    return render_page(request, "generation/import_preview.html", context, status=422 if refused else 200)


def _shown(form: RowImportForm, preview: RowPreview) -> dict[str, Any]:
    looks = [row_look(line, row) for line, row in preview.rows]
    return {"form": form, "preview": preview, "looks": looks, "field_names": FIELDS}


@require_http_methods(["GET", "POST"])
def import_job(request: HttpRequest, slug: str, import_id: int) -> HttpResponse:
    """How far an import is and what came of it; a POST cancels it or tries it again."""
    seat = seat_in(request.user, slug, Role.EDITOR if request.method == "POST" else Role.VIEWER)
    job = get_object_or_404(Job, project=seat.project, kind=KIND, pk=import_id)
    if request.method == "POST":
        if request.POST.get("do") == "cancel" and not job.over:
            cancel_job(job, now=timezone.now())
        elif request.POST.get("do") == "retry" and job.state == Job.State.FAILED:
            retry_job(job, now=timezone.now())
        return go(request, reverse("import_job", args=[slug, job.pk]))
    outcome = outcome_of(job, now=timezone.now())
    context = {"seat": seat, "job": job, "outcome": outcome, "may_edit": seat.may(Role.EDITOR)}
    return render_page(request, "generation/import_job.html", context)


@require_GET
def import_faults(request: HttpRequest, slug: str, import_id: int) -> HttpResponseBase:
    """Every fault of an import as JSON lines, or as CSV with `?as=csv`."""
    seat = seat_in(request.user, slug)
    job = get_object_or_404(Job, project=seat.project, kind=KIND, pk=import_id)
    return fault_file(job, as_csv=request.GET.get("as") == "csv")
