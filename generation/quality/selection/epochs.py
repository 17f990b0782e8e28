"""How often a budget of training repeats the rows, and which tier bears that.

Two findings stand behind the advice. Repeating data up to about four times is nearly as good as new data, and what more
repetition adds fades (arXiv 2305.16264, pretraining of language models). Strict filtering wins while the budget is
small and loses when the small pool is repeated many times (arXiv 2404.07177, pictures with captions for CLIP). Neither
was shown for fine-tuning: this is advice, and it says where it comes from.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

MOST_EPOCHS = 4.0
SOURCES = (("arXiv 2404.07177", "clip_pictures"), ("arXiv 2305.16264", "language_pretraining"))
"""The papers and the domain that each was shown in."""
Level = Literal["ok", "warn", "empty"]


@dataclass(frozen=True, slots=True)
class TierEpochs:
    """A tier under a budget. `advised` marks the one to take; "warn" is more than `MOST_EPOCHS` passes."""

    share: float
    rows: int
    epochs: float | None
    level: Level
    advised: bool = False


@dataclass(frozen=True, slots=True)
class Advice:
    """`code` is "strictest" (the strictest tier already lasts), "wider" (a wider one lasts) or "too_few" (none lasts:
    make rows, or train shorter: `lacking` more rows would do), "none" without rows or budget."""

    code: Literal["strictest", "wider", "too_few", "none"]
    tiers: tuple[TierEpochs, ...]
    lacking: int = 0


def epochs(*, budget: float, rows: int) -> float | None:
    """Passes over the rows for a budget in samples seen; None for no rows."""
    return budget / rows if rows > 0 else None


def samples_of(*, tokens: float, tokens_a_row: float) -> float:
    """A budget in tokens as samples seen."""
    return tokens / tokens_a_row if tokens_a_row > 0 else 0.0


def advise(tiers: Sequence[tuple[float, int]], *, budget: float, most: float = MOST_EPOCHS) -> Advice:
    """The tiers (share in percent, rows) under a budget in samples seen: the strictest that is repeated at most `most`
    times is advised, else the widest. Exactly `most` is no warning."""
    found: list[TierEpochs] = []
    for share, rows in sorted(tiers):
        passes = epochs(budget=budget, rows=rows)
        level: Level = "empty" if passes is None else "warn" if passes > most else "ok"
        found.append(TierEpochs(share, rows, passes, level))
    full = [each for each in found if each.rows]
    if not full or budget <= 0:
        return Advice("none", tuple(found))
    lasting = [each for each in full if each.level == "ok"]
    best = lasting[0] if lasting else full[-1]
    code: Literal["strictest", "wider", "too_few"] = (
        "too_few" if not lasting else "strictest" if best is full[0] else "wider"
    )
    marked = tuple(TierEpochs(e.share, e.rows, e.epochs, e.level, e is best) for e in found)
    return Advice(code, marked, 0 if lasting else int(-(-budget // most)) - best.rows)
