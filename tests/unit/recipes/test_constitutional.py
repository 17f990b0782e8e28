"""Critique and revision: one principle at a time, n x (1 + 2 x revisions) calls, nothing kept that did not change."""

import pytest

from generation.recipes import recipe
from generation.recipes.constitutional.params import PRINCIPLES, Params
from generation.types import Instance, Prompt, Reply, SampleView, SeedView, Sources, Stock
from tests.contracts.playing import Play

CONSTITUTIONAL = recipe("constitutional")
SEEDS = [SeedView(n, f"Is mushroom {n} edible?", (Instance("", f"Yes, number {n} is."),), language="en")
         for n in range(1, 4)]  # fmt: skip


def played(seeds=SEEDS, samples=(), language="en", revise=None, random_seed=1, **params) -> Play:
    """Each revision adds a sentence, unless `revise` says what comes of the answer."""

    def answer(prompt: Prompt, _seed: int) -> Reply:
        slot = prompt.stage.partition(".")[2]
        if slot == "answer":
            return Reply("A first answer.")
        if slot == "critique":
            return Reply(f"It leaves out: {prompt.variables['rule']}")
        said = str(prompt.variables["said"])
        return revise(said) if revise else Reply(f"{said} And ask somebody who knows.")

    sources = Sources(list(seeds), list(samples))
    return Play(CONSTITUTIONAL, Params(**params), sources, language, random_seed, answer=answer).run()


@pytest.mark.parametrize("revisions", [1, 2, 4])
def test_calls_are_one_and_two_for_each_revision(revisions):
    play = played(revisions=revisions, first_answer="ask")
    assert len(play.prompts) == 3 * (1 + 2 * revisions)
    assert CONSTITUTIONAL.planned_calls(play.params, Stock(seeds=3)) == (len(play.prompts),) * 2
    assert CONSTITUTIONAL.planned_calls(play.params, Stock(seeds=9, instructed=3)) == (len(play.prompts),) * 2
    own = played(revisions=revisions)
    assert len(own.prompts) == 3 * 2 * revisions


def test_the_last_revision_is_the_sample_and_names_all_that_led_to_it():
    draft = played(revisions=2).made()[0]
    assert draft.output == "Yes, number 1 is. And ask somebody who knows. And ask somebody who knows."
    assert draft.data["first_answer"] == "Yes, number 1 is."
    assert len(draft.data["critiques"]) == len(draft.data["principles"]) == len(draft.data["revisions"]) == 2
    assert draft.seed_ids == (1,)
    assert draft.counted == {"revisions": "2"}


def test_each_revision_has_a_principle_of_its_own_and_critic_and_reviser_see_that_one_alone():
    principles = ["Be short.", "Be honest.", "Be kind."]
    play = played(principles=principles, revisions=3)
    for draft in play.made():
        assert sorted(draft.data["principles"]) == sorted(principles)
    for prompt in play.prompts:
        shown = [each for each in principles if f"```\n{each}\n```" in prompt.messages[-1].content]
        assert shown == [prompt.variables["rule"]]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_twelve_principles_ship(language):
    assert len(set(PRINCIPLES[language])) == 12


def test_an_answer_that_nothing_changed_is_not_kept():
    play = played(revise=lambda said: Reply(said.replace(".", " ! ")))
    assert play.reasons == {("constitutional.revise", "unchanged"): 3}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Here is the revised answer: fine.", "speaks_of_the_revision"),
        ("修改后的回答：好的。", "speaks_of_the_revision"),
        ("这是用另一种语言写的。", "wrong_language"), ("", "empty_output"),
    ],
)  # fmt: skip
def test_a_revision_that_is_none_is_passed_over(text, why):
    assert played(revise=lambda _: Reply(text)).reasons == {("constitutional.revise", why): 3}
    once = iter([text] * 3)
    mended = played(revise=lambda said: Reply(next(once, f"{said} Be careful.")))
    assert len(mended.made()) >= 1


def test_a_call_that_failed_ends_the_row():
    play = played(revise=lambda _: Reply(failure="timeout"))
    assert play.reasons == {("constitutional.revise", "call_failed"): 3}


def test_the_pair_prefers_the_last_revision_to_the_first_answer():
    made = played(pairs=True, revisions=1).made()
    pair = made[1]
    assert [draft.kind for draft in made] == ["sample", "pair"] * 3
    assert (pair.output, pair.rejected) == ("Yes, number 1 is. And ask somebody who knows.", "Yes, number 1 is.")


def test_a_sample_s_earlier_turns_are_part_of_what_is_judged():
    sample = SampleView(9, 1, "And this one?", output="No.", history=(("Is that a cep?", "Yes."),), language="en")
    play = played([], [sample], revisions=1)
    assert all("User: Is that a cep?" in prompt.messages[-1].content for prompt in play.prompts)
    draft = play.made()[0]
    assert draft.history == sample.history
    assert draft.sample_ids == (9,)


def test_chinese_rows_get_chinese_principles():
    seed = SeedView(1, "这种蘑菇能吃吗？", (Instance("", "能吃。"),), language="zh")
    play = played([seed], language="zh", revise=lambda said: Reply(said + "请再问问懂行的人。"))
    assert set(play.made()[0].data["principles"]) <= set(PRINCIPLES["zh"])
