"""What speaks against exporting a version: warnings of its readiness, and what has changed since it was frozen."""

from __future__ import annotations

from generation.access import Seat
from generation.models import PreferencePair
from review.mixes.readiness import Remark, readiness
from review.mixes.recipe import Recipe
from review.mixes.uses import use_named
from review.models import Dataset, DatasetVersion
from review.pair_rules import may_leave
from review.reports.counts import figures_for

LOOKED_THROUGH = 20_000


def doubts(seat: Seat, version: DatasetVersion) -> list[Remark]:
    """What speaks against exporting a version as it is: warnings and errors of its readiness, and pairs that have been
    held back since it was frozen (looked for up to `LOOKED_THROUGH` rows); as far as the person may know."""
    recipe = Recipe.from_config(version.config)
    found = readiness(use_named(recipe.use), rows=version.rows, figures=figures_for(seat, version))
    grave = [remark for remark in found if remark.level in ("error", "warning")]
    if version.dataset.kind == Dataset.Kind.PREFERENCE and version.rows <= LOOKED_THROUGH:
        ready = any(source.selection.ready for source in recipe.sources)
        leaving = PreferencePair.objects.filter(may_leave(ready=ready)).values("pk")
        if held := version.pins.exclude(pair__in=leaving).count():
            grave.insert(0, Remark("held_since", "warning", {"rows": held}))
    return grave
