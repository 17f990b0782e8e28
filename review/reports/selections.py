"""What the pages and the API read of selections: their tiers with how often training would repeat them, their rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet

from generation.access import Seat
from generation.models import Project
from generation.quality.selection import SOURCES, Advice, TierEpochs, advise, samples_of, tiers
from review.actions.selections import SelectionWish
from review.mixes.recipe import Recipe
from review.models import RankedRow, RowSelection
from review.reports.counts import may_count
from review.selection import Selection

CHARACTERS_A_TOKEN = {"zh": 1.5, "en": 4.0}
"""A rule of thumb for reckoning before anything is tokenised."""
_WIDTH, _HEIGHT, _LEFT, _TOP = 480, 176, 44, 10


@dataclass(frozen=True, slots=True)
class TierSeen:
    """One tier: its rows, how often the budget would pass over them, and the address part that a dataset of it is
    begun with."""

    share: float
    rows: int
    epochs: TierEpochs
    query: str


@dataclass(frozen=True, slots=True)
class Dot:
    """One point of the trade-off as it is drawn."""

    x: float
    y: float
    share: float
    quality: float
    diversity: float
    coverage: float


@dataclass(frozen=True, slots=True)
class Curve:
    """Mean quality (upwards) against diversity (to the right) over the weight of novelty; the ends of both axes."""

    dots: Sequence[Dot]
    quality: tuple[float, float]
    diversity: tuple[float, float]

    @property
    def line(self) -> str:
        """The points of the line through the dots."""
        return " ".join(f"{dot.x:.1f},{dot.y:.1f}" for dot in self.dots)


@dataclass(frozen=True, slots=True)
class SelectionSeen:
    """A selection as one person may see it; `hidden` where scores may not be told them yet."""

    selection: RowSelection
    wish: SelectionWish
    told: Mapping[str, Any]
    tiers: Sequence[TierSeen] = ()
    advice: Advice | None = None
    curve: Curve | None = None
    tokens_a_row: float = 0.0
    hidden: bool = False


def sees_selections(seat: Seat) -> bool:
    """Whether the person may know in what order scores put the project's samples."""
    return may_count(seat, Recipe.of(Selection(aspect="quality")))


def selections_of(project: Project) -> QuerySet[RowSelection]:
    """The project's selections, newest first."""
    return RowSelection.objects.filter(project=project).select_related("job", "made_by").order_by("-pk")


def selection_seen(seat: Seat, selection: RowSelection, *, budget: float = 0, unit: str = "samples") -> SelectionSeen:
    """The selection with its tiers under a training budget in samples or tokens seen (0: none was named)."""
    wish = SelectionWish.from_config(selection.asked)
    if not sees_selections(seat):
        return SelectionSeen(selection, wish, {}, hidden=True)
    told = selection.told
    if not told:
        return SelectionSeen(selection, wish, {})
    a_row = tokens_a_row(seat.project, characters=told.get("characters", 0), rows=told.get("candidates", 0))
    seen = samples_of(tokens=budget, tokens_a_row=a_row) if unit == "tokens" else budget
    cut = tiers(selection.rows, shares=wish.shares)
    advice = advise([(tier.share, tier.rows) for tier in cut], budget=seen)
    shown = [
        TierSeen(tier.share, tier.rows, each, dataset_query(selection, wish, share=tier.share))
        for tier, each in zip(cut, advice.tiers, strict=True)
    ]
    return SelectionSeen(selection, wish, told, shown, advice, curve_of(told.get("curve", ())), a_row)


def ranked_rows(selection: RowSelection, *, after: int = 0, size: int = 50, reason: str | None = "") -> list[RankedRow]:
    """The rows from the place `after` on, with their samples; of one `reason`, "" for the chosen, None for all."""
    rows = RankedRow.objects.filter(selection=selection, place__gte=after).select_related("sample").order_by("place")
    return list((rows if reason is None else rows.filter(reason=reason))[:size])


def tokens_a_row(project: Project, *, characters: int, rows: int) -> float:
    """About how many tokens a row has, by its characters; an estimate."""
    return characters / rows / CHARACTERS_A_TOKEN.get(project.language[:2], 4.0) if rows else 0.0


def dataset_query(selection: RowSelection, wish: SelectionWish, *, share: float) -> str:
    """The address part of the page of a new version that holds exactly this tier, in its order."""
    told = {"asked": 1, "use": "sft", "split": "all", "s1_ranked": selection.pk, "s1_tier": f"{share:g}"}
    return urlencode(told | ({"s1_without_model": 1} if wish.filter.without_model else {}))


def curve_of(points: Sequence[Mapping[str, Any]]) -> Curve | None:
    """The trade-off ready to be drawn; None without two points that have a quality."""
    known = [each for each in points if each["quality"] is not None]
    if len(known) < 2:
        return None
    spans = {name: _span([each[name] for each in known]) for name in ("quality", "diversity")}
    dots = [
        Dot(_at(each["diversity"], spans["diversity"], _LEFT, _WIDTH - 16),
            _at(each["quality"], spans["quality"], _HEIGHT - 26, _TOP),
            each["share"], each["quality"], each["diversity"], each["coverage"])
        for each in known
    ]  # fmt: skip
    return Curve(dots, spans["quality"], spans["diversity"])


def _span(values: Sequence[float]) -> tuple[float, float]:
    low, high = min(values), max(values)
    return (low - 0.5, high + 0.5) if high - low < 1e-9 else (low, high)


def _at(value: float, span: tuple[float, float], start: float, end: float) -> float:
    return round(start + (value - span[0]) / (span[1] - span[0]) * (end - start), 1)


__all__ = [
    "SOURCES", "Curve", "SelectionSeen", "TierSeen", "curve_of", "dataset_query", "ranked_rows",
    "sees_selections", "selection_seen", "selections_of", "tokens_a_row",
]  # fmt: skip
