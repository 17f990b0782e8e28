"""What a run will take, said before a command starts it: counted by the recipe, priced by a measured preview."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from generation.actions.estimates import Estimate, Measured, estimate
from generation.actions.previews import preview_of, start_preview
from generation.actions.sources import NothingChosenError, pinned, stock_of
from generation.actions.starts import StartRefusedError, Wish
from generation.management.at_work import work
from generation.models import Project
from generation.recipes import recipe

UNCONFIRMED = 5
"""It may cost more than may be spent without a word, and nobody said yes."""

CONFIRM_ABOVE = 1_000_000
"""Micro-units of whatever currency: a run that may cost more wants somebody's yes."""

MICRO = 1_000_000


def confirmed(
    project: Project, wish: Wish, *, key: str, yes: bool, ask: Callable[[str], bool], say: Callable[[str], object],
    now: datetime,
) -> Measured | None:  # fmt: skip
    """Says what the run will take and returns what a preview measured; `CommandError` when nobody agrees to the cost.

    A run by rules costs nothing and needs no preview.
    """
    expected = _expected(project, wish, None, now)
    if expected.free:
        return None
    run = start_preview(project, wish=wish, by=None, now=now, start_key=f"preview-{key}"[:64])
    found = preview_of(work(run, tell=lambda _run: None))
    measured = Measured(found.calls, found.tokens_in, found.tokens_out, found.seconds)
    expected = _expected(project, wish, measured, now)
    sentence = _sentence(expected, found.cost_micro)
    say(sentence)
    most = expected.micro[1] if expected.cost else None
    cap = wish.budget_micro
    worst = min(most, cap) if most is not None and cap is not None else most if most is not None else cap
    if not yes and (worst is None or worst > CONFIRM_ABOVE) and not ask(_("Start?")):
        raise CommandError(_("Not started: --yes says that this may be spent."), returncode=UNCONFIRMED)
    return measured


def _expected(project: Project, wish: Wish, measured: Measured | None, now: datetime) -> Estimate:
    try:
        stock = stock_of(pinned(project, recipe=recipe(wish.recipe), choice=wish.choice))
    except NothingChosenError as error:
        raise StartRefusedError(f"no_{error.source}") from None
    return estimate(wish, stock=stock, on=now.date(), measured=measured)


def _sentence(expected: Estimate, spent: int) -> str:
    calls = f"{expected.calls[0]}-{expected.calls[1]}"
    if expected.cost is None:
        return _("%(calls)s calls; the price of this model is not known, so neither is the cost.") % {"calls": calls}
    return _("%(calls)s calls, %(low)s-%(high)s %(currency)s by a preview that cost %(spent)s.") % {
        "calls": calls, "low": f"{expected.micro[0] / MICRO:.2f}", "high": f"{expected.micro[1] / MICRO:.2f}",
        "currency": expected.currency, "spent": f"{spent / MICRO:.4f}",
    }  # fmt: skip
