"""Conversations begun from the demo seeds."""

from generation.types import Sources
from tests.contracts.recipe_cases.base import Case, demo_seeds

CASE = Case(
    sources=lambda language: Sources(demo_seeds(f"demo_seeds.{language}.jsonl")),
    reasons=frozenset({"ends_early", "repeats_itself", "role_swap", "refusal", "wrong_language", "nothing_parsed"}),
    least=8,
)
