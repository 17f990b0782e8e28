"""Rows with a long context: the passage that answers stands everywhere alike."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from generation.recipes import recipe
from generation.recipes.base import Context, PromptText, slots
from generation.recipes.long_context.dealing import dealt
from generation.types import DocumentView, PoolView, SampleView, Span, Task
from tests.contracts.recipe_cases.document_qa import DOCUMENTS
from tests.contracts.recipe_cases.long_context import grounded

GOLDEN = Path(__file__).parents[2] / "golden" / "long_context"
THE_RECIPE = recipe("long_context")
STAGE = THE_RECIPE.stages[0]
BOUND = {4: 16.27, 5: 18.47, 3: 13.82}
"""Chi-square of so many places that chance exceeds once in a thousand times."""


def context(language="en", seed=1, **params):
    texts = {slot.name: PromptText(slot.shipped(language)) for slot in slots(THE_RECIPE)}
    wanted = THE_RECIPE.Params(**{"passage_size": 300} | params)
    return Context(wanted, texts, language, random.Random(seed))


def rows(samples, documents, *, language="en", seed=1, **params):
    """The drafts of these samples, planned in waves as a run plans them."""
    made, found, wave = context(language, seed, **params), [], 0
    while True:
        pool = PoolView(
            wave, samples=samples, documents=documents, planned={STAGE.name: len(found)}, random_seed=seed
        )  # fmt: skip
        if THE_RECIPE.finished(pool, made.params):
            return found
        for payload in STAGE.plan(pool, made):
            work = STAGE.work(Task(len(found), payload), made)
            with pytest.raises(StopIteration) as end:
                next(work)
            found += end.value.value
        wave += 1


def unevenness(counts):
    """Pearson's chi-square of the counts against equal shares."""
    share = sum(counts) / len(counts)
    return sum((count - share) ** 2 for count in counts) / share


def places(drafts, aspect):
    return Counter(int(draft.counted[aspect].partition("/")[0]) for draft in drafts)


MANY = [
    DocumentView(n, f"d{n}", " ".join(f"Fact {n}.{k} stands here alone." for k in range(60)), "en") for n in range(4)
]


def many_samples(count: int) -> list[SampleView]:
    found = []
    for n in range(count):
        document = MANY[n % 4]
        said = f"Fact {document.id}.{n % 60} stands here alone."
        start = document.text.index(said)
        spans = (Span(document.id, start, start + len(said)),)
        question = f"Which fact of number {n} stands alone?"
        found.append(SampleView(n, 1, question, "", f"Fact {n}", family=n, spans=spans, language="en"))
    return found


def test_004_30_the_answer_stands_at_every_place_alike_and_so_does_the_right_option():
    drafts = rows(many_samples(1003), MANY, passages=5, options=4, examples=2, wave_size=97)
    for aspect, number in (("passage_position", 5), ("gold_position", 4)):
        found = places(drafts, aspect)
        assert sorted(found) == list(range(1, number + 1))
        assert max(found.values()) - min(found.values()) <= 1
        assert unevenness(list(found.values())) < BOUND[number]


def test_004_30_the_same_seed_gives_the_same_order_of_passages_examples_and_options_and_another_does_not():
    shown = [rows(many_samples(40), MANY, seed=seed, options=4, examples=3) for seed in (7, 7, 8)]
    first, again, other = [[(draft.input, draft.output) for draft in drafts] for drafts in shown]
    assert first == again
    assert first != other
    orders = {tuple(draft.data["examples"]) for draft in shown[0]}
    assert len(orders) > 30


def test_004_30_no_place_follows_from_the_place_before():
    found = [dealt(turn, 4, random_seed=3, what="gold") for turn in range(4000)]
    pairs = Counter(zip(found[3::4], found[4::4], strict=False))  # from the end of a round to the begin of the next
    assert len(pairs) == 16
    assert unevenness(list(pairs.values())) < 37.7  # 15 degrees of freedom, once in a thousand times


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("where", ["both", "before", "after"])
def test_004_31_the_question_stands_before_and_after_the_passages_and_the_answer_quotes_first(language, where):
    documents = DOCUMENTS[language]
    (draft, *_) = rows(
        grounded(documents[0])[4:6], documents, language=language, question_at=where, passages=3, seed=2
    )  # fmt: skip
    shown = f"[instruction]\n{draft.instruction}\n[input]\n{draft.input}\n[output]\n{draft.output}\n"
    golden = GOLDEN / f"{where}.{language}.txt"
    assert shown == golden.read_text(encoding="utf-8")


def test_004_31_examples_options_and_no_quote_read_as_in_the_golden_file():
    documents = DOCUMENTS["en"]
    samples = grounded(documents[0])
    draft = rows(samples, documents, passages=2, examples=2, options=3, quote_first=False, seed=5)[3]
    shown = f"[instruction]\n{draft.instruction}\n[input]\n{draft.input}\n[output]\n{draft.output}\n"
    assert shown == (GOLDEN / "options.en.txt").read_text(encoding="utf-8")


def test_passages_beside_it_never_hold_the_evidence():
    for draft in rows(many_samples(60), MANY, passages=6):
        (document, start, end) = next(each for each in draft.data["passages"] if _holds(each, draft.spans[0]))
        said = MANY[document].text[draft.spans[0].start : draft.spans[0].end]
        assert draft.input.count(said) == MANY[document].text[start:end].count(said) == 1


@pytest.mark.parametrize("kind", ["same_document", "other_documents"])
def test_the_others_come_from_where_they_should(kind):
    for draft in rows(many_samples(20), MANY, distractors=kind, passages=3):
        mine = draft.spans[0].document
        others = [each for each in draft.data["passages"] if not _holds(each, draft.spans[0])]
        assert len(others) == 2
        assert all((each[0] == mine) == (kind == "same_document") for each in others)


def test_what_cannot_be_placed_is_dropped_with_its_reason():
    sample = many_samples(1)[0]
    odd = [
        replace(sample, spans=()),
        replace(sample, spans=(Span(9, 0, 5),)),
        replace(sample, spans=(Span(0, 0, 99_999),)),
        replace(sample, instruction="According to the passage, what stands alone?"),
    ]
    reasons = [draft.drop_reason for draft in rows(odd, MANY)]
    assert reasons == ["no_source_span", "document_missing", "document_missing", "not_self_contained"]
    short = [DocumentView(0, "d", MANY[0].text[:200], "en")]
    assert [draft.drop_reason for draft in rows([sample], short)] == ["no_other_passage"]


def test_an_answer_without_evidence_quotes_nothing():
    (draft,) = rows([replace(many_samples(1)[0], task_type="unanswerable")], MANY)
    assert draft.output == "Fact 0"


def _holds(passage, span):
    return passage[0] == span.document and passage[1] <= span.start and span.end <= passage[2]
