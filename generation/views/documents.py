"""Documents: the list with its upload, one document with what was made from it, and its file."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from fdc_project.web.htmx import go, render_page
from fdc_project.web.numbers import number_in
from fdc_project.web.paging import capped_count, page_of
from generation.access import Seat, person_of, seat_in
from generation.actions.document_texts import stretch_of, use_of
from generation.actions.documents import (
    AT_ONCE,
    KIND,
    MOST_AT_ONCE,
    DocumentInUseError,
    DocumentRefusedError,
    add_document,
    add_text,
    remove_document,
    runs_using,
    start_reading,
)
from generation.actions.jobs import cancel_job, retry_job
from generation.actions.uploads import UploadTooLargeError, store_upload
from generation.document_words import DOCUMENT_FAULTS, DOCUMENT_KINDS
from generation.documents.reading import LARGEST
from generation.forms.documents import DocumentForm
from generation.models import Document, Job, Role
from generation.words import word

JOBS_SHOWN = 20
HEADINGS_SHOWN = 400
RUNS_SHOWN = 20


@dataclass
class Outcome:
    """What became of an upload: documents that are new or were there, files that a job reads, and refusals."""

    new: int = 0
    known: int = 0
    waiting: int = 0
    refused: list[tuple[str, str, str]] = field(default_factory=list)


@require_http_methods(["GET", "POST"])
def documents(request: HttpRequest, slug: str) -> HttpResponse:
    """The list with its filters. A POST reads files or a text in, or cancels or repeats the reading of one."""
    seat = seat_in(request.user, slug, Role.EDITOR if request.method == "POST" else Role.VIEWER)
    if request.method == "POST" and request.POST.get("do") in ("cancel", "retry"):
        return _change_job(request, seat)
    form = DocumentForm(request.POST, request.FILES) if request.method == "POST" else DocumentForm()
    outcome = None
    if request.method == "POST" and form.is_valid():
        outcome = _take(request, seat, form)
        _tell(request, outcome)
        if not outcome.refused:
            return go(request, reverse("documents", args=[slug]))
    context = _listed(request, seat) | {
        "form": form,
        "refused": outcome.refused if outcome else [],
        "largest": LARGEST // 1024 // 1024,
    }
    return render_page(request, "generation/documents.html", context, status=422 if form.errors or outcome else 200)


def _listed(request: HttpRequest, seat: Seat) -> dict[str, Any]:
    query = request.GET.get("q", "").replace("\0", "")[:200]
    language, kind = request.GET.get("language", ""), request.GET.get("kind", "")
    every = Document.objects.in_project(seat.project)
    rows = every.listed().matching(query)
    rows = rows.filter(language=language) if language in ("en", "zh") else rows
    rows = rows.filter(media_type=kind) if kind in DOCUMENT_KINDS else rows
    page = page_of(rows, after=request.GET.get("after"), newest_first=True)
    use = use_of(page.rows)
    jobs = list(Job.objects.in_project(seat.project).filter(kind=KIND)[:JOBS_SHOWN])
    return {
        "seat": seat,
        "page": page,
        "rows": [(row, *use[row.pk]) for row in page.rows],
        "count": capped_count(rows),
        "filters": {"q": query, "language": language, "kind": kind, "any": bool(query or language or kind)},
        "kinds": DOCUMENT_KINDS,
        "jobs": [job for job in jobs if not job.over or job.state == Job.State.FAILED or job.rejected],
        "at_work": any(not job.over for job in jobs),
        "may_edit": seat.may(Role.EDITOR),
    }


def _take(request: HttpRequest, seat: Seat, form: DocumentForm) -> Outcome:
    """Small files are read at once, while they are few; a job reads each of the others."""
    outcome, now = Outcome(), timezone.now()
    for at, file in enumerate(form.cleaned_data["files"]):
        try:
            if file.size > AT_ONCE or at >= MOST_AT_ONCE:
                _read_later(request, seat, file)
                outcome.waiting += 1
                continue
            added = add_document(seat.project, name=file.name or "", file=file, now=now)
        except DocumentRefusedError as refused:
            _refuse(outcome, file.name or "", refused.code, refused.detail)
        except UploadTooLargeError:
            _refuse(outcome, file.name or "", "upload_too_large", "")
        else:
            outcome.new += added.new
            outcome.known += not added.new
    if form.cleaned_data["pasted"].strip():
        name = form.cleaned_data["name"].strip()
        added = add_text(seat.project, name=name, text=form.cleaned_data["pasted"], now=now)
        outcome.new += added.new
        outcome.known += not added.new
    return outcome


def _read_later(request: HttpRequest, seat: Seat, file: UploadedFile) -> None:
    if (file.size or 0) > LARGEST:
        raise UploadTooLargeError
    upload = store_upload(seat.project, name=file.name or "", chunks=file.chunks())
    start_reading(seat.project, upload=upload, by=person_of(request), now=timezone.now())


def _refuse(outcome: Outcome, name: str, code: str, detail: str) -> None:
    told = str(word(DOCUMENT_FAULTS, code))
    told = told % {"mb": LARGEST // 1024 // 1024} if code == "upload_too_large" else told
    outcome.refused.append((name, told, detail))


def _tell(request: HttpRequest, outcome: Outcome) -> None:
    said = []
    if outcome.new:
        said.append(ngettext("%(n)d document is new.", "%(n)d documents are new.", outcome.new) % {"n": outcome.new})
    if outcome.known:
        said.append(ngettext("%(n)d was there.", "%(n)d were there.", outcome.known) % {"n": outcome.known})
    if outcome.waiting:
        said.append(
            ngettext("%(n)d large file is being read.", "%(n)d large files are being read.", outcome.waiting)
            % {"n": outcome.waiting}
        )
    if said:
        messages.success(request, " ".join(said))


def _change_job(request: HttpRequest, seat: Seat) -> HttpResponse:
    number = number_in(request.POST.get("job", ""))
    job = get_object_or_404(Job, project=seat.project, kind=KIND, pk=number or 0)
    if request.POST["do"] == "cancel" and not job.over:
        cancel_job(job, now=timezone.now())
    elif request.POST["do"] == "retry" and job.state == Job.State.FAILED:
        retry_job(job, now=timezone.now())
    return go(request, reverse("documents", args=[seat.project.slug]))


@require_http_methods(["GET", "POST"])
def document(request: HttpRequest, slug: str, document_id: int) -> HttpResponse:
    """A stretch of the text with what was made from where; a POST by an editor takes the document away."""
    seat = seat_in(request.user, slug, Role.EDITOR if request.method == "POST" else Role.VIEWER)
    rows = Document.objects.filter(project=seat.project).defer("content")
    row = get_object_or_404(rows, pk=document_id)
    if request.method == "POST":
        return _remove(request, seat, row)
    samples, _runs = use_of([row])[row.pk]
    runs = runs_using(row)
    context = {
        "seat": seat,
        "document": row,
        "stretch": stretch_of(row, at=number_in(request.GET.get("at", "")) or 0),
        "marked": number_in(request.GET.get("sample", "")) or 0,
        "headings": row.headings[:HEADINGS_SHOWN],
        "pages": list(enumerate(row.meta.get("pages", ()), 1)),
        "samples": samples,
        "runs": runs[:RUNS_SHOWN],
        "run_count": len(runs),
        "may_edit": seat.may(Role.EDITOR),
    }
    return render_page(request, "generation/document.html", context)


def _remove(request: HttpRequest, seat: Seat, row: Document) -> HttpResponse:
    if request.POST.get("do") != "remove":
        return go(request, reverse("document", args=[seat.project.slug, row.pk]))
    try:
        gone = remove_document(row, by=person_of(request), now=timezone.now())
    except DocumentInUseError:
        messages.error(request, _("A run that is not over draws from this document."), extra_tags="bad")
        return go(request, reverse("document", args=[seat.project.slug, row.pk]))
    kept = _("The document left the list. Its text is kept for the samples that were made from it.")
    messages.success(request, _("The document is deleted.") if gone else kept)
    return go(request, reverse("documents", args=[seat.project.slug]))


@require_GET
def document_file(request: HttpRequest, slug: str, document_id: int) -> HttpResponse:
    """The file as it came, to keep and never to open here."""
    seat = seat_in(request.user, slug)
    row = get_object_or_404(Document, project=seat.project, pk=document_id)
    response = HttpResponse(bytes(row.content), content_type="application/octet-stream")
    response["Content-Disposition"] = content_disposition_header(True, row.name)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
