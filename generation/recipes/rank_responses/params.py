"""What a person may set for a run that ranks answers which are there already."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from generation.recipes.judging.params import JudgedParams
from generation.types import N_


class Params(JudgedParams):
    """All judges and all strategies; thumbs pair every good answer with every bad one."""

    judge: Literal["single", "pairwise", "aspects", "g_eval", "uploaded", "heuristics"] = Field(
        "pairwise", title=N_("Judge")
    )
    strategy: Literal["best_worst", "best_random", "adjacent", "all_pairs", "best_vs_rest", "threshold"] = Field(
        "best_worst", title=N_("Which answers form pairs")
    )
    most_pairs: int = Field(
        36, ge=1, le=500, title=N_("Most pairs of a prompt"), description=N_("36 are all pairs of nine answers.")
    )
    most_rows: int = Field(0, ge=0, le=2_000_000, title=N_("Most prompts"), description=N_("0: all rows."))
    wave_size: int = Field(100, ge=1, le=10_000, title=N_("Prompts in a wave"))
