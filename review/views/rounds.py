"""Rounds of comparing: the list of them, a new one, and closing and opening one again."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fdc_project.web.htmx import render_page
from fdc_project.web.numbers import number_in
from generation.access import Seat, seat_in
from generation.models import Role
from review.actions.rounds import RoundError, close_round, open_round, reopen_round
from review.forms import RoundForm
from review.models import Round
from review.policies import can_open_rounds, can_review
from review.reports.agreement import round_or_404
from review.reports.round_size import round_size
from review.reports.rounds import rounds_of
from review.templatetags.compare_words import KIND_HELP, KINDS, round_fault

_PREFILLED = ("name", "kind", "of", "pairs", "reason", "run", "job", "language", "task_type", "most", "overlap")

_NUMBERS = ("run", "job", "most", "overlap")


@require_GET
def rounds(request: HttpRequest, slug: str) -> HttpResponse:
    """What people are asked to compare, how far it is, and what of it waits for the person who looks."""
    seat = seat_in(request.user, slug)
    page, lines = rounds_of(seat, after=request.GET.get("after"))
    mine = max((line for line in lines if line.left), key=lambda line: line.left, default=None)
    context = {
        "seat": seat, "page": page, "lines": lines, "mine": mine, "may_open": can_open_rounds(seat),
        "may_judge": can_review(seat),
    }  # fmt: skip
    return render_page(request, "review/rounds.html", context)


@require_http_methods(["GET", "POST"])
def round_new(request: HttpRequest, slug: str) -> HttpResponse:
    """The form of a new round; it says how many comparisons and votes that makes before it is opened."""
    seat = seat_in(request.user, slug, Role.EDITOR)
    if request.method == "GET":
        given = {name: request.GET[name] for name in _PREFILLED if name in request.GET}
        given = {name: value for name, value in given.items() if name not in _NUMBERS or number_in(value) is not None}
        return _form(
            request, seat, RoundForm(seat=seat, initial=_begin(seat) | given), counted=RoundForm(given, seat=seat)
        )
    form = RoundForm(request.POST, seat=seat)
    if request.POST.get("do") != "open":
        shown = RoundForm(seat=seat, initial={name: request.POST.get(name, "") for name in form.fields})
        return _form(request, seat, shown, counted=form)
    if not form.is_valid():
        return _form(request, seat, form, counted=form)
    try:
        open_round(seat, wish=form.wish(), now=timezone.now())
    except RoundError as error:
        form.add_error(error.name if error.name in form.fields else None, round_fault(error.code))
        return _form(request, seat, form, counted=form)
    messages.success(request, _("The round is open."))
    return redirect("rounds", slug)


@require_POST
def round_state(request: HttpRequest, slug: str, round_id: int) -> HttpResponse:
    """Closes a round, or opens it again."""
    seat = seat_in(request.user, slug, Role.EDITOR)
    asked = round_or_404(seat, round_id)
    turn = close_round if request.POST.get("do") == "close" else reopen_round
    turned = turn(seat, round_id=asked.pk, now=timezone.now())
    said = _("{name} is closed. Its pairs stay.") if turned.state == Round.State.CLOSED else _("{name} is open again.")
    messages.success(request, said.format(name=turned.name))
    return redirect("rounds", slug)


def _form(request: HttpRequest, seat: Seat, form: RoundForm, *, counted: RoundForm) -> HttpResponse:
    """The page with the form, and how much would be made of what `counted` says; faults are said of a bound form."""
    counted.is_valid()
    kind = counted.cleaned_data.get("kind") or Round.Kind.CHOOSE
    size = round_size(seat, kind=kind, chosen=counted.chosen())
    context = {
        "seat": seat, "form": form, "made": size.rows, "size": size, "votes": counted.votes(size.rows),
        "asked_kind": kind, "kinds": [(code, label, KIND_HELP[code]) for code, label in KINDS.items()],
    }  # fmt: skip
    return render_page(request, "review/round_new.html", context, status=422 if form.is_bound else 200)


def _begin(seat: Seat) -> dict[str, str]:
    """A name that is still free."""
    number = Round.objects.filter(project=seat.project).count() + 1
    return {"name": _("Round {n}").format(n=number)}
