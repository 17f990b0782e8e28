"""Runs: the list, the page of one while it works and after, and the raw replies of its calls."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models.functions import Substr
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from fdc_project.web.htmx import go, render_page
from fdc_project.web.numbers import number_in
from fdc_project.web.paging import capped_count, page_of
from fdc_project.web.states import TransitionError
from generation.access import Seat, seat_in
from generation.actions.judge_alarms import NoAlarmError, clear_alarm
from generation.actions.looks import look_at_run
from generation.actions.prompt_searches import save_tried, tried_prompts
from generation.actions.prompts import FaultyPromptError, UnknownSlotError, all_slots, slot_named
from generation.actions.run_sources import source_name
from generation.actions.runs import (
    StartRefusedError,
    cancel_run,
    pause_run,
    raise_budget,
    resume_run,
    retry_failed,
)
from generation.coverage import coverage_of
from generation.figures import RunFigures, figures
from generation.forms.runs import MICRO
from generation.judge_figures import judge_figures
from generation.models import Call, Draft, Role, Run, RunTally, Sample
from generation.part_shares import part_shares
from generation.recipe_words import title_of
from generation.repeat_shares import share_of
from generation.run_sights import may_read, told_of
from generation.words import template_fault

LATEST = 12
LOOKED_AT = 500
EXCERPT = 2000
EVENTS = 50
AT_WORK = (Run.State.CREATED, Run.State.RUNNING, Run.State.STOPPING)


@require_safe
def runs(request: HttpRequest, slug: str) -> HttpResponse:
    """The project's runs, newest first."""
    seat = seat_in(request.user, slug)
    rows = Run.objects.filter(project=seat.project, preview=False).select_related("endpoint", "started_by")
    page = page_of(rows, after=request.GET.get("after"), size=30, newest_first=True)
    context = {"seat": seat, "page": page, "rows": _with_tallies(page.rows), "may_edit": seat.may(Role.EDITOR)}
    return render_page(request, "generation/runs.html", context)


def _with_tallies(rows: Any) -> list[dict[str, Any]]:
    """Each run with the counters that the list shows. One query for all."""
    counts: dict[int, dict[str, int]] = {run.pk: {} for run in rows}
    shown = ("item.planned", "item.done", "item.failed", "sample.needs_review", "sample.filtered", "call.answered")
    for tally in RunTally.objects.filter(run__in=list(counts), name__in=shown):
        counts[tally.run_id][tally.name.replace(".", "_")] = tally.count
    return [{"run": run, "title": title_of(run.recipe), **counts[run.pk]} for run in rows]


@require_http_methods(["GET", "POST"])
def run(request: HttpRequest, slug: str, run_id: int) -> HttpResponse:
    """One run. A POST pauses, resumes, cancels, retries what failed, or sets the cap."""
    seat = seat_in(request.user, slug, Role.EDITOR if request.method == "POST" else Role.VIEWER)
    row = _run_or_404(seat, run_id)
    if request.method == "POST":
        _change(request, seat, row)
        return go(request, reverse("run", args=[slug, row.pk]))
    now = timezone.now()
    elapsed = ((row.finished_at or now) - row.started_at).total_seconds() if row.started_at else None
    shown: Any = SimpleLazyObject(lambda: figures(row, now=now))
    context = {
        "seat": seat,
        "run": row,
        "title": title_of(row.recipe),
        "figures": shown,
        "at_work": row.state in AT_WORK,
        "judged": SimpleLazyObject(lambda: judge_figures(row)),
        "latest": SimpleLazyObject(lambda: _latest(seat, row)),
        "hidden": SimpleLazyObject(lambda: Sample.objects.filter(run=row).exists()),  # asked where none may be told
        "scored": SimpleLazyObject(lambda: _scored(row)),
        "mean_rate": SimpleLazyObject(lambda: shown.calls.answered / elapsed if elapsed else 0.0),
        "share": SimpleLazyObject(lambda: _share(row, shown)),
        "waiting": SimpleLazyObject(
            lambda: capped_count(Sample.objects.filter(run=row, state=Sample.State.NEEDS_REVIEW))
        ),
        "failures": SimpleLazyObject(lambda: _failures(row, shown, blind=not may_read(seat, row))),
        "elapsed": elapsed,
        "source": SimpleLazyObject(lambda: source_name(row, at=row.source_at)),
        "repeats": SimpleLazyObject(lambda: share_of(shown.stages)),
        "events": row.events.order_by("id")[:EVENTS],
        "models": SimpleLazyObject(lambda: part_shares(row)),
        "tried": SimpleLazyObject(lambda: tried_prompts(row)),
        "slots": SimpleLazyObject(lambda: [slot.name for made, slot in all_slots() if made.needs_model]),
        "coverage": SimpleLazyObject(lambda: coverage_of(row)),
        "may_edit": seat.may(Role.EDITOR),
        "may_retry": row.state
        in (Run.State.COMPLETED_WITH_ERRORS, Run.State.FAILED, Run.State.RUNNING, Run.State.PAUSED),
    }
    return render_page(request, "generation/run.html", context)


def _latest(seat: Seat, row: Run) -> list[Sample]:
    """The newest rows that may be told; prompts that pairs hang on only where a run made nothing else."""
    rows = told_of(seat, run=row.pk, rows=Sample.objects.filter(run=row)).order_by("-id")
    return list(rows.exclude(state=Sample.State.GENERATED)[:LATEST]) or list(rows[:LATEST])


