"""Ways of choosing rows that somebody published, each with its source: what the form of a selection begins with."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from generation.quality.selection import MISALIGNED_OVER
from generation.quality.selection.score_rows import OUTPUT_LENGTH


@dataclass(frozen=True, slots=True)
class Preset:
    """A way of choosing. `needs` are the scores that it cannot do without (of several tuples one must be there whole);
    `values` is what the form's fields begin with."""

    code: str
    title: Any
    told: Any
    paper: str
    needs: Sequence[tuple[str, ...]] = ()
    values: Mapping[str, Any] = field(default_factory=dict)

    def usable(self, aspects: Collection[str]) -> bool:
        """Whether the project has the scores that it needs."""
        return not self.needs or any(set(each) <= set(aspects) for each in self.needs)

    def initial(self, aspects: Collection[str]) -> dict[str, Any]:
        """What the fields begin with, the scores being those that are there."""
        found = next((each for each in self.needs if set(each) <= set(aspects)), ())
        scores = dict(zip(("quality", "complexity"), (*found, "", ""), strict=False))
        return {**scores, **self.values}


PRESETS: tuple[Preset, ...] = (
    Preset(
        "deita", _("Quality × complexity"),
        _("The best by both scores, each passed over that is like one taken before."), "2312.15685",
        needs=(("quality", "complexity"),),
        values={"w_quality": 1.0, "w_complexity": 1.0, "w_novelty": 0.0, "limit": 0.9},
    ),
    Preset(
        "diverse", _("Diverse first"),
        _("Each time the row that is least like those taken. Needs no scores; takes outliers too."), "1708.00489",
        values={"quality": "", "complexity": "", "w_quality": 0.0, "w_complexity": 0.0, "w_novelty": 1.0, "limit": 0.9},
    ),
    Preset(
        "ifd", _("Hardest to follow"),
        _("The highest IFD first; over 1 question and answer do not belong together. A tenth of the rows."),
        "2308.12032",
        needs=(("ifd_loss_ratio",), ("ifd_perplexity_ratio",)),
        values={
            "w_quality": 1.0, "w_complexity": 0.0, "w_novelty": 0.0, "limit": None, "ceiling": MISALIGNED_OVER,
            "many": "percent", "share": 10,
        },
    ),
    Preset(
        "longest", _("Longest answers"),
        _("A plain rule that is hard to beat: the longest answers of the pool. It rewards length alone."), "2402.04833",
        values={
            "quality": OUTPUT_LENGTH, "complexity": "", "w_quality": 1.0, "w_complexity": 0.0, "w_novelty": 0.0,
            "limit": 0.9,
        },
    ),
)  # fmt: skip


def preset_named(code: str, aspects: Collection[str]) -> Preset:
    """The one of that name where it can be used, else the first that can: Deita's where rows are scored, else the one
    that needs no scores."""
    usable = [each for each in PRESETS if each.usable(aspects)]
    return next((each for each in usable if each.code == code), usable[0])
