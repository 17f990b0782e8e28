"""Scores of samples made of the demo seeds."""

from generation.types import SampleView, Sources
from tests.contracts.recipe_cases.base import Case, demo_seeds


def demo_samples(language: str) -> list[SampleView]:
    """Each instance of the demo seeds as an approved sample; the last one has no answer."""
    rows = [
        (seed.instruction, instance.input, instance.output)
        for seed in demo_seeds(f"demo_seeds.{language}.jsonl")
        for instance in seed.instances
    ]
    rows.append((rows[0][0], "", ""))
    return [SampleView(n, 1, *row, language=language) for n, row in enumerate(rows, 1)]


CASE = Case(
    sources=lambda language: Sources(samples=demo_samples(language)),
    reasons=frozenset({"invalid_score", "missing_answer"}),
    many={"aspect": "helpfulness", "rubric": "5: yes. 1: no."},
)
