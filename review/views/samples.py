"""Browsing samples: lists by key with filters in the address, and one sample with all that is known of it."""

from __future__ import annotations

from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from fdc_project.web.htmx import render_page
from fdc_project.web.numbers import number_in
from generation.access import seat_in
from generation.actions.looks import look_at_sample
from generation.models import Role
from review.actions import decisions
from review.actions.changes import DecisionError, SampleNotFoundError
from review.criteria import LANGUAGES, Criteria
from review.policies import can_open_rounds, can_reopen, can_review
from review.reports.browse import browse, calls_of, pairs_of, sample_in, steps_of
from review.reports.card_media import media_seen
from review.reports.pairs import edit_pair_of
from review.reports.receipts import MOST_HISTORY, card_of, history_of
from review.reports.sights import sights_of
from review.reports.veils import answers_of, veil_titles, veiled_card
from review.templatetags.review_words import ORIGINS, STATES, conflict, fault


@require_GET
def samples(request: HttpRequest, slug: str) -> HttpResponse:
    """One page of the project's samples, newest first."""
    seat = seat_in(request.user, slug)
    criteria = Criteria.from_query(request.GET)
    found = browse(seat, criteria=criteria, after=request.GET.get("after"))
    veil_titles(seat, found.page.rows)
    context = {
        "seat": seat,
        "criteria": criteria,
        "found": found,
        "page": found.page,
        "states": STATES,
        "origins": ORIGINS,
        "languages": LANGUAGES,
        "may_review": can_review(seat),
    }
    return render_page(request, "review/samples.html", context)


@require_GET
def sample(request: HttpRequest, slug: str, sample_id: int) -> HttpResponse:
    """One sample: its text, every revision with what changed, every decision, its calls with their raw replies."""
    seat = seat_in(request.user, slug)
    row = sample_in(seat.project, sample_id)
    if row is None:
        raise Http404
    history = history_of([row.pk])
    sight = sights_of(seat, samples=[row.pk])[row.pk]
    card = card_of(row, history, media_seen([row]).get(row.pk, ()))
    context = {
        "seat": seat,
        "card": card if sight.names and sight.verdicts else veiled_card(card),
        "steps": steps_of(row),
        "calls_seen": calls_of(row) if sight.names else (),
        "pairs": pairs_of(row) if sight.verdicts else (),
        "answers": () if sight.verdicts else answers_of(row),
        "may_look": can_open_rounds(seat),
        "history": history,
        "most_history": MOST_HISTORY,
        "may_review": can_review(seat) and row.state == "needs_review",
        "may_reopen": can_reopen(seat) and row.state in ("approved", "rejected"),
        "may_pair": can_review(seat) and bool(row.output),
        "edit_pair": edit_pair_of(row),
        "may_restore": can_reopen(seat) and row.state == "filtered",
        "key": uuid4().hex,
    }
    return render_page(request, "review/sample.html", context)


@require_POST
def sample_look(request: HttpRequest, slug: str, sample_id: int) -> HttpResponse:
    """Shows an editor from now on what stands behind the answers to one prompt. It is recorded."""
    seat = seat_in(request.user, slug, Role.EDITOR)
    row = sample_in(seat.project, sample_id)
    if row is None:
        raise Http404
    look_at_sample(seat, sample=row, now=timezone.now())
    return redirect("sample", slug, sample_id)


@require_POST
def put_back(request: HttpRequest, slug: str, sample_id: int) -> HttpResponse:
    """Puts a decided or filtered sample back to review, for a reason."""
    seat = seat_in(request.user, slug, Role.EDITOR)
    verb = decisions.restore if request.POST.get("do") == "restore" else decisions.reopen
    try:
        outcome = verb(
            seat, sample_id=sample_id, key=request.POST.get("key", ""), now=timezone.now(),
            version=number_in(request.POST.get("version", "")) or 0,
            reason=request.POST.get("reason", "")[: decisions.LONGEST_REASON],
        )  # fmt: skip
    except SampleNotFoundError as error:
        raise Http404 from error
    except DecisionError as error:
        messages.error(request, fault(error.code), extra_tags="bad")
    else:
        if not outcome.saved:
            messages.warning(request, conflict(outcome.code), extra_tags="warn")
    return redirect("sample", slug, sample_id)
