"""Two models answer the demo seeds."""

from generation.types import Sources
from tests.contracts.recipe_cases.base import Case, demo_seeds

CASE = Case(
    sources=lambda language: Sources(demo_seeds(f"demo_seeds.{language}.jsonl")),
    reasons=frozenset({"empty_answer", "refusal", "identical", "prefers_low"}),
    least=10,
)
