"""Preference pairs: the list with its filters, one pair, the gate once more, and pairs made of samples."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from fdc_project.web.htmx import go, render_page
from fdc_project.web.numbers import number_in
from fdc_project.web.states import TransitionError
from generation.access import Seat, seat_in
from generation.models import Role
from generation.words import word
from review.actions.edit_pairs import pair_from_edit, pair_from_reply, pairs_from_edits, take_back_edit
from review.actions.pair_moves import Moved, PairError, PairNotFoundError
from review.actions.pairs import GIVEN, hold_back, look_at_pairs, release, undo_move
from review.actions.regate import Regated, prospect, regate, undo_regate
from review.actions.rounds import RoundError, RoundWish, open_round
from review.criteria import LANGUAGES
from review.pair_criteria import PairCriteria
from review.policies import can_keep_pairs, can_review
from review.reports.pairs import browse_pairs, pair_seen
from review.templatetags.compare_words import ROUND_FAULTS
from review.templatetags.pair_words import HELD_BACK, PAIR_SOURCES, PAIR_STATES, bulk_words, moved_words, pair_fault


@require_http_methods(["GET", "POST"])
def pairs(request: HttpRequest, slug: str) -> HttpResponse:
    """One page of the project's pairs, newest first. A POST has them shown, or makes pairs of approved edits."""
    seat = seat_in(request.user, slug, Role.REVIEWER if request.method == "POST" else Role.VIEWER)
    if request.method == "POST":
        return _changed(request, seat)
    found = browse_pairs(seat, criteria=PairCriteria.from_query(request.GET), after=request.GET.get("after"))
    context = {
        "seat": seat,
        "criteria": found.criteria,
        "found": found,
        "page": found.page,
        "states": PAIR_STATES,
        "sources": PAIR_SOURCES,
        "languages": LANGUAGES,
        "may_review": can_review(seat),
        "may_keep": can_keep_pairs(seat),
    }
    return render_page(request, "review/pairs.html", context)


@require_http_methods(["GET", "POST"])
def pair(request: HttpRequest, slug: str, pair_id: int) -> HttpResponse:
    """One pair with where it comes from. A POST holds it back, releases it, or undoes either."""
    seat = seat_in(request.user, slug, Role.EDITOR if request.method == "POST" else Role.VIEWER)
    if request.method == "POST":
        return _moved(request, seat, pair_id)
    whole = pair_seen(seat, pair_id=pair_id)
    if whole is None:
        raise Http404
    context = {
        "seat": seat,
        "whole": whole,
        "seen": whole.seen,
        "sample": whole.prompt,
        "reasons": [(code, HELD_BACK[code]) for code in GIVEN],
        "may_keep": can_keep_pairs(seat),
    }
    return render_page(request, "review/pair.html", context)


@require_http_methods(["GET", "POST"])
def pairs_gate(request: HttpRequest, slug: str) -> HttpResponse:
    """What another margin would do to the pairs of a run, before it is done; a POST does it, or undoes it."""
    seat = seat_in(request.user, slug, Role.EDITOR)
    query = request.POST if request.method == "POST" else request.GET
    run, margin = number_in(query.get("run", "")), _margin(query.get("margin", ""))
    if request.method == "POST" and query.get("do") == "undo":
        return _regated(request, seat, lambda: undo_regate(
            seat, entry=number_in(query.get("entry", "")) or 0, now=timezone.now()
        ))  # fmt: skip
    if run is None:
        return go(request, reverse("pairs", args=[slug]))
    if request.method == "POST":
        least = -1.0 if margin is None else margin
        return _regated(request, seat, lambda: regate(seat, run_id=run, least_margin=least, now=timezone.now()))
    try:
        found = prospect(seat, run_id=run, least_margin=margin or 0.0)
    except PairNotFoundError:
        raise Http404 from None
    except PairError as error:
        messages.warning(request, str(pair_fault(error.code)), extra_tags="warn")
        return go(request, reverse("pairs", args=[slug]))
    return render_page(request, "review/pairs_gate.html", {"seat": seat, "found": found, "asked": margin is not None})