def _scored(row: Run) -> list[Sample]:
    """Some of the samples that the run drew and scored; the first few hundred are looked at."""
    drawn = [pk for pk, _revision in row.pinned.get("samples", ())][:LOOKED_AT]
    rows = Sample.objects.filter(project=row.project, pk__in=drawn).order_by("pk")
    return [each for each in rows if any(score.get("run") == row.pk for score in each.scores.values())][:LATEST]


def _share(row: Run, shown: RunFigures) -> int:
    """Percent of the planned tasks that are over; a run at work never shows a hundred, because more may be planned."""
    items = shown.items
    share = 100 * (items.planned - items.waiting) // items.planned if items.planned else 0
    return min(share, 99) if row.state in AT_WORK else share


def _run_or_404(seat: Seat, run_id: int) -> Run:
    rows = Run.objects.select_related("endpoint", "started_by")
    return get_object_or_404(rows, project=seat.project, pk=run_id)


def _failures(row: Run, shown: RunFigures, *, blind: bool) -> list[dict[str, Any]]:
    """Each kind of failure with the beginning of its newest raw reply, which the `blind` do not see."""
    if blind:
        return [{"figure": each, "call": None, "head": ""} for each in shown.failures]
    newest = [each.newest_call for each in shown.failures if each.newest_call]
    calls = Call.objects.filter(run=row, pk__in=newest).annotate(head=Substr("raw", 1, EXCERPT)).defer("raw", "request")
    by_id = {call.pk: call for call in calls}
    return [{"figure": each, "call": call, "head": _text(call.head if call else b"")}  # type: ignore[attr-defined]
            for each in shown.failures for call in [by_id.get(each.newest_call)]]  # fmt: skip


def _text(raw: Any) -> str:
    """Bytes as text for people; what is not UTF-8 shows as replacement characters."""
    data = raw.encode() if isinstance(raw, str) else bytes(raw or b"")
    return data.decode("utf-8", "replace")


def _change(request: HttpRequest, seat: Seat, row: Run) -> None:
    what = request.POST.get("do", "")
    try:
        if what == "pause":
            pause_run(row)
        elif what == "resume":
            resume_run(row)
        elif what == "cancel":
            cancel_run(row)
        elif what == "retry":
            taken = retry_failed(row)
            words = ngettext("%(n)d task is tried again.", "%(n)d tasks are tried again.", taken)
            messages.success(request, words % {"n": taken})
        elif what == "save_prompt":
            _save_prompt(request, row)
        elif what == "look":
            look_at_run(seat, run=row, now=timezone.now())
        elif what == "budget":
            _set_budget(request, row)
        elif what == "clear_alarm":
            _clear_alarm(request, row)
    except TransitionError:
        messages.warning(request, _("The run moved on in the meantime; nothing was changed."))


def _save_prompt(request: HttpRequest, row: Run) -> None:
    slot, draft = request.POST.get("slot", ""), number_in(request.POST.get("draft", "")) or 0
    try:
        made, _known = slot_named(slot, language=row.language)
        version = save_tried(row, draft=draft, recipe=made, slot=slot, by=request.user, now=timezone.now())  # type: ignore[arg-type]
    except (UnknownSlotError, Draft.DoesNotExist):
        messages.error(request, _("There is no such prompt or instruction any more."))
    except FaultyPromptError as error:
        messages.error(request, template_fault(error.faults[0].code, error.faults[0].name))
    else:
        messages.success(request, _("Saved as version %(n)d of %(slot)s.") % {"n": version.number, "slot": slot})


def _clear_alarm(request: HttpRequest, row: Run) -> None:
    try:
        count = clear_alarm(row, by=request.user, now=timezone.now())  # type: ignore[arg-type]
    except NoAlarmError:
        messages.warning(request, _("There is no alarm any more."))
    else:
        words = ngettext("%(n)d pair may leave again.", "%(n)d pairs may leave again.", count)
        messages.success(request, words % {"n": count})


def _set_budget(request: HttpRequest, row: Run) -> None:
    text = request.POST.get("budget", "").strip()
    try:
        budget = int(Decimal(text) * MICRO) if text else None
    except (ArithmeticError, ValueError):  # no number, or one that no cap needs to be
        budget = -1
    if budget is not None and not 0 < budget < 2**62:
        messages.error(request, _("A cap is an amount like 5 or 2.50."))
        return
    try:
        raise_budget(row, budget_micro=budget)
    except StartRefusedError:
        messages.error(request, _("The price of this model was not known at the start, so no cap can be kept."))
    else:
        messages.success(request, _("The cap is changed."))


@require_safe
def call(request: HttpRequest, slug: str, run_id: int, call_id: int) -> HttpResponse:
    """One call: what was sent, and what came back byte for byte. `?raw` saves the bytes as a file.

    Of a run that wrote answers to compare, only who looked at the run sees texts.
    """
    seat = seat_in(request.user, slug)
    row = get_object_or_404(
        Call.objects.select_related("run__endpoint", "item", "reused_from", "endpoint", "batch"),
        pk=call_id,
        run=_run_or_404(seat, run_id),
    )
    blind = not may_read(seat, row.run)
    if "raw" in request.GET:
        if blind:
            raise PermissionDenied
        name = f'attachment; filename="call-{row.pk}.txt"'
        return HttpResponse(
            bytes(row.raw), content_type="application/octet-stream", headers={"Content-Disposition": name}
        )
    tries = (
        Call.objects.filter(item=row.item, step=row.step, index=row.index)
        .defer("raw", "request", "text")
        .order_by("attempt")
    )
    context = {
        "seat": seat, "call": row, "run": row.run, "raw": "" if blind else _text(row.raw), "tries": tries,
        "reused": row.reused, "blind": blind, "may_look": seat.may(Role.EDITOR),
    }  # fmt: skip
    return render_page(request, "generation/call.html", context)
