"""Input inversion on the demo seeds, a table of labels and a conversation."""

from generation.types import SampleView, Sources
from tests.contracts.recipe_cases.base import Case, demo_seeds

_TALK = {
    "en": (("What is tea?", "Dried leaves in hot water."), "And how long does it need?", "Three to five minutes."),
    "zh": (("茶是什么？", "热水里泡着的干叶子。"), "要泡多久？", "三到五分钟，看茶叶的种类和个人的口味而定。"),
}


def _sources(language: str) -> Sources:
    before, asked, said = _TALK[language]
    samples = [SampleView(1, 1, asked, output=said, history=(before,), language=language),
               SampleView(2, 1, "Say it again.", output="say it again.", language=language)]  # fmt: skip
    return Sources([*demo_seeds(f"demo_seeds.{language}.jsonl"), *demo_seeds("sentiment_demo.json")], samples)


CASE = Case(
    sources=_sources,
    reasons=frozenset({"answer_too_short", "few_inputs_for_label", "same_text_both_sides"}),
    params={"least_answer": 6},
    many={"least_answer": 20},
    least=15,
)
