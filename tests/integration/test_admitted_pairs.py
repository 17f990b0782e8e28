"""What becomes of pairs and scores that runs make: rows, tallies, lineage, and their way into datasets."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from generation.actions.admitted import Decided, write_decisions
from generation.actions.tallies import counts
from generation.figures import figures
from generation.models import Answer, Draft, Item, PreferencePair, Run, Sample
from generation.recipes import recipe
from generation.types import Draft as DraftValue
from generation.types import Pair, Score
from review.actions.datasets import dataset_of, freeze
from review.reports.datasets import aspects
from review.rows import pinned_rows
from review.selection import Selection
from tests.cast import NOW, Cast, make_cast, make_samples
from tests.runs import plant_seeds, start_offline

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    cast = make_cast()
    plant_seeds(cast.project, now=NOW)
    return cast


def decide(run: Run, *drafts: DraftValue, reason: str = "") -> None:
    """The drafts of one item, admitted (or dropped) as admission would."""
    number = Item.objects.filter(run=run).count()
    item = Item.objects.create(run=run, stage="x.y", wave=0, number=1000 + number, random_seed=1, state="done")
    rows = [
        Draft.objects.create(run=run, item=item, index=at, stage="x.y", wave=0, kind=draft.kind)
        for at, draft in enumerate(drafts)
    ]
    decided = [
        Decided(row, draft, reason, [], {}, at) for at, (row, draft) in enumerate(zip(rows, drafts, strict=True))
    ]
    write_decisions(run, items=[item], decided=decided, recipe=recipe(run.recipe), now=timezone.now())


def pair(rejected: str, chosen: str = "final", **data: Any) -> DraftValue:
    return DraftValue("pair", instruction="Say it in three words.", output=chosen, rejected=rejected, data=data)


def test_a_pair_becomes_a_prompt_two_answers_and_a_preference(cast: Cast) -> None:
    run = start_offline(cast.project)
    parent = make_samples(cast.project, 1)[0]
    draft = DraftValue(
        "pair", instruction="Ask", input="this", output="better", rejected="worse", system="S", history=(("a", "b"),),
        task_type="t", language="en", tags=("x",), sample_ids=(parent.pk,), seed_ids=(run.seed_ids[0],),
        data={"pair_source": "judge", "margin": 2, "chosen_model": "big", "meta": {"failed": "no_comma"}},
    )  # fmt: skip
    decide(run, draft)
    made = PreferencePair.objects.get(run=run)
    assert (made.source, made.state, made.margin, made.meta) == ("judge", "ready", 2.0, {"failed": "no_comma"})
    assert (made.chosen.text, made.rejected.text, made.chosen.model, made.rejected.model) == (
        "better", "worse", "big", "",
    )  # fmt: skip
    prompt = made.sample
    assert (prompt.instruction, prompt.input, prompt.output, prompt.state) == ("Ask", "this", "", "generated")
    assert (prompt.system, prompt.turns[1]["content"], prompt.tags) == ("S", "b", ["x"])
    assert (prompt.parent_id, prompt.seed_id, prompt.run_id, prompt.draft_id) == (
        parent.pk, run.seed_ids[0], run.pk, made.draft_id,
    )  # fmt: skip
    assert prompt not in Sample.objects.to_review()
    assert counts(cast.project.pk, kind="pair") == {"ready": 1}
    found = figures(run, now=timezone.now())
    assert (found.pairs, found.samples) == ({"ready": 1}, {"generated": 1})


def test_pairs_of_one_prompt_share_it_and_their_common_answer(cast: Cast) -> None:
    run = start_offline(cast.project)
    decide(run, pair("first"), pair("second"))
    decide(run, pair("third", "another"), pair("first"))
    assert Sample.objects.filter(run=run).count() == 1
    assert PreferencePair.objects.filter(run=run).count() == 4
    assert sorted(Answer.objects.values_list("text", flat=True)) == ["another", "final", "first", "second", "third"]
    other = start_offline(cast.project)
    decide(other, pair("first"))
    assert PreferencePair.objects.get(run=other).sample.run_id == other.pk


def test_a_dropped_pair_leaves_its_draft_and_no_more(cast: Cast) -> None:
    run = start_offline(cast.project)
    decide(run, pair("first"), reason="still_failing")
    assert not PreferencePair.objects.exists()
    assert not Sample.objects.filter(run=run).exists()
    assert figures(run, now=timezone.now()).stages[0].dropped == (("still_failing", 1),)


def test_a_source_that_nobody_knows_is_that_of_rules(cast: Cast) -> None:
    run = start_offline(cast.project)
    decide(run, pair("first", pair_source="who knows", margin="wide"))
    assert (PreferencePair.objects.get().source, PreferencePair.objects.get().margin) == ("rules", None)


def test_pairs_of_runs_go_into_datasets_once_they_may_leave(cast: Cast) -> None:
    run = start_offline(cast.project)
    decide(run, pair("first"), pair("second"))
    PreferencePair.objects.filter(run=run).update(state="ready")
    chosen = Selection(kind="preference", run=run.pk, ready=True)
    assert chosen.but(without_model=True).rows(cast.project).count() == 0, "what a run made waits for somebody"
    PreferencePair.objects.filter(run=run).update(state="exportable")
    assert chosen.rows(cast.project).count() == 0, "made by rules alone: only who asks for such rows gets them"
    chosen = chosen.but(without_model=True, ready=False)
    dataset = dataset_of(cast.project, now=NOW, name="pairs", kind="preference")
    version = freeze(dataset, selection=chosen, by=cast.alice, now=NOW)
    rows = [row for batch in pinned_rows(version) for row in batch]
    assert [(row.run, row.origin, row.draft is not None) for row in rows] == [(run.pk, "rules", True)] * 2
    assert isinstance(rows[0].row, Pair)
    assert (rows[0].row.chosen.text, rows[1].row.rejected.text) == ("final", "second")


def test_evaluation_pairs_and_samples_stay_out_of_datasets(cast: Cast) -> None:
    run = start_offline(cast.project)
    make_samples(cast.project, 2, state="approved", evaluation=True)
    decide(run, DraftValue("pair", instruction="Ask", output="a", rejected="b", evaluation=True))
    assert not Selection().rows(cast.project).exists()
    assert not Selection(kind="preference", ready=True, without_model=True).rows(cast.project).exists()


def score(sample: Sample, **values: float) -> DraftValue:
    scores = {aspect: Score(value, 1, 6) for aspect, value in values.items()}
    return DraftValue("score", instruction="x", sample_ids=(sample.pk,), scores=scores)


def test_scores_are_written_beside_the_text_and_select_rows(cast: Cast) -> None:
    run = start_offline(cast.project)
    low, high, none = make_samples(cast.project, 3, state="approved")
    decide(run, score(low, quality=2, complexity=5), score(high, quality=4.5))
    low.refresh_from_db()
    assert low.scores["quality"] == {"value": 2, "low": 1, "high": 6, "revision": 1, "run": run.pk}
    assert low.version == 1
    chosen = Selection(aspect="quality")
    assert list(chosen.rows(cast.project)) == [low, high]
    assert list(chosen.but(least=2.0, most=3.0).rows(cast.project)) == [low]
    assert list(chosen.but(least=2.5).rows(cast.project)) == [high]
    assert not Selection(aspect="quality__value__gte").rows(cast.project).exists()
    Sample.objects.filter(pk=none.pk).update(meta={"score": 9})
    assert list(Selection(least=5.0).rows(cast.project)) == [none], "without an aspect the old meaning"
    assert aspects(cast.project) == ["complexity", "quality"]
    assert figures(run, now=timezone.now()).scores == {"complexity": 1, "quality": 2}


def test_a_score_of_an_older_revision_says_so_and_never_replaces_a_newer_one(cast: Cast) -> None:
    run = start_offline(cast.project)
    [sample] = make_samples(cast.project, 1, state="approved", revision=3)
    Run.objects.filter(pk=run.pk).update(pinned={"samples": [[sample.pk, 2]]})
    run.refresh_from_db()
    decide(run, score(sample, quality=2))
    sample.refresh_from_db()
    assert sample.scores["quality"]["revision"] == 2
    later = start_offline(cast.project)
    decide(later, score(sample, quality=5))
    decide(run, score(sample, quality=1))
    sample.refresh_from_db()
    assert (sample.scores["quality"]["value"], sample.scores["quality"]["revision"]) == (5, 3)
    sample.delete()
    decide(run, score(sample, quality=1))
