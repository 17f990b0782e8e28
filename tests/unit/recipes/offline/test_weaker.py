"""Rules that answer for two models carry two names, so that figures by model say something."""

import pytest

from generation.recipes import offline


@pytest.mark.parametrize(
    ("stage", "part", "weaker"),
    [
        ("model_comparison.answer", "", False),
        ("model_comparison.answer", "low", True),
        ("generate_pairs.answer", "second", True),
        ("generate_pairs.answer", "third", False),
        ("judging.pairwise", "judge", False),
        ("self_instruct.invent", "low", False),
    ],
)
def test_what_answers_for_the_weaker_model_is_told_apart(stage, part, weaker):
    assert offline.weak(stage, part) is weaker
