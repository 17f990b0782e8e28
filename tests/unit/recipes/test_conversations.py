"""Conversations: who says what, how many turns, what is asked, and why one is dropped."""

import json

import pytest
from pydantic import ValidationError

from generation.recipes import recipe
from generation.recipes.conversations.params import Params
from generation.types import Draft, Instance, Prompt, Reply, SampleView, SeedView, Sources, Stock
from tests.contracts.playing import Play

TALK = recipe("conversations")
STAGE = "conversations.talk"
SEED = SeedView(1, "How is tea made?", language="en")
ANSWERED = SeedView(2, "How is tea made?", (Instance("", "With hot water and leaves."),), language="en")
QUESTIONS = ["And how long does it draw?", "Which leaves are best?", "Does it keep until tomorrow?"]
REPLIES = ["Pour hot water over dried leaves.", "Three to five minutes will do.", "Those of the first harvest.",
           "Cold and covered it keeps a day."]  # fmt: skip


class Voices:
    """Replies in order, by slot."""

    def __init__(self, **texts: list[str]) -> None:
        self._texts = {f"conversations.{slot}": list(lines) for slot, lines in texts.items()}

    def __call__(self, prompt: Prompt, random_seed: int) -> Reply:
        return Reply(self._texts[prompt.stage.removesuffix(".repair")].pop(0))


def played(seeds=(SEED,), samples=(), language="en", turns=3, **more) -> Play:
    voices = more.pop("voices", None) or Voices(user=QUESTIONS, assistant=REPLIES)
    params = {"least_turns": turns, "most_turns": turns} | more
    return Play(TALK, Params(**params), Sources(list(seeds), list(samples)), language, answer=voices).run()


def only(play: Play) -> Draft:
    (draft,) = play.made()
    return draft


def reason(play: Play) -> str:
    ((_, found),) = play.reasons
    return found


def test_sides_speak_in_turn_and_the_last_turn_is_the_sample():
    play = played()
    draft = only(play)
    assert [prompt.stage.rpartition(".")[2] for prompt in play.prompts] == [
        "assistant", "user", "assistant", "user", "assistant"
    ]  # fmt: skip
    assert draft.history == (("How is tea made?", REPLIES[0]), (QUESTIONS[0], REPLIES[1]))
    assert (draft.instruction, draft.output) == (QUESTIONS[1], REPLIES[2])
    assert draft.counted == {"turns": "3"}
    assert draft.seed_ids == (1,)


def test_a_row_with_an_answer_begins_with_it_unless_somebody_says_otherwise():
    play = played([ANSWERED], turns=2, voices=Voices(user=QUESTIONS, assistant=REPLIES[1:]))
    assert len(play.prompts) == 2
    assert only(play).history == (("How is tea made?", "With hot water and leaves."),)
    assert len(played([ANSWERED], turns=2, keep_answer=False).prompts) == 3


def test_a_persona_may_write_the_first_message():
    play = played(opening="persona", turns=2, voices=Voices(opening=["Tell me of tea."], user=QUESTIONS,
                                                            assistant=REPLIES))  # fmt: skip
    assert only(play).history[0] == ("Tell me of tea.", REPLIES[0])
    assert "How is tea made?" in play.prompts[0].messages[-1].content


def test_earlier_turns_of_an_import_are_gone_on_from():
    sample = SampleView(5, 1, "And green tea?", output="At eighty degrees.", history=(("Hi", "Hello"),), language="en")
    play = played([], [sample], turns=2, voices=Voices(user=QUESTIONS, assistant=REPLIES))
    draft = only(play)
    assert draft.history == (("Hi", "Hello"), ("And green tea?", "At eighty degrees."))
    assert draft.sample_ids == (5,)
    assert "Hello" in play.prompts[0].messages[-1].content


def test_the_user_may_end_once_there_are_turns_enough():
    voices = Voices(user=[QUESTIONS[0], "[END]"], assistant=REPLIES)
    assert only(played(voices=voices, least_turns=2)).counted == {"turns": "2"}
    assert reason(played(least_turns=2, voices=Voices(user=["[结束]"], assistant=REPLIES))) == "ends_early"


