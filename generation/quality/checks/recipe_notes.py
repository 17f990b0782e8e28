"""What a recipe noticed while it made the draft, carried in the draft's data as `notes`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from generation.types import N_, Draft, Finding


class RecipeNotes:
    """Shows the recipe's own notes beside the other findings. Never drops."""

    name = "recipe_notes"
    title = N_("Notes of the recipe")

    def __call__(self, draft: Draft, settings: Mapping[str, Any]) -> list[Finding]:
        """One finding for each code in `draft.data["notes"]`."""
        return [Finding(self.name, code) for code in draft.data.get("notes", ())]


CHECK = RecipeNotes()
