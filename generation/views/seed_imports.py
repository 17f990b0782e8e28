"""Files of seeds: upload, look, confirm, watch."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from fdc_project.web.htmx import go, render_page
from generation.access import Seat, seat_in
from generation.actions.imports import KIND, SeedPreview, preview_seeds, start_import
from generation.actions.jobs import cancel_job, retry_job
from generation.actions.uploads import (
    LARGEST,
    NoUploadError,
    Upload,
    UploadTooLargeError,
    drop_upload,
    find_upload,
    store_upload,
)
from generation.forms.seeds import ImportForm, UploadForm
from generation.models import Job, Role


@require_http_methods(["GET", "POST"])
def seeds_import(request: HttpRequest, slug: str) -> HttpResponse:
    """Choose a file or paste rows; what was imported lately stands beside."""
    seat = seat_in(request.user, slug, Role.EDITOR)
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if request.method == "POST" and form.is_valid():
        try:
            upload = _store(seat, form)
            return go(request, reverse("seeds_preview", args=[slug, upload.token]))
        except UploadTooLargeError:
            form.add_error("file", _("The file is larger than %(mb)d MB.") % {"mb": LARGEST // 1024 // 1024})
    jobs = Job.objects.filter(project=seat.project, kind=KIND).order_by("-id")[:10]
    context = {"seat": seat, "form": form, "jobs": jobs, "largest": LARGEST // 1024 // 1024}
    return render_page(request, "generation/seeds_import.html", context, status=422 if form.errors else 200)


def _store(seat: Seat, form: UploadForm) -> Upload:
    file, pasted = form.cleaned_data["file"], form.cleaned_data["pasted"]
    if file:
        return store_upload(seat.project, name=file.name, chunks=file.chunks())
    text = pasted.replace("\r\n", "\n").encode("utf-8", "surrogatepass")
    return store_upload(seat.project, name=_("pasted"), chunks=[text])


@require_http_methods(["GET", "POST"])
def seeds_preview(request: HttpRequest, slug: str, token: str) -> HttpResponse:
    """What the file's rows would become, before any is written. A POST imports or forgets it."""
    seat = seat_in(request.user, slug, Role.EDITOR)
    try:
        upload = find_upload(seat.project, token=token)
    except NoUploadError:
        raise Http404 from None
    if request.POST.get("do") == "forget":
        drop_upload(upload)
        return go(request, reverse("seeds_import", args=[slug]))
    with upload.path.open("rb") as file:
        preview = preview_seeds(seat.project, file=file)
    form = ImportForm(request.POST if request.method == "POST" else None, initial={"source": upload.name})
    if request.method == "POST" and form.is_valid():
        job = _start(request, seat, upload, preview, form)
        return go(request, reverse("seeds_importing", args=[slug, job.pk]))
    context = {"seat": seat, "upload": upload, "preview": preview, "form": form}
    return render_page(request, "generation/seeds_preview.html", context, status=422 if form.errors else 200)


def _start(request: HttpRequest, seat: Seat, upload: Upload, preview: SeedPreview, form: ImportForm) -> Job:
    values = form.cleaned_data
    return start_import(
        seat.project,
        upload=upload,
        by=request.user,  # type: ignore[arg-type]
        now=timezone.now(),
        task_type=values["task_type"],
        language=values["language"],
        tags=values["tags"],
        source=values["source"],
        total=preview.read if preview.whole else 0,
    )


@require_http_methods(["GET", "POST"])
def seeds_importing(request: HttpRequest, slug: str, job_id: int) -> HttpResponse:
    """How far an import is; the figures renew themselves until it is over. A POST cancels it or tries it again."""
    seat = seat_in(request.user, slug, Role.EDITOR if request.method == "POST" else Role.VIEWER)
    job = get_object_or_404(Job, project=seat.project, kind=KIND, pk=job_id)
    over = job.state not in (Job.State.WAITING, Job.State.RUNNING)
    if request.method == "POST":
        if request.POST.get("do") == "cancel" and not over:
            cancel_job(job, now=timezone.now())
        elif request.POST.get("do") == "retry" and job.state == Job.State.FAILED:
            retry_job(job, now=timezone.now())
        return go(request, reverse("seeds_importing", args=[slug, job.pk]))
    context = {"seat": seat, "job": job, "over": over, "may_edit": seat.may(Role.EDITOR)}
    return render_page(request, "generation/seeds_importing.html", context)
