"""The review page: one sample at a time, and the two addresses that its decisions travel to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from fdc_project.web.htmx import render_page
from generation.access import Seat, seat_in
from generation.models import Role
from review.actions.changes import DecisionError, Outcome, SampleNotFoundError, Texts
from review.actions.decisions import decide as decide_alone
from review.actions.decisions import undo as take_back
from review.actions.edit_pairs import approve_and_pair
from review.actions.queue import Upcoming, next_cards
from review.criteria import Criteria
from review.models import Decision
from review.policies import reject_reasons
from review.reports.desk import desk_of, neighbours
from review.reports.receipts import cards_for
from review.reports.veils import veil_cards, veil_titles
from review.templatetags.pair_words import moved_words, pair_fault
from review.templatetags.review_words import conflict, fault

TEXT_NAMES = ("system", "instruction", "input", "output")


@require_GET
def review(request: HttpRequest, slug: str) -> HttpResponse:
    """The page with the current sample and, already in it, the next one."""
    seat = seat_in(request.user, slug, Role.REVIEWER)
    criteria = criteria_of(request)
    first = _number(request.GET.get("first", "")) or 0
    cards = veil_cards(seat, cards_for(seat, ids=next_cards(seat, criteria=criteria, first=first)))
    rows = neighbours(seat, criteria=criteria, around=cards[0].sample.pk if cards else 0)
    veil_titles(seat, rows)
    context = {
        "seat": seat,
        "criteria": criteria,
        "may_start": seat.may(Role.EDITOR),
        "here": reverse("review", args=[slug]),
        "cards": cards,
        "card": cards[0] if cards else None,
        "rows": rows,
        "desk": desk_of(seat, criteria=criteria, now=timezone.now(), empty=not cards),
        "reasons": reject_reasons(seat),
        "key": uuid4().hex,
        "editing": request.GET.get("edit") == "1",
        "raw": request.GET.get("raw") == "1",
    }
    return render_page(request, "review/review.html", context)


@require_POST
def decide(request: HttpRequest, slug: str) -> HttpResponse:
    """Takes one decision and answers with the card after the next one (JSON for the script, else a redirect)."""
    seat = seat_in(request.user, slug, Role.REVIEWER)
    criteria, sent = criteria_of(request), request.POST
    action, reason = _action(seat, sent.get("action", ""), sent.get("reason", ""))
    texts = _texts(request)
    have = tuple(filter(None, map(_number, sent.get("have", "").split(",")[:2])))
    say = _say_with_pair if sent.get("pair") else _say
    try:
        outcome, told = say(
            seat, sample_id=_needed(sent.get("sample", "")), action=action, key=sent.get("key", ""),
            version=_needed(sent.get("version", "")), revision=_number(sent.get("revision", "")), text=texts,
            reason=reason, note=sent.get("note", ""), seconds=_seconds(sent.get("seconds", "")), now=timezone.now(),
            upcoming=Upcoming(criteria, have) if _is_script(request) else None,
        )  # fmt: skip
    except DecisionError as error:
        return _refused(request, seat, error)
    if _is_script(request):
        shown = [pk for pk in have if action != "edit" or pk != outcome.sample_id]
        return _answer(request, seat, outcome, ids=[*have, *outcome.claimed], have=shown, pair=told)
    if told:
        messages.info(request, told)
    if not outcome.saved:
        context = {"seat": seat, "outcome": outcome, "texts": texts, "query": criteria.query()}
        return render(request, "review/conflict.html", context, status=409)
    keep = f"&first={outcome.sample_id}" if action in ("flag", "unflag", "edit") else ""
    return redirect(_back(slug, criteria, keep))


@require_POST
def undo(request: HttpRequest, slug: str) -> HttpResponse:
    """Takes back this person's latest decision and puts its sample on the desk again."""
    seat = seat_in(request.user, slug, Role.REVIEWER)
    criteria, have = criteria_of(request), [n for n in map(_number, request.POST.get("have", "").split(",")) if n]
    try:
        outcome = take_back(seat, key=request.POST.get("key", ""), now=timezone.now())
    except DecisionError as error:
        return _refused(request, seat, error)
    if not _is_script(request):
        if not outcome.saved:
            messages.warning(request, conflict(outcome.code))
        return redirect(_back(slug, criteria, f"&first={outcome.sample_id}"))
    ids = next_cards(seat, criteria=criteria, first=outcome.sample_id if outcome.saved else 0)
    undid = Decision.objects.filter(undone_by=outcome.decision_id).first() if outcome.saved else None
    return _answer(
        request, seat, outcome, ids=ids, have=[pk for pk in have if pk != outcome.sample_id],
        undid=undid.action if undid else "",
    )  # fmt: skip


