"""Labels of single answers: what there is, and drawing them from decisions and pairs."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from fdc_project.web.htmx import go, render_page
from generation.access import seat_in
from generation.models import Role
from review.actions.labels import Drawn, LabelWish, draw_labels
from review.labels import DECISIONS, PAIRS, UPSTREAM
from review.policies import can_keep_pairs
from review.reports.label_conflicts import MOST, conflicts_seen
from review.reports.labels import labels_of


@require_http_methods(["GET", "POST"])
def labels(request: HttpRequest, slug: str) -> HttpResponse:
    """Labels by origin with their balance. A POST draws them from decisions on samples, or from pairs."""
    seat = seat_in(request.user, slug, Role.EDITOR if request.method == "POST" else Role.VIEWER)
    if request.method == "POST":
        said = request.POST
        wish = LabelWish(
            PAIRS if said.get("from") == PAIRS else DECISIONS, share=_share(said.get("good_from", "")),
            unscored="unscored" in said,
        )  # fmt: skip
        drawn = draw_labels(seat, wish=wish, now=timezone.now())
        messages.success(request, _words(drawn), extra_tags="ok")
        return go(request, reverse("labels", args=[slug]))
    context = {"seat": seat, "seen": labels_of(seat.project), "may_draw": can_keep_pairs(seat)}
    return render_page(request, "review/labels.html", context)


@require_GET
def label_conflicts(request: HttpRequest, slug: str) -> HttpResponse:
    """Answers that were called good and bad, with both sides and the people."""
    seat = seat_in(request.user, slug, Role.EDITOR)
    return render_page(
        request, "review/label_conflicts.html", {"seat": seat, "seen": conflicts_seen(seat), "most": MOST}
    )  # fmt: skip


def _share(text: str) -> float | None:
    """What somebody said of a scale from 1 to 5, as a place on any scale; None where it is none."""
    _value, low, high = UPSTREAM
    try:
        value = float(text[:30])
    except ValueError:
        return None
    return (value - low) / (high - low) if low <= value <= high else None


def _words(drawn: Drawn) -> str:
    new = drawn.good + drawn.bad
    told = [
        ngettext("%(n)s new label: %(good)s good, %(bad)s bad.", "%(n)s new labels: %(good)s good, %(bad)s bad.", new)
        % {"n": new, "good": drawn.good, "bad": drawn.bad}
    ]
    if drawn.gone:
        told.append(_("%(n)s no longer held and were taken away.") % {"n": drawn.gone})
    if drawn.unscored:
        told.append(_("%(n)s answers have no score with a scale.") % {"n": drawn.unscored})
    if drawn.more:
        told.append(_("There are more: press again."))
    return " ".join(told)
