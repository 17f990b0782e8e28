"""Evaluation sets: bring one in from a file, list them, read one, take one away."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import File, Form, Query, Router, Status
from ninja.files import UploadedFile

from fdc_project.web.paging import page_of
from generation.access import Seat
from generation.actions.evaluation_files import add_evaluation_file
from generation.actions.evaluation_sets import EvaluationSetError, remove_evaluation_set
from generation.actions.uploads import LARGEST
from generation.api.door import RefusedError, api_seat
from generation.api.seeds import listed
from generation.models import EvaluationItem, EvaluationSet, JobFault, Role
from generation.schemas import JobFaultOut, Listed, Paging
from generation.schemas.evaluation_sets import (
    EvaluationSetAboutIn,
    EvaluationSetOut,
    EvaluationTextsOut,
    evaluation_set_out,
)

router = Router(tags=["evaluation sets"])
_ALL = "/projects/{slug:slug}/evaluation-sets"
_TEXTS = 200


@router.get(_ALL, response=list[EvaluationSetOut])
def list_evaluation_sets(request: HttpRequest, slug: str) -> Any:
    """The project's sets, newest first; at most 200."""
    rows = EvaluationSet.objects.filter(project=api_seat(request, slug).project).select_related("job")
    return [evaluation_set_out(each) for each in rows.order_by("-id")[:200]]


@router.post(_ALL, response={201: EvaluationSetOut, 202: EvaluationSetOut})
def make_evaluation_set(
    request: HttpRequest, slug: str, file: File[UploadedFile], about: Form[EvaluationSetAboutIn]
) -> Status[dict[str, Any]]:
    """A new set out of a file of any kind that is read: 201 when it is whole, 202 when a job still reads it. 409 when
    another set has its name, 422 with a code when the file gives none. Editors and owners."""
    seat = api_seat(request, slug, Role.EDITOR)
    if (file.size or 0) > LARGEST:
        raise RefusedError(422, "file_too_large", path="file")
    try:
        made = add_evaluation_file(
            seat, name=about.name or (file.name or "").rpartition(".")[0], source=file.name or "",
            chunks=file.chunks(), clock=timezone.now, owner="api",
        )  # fmt: skip
    except EvaluationSetError as error:
        raise RefusedError(409 if error.code == "name_taken" else 422, error.code, path="file") from None
    return Status(201 if made.state == "whole" else 202, evaluation_set_out(made))


@router.get(_ALL + "/{int:set_id}", response=EvaluationTextsOut)
def get_evaluation_set(request: HttpRequest, slug: str, set_id: int, after: int = -1) -> dict[str, Any]:
    """200 texts of a set from the number behind `after` on; `after` of the answer is where the next ones begin."""
    found = _set(api_seat(request, slug), set_id)
    rows = EvaluationItem.objects.filter(set=found, number__gt=after).order_by("number")
    texts = list(rows.values_list("text", flat=True)[:_TEXTS])
    last = after + len(texts)
    return {"set": evaluation_set_out(found), "texts": texts, "after": last if last + 1 < found.size else None}


@router.get(_ALL + "/{int:set_id}/faults", response=Listed[JobFaultOut])
def list_faults_of_evaluation_set(
    request: HttpRequest, slug: str, set_id: int, query: Query[Paging]
) -> dict[str, Any]:  # fmt: skip
    """The rows of a set's file that could not be read, with line and reason, in the order of the file."""
    rows = JobFault.objects.filter(job__evaluation_set=_set(api_seat(request, slug), set_id))
    return listed(page_of(rows, after=query.after, size=query.size))


@router.delete(_ALL + "/{int:set_id}", response={204: None})
def delete_evaluation_set(request: HttpRequest, slug: str, set_id: int) -> Status[None]:
    """Takes a set away; what was dropped for it stays dropped. Editors and owners."""
    seat = api_seat(request, slug, Role.EDITOR)
    remove_evaluation_set(seat, found=_set(seat, set_id), now=timezone.now())
    return Status(204, None)


def _set(seat: Seat, set_id: int) -> EvaluationSet:
    return get_object_or_404(EvaluationSet.objects.select_related("job"), project=seat.project, pk=set_id)
