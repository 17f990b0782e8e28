"""What a person may set for a run that writes candidates and pairs the best with the worst."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from generation.recipes.judging.params import JudgedParams
from generation.recipes.sifting import ApprovedNovelty
from generation.types import N_


class Params(JudgedParams):
    """Four candidates as in UltraFeedback, warmer from one to the next."""

    candidates: int = Field(
        4, ge=2, le=9, title=N_("Candidates for each prompt"),
        description=N_("Where several models are chosen, they take turns."),
    )  # fmt: skip
    temperature: float = Field(0.7, ge=0.0, le=2.0, title=N_("Temperature of the first candidate"))
    spread: float = Field(
        0.3, ge=0.0, le=2.0, title=N_("Warmer up to the last"),
        description=N_("The last candidate’s temperature is so much higher; those between lie between."),
    )  # fmt: skip
    judge: Literal["single", "pairwise", "aspects", "g_eval", "heuristics"] = Field("single", title=N_("Judge"))
    strategy: Literal["best_worst", "best_random", "adjacent", "all_pairs", "best_vs_rest", "threshold"] = Field(
        "best_worst", title=N_("Which answers form pairs")
    )
    answer_tokens: int = Field(1024, ge=64, le=16_384, title=N_("Most tokens of an answer"))
    approved_novelty: ApprovedNovelty = "off"
    most_rows: int = Field(0, ge=0, le=2_000_000, title=N_("Most prompts"), description=N_("0: all rows."))
    wave_size: int = Field(100, ge=1, le=10_000, title=N_("Prompts in a wave"))
