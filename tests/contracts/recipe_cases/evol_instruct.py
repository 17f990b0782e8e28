"""Evol-Instruct on the demo seeds: two rounds, so that the second evolves what the first brought."""

from generation.types import Sources
from tests.contracts.recipe_cases.base import Case, demo_seeds

CASE = Case(
    sources=lambda language: Sources(demo_seeds(f"demo_seeds.{language}.jsonl")[:12]),
    reasons=frozenset(
        {
            *("no_information_gain", "leaked_markers", "short_apology", "only_stop_words", "unreadable_verdict"),
            *("too_long", "wrong_language", "refusal", "control_characters", "placeholder_output"),
        }
    ),
    notes=frozenset({"unreadable_score"}),
    params={"rounds": 2},
    many={"rounds": 2, "score_difficulty": True, "keep_originals": True},
    least=10,
)