def criteria_of(request: HttpRequest) -> Criteria:
    """The filters in the address of this page, or in the form of a decision. The queue shows one state only."""
    return replace(Criteria.from_query(request.GET), state="")


def _say(seat: Seat, **said: Any) -> tuple[Outcome, str]:
    return decide_alone(seat, **said), ""


def _say_with_pair(seat: Seat, **said: Any) -> tuple[Outcome, str]:
    """The decision, and what became of the pair that was ticked beside it, in words."""
    outcome, pair, refused = approve_and_pair(seat, **said)
    return outcome, moved_words(pair) if pair else str(pair_fault(refused)) if refused else ""


def _answer(
    request: HttpRequest, seat: Seat, outcome: Outcome, *, ids: Sequence[int], have: Sequence[int], undid: str = "",
    pair: str = "",
) -> JsonResponse:  # fmt: skip
    """What the script needs: how it ended, the order of the desk from now on, and the cards that it lacks."""
    cards = veil_cards(seat, cards_for(seat, ids=[pk for pk in ids if pk not in have]))
    body: dict[str, Any] = {
        "saved": outcome.saved,
        "code": outcome.code,
        "message": "" if outcome.saved else str(conflict(outcome.code)),
        "sample": outcome.sample_id,
        "state": outcome.state,
        "version": outcome.version,
        "revision": outcome.revision,
        "flagged": outcome.flagged,
        "undid": undid,
        "pair": pair,
        "desk": list(ids),
        "cards": {card.sample.pk: _card_html(request, seat, card) for card in cards},
    }
    return JsonResponse(body, status=200 if outcome.saved else 409)


def _card_html(request: HttpRequest, seat: Seat, card: object) -> str:
    context = {"seat": seat, "card": card, "criteria": criteria_of(request), "key": uuid4().hex, "waiting": True}
    return render_to_string("review/_review_card.html", context, request)


def _refused(request: HttpRequest, seat: Seat, error: DecisionError) -> HttpResponse:
    status = 404 if isinstance(error, SampleNotFoundError) else 503 if error.code == "busy" else 422
    message = str(fault(error.code))
    if _is_script(request):
        return JsonResponse({"saved": False, "code": error.code, "message": message}, status=status)
    messages.error(request, message, extra_tags="bad")
    return redirect(_back(seat.project.slug, criteria_of(request), ""))


def _back(slug: str, criteria: Criteria, more: str) -> str:
    query = criteria.query() + more
    return reverse("review", args=[slug]) + (f"?{query[1:]}" if query else "")


def _action(seat: Seat, value: str, reason: str) -> tuple[str, str]:
    """ "reject:2" is a rejection for the project's second reason."""
    action, _, number = value.partition(":")
    reasons = reject_reasons(seat)
    at = _number(number)
    return action, reasons[at - 1] if at and at <= len(reasons) else reason


def _texts(request: HttpRequest) -> Texts | None:
    """The edited texts, when the editor's form was sent. Browsers send line ends as CR LF; texts keep LF."""
    if "output" not in request.POST:
        return None
    return Texts(**{name: request.POST.get(name, "").replace("\r\n", "\n") for name in TEXT_NAMES})


def _is_script(request: HttpRequest) -> bool:
    return "application/json" in request.headers.get("Accept", "")


def _number(value: str) -> int | None:
    return int(value) if value.isascii() and value.isdigit() and len(value) < 19 else None


def _needed(value: str) -> int:
    number = _number(value)
    if number is None:
        raise DecisionError("bad_version")
    return number


def _seconds(value: str) -> float | None:
    try:
        seconds = float(value)
    except ValueError:
        return None
    return seconds if seconds == seconds else None
