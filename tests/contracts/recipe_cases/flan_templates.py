"""FLAN templates on the demo seeds and on approved conversations."""

from generation.types import SampleView, Sources
from tests.contracts.recipe_cases.base import Case, demo_seeds


def _sources(language: str) -> Sources:
    samples = [SampleView(1, 1, "Where is it?", history=(("Hello", "Hello!"),), language=language, output="")]
    return Sources([*demo_seeds(f"demo_seeds.{language}.jsonl"), *demo_seeds("sentiment_demo.json")], samples)


CASE = Case(
    sources=_sources, params={"rephrasings": 2}, notes=frozenset({"fewer_examples"}), many={"max_rows": 20},
    reasons=frozenset({
        "missing_answer", "over_target", "wrong_language", "variables_changed", "seen_before", "invalid_json"
    }),
)  # fmt: skip
