"""Evaluation sets: bring one in from a file, list them, read one, take one away."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import File, Form, Router, Status
from ninja.files import UploadedFile

from generation.access import Seat
from generation.actions.evaluation_sets import (
    LARGEST,
    EvaluationSetError,
    add_evaluation_set,
    remove_evaluation_set,
)
from generation.api.door import RefusedError, api_seat
from generation.models import EvaluationItem, EvaluationSet, Role
from generation.schemas.evaluation_sets import EvaluationSetAboutIn, EvaluationSetOut, EvaluationTextsOut

router = Router(tags=["evaluation sets"])
_ALL = "/projects/{slug:slug}/evaluation-sets"
_TEXTS = 200


@router.get(_ALL, response=list[EvaluationSetOut])
def list_evaluation_sets(request: HttpRequest, slug: str) -> Any:
    """The project's sets, newest first; at most 200."""
    return EvaluationSet.objects.filter(project=api_seat(request, slug).project).order_by("-id")[:200]


@router.post(_ALL, response={201: EvaluationSetOut})
def make_evaluation_set(
    request: HttpRequest, slug: str, file: File[UploadedFile], about: Form[EvaluationSetAboutIn]
) -> Status[EvaluationSet]:
    """A new set out of a file of any kind that is read. 409 when another set has its name, 422 with a code when the
    file gives none. Editors and owners."""
    seat = api_seat(request, slug, Role.EDITOR)
    if (file.size or 0) > LARGEST:
        raise RefusedError(422, "file_too_large", path="file")
    name, stream = about.name or (file.name or "").rpartition(".")[0], file.file
    try:
        made = add_evaluation_set(
            seat, name=name, source=file.name or "", file=stream, now=timezone.now()  # type: ignore[arg-type]
        )  # fmt: skip
    except EvaluationSetError as error:
        raise RefusedError(409 if error.code == "name_taken" else 422, error.code, path="file") from None
    return Status(201, made)


@router.get(_ALL + "/{int:set_id}", response=EvaluationTextsOut)
def get_evaluation_set(request: HttpRequest, slug: str, set_id: int, after: int = -1) -> dict[str, Any]:
    """200 texts of a set from the number behind `after` on; `after` of the answer is where the next ones begin."""
    found = _set(api_seat(request, slug), set_id)
    rows = EvaluationItem.objects.filter(set=found, number__gt=after).order_by("number")
    texts = list(rows.values_list("text", flat=True)[:_TEXTS])
    last = after + len(texts)
    return {"set": found, "texts": texts, "after": last if last + 1 < found.size else None}


@router.delete(_ALL + "/{int:set_id}", response={204: None})
def delete_evaluation_set(request: HttpRequest, slug: str, set_id: int) -> Status[None]:
    """Takes a set away; what was dropped for it stays dropped. Editors and owners."""
    seat = api_seat(request, slug, Role.EDITOR)
    remove_evaluation_set(seat, found=_set(seat, set_id), now=timezone.now())
    return Status(204, None)


def _set(seat: Seat, set_id: int) -> EvaluationSet:
    return get_object_or_404(EvaluationSet, project=seat.project, pk=set_id)
