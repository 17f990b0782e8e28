"""Critique and revision of the demo seeds' answers."""

from generation.types import Sources
from tests.contracts.recipe_cases.base import Case, demo_seeds

CASE = Case(
    sources=lambda language: Sources(demo_seeds(f"demo_seeds.{language}.jsonl")),
    reasons=frozenset({"unchanged", "speaks_of_the_revision", "wrong_language", "empty_output"}),
    params={"pairs": True},
    many={"first_answer": "ask"},
)
