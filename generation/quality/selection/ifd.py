"""Instruction-following difficulty from losses that were measured elsewhere: FDC runs no model of its own.

IFD (arXiv 2308.12032, Cherry_LLM) is the mean loss of an answer's tokens given its question over their mean loss alone.
Over 1 the question makes the answer harder to foretell, so the two do not belong together; below it, the highest are
the rows to learn from. A variant divides perplexities instead: its figures are on another scale and never mixed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil, exp, inf, isfinite
from typing import Literal

Variant = Literal["loss_ratio", "perplexity_ratio"]
VARIANTS: tuple[Variant, ...] = ("loss_ratio", "perplexity_ratio")
MISALIGNED_OVER = 1.0
KEPT_SHARE = 0.1
_MOST = 700.0


@dataclass(frozen=True, slots=True)
class Losses:
    """A row's mean loss in nats a token of its answer, given the question and alone."""

    id: int
    given: float
    alone: float


@dataclass(frozen=True, slots=True)
class Measured:
    """A row with its figure."""

    id: int
    ifd: float


@dataclass(frozen=True, slots=True)
class IfdChoice:
    """`kept` from the highest down, `rest` after them in the same order, `misaligned` over 1 from the highest down,
    `unusable` the ids whose losses allow no figure. `variant` is stored with every figure."""

    variant: Variant
    kept: tuple[Measured, ...]
    rest: tuple[Measured, ...]
    misaligned: tuple[Measured, ...]
    unusable: tuple[int, ...]


def ifd(losses: Losses, *, variant: Variant = "loss_ratio") -> float | None:
    """The row's figure; None where a loss is negative or no number, or the answer alone has none to divide by."""
    if not (isfinite(losses.given) and isfinite(losses.alone)) or losses.given < 0 or losses.alone < 0:
        return None
    if variant == "perplexity_ratio":
        return exp(min(_MOST, losses.given - losses.alone))
    figure = losses.given / losses.alone if losses.alone else inf
    return figure if isfinite(figure) else None


def chosen_by_ifd(rows: Iterable[Losses], *, variant: Variant = "loss_ratio", share: float = KEPT_SHARE) -> IfdChoice:
    """Rows over 1 dropped as misaligned, of all usable rows the highest `share` kept (rounded up); equal ones by id."""
    measured: list[Measured] = []
    unusable: list[int] = []
    for each in rows:
        figure = ifd(each, variant=variant)
        if figure is None:
            unusable.append(each.id)
        else:
            measured.append(Measured(each.id, figure))
    measured.sort(key=lambda each: (-each.ifd, each.id))
    aligned = [each for each in measured if each.ifd <= MISALIGNED_OVER]
    many = min(len(aligned), ceil(round(len(measured) * share, 9)))
    over = tuple(each for each in measured if each.ifd > MISALIGNED_OVER)
    return IfdChoice(variant, tuple(aligned[:many]), tuple(aligned[many:]), over, tuple(unusable))
