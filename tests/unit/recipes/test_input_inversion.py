"""Rows turned round: what becomes the request, what becomes the answer, and which rows are left as they are."""

from collections import Counter

import pytest

from generation.recipes import recipe
from generation.types import Draft, Instance, SampleView, SeedView, Sources
from tests.contracts.playing import Play

INVERSION = recipe("input_inversion")
STAGE = "input_inversion.invert"


def played(seeds=(), samples=(), language="en", **params) -> Play:
    return Play(INVERSION, INVERSION.Params(**params), Sources(seeds, samples), language).run()


def only(play: Play) -> Draft:
    (draft,) = play.made()
    return draft


def labelled(texts: int, label: str = "a label of more than twenty characters") -> list[SeedView]:
    return [
        SeedView(n, "Which group is it?", (Instance(f"Text number {n}.", label),), is_classification=True)
        for n in range(1, texts + 1)
    ]


LONG = {"en": "It is made of leaves that were dried.", "zh": "它是用晒干的叶子做成的，泡在热水里，过几分钟就可以喝了。"}
ASKED = {"en": "What is tea made of?", "zh": "茶是用什么做的？"}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_004_21_question_and_answer_change_places_and_carry_the_mark(language):
    seed = SeedView(1, ASKED[language], (Instance("", LONG[language]),), language=language)
    draft = only(played([seed], language=language))
    assert LONG[language] in draft.instruction
    assert ASKED[language] not in draft.instruction
    assert draft.output == ASKED[language]
    assert "inverted" in draft.tags
    assert draft.data["inverted"] is True
    assert draft.seed_ids == (1,)


@pytest.mark.parametrize(("texts", "least", "made"), [(4, 5, 0), (5, 5, 5), (5, 6, 0), (2, 2, 2)])
def test_004_21_a_label_with_fewer_inputs_than_wanted_is_never_turned_round(texts, least, made):
    play = played(labelled(texts), least_inputs=least)
    assert len(play.made()) == made
    assert play.reasons == ({(STAGE, ""): made} if made else {(STAGE, "few_inputs_for_label"): texts})


@pytest.mark.parametrize(("answer", "reason"), [("x" * 19, "answer_too_short"), ("x" * 20, ""),
                                                ("叶" * 19, "answer_too_short"), ("叶" * 20, "")])  # fmt: skip
def test_004_21_an_answer_of_less_than_twenty_characters_is_never_turned_round(answer, reason):
    seed = SeedView(1, ASKED["zh" if "叶" in answer else "en"], (Instance("", answer),))
    assert played([seed]).reasons == {(STAGE, reason): 1}


def test_the_same_input_twice_counts_once_for_its_label():
    rows = [*labelled(4), SeedView(9, "Which group is it?", labelled(1)[0].instances, is_classification=True)]
    assert played(rows).reasons == {(STAGE, "few_inputs_for_label"): 5}


def test_an_input_is_asked_for_beside_its_instruction():
    seed = SeedView(1, "Put it politely.", (Instance("Send it now!", "Could you please send it to me today?"),))
    draft = only(played([seed]))
    assert "Put it politely." in draft.instruction
    assert draft.output == "Send it now!"


def test_a_label_asks_for_a_text_that_has_it():
    draft = played(labelled(5)).made()[0]
    assert "a label of more than twenty characters" in draft.instruction
    assert draft.output == "Text number 1."


@pytest.mark.parametrize(
    ("turns", "wanted"), [("last", ["How long does it draw?"]), ("all", ["What is tea?", "How long does it draw?"])]
)
def test_in_a_conversation_the_turn_before_a_reply_is_asked_for(turns, wanted):
    before = (("What is tea?", "Dried leaves in hot water."),)
    sample = SampleView(7, 1, "How long does it draw?", output="Three to five minutes, as you like.", history=before)
    made = played(samples=[sample], turns=turns).made()
    assert [draft.output for draft in made] == wanted
    assert "Dried leaves in hot water." in made[-1].instruction
    assert all(not draft.history and draft.sample_ids == (7,) for draft in made)


@pytest.mark.parametrize(
    ("question", "output", "steps"),
    [
        ("How much is 3 + 4?", "Three and then four more make seven. The answer is 7.", "Three and then four"),
        ("三加四等于多少？", "先数三个，再数四个，一共是七个，所以得到七。因此，答案是七。", "先数三个"),
    ],
)
def test_a_chain_of_thought_is_turned_round_in_two_ways(question, output, steps):
    language = "zh" if "三" in question else "en"
    seed = SeedView(1, question, (Instance("", output),), language=language)
    rationale, asked = played([seed], language=language).made()
    assert question in rationale.instruction
    assert rationale.output.startswith(steps)
    assert steps in asked.instruction
    assert asked.output == question


@pytest.mark.parametrize(("both", "outputs"), [(False, ["Hello"]), (True, ["Hello", "你好"])])
def test_translations_go_the_other_way_and_in_both_directions_if_wanted(both, outputs):
    seed = SeedView(1, "", language="", fields={"en": "Hello", "zh": "你好"})
    made = played([seed], both_directions=both).made()
    assert [draft.output for draft in made] == outputs
    assert [draft.data["inverted"] for draft in made] == [True, False][: len(outputs)]
    assert "English" in made[0].instruction


def test_what_says_the_same_on_both_sides_or_gives_itself_away_is_dropped():
    seeds = [
        SeedView(1, "Say this sentence again.", (Instance("", "say this SENTENCE again."),)),
        SeedView(2, "Why?", (Instance("", "You ask: Why? Because it rains all day."),)),
        SeedView(3, "Say something.", ()),
    ]
    reasons = Counter({(STAGE, "same_text_both_sides"): 1, (STAGE, "answer_visible"): 1, (STAGE, "missing_answer"): 1})
    assert played(seeds).reasons == reasons
