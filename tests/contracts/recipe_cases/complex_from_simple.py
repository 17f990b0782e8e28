"""Complex from simple on the demo seeds."""

from generation.types import Sources
from tests.contracts.recipe_cases.base import Case, demo_seeds

CASE = Case(
    sources=lambda language: Sources(demo_seeds(f"demo_seeds.{language}.jsonl")),
    reasons=frozenset({"constraint_unmet", "equal_texts", "no_revision", "refusal"}),
    notes=frozenset({"constraint_unmet", "constraint_broken", "own_keywords"}),
    many={"unmet": "note"},
)
