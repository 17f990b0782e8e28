"""What the pages and the API read of selections: their tiers with how often training would repeat them, their rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet

from generation.access import Seat
from generation.models import Project, Sample
from generation.quality.selection import Advice, TierEpochs, advise, tiers
from review.mixes.recipe import Recipe
from review.models import RankedRow, RowSelection
from review.reports.counts import may_count
from review.selection import Selection
from review.selection_wish import SelectionWish
from review.training_budget import TrainingBudget, tokens_a_row

_WIDTH, _HEIGHT, _LEFT, _TOP = 480, 176, 44, 10
CHOSEN, ALL = "chosen", ""
PARTS = (CHOSEN, "too_similar", "over_budget", "misaligned", "no_score")
"""The parts of an order, in the order in which they stand."""


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
    """Mean quality (upwards) against diversity (to the right) over the weight of novelty; the ends of both axes.
    `here` is the choice that was asked for, of the same rows, which its limit of likeness may lead off the line."""

    dots: Sequence[Dot]
    quality: tuple[float, float]
    diversity: tuple[float, float]
    here: Dot | None = None

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


def selection_seen(
    seat: Seat, selection: RowSelection, *, budget: TrainingBudget = TrainingBudget()  # noqa: B008 - frozen
) -> SelectionSeen:  # fmt: skip
    """The selection with its tiers under a training budget."""
    wish = SelectionWish.from_config(selection.asked)
    if not sees_selections(seat):
        return SelectionSeen(selection, wish, {}, hidden=True)
    told = selection.told
    if not told:
        return SelectionSeen(selection, wish, {})
    a_row = tokens_a_row(seat.project, characters=told.get("characters", 0), rows=told.get("candidates", 0))
    cut = tiers(selection.rows, shares=wish.shares)
    advice = advise([(tier.share, tier.rows) for tier in cut], budget=budget.samples(tokens_a_row=a_row))
    shown = [
        TierSeen(tier.share, tier.rows, each, dataset_query(selection, wish, share=tier.share))
        for tier, each in zip(cut, advice.tiers, strict=True)
    ]
    curve = curve_of(told.get("curve", ()), here=told.get("point"))
    return SelectionSeen(selection, wish, told, shown, advice, curve, a_row)


def ranked_rows(selection: RowSelection, *, after: int = 0, size: int = 50, part: str = CHOSEN) -> list[RankedRow]:
    """The rows of one part from the place `after` on, with their samples; `ALL` for all parts."""
    first, end = _span_of(selection, part)
    rows = RankedRow.objects.filter(selection=selection, place__gte=max(first, after), place__lt=end)
    return list(rows.select_related("sample").order_by("place")[:size])


def liked_texts(rows: Sequence[RankedRow]) -> dict[int, str]:
    """The instructions of the chosen samples that these rows were too like, by id."""
    ids = {row.like for row in rows if row.like}
    return dict(Sample.objects.filter(pk__in=ids).values_list("pk", "instruction")) if ids else {}


def parts_of(told: Mapping[str, Any]) -> list[tuple[str, int]]:
    """The parts of an order with how many rows each has, none that is empty but the chosen one."""
    return [(part, told.get(part, 0)) for part in PARTS if part == CHOSEN or told.get(part, 0)]


def _span_of(selection: RowSelection, part: str) -> tuple[int, int]:
    """The places of a part: parts stand one behind the other, so that none has to be looked for."""
    at, told = 0, selection.told
    for name in PARTS:
        if name == part:
            return at, at + told.get(name, 0)
        at += told.get(name, 0)
    return 0, at


def tokens_of_tiers(project: Project, selections: Sequence[int | None]) -> float:
    """About how many tokens a row of these selections has; 0 where that was not measured."""
    rows = RowSelection.objects.filter(project=project, pk__in=[pk for pk in selections if pk]).values_list("told")
    told = [each for (each,) in rows if each]
    characters, number = (sum(each.get(name, 0) for each in told) for name in ("characters", "candidates"))
    return tokens_a_row(project, characters=characters, rows=number)


def dataset_query(selection: RowSelection, wish: SelectionWish, *, share: float) -> str:
    """The address part of the page of a new version that holds exactly this tier, in its order."""
    told = {"asked": 1, "use": "sft", "split": "all", "s1_ranked": selection.pk, "s1_tier": f"{share:g}"}
    return urlencode(told | ({"s1_without_model": 1} if wish.filter.without_model else {}))


def curve_of(points: Sequence[Mapping[str, Any]], *, here: Mapping[str, Any] | None = None) -> Curve | None:
    """The trade-off ready to be drawn; None without two points that have a quality."""
    known = [each for each in points if each["quality"] is not None]
    if len(known) < 2:
        return None
    mine = [here] if here is not None and here["quality"] is not None else []
    spans = {name: _span([each[name] for each in [*known, *mine]]) for name in ("quality", "diversity")}
    quality, diversity = spans["quality"], spans["diversity"]
    dots = [_dot(each, quality=quality, diversity=diversity) for each in [*known, *mine]]
    return Curve(dots[: len(known)], quality, diversity, dots[-1] if mine else None)


def _dot(point: Mapping[str, Any], *, quality: tuple[float, float], diversity: tuple[float, float]) -> Dot:
    return Dot(
        _at(point["diversity"], diversity, _LEFT, _WIDTH - 16), _at(point["quality"], quality, _HEIGHT - 26, _TOP),
        point["share"], point["quality"], point["diversity"], point["coverage"],
    )  # fmt: skip


def _span(values: Sequence[float]) -> tuple[float, float]:
    low, high = min(values), max(values)
    return (low - 0.5, high + 0.5) if high - low < 1e-9 else (low, high)


def _at(value: float, span: tuple[float, float], start: float, end: float) -> float:
    return round(start + (value - span[0]) / (span[1] - span[0]) * (end - start), 1)
