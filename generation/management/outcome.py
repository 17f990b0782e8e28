"""What a run brought, on a terminal: a line that moves while it works, a few lines at its end, and a file."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from generation import formats, words
from generation.figures import RunFigures, figures
from generation.formats import format_named
from generation.management import files, lineage
from generation.models import Run, Sample
from generation.types import Example

_BAR = 24
_SILENT_BEAT = 10.0


class Progress:
    """One line on a terminal that is written over; a line every ten seconds everywhere else."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self._moving = stream.isatty()
        self._last = self._began = time.monotonic()

    def tell(self, run: Run) -> None:
        """How the run stands."""
        now = time.monotonic()
        if not self._moving and now - self._last < _SILENT_BEAT:
            return
        self._last = now
        line = _standing(run, figures(run, now=timezone.now()))
        self._stream.write(f"\r{line}\x1b[K" if self._moving else line, ending="" if self._moving else "\n")
        self._stream.flush()

    def end(self) -> None:
        """Takes the moving line away."""
        if self._moving:
            self._stream.write("\r\x1b[K", ending="")
            self._stream.flush()


def summary(run: Run, *, now: datetime) -> Iterator[str]:
    """What was asked, what it cost, what came of it, and every reason why drafts were dropped."""
    found = figures(run, now=now)
    calls = found.calls
    yield _("%(answered)d calls answered, %(failed)d failed; %(cost)s spent") % {
        "answered": calls.answered, "failed": calls.failed, "cost": _money(run),
    }  # fmt: skip
    for stage in found.stages:
        told = [f"{stage.stage}: {stage.admitted} {_('admitted')}"]
        told += [f"{count} {words.DROP_REASONS.get(reason, reason)}" for reason, count in stage.dropped]
        yield " · ".join(str(each) for each in told)
    samples = Sample.objects.filter(run=run, state=Sample.State.NEEDS_REVIEW).count()
    yield ngettext("%(n)d sample waits for review", "%(n)d samples wait for review", samples) % {"n": samples}


def write_samples(run: Run, path: Path) -> int:
    """The run's samples as Alpaca JSON lines, whatever people said of them so far, but none that was rejected."""
    rows = Sample.objects.filter(run=run).exclude(output="").order_by("id")
    kept = rows.filter(state__in=[Sample.State.NEEDS_REVIEW, Sample.State.APPROVED])
    with files.writing(path) as file:
        count = formats.write((_example(row) for row in kept.iterator()), file, chosen=format_named("alpaca"))
    places = kept.values_list("pk", "seed_id")
    lineage.write(path, trails=([{"run": run.pk, "sample": pk, "seed": seed}] for pk, seed in places))
    return count


def _example(row: Sample) -> Example:
    view = row.view()
    return Example(view.instruction, view.input, view.output, view.system)


def _standing(run: Run, found: RunFigures) -> str:
    goal, items = found.goal, found.items
    reached, wanted = (goal.admitted, goal.wanted) if goal else (items.done + items.failed, items.planned)
    filled = min(_BAR, _BAR * reached // max(1, wanted))
    bar = "█" * filled + "░" * (_BAR - filled)
    told = [f"{bar} {reached}/{wanted}", _("%(n)d calls") % {"n": found.calls.answered}, f"{found.rate:.1f}/s"]
    if run.spent_micro:
        told.append(_money(run))
    if found.seconds_left is not None:
        told.append(_("%(n)d s left") % {"n": round(found.seconds_left)})
    return " · ".join(told)


def _money(run: Run) -> str:
    return f"{run.spent_micro / 1_000_000:.4f} {run.currency}" if not run.offline else "0"
