"""Conversations of several turns between a simulated user and an assistant, begun from a seed or a sample.

A user with a persona and a wish speaks with the assistant, turn by turn or written down whole (after UltraChat, arXiv
2305.14233, and self-chat, 2304.01196).
"""

from __future__ import annotations

from typing import Any

from generation.recipes.base import RecipeParams, Source, Stage
from generation.recipes.conversations.params import Params
from generation.recipes.conversations.talk import Talk, openings
from generation.types import N_, PoolView, Stock


class Conversations:
    """One stage, one task for each conversation."""

    name = "conversations"
    title = N_("Conversations")
    summary = N_(
        "Lets a simulated user talk with the assistant for several turns, beginning from your seeds or samples."
    )
    paper = "https://arxiv.org/abs/2305.14233"
    needs_model = True
    makes = "conversations"
    reads: tuple[tuple[Source, ...], ...] = (("seeds", "samples"),)
    Params: type[RecipeParams] = Params
    stages: tuple[Stage, ...] = (Talk(),)

    def params_showing(self, slot: str) -> dict[str, Any]:
        """The params under which a run uses the slot."""
        if slot == "conversations.whole":
            return {"asked": "whole"}
        return {"asked": "turn_by_turn", "opening": "persona" if slot == "conversations.opening" else "as_it_is"}

    def planned_calls(self, params: Any, stock: Stock) -> tuple[int, int]:
        """One for each conversation, or one for each turn of either side; the simulated user may end early."""
        count = stock.tasks * params.for_each_row
        if params.asked == "whole":
            return count, count
        return count, count * 2 * params.most_turns

    def finished(self, pool: PoolView, params: Any) -> bool:
        """Whether every row had its conversations, or as many as wanted were admitted."""
        if params.max_rows and len(pool.admitted.get(Talk.name, ())) >= params.max_rows:
            return True
        return pool.planned.get(Talk.name, 0) >= openings(pool, params)

    def goal(self, params: Any) -> tuple[str, int] | None:
        """`max_rows` conversations where it is set."""
        return (Talk.name, params.max_rows) if params.max_rows else None

    def admits(self, stage: str, admitted: int, params: Any) -> bool:
        """Every conversation, up to `max_rows` where it is set."""
        return not params.max_rows or admitted < params.max_rows


RECIPE = Conversations()
