"""Rows of every kind go into a version and come back in canonical form, whatever happens to them later."""

from __future__ import annotations

import pytest

from generation.models import Answer, PreferencePair, Sample
from generation.types import Feedback, Pair, Ranking, Text
from review.actions.datasets import WrongKindError, dataset_of, freeze
from review.rows import pinned_rows
from review.selection import Selection, figures
from tests.cast import NOW, make_cast, make_samples
from tests.pairs import make_feedback, make_pair, make_ranking, make_texts

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    return make_cast()


def frozen(cast, kind, **fields):
    dataset = dataset_of(cast.project, now=NOW, name=kind, kind=kind)
    return freeze(dataset, selection=Selection(kind=kind, **fields), by=cast.alice, now=NOW)


def rows(version):
    return [row for batch in pinned_rows(version) for row in batch]


def test_pairs_come_back_with_both_answers_and_the_scores_that_they_had(cast):
    pair = make_pair(cast.project, "Why?", "Because of light.", "No idea.", scores=(8.5, 3.2))
    version = frozen(cast, "preference")
    Answer.objects.filter(pk=pair.chosen_id).update(scores={"score": {"value": 1.0}})
    [row] = rows(version)
    assert isinstance(row.row, Pair)
    assert (row.row.prompt.instruction, row.row.chosen.text, row.row.rejected.text) == (
        "Why?", "Because of light.", "No idea.",
    )  # fmt: skip
    assert (row.row.chosen.score, row.row.rejected.score) == (8.5, 3.2)
    assert (row.subject, row.sample, row.origin) == (pair.pk, pair.sample_id, "human")


def test_imported_pairs_wait_for_a_person_unless_they_are_asked_for(cast):
    make_pair(cast.project, "One", "a", "b")
    make_pair(cast.project, "Two", "c", "d", state="ready", source="import")
    make_pair(cast.project, "Three", "e", "f", state="held_back")
    assert frozen(cast, "preference").rows == 1
    assert frozen(cast, "preference", ready=True).rows == 2


def test_feedback_texts_and_rankings_come_back(cast):
    make_feedback(cast.project, [("Hello", "Hi!", True), ("Hello", "Go away.", False)])
    make_texts(cast.project, ["A long text.", "另一段文字。"])
    make_ranking(cast.project, "Name a colour.", ["Red.", "Blue?", "x"])
    good, bad = (row.row for row in rows(frozen(cast, "feedback")))
    assert isinstance(good, Feedback)
    assert (good.example.output, good.good, bad.good) == ("Hi!", True, False)
    assert [row.row for row in rows(frozen(cast, "text"))] == [Text("A long text."), Text("另一段文字。")]
    [ranking] = rows(frozen(cast, "ranking"))
    assert isinstance(ranking.row, Ranking)
    assert [(answer.text, answer.rank) for answer in ranking.row.answers] == [("Red.", 1), ("Blue?", 2), ("x", 3)]


def test_a_ranking_stays_as_it_was_when_further_answers_come(cast):
    sample = make_ranking(cast.project, "Name a colour.", ["Red.", "Blue?"])
    version = frozen(cast, "ranking")
    Answer.objects.filter(sample=sample).update(rank=9)
    Answer.objects.create(sample=sample, text="Green", content_hash="0" * 64, created_at=NOW)
    [row] = rows(version)
    assert [(answer.text, answer.rank) for answer in row.row.answers] == [("Red.", 1), ("Blue?", 2)]


def test_a_dataset_holds_one_kind_of_rows(cast):
    make_texts(cast.project, ["A text."])
    dataset_of(cast.project, now=NOW, name="mine", kind="sft")
    with pytest.raises(WrongKindError):
        dataset_of(cast.project, now=NOW, name="mine", kind="text")


def test_rows_kept_for_evaluation_stay_out_and_are_counted(cast):
    make_samples(cast.project, 2, state=Sample.State.APPROVED)
    make_samples(cast.project, [("An exam", "Its answer")], state="approved", meta={"evaluation": True})
    make_samples(cast.project, [("No exam", "Its answer")], state="approved", meta={"evaluation": False})
    assert frozen(cast, "sft").rows == 3
    found = figures(cast.project, Selection())
    assert (found.approved, found.evaluation) == (3, 1)


@pytest.mark.parametrize(
    ("narrowed", "expected"),
    [
        ({"tag": "诗"}, 1),
        ({"tag": "poem"}, 1),
        ({"least": 4.0}, 1),
        ({"most": 2.0}, 1),
        ({"since": "2026-03-14"}, 1),
        ({"since": "2026-03-15"}, 0),
        ({"turns": "several"}, 1),
        ({"turns": "single"}, 3),
        ({"language": "en"}, 4),
        ({"origin": "import"}, 0),
        ({"since": "not a day"}, 4),
    ],
)
def test_every_filter_narrows_a_selection(cast, narrowed, expected):
    turns = [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]
    make_samples(cast.project, [("a", "b")], state="approved", tags=["诗", "poem"], meta={"score": 1})
    make_samples(cast.project, [("c", "d")], state="approved", meta={"score": 5})
    make_samples(cast.project, [("e", "f")], state="approved", turns=turns)
    make_samples(cast.project, [("g", "h")], state="approved", decided_at=NOW, decided_by=cast.carol)
    assert Selection(**narrowed).rows(cast.project).count() == expected
    assert Selection(reviewer=cast.carol.pk).rows(cast.project).count() == 1


def test_pairs_are_narrowed_by_margin_and_source(cast):
    make_pair(cast.project, "One", "a", "b", margin=2.5, source="judge")
    make_pair(cast.project, "Two", "c", "d", margin=0.5)
    pairs = PreferencePair.objects.all()
    chosen = Selection(kind="preference", least=1.0).rows(cast.project)
    assert list(chosen) == [pairs.get(margin=2.5)]
    assert Selection(kind="preference", origin="human").rows(cast.project).get().margin == 0.5
