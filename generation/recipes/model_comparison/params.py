"""What a person may set for a run that compares two models."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from generation.recipes.judging.params import JudgedParams
from generation.recipes.sifting import ApprovedNovelty
from generation.types import N_


class Params(JudgedParams):
    """Both models sample alike; the judge compares in both orders unless it is told to score."""

    judge: Literal["pairwise", "single", "aspects", "g_eval", "heuristics"] = Field("pairwise", title=N_("Judge"))
    verify: bool = Field(
        True, title=N_("Have every pair verified"),
        description=N_(
            "A stronger model does not always answer better. Off: pairs are unverified, and wait for a judge or people."
        ),
    )  # fmt: skip
    prefers_low: Literal["drop", "swap", "review"] = Field(
        "drop", title=N_("The judge prefers the weaker model"),
        description=N_("drop: no pair. swap: its answer is chosen. review: held back for people."),
    )  # fmt: skip
    scored: bool = Field(
        False, title=N_("Ask for scores as well"),
        description=N_("Besides the comparison each answer is scored; order and margin must both hold."),
    )  # fmt: skip
    strategy: Literal["high_low_model"] = Field("high_low_model", title=N_("Which answers form pairs"))
    temperature: float = Field(0.7, ge=0.0, le=2.0, title=N_("Temperature of the answers"))
    answer_tokens: int = Field(1024, ge=64, le=16_384, title=N_("Most tokens of an answer"))
    approved_novelty: ApprovedNovelty = "off"
    most_rows: int = Field(0, ge=0, le=2_000_000, title=N_("Most prompts"), description=N_("0: all rows."))
    wave_size: int = Field(200, ge=1, le=10_000, title=N_("Prompts in a wave"))
