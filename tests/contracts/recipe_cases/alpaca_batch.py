"""Alpaca batches on the demo seeds."""

from generation.types import Sources
from tests.contracts.recipe_cases.base import Case, demo_seeds

CASE = Case(
    sources=lambda language: Sources(demo_seeds(f"demo_seeds.{language}.jsonl")),
    reasons=frozenset(
        {
            *("empty_instruction", "control_characters", "too_short", "too_long", "blocked_word", "write_a_program"),
            *("starts_with_punctuation", "non_ascii_start", "wrong_language", "too_similar", "over_target"),
            *("nothing_parsed", "malformed_block", "input_equals_output", "empty_output", "refusal"),
            "placeholder_output",
        }
    ),
    many={"target": 60},
)
