"""Requests for segments, a judge, and a second one who was shown the first one's best and worst."""

from collections import Counter

import pytest
from pydantic import ValidationError

from generation.recipes import recipe
from generation.recipes.backtranslation.params import Params
from generation.types import DocumentView, Reply, Sources, Stock
from tests.contracts.playing import Play

BACK = recipe("backtranslation")
AUGMENT, CURATE, RECURATE = "backtranslation.augment", "backtranslation.curate", "backtranslation.recurate"
SUBJECTS = ("Gates", "Boats", "Nets", "Ropes", "Sails", "Knots", "Tides", "Winds")
BODY = "The {0} of this harbour are kept by four families, who have mended the {0} since the flood of that year."


def harbour(count: int = 6) -> Sources:
    text, headings = "", []
    for subject in SUBJECTS[:count]:
        headings.append((len(text), 1, subject))
        text += f"{subject}\n\n{BODY.format(subject.lower())}\n\n"
    return Sources(documents=(DocumentView(9, "harbour.md", text, "en", tuple(headings)),))


def judge(first: dict[str, str], second: dict[str, str] | None = None):
    """Replies by subject: what each judge says of it."""

    def answer(prompt, random_seed):
        shown = prompt.variables.get("output", prompt.variables["given"])
        subject = next(each for each in SUBJECTS if each.lower() in shown)
        if prompt.stage == AUGMENT:
            return Reply(f"What should I know about the {subject.lower()} of a small harbour?")
        return Reply((first if prompt.stage == CURATE else second or first)[subject])

    return answer


def play(answer, *, sources=None, **params) -> Play:
    params = {"shortest": 50, "longest": 200} | params
    return Play(BACK, Params(**params), sources or harbour(), answer=answer).run()


FIRST = dict(
    zip(
        SUBJECTS,
        ("Fine. Score: 5", "Score: 4", "Score: 3\nNo: Score: 5", "Good.", "Score: 9", "Score: 1"),
        strict=False,
    )
)
"""Gates 5, boats 4, nets 5 at last, ropes and sails nothing that can be read, knots 1."""


def test_004_16_scores_are_read_from_the_last_line_and_nothing_unreadable_passes():
    found = play(judge(FIRST), iterations="1")
    assert found.reasons == {
        (AUGMENT, ""): 6, (CURATE, ""): 2, (CURATE, "below_threshold"): 2, (CURATE, "unreadable_score"): 2,
    }  # fmt: skip
    assert [draft.output for draft in found.made()] == [BODY.format("gates"), BODY.format("nets")]
    score = found.made()[0].scores["curation"]
    assert (score.value, score.low, score.high) == (5, 1, 5)
    assert Params().keep == 5


def test_004_16_the_second_iteration_has_a_judge_of_its_own_whose_word_decides():
    second = {"Gates": "Score: 4", "Boats": "Score: 5", "Nets": "Score: 5", "Knots": "Score: 2"}
    found = play(judge(FIRST, second))
    assert found.reasons == {
        (AUGMENT, ""): 6, (CURATE, ""): 4, (CURATE, "unreadable_score"): 2,
        (RECURATE, ""): 2, (RECURATE, "below_threshold"): 2,
    }  # fmt: skip
    made = found.made()
    assert [draft.output for draft in made] == [BODY.format("boats"), BODY.format("nets")]
    assert [{name: score.value for name, score in draft.scores.items()} for draft in made] == [
        {"curation": 4, "curation_2": 5},
        {"curation": 5, "curation_2": 5},
    ]
    first = next(prompt for prompt in found.prompts if prompt.stage == CURATE)
    again = [prompt for prompt in found.prompts if prompt.stage == RECURATE]
    assert first.messages[0] != again[0].messages[0]
    shown = {prompt.variables["output"]: prompt.messages[-1].content for prompt in again}
    assert "Score 5" in shown[BODY.format("boats")]
    assert "Score 1" in shown[BODY.format("boats")]
    assert shown[BODY.format("boats")].count("Reply: ") == 3, "two of the best and the worst"
    assert shown[BODY.format("gates")].count("Reply: ") == 2, "never the pair itself"


def test_where_only_the_kept_are_looked_at_again_the_first_threshold_counts():
    second = dict.fromkeys(SUBJECTS, "Score: 5")
    found = play(judge(FIRST, second), recheck="kept")
    assert found.reasons[CURATE, "below_threshold"] == 2
    assert found.reasons[RECURATE, ""] == 2