@require_POST
def sample_pair(request: HttpRequest, slug: str, sample_id: int) -> HttpResponse:
    """Makes a pair of the sample's approved edit or of another last turn, or takes the edit's pair back."""
    seat = seat_in(request.user, slug, Role.REVIEWER)
    said, now = request.POST, timezone.now()
    verb: Callable[[], Moved]
    match said.get("do", "edit"):
        case "edit":
            verb = lambda: pair_from_edit(seat, sample_id=sample_id, now=now)  # noqa: E731
        case "take_back":
            verb = lambda: take_back_edit(seat, sample_id=sample_id, now=now)  # noqa: E731
        case "reply":
            text, better = said.get("text", "").replace("\r\n", "\n"), said.get("better", "new") == "new"
            verb = lambda: pair_from_reply(seat, sample_id=sample_id, text=text, better=better, now=now)  # noqa: E731
        case _:
            raise Http404
    saved, message = True, ""
    try:
        message = moved_words(verb())
    except PairNotFoundError:
        raise Http404 from None
    except PairError as error:
        saved, message = False, str(pair_fault(error.code))
    if request.headers.get("Accept", "").startswith("application/json"):
        body: dict[str, Any] = {
            "saved": saved,
            "sample": sample_id,
            "message": message,
            "pair": message if saved else "",
        }
        return JsonResponse(body, status=200 if saved else 422)
    (messages.success if saved else messages.warning)(request, message, extra_tags="ok" if saved else "warn")
    return redirect("sample", slug, sample_id)


def _changed(request: HttpRequest, seat: Seat) -> HttpResponse:
    back = reverse("pairs", args=[seat.project.slug])
    match request.POST.get("do"):
        case "look":
            look_at_pairs(seat, now=timezone.now())
            messages.warning(request, _("You see what stands behind all pairs now. Your votes count as unblinded."))
        case "edits":
            done = pairs_from_edits(seat, now=timezone.now())
            messages.success(request, bulk_words(done), extra_tags="ok")
        case "round":
            return _sent(request, seat)
        case _:
            raise Http404
    return go(request, back)


def _sent(request: HttpRequest, seat: Seat) -> HttpResponse:
    """What the filters let through, as a round of blind comparing."""
    said, criteria = request.POST, PairCriteria.from_query(request.GET)
    chosen = {
        "pairs": criteria.state, "reason": criteria.reason, "run": criteria.run, "language": criteria.language,
        "job": criteria.job, "most": number_in(said.get("most", "")) or 0,
    }  # fmt: skip
    wish = RoundWish(
        said.get("name", "").replace("\0", "").strip(), chosen={name: value for name, value in chosen.items() if value},
        overlap=number_in(said.get("overlap", "")) or 1,
    )  # fmt: skip
    try:
        made = open_round(seat, wish=wish, now=timezone.now())
    except RoundError as error:
        messages.warning(request, str(word(ROUND_FAULTS, error.code)), extra_tags="warn")
        return go(request, reverse("pairs", args=[seat.project.slug]) + criteria.query())
    return go(request, reverse("compare", args=[seat.project.slug, made.pk]))


def _moved(request: HttpRequest, seat: Seat, pair_id: int) -> HttpResponse:
    said, now = request.POST, timezone.now()
    version = number_in(said.get("version", "")) or 0
    note = said.get("note", "").replace("\0", "")
    try:
        match said.get("do"):
            case "hold_back":
                reason = said.get("reason", "by_hand")
                done = hold_back(seat, pair_id=pair_id, version=version, reason=reason, note=note, now=now)
            case "release":
                done = release(seat, pair_id=pair_id, version=version, note=note, now=now)
            case "undo":
                done = undo_move(seat, pair_id=pair_id, entry=number_in(said.get("entry", "")) or 0, now=now)
            case "look":
                look_at_pairs(seat, now=now)
                return redirect("pair", seat.project.slug, pair_id)
            case _:
                raise Http404
    except PairNotFoundError:
        raise Http404 from None
    except (PairError, TransitionError) as error:
        code = error.code if isinstance(error, PairError) else "changed_since"
        messages.warning(request, str(pair_fault(code)), extra_tags="warn")
    else:
        messages.success(request, moved_words(done), extra_tags="ok")
    return redirect("pair", seat.project.slug, pair_id)


def _regated(request: HttpRequest, seat: Seat, verb: Callable[[], Regated]) -> HttpResponse:
    try:
        done = verb()
    except PairNotFoundError:
        raise Http404 from None
    except PairError as error:
        messages.warning(request, str(pair_fault(error.code)), extra_tags="warn")
    else:
        told = _("%(held)s pairs are held back now, %(released)s released.")
        messages.success(request, told % {"held": done.held, "released": done.released}, extra_tags="ok")
    return go(request, reverse("pairs", args=[seat.project.slug]))


def _margin(text: str) -> float | None:
    try:
        value = float(text[:30])
    except ValueError:
        return None
    return value if 0 <= value < 1e6 else None
