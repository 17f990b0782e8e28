"""Answers of different length to the demo seeds, ranked anew."""

from generation.types import AnswerView, SampleView, Sources
from tests.contracts.recipe_cases.base import Case, demo_seeds

_ENDS = {
    "en": ("Well.", "That is all there is to say about it, and more than was asked.", "Nobody knows."),
    "zh": ("好的。", "关于这件事能说的都在这里，比所问的还要多。", "没有人知道。"),
}


def demo_answers(language: str) -> list[SampleView]:
    """Each demo seed with its output and three more answers, the first and the last of them saying the same."""
    rows = [seed for seed in demo_seeds(f"demo_seeds.{language}.jsonl") if seed.instances]
    made = []
    for n, seed in enumerate(rows, 1):
        one, two, three = _ENDS[language]
        texts = (seed.instances[0].output, one, f"{one} {two}" if n % 2 else three, one)
        answers = tuple(AnswerView(10 * n + at, text) for at, text in enumerate(texts))
        made.append(SampleView(n, 1, seed.instruction, seed.instances[0].input, language=language, answers=answers))
    last = made[-1]
    return [*made, SampleView(last.id + 1, 1, "Say nothing.", language=language, answers=last.answers[1::2])]


CASE = Case(
    sources=lambda language: Sources(samples=demo_answers(language)),
    reasons=frozenset({"too_few_answers", "tie"}),
)
