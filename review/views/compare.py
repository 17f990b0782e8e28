"""The page of comparisons: choose, rank or rate, one question at a time, and the addresses that votes travel to."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from fdc_project.web.htmx import render_page
from fdc_project.web.numbers import number_in
from generation.access import Seat, seat_in
from generation.actions.looks import look_at_sample
from generation.models import Role
from review.actions.changes import DecisionError
from review.actions.comparing import ComparisonNotFoundError, Judged, Said, Upcoming, next_comparisons, take_back
from review.actions.comparing import judge as say
from review.models import Judgement, Round
from review.policies import can_open_rounds
from review.reports.agreement import round_or_404
from review.reports.comparisons import Card, cards_for
from review.reports.rounds import after_vote, names_of, round_desk
from review.templatetags.compare_words import CRITERION_WORDS, SAYINGS, compare_conflict, compare_fault

STRAIGHT = "fdc_straight"
YEAR = 365 * 24 * 3600
_VERDICTS: Mapping[str, tuple[str, bool]] = {
    "left_much": (Judgement.Verdict.LEFT, True),
    "right_much": (Judgement.Verdict.RIGHT, True),
}
_RANK = re.compile(r"rank_([1-9])")
_SIGNS = {"left": "‹", "tie": "=", "right": "›"}


@require_GET
def compare(request: HttpRequest, slug: str, round_id: int) -> HttpResponse:
    """The page with the current question and, already in it, the next one; or one that was just judged."""
    seat = seat_in(request.user, slug, Role.REVIEWER)
    asked, sent = round_or_404(seat, round_id), request.GET
    edited, skipped = sent.get("edit", ""), sent.get("skipped") == "1"
    voted = number_in(sent.get("voted", "")) or 0
    after = after_vote(seat, comparison_id=voted) if voted else None
    if after is not None:
        ids = [voted]
    else:
        first = number_in(sent.get("first", "")) or 0
        ids = next_comparisons(seat, round_id=asked.pk, first=first, skipped=skipped)
    cards = cards_for(seat, ids=ids)
    shown = [_shown(seat, card) for card in cards]
    context = _around(seat, asked) | {
        "cards": shown,
        "card": cards[0] if cards else None,
        "looked": bool(shown and after is None and shown[0][1]),
        "after": after,
        "desk": round_desk(seat, asked=asked, empty=not cards),
        "skipped": skipped,
        "straight": _straight(request, asked),
        "raw": sent.get("raw") == "1",
        "editing": int(edited) if edited in ("1", "2") and cards and after is None else 0,
    }
    response = render_page(request, "review/compare.html", context)
    if sent.get("straight") in ("0", "1"):
        response.set_cookie(STRAIGHT, sent["straight"], max_age=YEAR, samesite="Lax")
    return response


@require_POST
def judge(request: HttpRequest, slug: str, round_id: int) -> HttpResponse:
    """Takes one vote and answers with the question after the next one (JSON for the script, else a page)."""
    seat = seat_in(request.user, slug, Role.REVIEWER)
    asked, sent = round_or_404(seat, round_id), request.POST
    skipped, have = request.GET.get("skipped") == "1", _ids(sent.get("have", ""))
    try:
        comparison = _needed(sent.get("comparison", ""))
        outcome = say(
            seat, comparison_id=comparison, said=_said(sent, asked), key=sent.get("key", ""),
            version=number_in(sent.get("version", "")) or 0, seconds=_seconds(sent.get("seconds", "")),
            now=timezone.now(), upcoming=Upcoming(have, skipped=skipped) if _is_script(request) else None,
        )  # fmt: skip
    except DecisionError as error:
        return _refused(request, seat, asked, error)
    if _is_script(request):
        return _answer(request, seat, asked, outcome, ids=[*have, *outcome.claimed], have=have)
    if not outcome.saved:
        return _not_written(request, seat, asked, str(compare_conflict(outcome.code)), status=409)
    here = reverse("compare", args=[slug, asked.pk])
    stays = sent.get("say") != "skip" and not _straight(request, asked)
    return redirect(f"{here}?voted={comparison}" if stays else here)


@require_POST
def judge_undo(request: HttpRequest, slug: str, round_id: int) -> HttpResponse:
    """Takes back this person's latest vote of the round and puts its question on the desk again."""
    seat = seat_in(request.user, slug, Role.REVIEWER)
    asked, have = round_or_404(seat, round_id), _ids(request.POST.get("have", ""))
    try:
        outcome = take_back(seat, key=request.POST.get("key", ""), now=timezone.now(), round_id=asked.pk)
    except DecisionError as error:
        return _refused(request, seat, asked, error)
    if not _is_script(request):
        if not outcome.saved:
            messages.warning(request, compare_conflict(outcome.code))
        return redirect(f"{reverse('compare', args=[slug, asked.pk])}?first={outcome.comparison_id}")
    first = outcome.comparison_id if outcome.saved else 0
    ids = next_comparisons(seat, round_id=asked.pk, first=first)
    return _answer(request, seat, asked, outcome, ids=ids, have=[pk for pk in have if pk != first])


@require_POST
def look(request: HttpRequest, slug: str, round_id: int) -> HttpResponse:
    """Shows an editor the names behind one question before they vote. It is recorded, and their vote says so."""
    seat = seat_in(request.user, slug, Role.EDITOR)
    asked = round_or_404(seat, round_id)
    try:
        comparison = _needed(request.POST.get("comparison", ""))
    except DecisionError as error:
        return _refused(request, seat, asked, error)
    cards = cards_for(seat, ids=[comparison])
    if not cards:
        raise Http404
    look_at_sample(seat, sample=cards[0].prompt, now=timezone.now())
    return redirect(f"{reverse('compare', args=[slug, asked.pk])}?first={comparison}")


