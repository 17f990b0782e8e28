"""A short search on the demo seeds. It brings instructions, which are no rows for people."""

from generation.types import Sources
from tests.contracts.recipe_cases.base import Case, demo_seeds

CASE = Case(
    sources=lambda language: Sources(demo_seeds(f"demo_seeds.{language}.jsonl")),
    reasons=frozenset({"nothing_parsed", "seen_before", "tag_in_text", "too_long"}),
    params={"steps": 3, "candidates": 4, "train_rows": 6, "held_out_rows": 4, "evaluate_every": 2},
    many={"steps": 2},
    least=0,
)