@pytest.mark.parametrize(
    ("user", "assistant", "why"),
    [
        (["How is tea made then?", "How is tea made?"], REPLIES, "repeats_itself"),
        (QUESTIONS, [REPLIES[0], REPLIES[0]], "repeats_itself"),
        (["How can I help you today?"], REPLIES, "role_swap"),
        (["Fine.\nAssistant: Go on."], REPLIES, "role_swap"),
        (QUESTIONS, ["Yes.\nUser: And then?"], "role_swap"),
        (QUESTIONS, ["I'm sorry, but I can't help with that."], "refusal"),
        (["请用中文再说一遍。"], REPLIES, "wrong_language"),
        ([""], REPLIES, "nothing_parsed"),
    ],
)
def test_what_goes_wrong_drops_the_conversation_with_its_reason(user, assistant, why):
    assert reason(played(voices=Voices(user=user, assistant=assistant))) == why


def test_a_chinese_conversation_stays_chinese_and_may_hold_a_name_in_latin():
    seed = SeedView(1, "怎样泡茶？", language="zh")
    good = Voices(user=["要泡多久？", "哪种茶叶好？"], assistant=["用热水冲泡茶叶。", "三到五分钟。", "推荐 Assam。"])
    assert only(played([seed], language="zh", voices=good)).language == "zh"
    bad = Voices(user=["Could you say that in English please?"], assistant=["用热水冲泡茶叶。"])
    assert reason(played([seed], language="zh", voices=bad)) == "wrong_language"
    swap = Voices(user=["请问有什么可以帮您？"], assistant=["用热水冲泡茶叶。"])
    assert reason(played([seed], language="zh", voices=swap)) == "role_swap"


def messages(*texts: str) -> str:
    sides = ("user", "assistant")
    return json.dumps([{"role": sides[at % 2], "content": text} for at, text in enumerate(texts)])


def test_the_whole_conversation_comes_in_one_reply_and_begins_with_the_row():
    text = messages("How's tea made", REPLIES[0], QUESTIONS[0], REPLIES[1], QUESTIONS[1])
    play = played(asked="whole", least_turns=2, voices=Voices(whole=[text]))
    assert len(play.prompts) == 1
    draft = only(play)
    assert draft.history == (("How is tea made?", REPLIES[0]),)
    assert (draft.instruction, draft.output) == (QUESTIONS[0], REPLIES[1])


@pytest.mark.parametrize(
    ("texts", "why"),
    [
        ([json.dumps([{"role": "user", "content": "a"}, {"role": "user", "content": "b"}])], "role_swap"),
        ([messages("x", REPLIES[0])], "ends_early"),
        (["no JSON", "still none"], "invalid_json"),
        ([json.dumps([{"role": "judge", "content": "a"}])] * 2, "invalid_json"),
    ],
)
def test_a_reply_that_is_no_conversation_is_dropped(texts, why):
    assert reason(played(asked="whole", voices=Voices(whole=texts))) == why


def test_personas_and_topics_go_round_so_that_all_have_their_turn():
    seeds = [SeedView(n, f"Question {n} of many?", language="en") for n in range(6)]
    play = Play(TALK, Params(personas=["a cook", "a nurse", "a pilot"], topics=["salt", "rain"]), Sources(seeds)).run()
    opened = [prompt.variables for prompt in play.prompts if prompt.stage == "conversations.opening"]
    assert len({each["persona"] for each in opened}) == 3
    assert len({each["topic"] for each in opened}) == 2


@pytest.mark.parametrize(("asked", "calls"), [("whole", (20, 20)), ("turn_by_turn", (20, 160))])
def test_calls_are_reckoned_for_each_conversation(asked, calls):
    assert TALK.planned_calls(Params(asked=asked, for_each_row=2), Stock(seeds=10)) == calls
    assert TALK.planned_calls(Params(asked=asked, for_each_row=2), Stock(seeds=40, instructed=10)) == calls


def test_the_fewest_turns_are_not_more_than_the_most():
    with pytest.raises(ValidationError, match="fewest_turns_over_most"):
        Params(least_turns=5, most_turns=4)
