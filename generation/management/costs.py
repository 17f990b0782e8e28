"""What a run will take, said before a command starts it: counted by the recipe, priced by a measured preview."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from generation.actions.confirming import needs_confirmation
from generation.actions.estimates import Estimate, Measured, expect
from generation.actions.previews import preview_of, start_preview
from generation.actions.starts import Wish
from generation.management.at_work import work
from generation.models import Project

UNCONFIRMED = 5
"""It may cost more than may be spent without a word, and nobody said yes."""

MICRO = 1_000_000


def confirmed(
    project: Project, wish: Wish, *, key: str, yes: bool, ask: Callable[[str], bool], say: Callable[[str], object],
    now: datetime,
) -> Measured | None:  # fmt: skip
    """Says what the run will take and returns what a preview measured; `CommandError` when nobody agrees to the cost.

    A run by rules costs nothing and needs no preview.
    """
    if expect(project, wish=wish, on=now.date()).free:
        return None
    run = start_preview(project, wish=wish, by=None, now=now, start_key=f"preview-{key}"[:64])
    found = preview_of(work(run, tell=lambda _run: None))
    expected = expect(project, wish=wish, on=now.date(), measured=found.measured)
    say(_sentence(expected, found.cost_micro))
    concern = needs_confirmation(project, estimate=expected, budget_micro=wish.budget_micro)
    if concern is not None and not yes and not ask(_("Start?")):
        raise CommandError(_("Not started: --yes says that this may be spent."), returncode=UNCONFIRMED)
    return found.measured


def _sentence(expected: Estimate, spent: int) -> str:
    calls = f"{expected.calls[0]}-{expected.calls[1]}"
    if expected.cost is None:
        return _("%(calls)s calls; the price of this model is not known, so neither is the cost.") % {"calls": calls}
    likely = expected.micro[1] if expected.likely_micro is None else expected.likely_micro
    told = {
        "calls": calls, "low": _money(expected.micro[0]), "high": _money(expected.micro[1]), "likely": _money(likely),
        "currency": expected.currency, "spent": _money(spent),
    }  # fmt: skip
    words = _("%(calls)s calls, likely %(likely)s %(currency)s (%(low)s-%(high)s), by a preview that cost %(spent)s.")
    return words % told


def _money(micro: int) -> str:
    return f"{micro / MICRO:.4f}" if micro < MICRO else f"{micro / MICRO:.2f}"
