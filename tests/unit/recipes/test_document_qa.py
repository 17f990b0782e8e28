"""Questions on documents: every answer points at its words, and every way to fall short has its reason."""

import json
import random

import pytest
from pydantic import ValidationError

from generation.recipes import recipe
from generation.recipes.base import Context, PromptText, slots
from generation.recipes.document_qa.replies import points_at_text, says_not, verdict
from generation.types import DocumentView, PoolView, Prompt, Reply, Span, Stock, Task

EN = "The mill stands by the river. It was built in 1840 because the town had no bread.\n\nIt grinds rye and wheat."
ZH = "磨坊在河边。它建于1840年，因为镇上没有面包。\n\n它磨黑麦和小麦。"
GOOD = {
    "type": "fact",
    "question": "When was the mill of Aldham built?",
    "answer": "In 1840.",
    "quote": "built in\n1840",
}
GUT = {"type": "fact", "question": "阿尔丹的磨坊建于哪一年？", "answer": "建于1840年。", "quote": "它建于 1840 年"}
THE_RECIPE = recipe("document_qa")


def stage_for(params):
    return THE_RECIPE.stages[1 if params.context_in_input else 0]


def context(language="en", **params):
    texts = {slot.name: PromptText(slot.shipped(language)) for slot in slots(THE_RECIPE)}
    return Context(THE_RECIPE.Params(**{"questions": 1} | params), texts, language, random.Random(1))


def drafts(*replies, text=EN, language="en", prompts=None, **params):
    """What becomes of these replies to the one passage of a document whose text it is from its third sign on."""
    made, asked = context(language, **params), [] if prompts is None else prompts
    payload = {
        "document": 7, "title": "mill.txt", "headings": ["Mills"], "start": 100, "end": 100 + len(text),
        "passage": text,
        "types": list(made.params.types)[:1] * made.params.questions, "language": language,
    }  # fmt: skip
    work, left = stage_for(made.params).work(Task(0, payload), made), list(replies)
    wanted = next(work)
    try:
        while True:
            several = wanted if isinstance(wanted, list) else [wanted]
            asked += several
            answers = [_reply(left.pop(0)) for _ in several]
            wanted = work.send(answers if isinstance(wanted, list) else answers[0])
    except StopIteration as end:
        assert not left
        return end.value


def _reply(said):
    return said if isinstance(said, Reply) else Reply(said if isinstance(said, str) else json.dumps(said))


def reasons(*replies, **rest):
    return [draft.drop_reason for draft in drafts(*replies, **rest)]


@pytest.mark.parametrize(("pair", "text", "language"), [(GOOD, EN, "en"), (GUT, ZH, "zh")])
def test_a_draft_points_at_the_words_that_prove_it_and_at_its_passage(pair, text, language):
    (draft,) = drafts([pair], text=text, language=language)
    evidence, passage = draft.spans
    assert passage == Span(7, 100, 100 + len(text))
    assert text[evidence.start - 100 : evidence.end - 100] == ("built in 1840" if language == "en" else "它建于1840年")
    assert (draft.instruction, draft.output, draft.input) == (pair["question"], pair["answer"], "")
    assert (draft.task_type, draft.language, draft.drop_reason) == ("fact", language, "")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"quote": "built in 1841"}, "quote_not_found"),
        ({"quote": ""}, "quote_missing"),
        ({"quote": "in"}, "quote_too_short"),
        ({"answer": ""}, "missing_field"),
        ({"question": None}, "missing_field"),
        ({"answer": "I'm sorry, but I cannot answer that."}, "refusal"),
        ({"question": "According to the passage, when was the mill built?"}, "not_self_contained"),
        ({"question": "When was it built, as described in the text?"}, "not_self_contained"),
        ({"question": "根据上文，磨坊建于哪一年？"}, "not_self_contained"),
        ({"question": "文中的磨坊建于哪一年？"}, "not_self_contained"),
    ],
)
def test_what_falls_short_is_dropped_with_its_reason(change, reason):
    assert reasons([GOOD | change, GOOD], questions=2) == [reason, ""]


def test_more_questions_than_asked_and_the_same_one_again_are_dropped():
    again = GOOD | {"question": "When was the Mill of Aldham built"}
    other = GOOD | {"question": "What does the mill of Aldham grind?", "quote": "It grinds rye"}
    assert reasons([GOOD, again, other, other], questions=3) == ["", "duplicate_instance", "", "over_limit"]


def test_replies_that_cannot_be_read_are_asked_for_once_more():
    assert reasons("no JSON", [GOOD]) == [""]
    assert reasons("no JSON", '{"quote": "x"}') == ["invalid_json"]
    assert reasons(Reply('[{"type": "fa', finish_reason="length")) == ["truncated_reply"]
    assert reasons(Reply(failure="timeout")) == ["call_failed"]


