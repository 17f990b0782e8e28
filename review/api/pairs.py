"""Preference pairs: list them, read one, hold one back, release one, take either back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest
from django.utils import timezone
from ninja import Query, Router

from generation.api.door import RefusedError, api_seat
from generation.models import Role
from generation.schemas import Listed
from review.actions.pair_moves import Moved, PairError, PairNotFoundError
from review.actions.pairs import hold_back, release, undo_move
from review.pair_schemas import HoldBackIn, MovedOut, MoveUndoneIn, PairFilters, PairOut, PairWholeOut, ReleaseIn, told
from review.reports.pairs import browse_pairs, may_list_by, pair_seen

router = Router(tags=["pairs"])
_ONE = "/projects/{slug:slug}/pairs/{int:pair_id}"


@router.get("/projects/{slug:slug}/pairs", response=Listed[PairOut])
def list_pairs(request: HttpRequest, slug: str, query: Query[PairFilters]) -> dict[str, Any]:
    """The project's pairs, newest first. 409 "blind" for filters that would tell what you may not know yet."""
    seat = api_seat(request, slug)
    criteria = query.criteria()
    if criteria.telling and not may_list_by(seat, run=criteria.run):
        raise RefusedError(409, "blind", "Have the pairs shown first, on their page; it is written down.", path="query")
    found = browse_pairs(seat, criteria=criteria, after=str(query.after or ""), size=query.size)
    return {"items": [told(seen) for seen in found.rows], "after": found.page.after}


@router.get(_ONE, response=PairWholeOut)
def get_pair(request: HttpRequest, slug: str, pair_id: int) -> dict[str, Any]:
    """One pair with its whole prompt."""
    whole = pair_seen(api_seat(request, slug), pair_id=pair_id)
    if whole is None:
        raise Http404
    prompt, open_ = whole.prompt, whole.seen.pair
    body = told(whole.seen) | {"system": prompt.system, "turns": prompt.turns, "input": prompt.input}
    return body | ({"judge": dict(whole.judge), "rubric": open_.rubric} if open_ else {})


@router.post(_ONE + "/hold-back", response=MovedOut)
def hold_pair_back(request: HttpRequest, slug: str, pair_id: int, body: HoldBackIn) -> dict[str, Any]:
    """Keeps a pair from leaving. Editors and owners who see what stands behind it; 409 when somebody was faster."""
    seat = api_seat(request, slug, Role.EDITOR)
    now = timezone.now()
    return _done(
        lambda: hold_back(
            seat, pair_id=pair_id, version=body.version, reason=body.reason, note=body.note, now=now
        )
    )  # fmt: skip


@router.post(_ONE + "/release", response=MovedOut)
def release_pair(request: HttpRequest, slug: str, pair_id: int, body: ReleaseIn) -> dict[str, Any]:
    """Lets a pair leave on your word: its source is people from now on."""
    seat = api_seat(request, slug, Role.EDITOR)
    now = timezone.now()
    return _done(lambda: release(seat, pair_id=pair_id, version=body.version, note=body.note, now=now))


@router.post(_ONE + "/undo", response=MovedOut)
def undo_pair_move(request: HttpRequest, slug: str, pair_id: int, body: MoveUndoneIn) -> dict[str, Any]:
    """Takes back a holding back or a release, while nothing has happened to the pair since."""
    seat = api_seat(request, slug, Role.EDITOR)
    return _done(lambda: undo_move(seat, pair_id=pair_id, entry=body.entry, now=timezone.now()))


def _done(verb: Callable[[], Moved]) -> dict[str, Any]:
    try:
        done = verb()
    except PairNotFoundError:
        raise RefusedError(404, "not_found", "There is no such pair in this project.") from None
    except PairError as refused:
        status = 409 if refused.code in ("changed_since", "blind") else 422
        raise RefusedError(status, refused.code, path="body") from None
    return {
        "id": done.pair_id, "state": done.state, "reason": done.reason, "source": done.source,
        "version": done.version, "entry": done.entry, "repeated": done.repeated,
    }  # fmt: skip
