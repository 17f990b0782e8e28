"""Conflicts of samples: have them searched, list the groups, settle one, open it again."""

from __future__ import annotations

from typing import Any, Literal

from django.http import Http404, HttpRequest
from django.utils import timezone
from ninja import Router, Schema, Status
from pydantic import Field

from generation.access import Seat
from generation.api.door import RefusedError, api_seat
from generation.models import Role
from generation.schemas.base import Id, Input
from review.actions.conflict_searches import MOST_IN_GROUP, start_conflict_search
from review.actions.conflicts import ConflictError, Wording, no_conflict, reopen_group, settle_group
from review.models import ConflictGroup
from review.reports.conflicts import groups_of

router = Router(tags=["conflicts"])
_ALL = "/projects/{slug:slug}/conflicts"


class ConflictOut(Schema):
    """A group: its samples by id (the first 20,000 of `size`), of redundant ones the best first, and what was said of
    it."""

    id: int
    kind: str
    state: str
    size: int
    similarity: float
    samples: list[int]
    kept: list[int]


class ConflictPageOut(Schema):
    """Some groups; `after` is the key to ask for the next ones with."""

    items: list[ConflictOut]
    after: int | None


class ConflictSearchOut(Schema):
    """A search and the job that does it."""

    id: int
    job: int | None = Field(None, alias="job_id")


class SettleIn(Input):
    """The samples that stay; without any all of them stay, because they are in no conflict. `output` is how the only
    one that stays is to read, written by somebody who saw its `revision`."""

    keep: list[Id] = Field(default_factory=list, max_length=MOST_IN_GROUP)
    output: str | None = None
    revision: int = 1


class MovedOut(Schema):
    """How many samples were rejected, or stand again as before."""

    samples: int


@router.get(_ALL, response=ConflictPageOut)
def list_conflicts(
    request: HttpRequest, slug: str, view: Literal["conflict", "redundant", "settled"] = "conflict", after: int = 0
) -> dict[str, Any]:
    """Open groups of a kind, or those that were settled."""
    page, _lines = groups_of(api_seat(request, slug), view=view, after=str(after))
    return {"items": list(page.rows), "after": page.after}


@router.post(_ALL, response={202: ConflictSearchOut})
def find_conflicts(request: HttpRequest, slug: str) -> Status[Any]:
    """Has all approved and waiting samples searched by a job. Editors and owners."""
    return Status(202, start_conflict_search(api_seat(request, slug, Role.EDITOR), now=timezone.now()))


@router.post(_ALL + "/{int:group_id}", response=MovedOut)
def settle_conflict(request: HttpRequest, slug: str, group_id: int, body: SettleIn) -> dict[str, int]:
    """Keeps samples of the group and rejects all others of it. 409 when somebody settled it before, or changed what was
    to stay. Editors and owners."""
    seat, now = api_seat(request, slug, Role.EDITOR), timezone.now()
    _known(seat, group_id)
    try:
        if body.keep:
            wording = Wording(body.output, body.revision) if body.output is not None else None
            return {"samples": settle_group(seat, group_id=group_id, keep=body.keep, wording=wording, now=now)}
        no_conflict(seat, group_id=group_id, now=now)
    except ConflictError as error:
        late = error.code in ("settled_already", "kept_gone", "edited_since")
        path = "body.output" if error.code in ("one_text", "text_missing", "bad_text") else "body.keep"
        raise RefusedError(409 if late else 422, error.code, path=path) from None
    return {"samples": 0}


@router.delete(_ALL + "/{int:group_id}", response=MovedOut)
def reopen_conflict(request: HttpRequest, slug: str, group_id: int) -> dict[str, int]:
    """Opens a settled group again; what it moved stands as before. 409 when it is open. Editors and owners."""
    seat = api_seat(request, slug, Role.EDITOR)
    _known(seat, group_id)
    try:
        return {"samples": reopen_group(seat, group_id=group_id, now=timezone.now())}
    except ConflictError as error:
        raise RefusedError(409, error.code) from None


def _known(seat: Seat, group_id: int) -> None:
    if not ConflictGroup.objects.filter(project=seat.project, pk=group_id).exists():
        raise Http404