def test_a_lower_threshold_keeps_more():
    assert len(play(judge(FIRST), iterations="1", keep=4).made()) == 3
    assert len(play(judge(FIRST), iterations="1", keep=1).made()) == 4


def test_004_15_outputs_are_the_documents_own_words_with_their_span():
    sources = harbour()
    found = play(judge(dict.fromkeys(SUBJECTS, "Score: 5")), sources=sources)
    text = sources.documents[0].text
    assert len(found.made()) == 6
    for draft in found.made():
        (span,) = draft.spans
        assert (span.document, text[span.start : span.end]) == (9, draft.output)
        assert draft.instruction.startswith("What should I know about the ")


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        ("Summarise the passage.", "refers_to_text"), ("What does this text say?", "refers_to_text"),
        ("概括上文。", "refers_to_text"), ("<none>", "no_request"), ("I'm sorry, but I cannot do that.", "refusal"),
        ("", "empty_instruction"), ("word " * 300, "too_long"), ("请介绍这个港口的由来和现状。", "wrong_language"),
        ("Tell me how a harbour is run.", ""),
    ],
)  # fmt: skip
def test_requests_that_are_none_are_dropped_before_any_judge_is_paid(reply, reason):
    found = play(lambda prompt, _: Reply(reply if prompt.stage == AUGMENT else "Score: 5"), sources=harbour(1))
    assert found.reasons[AUGMENT, reason] == 1
    assert len(found.prompts) == (1 if reason else 3)


def test_segments_that_are_ruled_out_cost_nothing_and_are_kept_with_their_reason():
    view = DocumentView(3, "d", "MENU\n\n" + BODY.format("gates"), "en", ((0, 1, "MENU"),))
    found = play(judge(FIRST), sources=Sources(documents=(view,)))
    assert found.reasons == {(AUGMENT, "capital_heading"): 1}
    assert found.prompts == []


def test_calls_are_segments_times_one_and_the_iterations():
    every = dict.fromkeys(SUBJECTS, "Score: 5")
    assert len(play(judge(every)).prompts) == 6 * 3
    assert len(play(judge(every), iterations="1").prompts) == 6 * 2
    stock = Stock(documents=1, characters=60_000)
    assert BACK.planned_calls(Params(), stock) == (0, 100 * 3)
    assert BACK.planned_calls(Params(iterations="1", segments=40), stock) == (0, 40 * 2)


def test_as_many_segments_as_wanted_are_drawn_by_the_runs_chance():
    every = dict.fromkeys(SUBJECTS, "Score: 5")
    drawn = [
        tuple(draft.output for draft in Play(
            BACK, Params(shortest=50, longest=200, segments=3), harbour(8), random_seed=seed, answer=judge(every)
        ).run().made())
        for seed in range(1, 6)
    ]  # fmt: skip
    assert all(len(each) == 3 for each in drawn)
    assert len(set(drawn)) > 1


def test_chinese_documents_are_asked_and_judged_in_chinese():
    body = "云岭茶场位于海拔九百米的北坡，最初只有三十亩茶园，场长从邻县带来两千株茶苗，其中一半在第一个冬天冻死。"
    view = DocumentView(1, "茶", f"由来\n\n{body}", "zh", ((0, 1, "由来"),))

    def answer(prompt, _):
        return Reply("请介绍云岭茶场的由来。" if prompt.stage == AUGMENT else "切题。\n评分：5")

    found = Play(BACK, Params(shortest=50), Sources(documents=(view,)), "zh", answer=answer).run()
    assert [(draft.instruction, draft.output, draft.language) for draft in found.made()] == [
        ("请介绍云岭茶场的由来。", body, "zh")
    ]
    assert Counter("围栏" in prompt.messages[0].content for prompt in found.prompts) == {True: 3}


def test_a_system_text_marks_the_samples_where_it_is_wanted():
    made = play(judge(dict.fromkeys(SUBJECTS, "Score: 5")), system="Answer from the handbook.").made()
    assert {draft.system for draft in made} == {"Answer from the handbook."}


def test_no_document_brings_nothing_and_bounds_must_fit():
    assert play(judge(FIRST), sources=Sources()).prompts == []
    with pytest.raises(ValidationError, match="shortest_over_longest"):
        Params(shortest=900, longest=800)
