"""How far the people of a round agree, live, and what each person's own votes look like."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from fdc_project.web.htmx import render_page
from fdc_project.web.numbers import number_in
from generation.access import seat_in
from generation.models import Role
from review.actions.repeats import ask_again, is_again
from review.actions.rounds import RoundError
from review.models import Round
from review.reports.agreement import agreement_of, round_or_404
from review.templatetags.agreement_words import again_fault

_MANY = 20_000


@require_GET
def agreement(request: HttpRequest, slug: str, round_id: int) -> HttpResponse:
    """The round's agreement, over the votes that this person may know of; it renews itself while the round is open."""
    seat = seat_in(request.user, slug, Role.REVIEWER)
    asked = round_or_404(seat, round_id)
    found = agreement_of(seat, asked=asked)
    context = {
        "seat": seat,
        "asked": asked,
        "agreement": found,
        "editor": seat.may(Role.EDITOR),
        "live": asked.state == Round.State.OPEN,
        "every": 5 if found.votes < _MANY else 30,
        "may_ask_again": asked.kind == Round.Kind.CHOOSE and not is_again(asked),
    }
    return render_page(request, "review/agreement.html", context)


@require_POST
def again(request: HttpRequest, slug: str, round_id: int) -> HttpResponse:
    """Opens a round in which everybody is asked some of their own votes again."""
    seat = seat_in(request.user, slug, Role.EDITOR)
    asked, share = round_or_404(seat, round_id), number_in(request.POST.get("share", "").strip()) or 0
    name = _("%(name)s, again") % {"name": asked.name[:100]}
    try:
        made = ask_again(seat, round_id=asked.pk, share=share, name=name, now=timezone.now())
    except RoundError as error:
        messages.error(request, again_fault(error.code), extra_tags="bad")
        return redirect("agreement", slug, asked.pk)
    messages.success(request, _("The round “%(name)s” is open.") % {"name": made.name})
    return redirect("rounds", slug)