def _around(seat: Seat, asked: Round) -> dict[str, Any]:
    """What page and card need to know of the round."""
    return {
        "seat": seat,
        "asked": asked,
        "guidelines": asked.guidelines or seat.project.guidelines,
        "may_look": can_open_rounds(seat),
        "sides": [(value, _SIGNS[value], label) for value, label in CRITERION_WORDS.items()],
        "saying_words": {"you": _("You"), **{code: str(words) for code, words in SAYINGS.items()}},
        "key": uuid4().hex,
    }


def _answer(
    request: HttpRequest, seat: Seat, asked: Round, outcome: Judged, *, ids: Sequence[int], have: Sequence[int]
) -> JsonResponse:
    """What the script needs: how it ended, the order of the desk, the cards that it lacks, and what may be revealed."""
    cards = cards_for(seat, ids=[pk for pk in ids if pk not in have])
    body: dict[str, Any] = {
        "saved": outcome.saved,
        "code": outcome.code,
        "message": "" if outcome.saved else str(compare_conflict(outcome.code)),
        "comparison": outcome.comparison_id,
        "version": outcome.version,
        "undid": outcome.undid,
        "desk": list(ids),
        "cards": {card.comparison.id: _card_html(request, seat, asked, card) for card in cards},
    }
    if outcome.saved and request.POST.get("reveal") == "1":
        body |= _revealed(request, seat, asked, outcome.comparison_id)
    return JsonResponse(body, status=200 if outcome.saved else 409)


def _shown(seat: Seat, card: Card) -> tuple[Card, Mapping[int, Any]]:
    """A card, and what stands behind its places where the person may see it before they say anything."""
    return card, names_of(seat, card=card)


def _revealed(request: HttpRequest, seat: Seat, asked: Round, comparison_id: int) -> dict[str, Any]:
    """What comes with the answer to a vote: the dock, and the names beside the sides."""
    after = after_vote(seat, comparison_id=comparison_id)
    if after is None:
        return {}
    context = {"seat": seat, "asked": asked, "after": after}
    return {
        "reveal": render_to_string("review/_compare_reveal.html", context, request),
        "sides": {
            place: render_to_string("review/_compare_names.html", {"behind": behind}, request)
            for place, behind in after.behind.items()
        },
    }  # fmt: skip


def _card_html(request: HttpRequest, seat: Seat, asked: Round, card: Card) -> str:
    shown, behind = _shown(seat, card)
    context = {"seat": seat, "asked": asked, "card": shown, "behind": behind, "waiting": True}
    return render_to_string("review/_compare_card.html", context, request)


def _refused(request: HttpRequest, seat: Seat, asked: Round, error: DecisionError) -> HttpResponse:
    status = 404 if isinstance(error, ComparisonNotFoundError) else 503 if error.code == "busy" else 422
    message = str(compare_fault(error.code))
    if _is_script(request):
        return JsonResponse({"saved": False, "code": error.code, "message": message}, status=status)
    if error.code == "nothing_to_undo":
        messages.warning(request, message)
        return redirect("compare", seat.project.slug, asked.pk)
    return _not_written(request, seat, asked, message, status=status)


def _not_written(request: HttpRequest, seat: Seat, asked: Round, message: str, *, status: int) -> HttpResponse:
    """Without script: why nothing was written, with the person's own words."""
    own = "\n\n".join(filter(None, (request.POST.get("edit", ""), request.POST.get("note", ""))))
    comparison = number_in(request.POST.get("comparison", "")) or 0
    context = {"seat": seat, "asked": asked, "message": message, "own": own, "comparison": comparison}
    return render(request, "review/compare_refused.html", context, status=status)


def _said(sent: Mapping[str, str], asked: Round) -> Said:
    """What the form says. Browsers send line ends as CR LF; texts keep LF."""
    code = sent.get("say", "")
    if code == "skip":
        return Said(action=Judgement.Action.SKIP, note=sent.get("note", ""))
    verdict, much = _VERDICTS.get(code, (code, False))
    criteria = {name: sent.get(f"criterion_{at}", "") for at, name in enumerate(asked.criteria)}
    edit = sent.get("edit")
    return Said(
        verdict=verdict, much_better=much, places=_places(sent) if code == Judgement.Verdict.RANKED else (),
        criteria={name: value for name, value in criteria.items() if value}, note=sent.get("note", "").strip(),
        edit=edit.replace("\r\n", "\n") if edit is not None else None,
    )  # fmt: skip


def _places(sent: Mapping[str, str]) -> list[list[int]]:
    """Places by the numbers that they were given, the lowest first; equal numbers are a tie."""
    groups: dict[int, list[int]] = {}
    for name, value in sent.items():
        found, rank = _RANK.fullmatch(name), number_in(value.strip())
        if found and rank is not None:
            groups.setdefault(rank, []).append(int(found[1]))
    return [groups[rank] for rank in sorted(groups)]


def _straight(request: HttpRequest, asked: Round) -> bool:
    """Whether this person goes straight on to the next one; where nothing is revealed that is how it begins."""
    chosen = request.GET.get("straight") or request.COOKIES.get(STRAIGHT, "")
    return chosen == "1" if chosen in ("0", "1") else not asked.reveal


def _needed(value: str) -> int:
    number = number_in(value)
    if number is None:
        raise DecisionError("bad_version")
    return number


def _ids(value: str) -> tuple[int, ...]:
    return tuple(n for n in map(number_in, value.split(",")[:2]) if n)


def _is_script(request: HttpRequest) -> bool:
    return "application/json" in request.headers.get("Accept", "")


def _seconds(value: str) -> float | None:
    try:
        seconds = float(value)
    except ValueError:
        return None
    return seconds if seconds == seconds else None
