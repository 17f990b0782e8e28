"""What a run dropped, beside what it repeats, and the way back: to review, or among the seeds."""

from __future__ import annotations

from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from fdc_project.web.htmx import go, render_page
from fdc_project.web.numbers import number_in
from fdc_project.web.paging import Page
from generation.access import Seat, seat_in
from generation.actions.drafts import draft_value
from generation.actions.seeds import DuplicateSeedError, FaultySeedError, save_seed
from generation.formats.seed_tasks import SeedRow
from generation.models import Draft, Role, Run
from generation.recipe_words import title_of
from generation.row_words import ROW_FAULTS
from generation.run_sights import may_read
from generation.words import word
from review.actions import decisions
from review.actions.changes import DecisionError, SampleNotFoundError
from review.reports.dropped import Dropped, dropped_page, reasons_of
from review.templatetags.review_words import conflict, fault

INSTRUCTION = "instruction"


@require_http_methods(["GET", "POST"])
def dropped(request: HttpRequest, slug: str, run_id: int) -> HttpResponse:
    """The drafts that a run dropped for one reason. A POST keeps one all the same."""
    seat = seat_in(request.user, slug, Role.EDITOR if request.method == "POST" else Role.VIEWER)
    run = get_object_or_404(Run.objects.in_project(seat.project), pk=run_id)
    if request.method == "POST":
        _keep(request, seat, run)
        return go(request, f"{reverse('dropped', args=[slug, run.pk])}?{request.GET.urlencode()}")
    reasons, decided = reasons_of(run)
    wanted = request.GET.get("reason")
    chosen = next((each for each in reasons if each.code == wanted), next(iter(reasons), None))
    blind = not may_read(seat, run)
    page: Page[Draft] | None = None
    rows: list[Dropped] = []
    if chosen is not None and not blind:
        page, rows = dropped_page(seat, run, reason=chosen, after=request.GET.get("after"))
    context = {
        "seat": seat, "run": run, "title": title_of(run.recipe), "reasons": reasons, "chosen": chosen,
        "page": page, "rows": rows, "blind": blind, "may_keep": seat.may(Role.EDITOR), "key": uuid4().hex,
        "decided": decided,
    }  # fmt: skip
    return render_page(request, "review/dropped.html", context)


def _keep(request: HttpRequest, seat: Seat, run: Run) -> None:
    drafts = Draft.objects.filter(run=run, state=Draft.State.DROPPED).select_related("sample")
    row = drafts.filter(pk=number_in(request.POST.get("draft", "")) or 0).first()
    if row is None or not may_read(seat, run):
        messages.error(request, _("There is no such row any more."), extra_tags="bad")
    elif hasattr(row, "sample"):
        _restore(request, seat, row.sample.pk)
    elif row.kind == INSTRUCTION:
        _make_seed(request, seat, row)


def _restore(request: HttpRequest, seat: Seat, sample: int) -> None:
    try:
        outcome = decisions.restore(
            seat, sample_id=sample, key=request.POST.get("key", ""), now=timezone.now(), reason=_("kept all the same"),
            version=number_in(request.POST.get("version", "")) or 0,
        )  # fmt: skip
    except SampleNotFoundError:
        messages.error(request, _("There is no such row any more."), extra_tags="bad")
    except DecisionError as error:
        messages.error(request, fault(error.code), extra_tags="bad")
    else:
        if outcome.saved:
            messages.success(request, _("Row %(id)s waits for review.") % {"id": sample})
        else:
            messages.warning(request, conflict(outcome.code), extra_tags="warn")


def _make_seed(request: HttpRequest, seat: Seat, row: Draft) -> None:
    draft = draft_value(row.content)
    seed = SeedRow(draft.instruction, task_type=draft.task_type, language=draft.language, tags=draft.tags)
    try:
        saved = save_seed(seat.project, row=seed, source=f"run {row.run_id}", now=timezone.now())
    except DuplicateSeedError as error:
        messages.warning(request, _("Seed %(id)s has exactly this content.") % {"id": error.seed.pk})
    except FaultySeedError as error:
        messages.error(request, word(ROW_FAULTS, error.error.code), extra_tags="bad")
    else:
        messages.success(request, _("Seed %(id)s is saved.") % {"id": saved.pk})
