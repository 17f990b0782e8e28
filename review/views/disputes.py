"""Disagreements of a round: the list, and the page on which one is settled."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from fdc_project.web.htmx import render_page
from fdc_project.web.numbers import number_in
from generation.access import Seat, seat_in
from generation.models import Role
from review.actions.changes import DecisionError
from review.actions.comparing import Judged, Said, judge, take_back
from review.models import Comparison, Judgement, Round
from review.reports.agreement import round_or_404
from review.reports.disputes import VIEWS, Dispute, DisputeFilter, dispute_of, disputes_of
from review.templatetags.agreement_words import dispute_fault
from review.templatetags.compare_words import compare_conflict

_STRONG: Mapping[str, str] = {"left_much": Judgement.Verdict.LEFT, "right_much": Judgement.Verdict.RIGHT}
_RANK = re.compile(r"rank_([1-9])")


@require_GET
def disputes(request: HttpRequest, slug: str, round_id: int) -> HttpResponse:
    """The comparisons on which people differ, by key and filter."""
    seat = seat_in(request.user, slug, Role.EDITOR)
    asked, chosen = round_or_404(seat, round_id), DisputeFilter.from_query(request.GET)
    context = {
        "seat": seat,
        "asked": asked,
        "chosen": chosen,
        "views": VIEWS,
        "listed": disputes_of(seat, asked=asked, chosen=chosen, after=request.GET.get("after")),
        "query": urlencode(_query(chosen)),
    }
    return render_page(request, "review/disputes.html", context)


@require_http_methods(["GET", "POST"])
def dispute(request: HttpRequest, slug: str, round_id: int, comparison_id: int) -> HttpResponse:
    """One disagreement with all that was said of it. A POST settles it, or takes back that it was settled."""
    seat = seat_in(request.user, slug, Role.EDITOR)
    asked = round_or_404(seat, round_id)
    found = dispute_of(seat, asked=asked, comparison_id=comparison_id)
    sent: Mapping[str, str] = {}
    if request.method == "POST":
        sent = request.POST
        try:
            outcome = _obey(seat, found, sent)
        except DecisionError as error:
            messages.error(request, dispute_fault(error.code), extra_tags="bad")
        else:
            return _on(request, seat, asked, found, outcome)
    context = {
        "seat": seat,
        "asked": asked,
        "dispute": found,
        "card": found.card,
        "open": found.comparison.state == Comparison.State.DISPUTED and asked.state == Round.State.OPEN,
        "closed_round": asked.state != Round.State.OPEN,
        "behind": {side.place: side for side in found.reveal.sides},
        "sent": sent,
        "ranks": {int(name[5:]): value for name, value in sent.items() if _RANK.fullmatch(name)},
        "key": uuid4().hex,
    }
    return render_page(request, "review/dispute.html", context, status=422 if sent else 200)


def _obey(seat: Seat, found: Dispute, sent: Mapping[str, str]) -> Judged:
    now, key = timezone.now(), sent.get("key", "")
    if sent.get("say") == "undo":
        if found.mine is None:
            raise DecisionError("nothing_to_undo")
        return take_back(seat, key=key, now=now, judgement_id=found.mine.judgement_id)
    version = number_in(sent.get("version", ""))
    if version is None:
        raise DecisionError("bad_version")
    return judge(
        seat, comparison_id=found.comparison.pk, said=_said(sent, sides=len(found.card.sides)), key=key,
        version=version, now=now,
    )  # fmt: skip


def _said(sent: Mapping[str, str], *, sides: int) -> Said:
    say = sent.get("say", "")
    return Said(
        action=Judgement.Action.ADJUDICATE.value, verdict=_STRONG.get(say, say), much_better=say in _STRONG,
        places=_places(sent, sides=sides) if say == Judgement.Verdict.RANKED else (),
        note=sent.get("note", "").replace("\r\n", "\n"),
    )  # fmt: skip


def _places(sent: Mapping[str, str], *, sides: int) -> list[list[int]]:
    """Groups of places by the numbers that they were given, the lowest first; what has no number is left out."""
    groups: dict[int, list[int]] = {}
    for place in range(1, sides + 1):
        if rank := number_in(sent.get(f"rank_{place}", "").strip()):
            groups.setdefault(rank, []).append(place)
    return [groups[rank] for rank in sorted(groups)]


def _on(request: HttpRequest, seat: Seat, asked: Round, found: Dispute, outcome: Judged) -> HttpResponse:
    """To the next one that waits, else to the list; back to this one where it was taken back or nothing was written."""
    here = reverse("dispute", args=[seat.project.slug, asked.pk, found.comparison.pk])
    if not outcome.saved:
        messages.warning(request, compare_conflict(outcome.code))
        return redirect(here)
    if outcome.undid:
        return redirect(here)
    messages.success(request, _("Comparison %(id)d is settled.") % {"id": found.comparison.pk})
    if found.next_id:
        return redirect("dispute", seat.project.slug, asked.pk, found.next_id)
    return redirect("disputes", seat.project.slug, asked.pk)


def _query(chosen: DisputeFilter) -> dict[str, Any]:
    values = {"view": chosen.view, "language": chosen.language, "person": chosen.person or ""}
    return {name: value for name, value in values.items() if value and value != "disputed"}
