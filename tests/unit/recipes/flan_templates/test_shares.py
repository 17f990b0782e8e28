"""The four types, templates and styles come out in the wished shares by quota, and the same for the same seed."""

from collections import Counter

import pytest
from pydantic import ValidationError

from generation.recipes import recipe
from generation.recipes.flan_templates.params import TYPES, Params
from generation.types import Instance, SeedView, Sources
from tests.contracts.playing import Play

FLAN = recipe("flan_templates")


def questions(count: int, *, language: str = "en", **more) -> list[SeedView]:
    words = "{}. Where does river number {} rise?" if language == "en" else "第{}个问题：第{}条河发源于哪里？"
    answer = "In valley {}" if language == "en" else "第{}号山谷"
    return [
        SeedView(n, words.format(n, n), (Instance("", answer.format(n)),), language=language, **more)
        for n in range(1, count + 1)
    ]


def played(seeds, *, language="en", random_seed=1, **params) -> Play:
    return Play(FLAN, Params(**params), Sources(seeds), language, random_seed).run()


def counted(play: Play, aspect: str) -> Counter[str]:
    return Counter(draft.counted[aspect] for draft in play.made() if aspect in draft.counted)


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(("rows", "wave_size"), [(100, 2000), (103, 10), (30, 7), (1, 4)])
def test_004_19_each_of_the_four_types_has_25_percent_within_rounding(rows, wave_size, language):
    found = counted(played(questions(rows, language=language), language=language, wave_size=wave_size), "type")
    assert found.total() == rows
    if rows > 1:
        assert set(found) == set(TYPES)
        assert all(abs(found[each] - rows / 4) < 1 for each in TYPES)


def test_004_19_weights_move_the_shares_and_chance_only_which_row_has_which():
    seeds = questions(80)
    one, again, other = (
        played(seeds, type_weights=["1", "1", "2", "4"], random_seed=seed) for seed in (1, 1, 2)
    )  # fmt: skip
    assert counted(one, "type") == {"zero_shot_options": 10, "zero_shot": 10, "few_shot_options": 20, "few_shot": 40}
    assert one.made() == again.made()
    assert one.made() != other.made()
    assert counted(one, "type") == counted(other, "type")


def test_004_19_rows_with_steps_become_chains_of_thought_in_their_share():
    steps = {"rationale": "It springs in the hills and runs north."}
    play = played(questions(40, fields=steps), cot_share=0.25)
    assert counted(play, "style") == {"chain_of_thought": 10, "direct": 30}
    thinking = [draft for draft in play.made() if draft.counted["style"] == "chain_of_thought"]
    assert all(draft.output.startswith("It springs in the hills") for draft in thinking)
    assert all(" The answer is In valley " in draft.output for draft in thinking)
    alone = [draft for draft in thinking if draft.counted["type"].startswith("zero")]
    assert alone
    assert all("step" in draft.instruction or "reasoning" in draft.instruction for draft in alone)


def test_rows_that_take_no_options_leave_them_to_the_others():
    """Half the answers are too long for options: those rows take the types without, and the shares still come out."""
    seeds = questions(20)
    long = [SeedView(n, f"Tell of {n}.", (Instance("", f"{n} " + "word " * 60),), language="en") for n in range(50, 70)]
    assert set(counted(played([*seeds, *long]), "type").values()) == {10}


def test_every_template_of_a_kind_is_used_alike():
    found = counted(played(questions(200)), "template")
    assert found == {f"qa.{number}": 20 for number in range(1, 11)}


def test_shots_follow_the_template_five_two_one():
    play = played(questions(60), type_weights=["0", "0", "0", "1"])
    for draft in play.made():
        number = int(draft.counted["template"].rpartition(".")[2])
        assert draft.counted["shots"] == "521"[(number - 1) % 3]


def test_no_few_shot_text_is_longer_than_its_limit():
    seeds = [SeedView(n, f"{n} is what?", (Instance("", f"{n}: " + "so it is " * 40),)) for n in range(1, 30)]
    play = played(seeds, type_weights=["0", "0", "0", "1"], few_shot_tokens=300)
    assert all(len(draft.instruction) <= 4 * 300 for draft in play.made())
    assert max(counted(play, "shots")) < "5"


@pytest.mark.parametrize("weights", [["1"], ["1", "1", "1", "-1"], ["0"] * 4, ["a", "1", "1", "1"]])
def test_weights_that_are_none_are_refused(weights):
    with pytest.raises(ValidationError, match="weights_must_be_positive_numbers"):
        Params(type_weights=weights)


@pytest.mark.parametrize("shots", [[], ["0"], ["9"], ["two"]])
def test_numbers_of_examples_are_from_one_to_eight(shots):
    with pytest.raises(ValidationError, match="shots_must_be_numbers"):
        Params(shots=shots)