def test_beside_its_passage_a_question_may_speak_of_it_and_may_have_no_answer():
    asked = GOOD | {"question": "According to the passage, when was the mill built?"}
    (draft,) = drafts([asked], context_in_input=True)
    assert (draft.input, draft.drop_reason) == (EN, "")
    wanted = {"context_in_input": True, "types": ["unanswerable"]}
    none = {"type": "unanswerable", "question": "Who built the mill?", "quote": ""}
    (draft,) = drafts([none | {"answer": "The passage does not say who built it."}], **wanted)
    assert (draft.spans, draft.drop_reason) == ((Span(7, 100, 100 + len(EN)),), "")
    assert reasons([none | {"answer": "A miller named Tom."}], **wanted) == ["answers_the_unanswerable"]


@pytest.mark.parametrize(
    ("said", "reason"),
    [("Yes.", ""), ("是", ""), ("No, it does not.", "not_grounded"), ("否。", "not_grounded"), ("不是", "not_grounded"),
     ("Perhaps", "unreadable_verdict"), ("", "unreadable_verdict"), (Reply(failure="timeout"), "check_failed")],
)  # fmt: skip
def test_a_second_look_lets_only_a_clear_yes_pass(said, reason):
    prompts: list[Prompt] = []
    assert reasons([GOOD], said, prompts=prompts, check_answers=True) == [reason]
    assert [prompt.stage for prompt in prompts] == ["document_qa.ask", "document_qa.check"]
    assert reasons([GOOD | {"quote": ""}], check_answers=True) == [
        "quote_missing"
    ]  # nothing is paid for what is dropped


@pytest.mark.parametrize(
    "question",
    ["What does the text say of rye?", "In the passage above, who grinds?",
     "It was built when?", "What is mentioned below?", "这段话讲了什么？", "请结合材料回答问题。", "它建于哪一年？"],
)  # fmt: skip
def test_questions_that_lean_on_a_text_are_told(question):
    assert points_at_text(question)


@pytest.mark.parametrize(
    "question",
    ["When was the mill of Aldham built?", "What is the text of Article 5 of the treaty about?",
     "阿尔丹的磨坊建于哪一年？", "Which author wrote the report on mills in 1840?", "春茶为什么在清明前后采摘？",
     "How does rye differ from wheat?"],
)  # fmt: skip
def test_questions_that_stand_alone_are_left_alone(question):
    assert not points_at_text(question)


def test_an_answer_that_says_that_it_is_not_told_is_known():
    assert all(map(says_not, ["The passage doesn’t say.", "It is not mentioned.", "段落没有提到。", "无法从中得知。"]))
    assert not any(map(says_not, ["In 1840.", "建于1840年。"]))
    said = ("yes", "**No**", "是的", "否", "so?")
    assert [verdict(each) for each in said] == [True, False, True, False, None]


def test_passages_come_in_waves_and_kinds_are_dealt_evenly():
    text = "\n\n".join(f"Sentence number {n} of this long text tells of the mill and its stones." for n in range(40))
    view = DocumentView(1, "d", text, "en")
    made = context(passage_size=200, questions=2, types=["fact", "reason", "summary", "comparison"], wave_size=8)
    stage, planned = stage_for(made.params), []
    while not THE_RECIPE.finished(_pool(view, stage, len(planned)), made.params):
        wave = stage.plan(_pool(view, stage, len(planned)), made)
        assert 0 < len(wave) <= 8
        planned += wave
    kinds = [kind for payload in planned for kind in payload["types"]]
    assert len(planned) == 20
    assert {kind: kinds.count(kind) for kind in set(kinds)} == dict.fromkeys(made.params.types, 10)
    assert all(text[each["start"] : each["end"]] == each["passage"] for each in planned)
    least, most = THE_RECIPE.planned_calls(made.params, Stock(documents=1, characters=len(text)))
    assert least <= 20 <= most


def test_few_passages_are_spread_over_all_documents():
    views = [DocumentView(n, "d", f"{'A sentence of some length stands here. ' * 20}", "en") for n in (1, 2, 3, 4)]
    made = context(passage_size=200, most_passages=4)
    wave = stage_for(made.params).plan(PoolView(0, documents=views), made)
    assert [each["document"] for each in wave] == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("params", "fault"),
    [({"types": ["riddle"]}, "unknown_question_type"), ({"types": []}, "unknown_question_type"),
     ({"types": ["unanswerable"]}, "unanswerable_needs_the_passage"),
     ({"passage_size": 200, "overlap": 101}, "overlap_over_half_of_the_passage")],
)  # fmt: skip
def test_params_that_do_not_fit_are_refused(params, fault):
    with pytest.raises(ValidationError, match=fault):
        THE_RECIPE.Params(**params)


def _pool(view, stage, planned):
    return PoolView(0, documents=[view], planned={stage.name: planned})
