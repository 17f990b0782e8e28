"""Admission holds what a run invents against what people had approved: by ROUGE-L, exactly, and whoever works on it."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from benchmarks.novelty import lcs, stream
from generation.actions import pool_memory
from generation.actions.approved_novelty import ApprovedTexts
from generation.actions.items import claim_items
from generation.actions.ledger import RunLedger
from generation.actions.samples import admit
from generation.engine.ledger import Finished
from generation.models import Draft, EvaluationItem, EvaluationSet, Item, PreferencePair, Run, Sample
from generation.quality.text import tokens
from generation.types import Draft as DraftValue
from tests.cast import NOW, Cast, make_cast, make_samples
from tests.runs import door, plant_seeds, start_offline

pytestmark = pytest.mark.django_db(transaction=True)

INVENT, INSTANCES = "self_instruct.invent", "self_instruct.instances"
COMPARE = "model_comparison.compare"
ASKED = "Explain why the leaves of many trees turn red and yellow every autumn"
LIKE = "Explain why the leaves of many trees turn red and brown every autumn"
NEW = "Suggest a name for a ship that carries letters between two islands"
ZH_ASKED, ZH_LIKE = "请解释为什么许多树的叶子在秋天会变红", "请解释为什么很多树的叶子在秋天会变黄"
LONG = "The quick brown fox jumps over the lazy dog while seven small birds sing loudly in the old apple tree"


@pytest.fixture
def cast() -> Cast:
    cast = make_cast()
    plant_seeds(cast.project, now=NOW)
    pool_memory._remembered.clear()
    return cast


def begin(cast: Cast, *, recipe: str = "self_instruct", at: Any = None, **params: Any) -> Run:
    """A run of this kind with one item planned; its drafts are ours to write."""
    own = {"target": 18} if recipe == "self_instruct" else {}
    run = start_offline(cast.project, recipe=recipe, params=own | params)
    if at is not None:
        Run.objects.filter(pk=run.pk).update(created_at=at)
    hands = door()
    admit(run.pool_id, owner=hands.owner(), folder=hands.folder, clock=hands.now)
    Run.objects.filter(pk=run.pk).update(wave=99)
    return Run.objects.get(pk=run.pk)


def propose(run: Run, *drafts: DraftValue, stage: str = INVENT) -> list[tuple[str, str]]:
    """(state, reason) of each draft, all of one item."""
    hands = door()
    Item.objects.filter(run=run, state=Item.State.PLANNED).update(stage=stage)
    item = claim_items(run.pk, owner="w", limit=1, now=timezone.now())[0]
    RunLedger(run, owner="w", folder=hands.folder, clock=timezone.now).write([Finished(item, list(drafts))])
    admit(run.pool_id, owner=hands.owner(), folder=hands.folder, clock=hands.now)
    return list(Draft.objects.filter(item=item.id).order_by("index").values_list("state", "reason"))


def invented(*texts: str) -> list[DraftValue]:
    return [DraftValue("instruction", instruction=text, language="en") for text in texts]


def over(run: Run) -> None:
    Run.objects.filter(pk=run.pk).update(state="cancelled")


def approved(cast: Cast, *texts: str, **fields: Any) -> list[Sample]:
    return make_samples(cast.project, [(text, "said") for text in texts], state=Sample.State.APPROVED, **fields)


@pytest.mark.parametrize(("asked", "like"), [(ASKED, LIKE), (ZH_ASKED, ZH_LIKE)], ids=["english", "chinese"])
def test_an_instruction_like_an_approved_one_is_dropped_and_names_it(cast: Cast, asked: str, like: str) -> None:
    (row,) = approved(cast, asked)
    run = begin(cast, language_profile="any")
    first, second = invented(like, NEW)
    first = replace(first, language="zh" if asked == ZH_ASKED else "en")
    assert propose(run, first, second) == [("dropped", "like_approved"), ("admitted", "")]
    (found,) = Draft.objects.get(run=run, reason="like_approved").checks
    assert found["detail"]["nearest"] == f"sample:{row.pk}"
    assert 0.7 < found["detail"]["similarity"] < 1
    assert found["detail"]["threshold"] == 0.7


def test_exactly_at_the_threshold_is_new(cast: Cast) -> None:
    words = ["Say", "how", "ten", "brave", "men", "once", "built", "that", "tall", "tower"]
    approved(cast, " ".join(words))
    seven, eight = [*words[:7], "frog", "king", "salt"], [*words[:8], "lamp", "rope"]
    assert propose(begin(cast), *invented(" ".join(seven))) == [("admitted", "")]
    assert propose(begin(cast), *invented(" ".join(eight))) == [("dropped", "like_approved")]


def test_the_threshold_is_that_of_the_recipe(cast: Cast) -> None:
    approved(cast, ASKED)
    assert propose(begin(cast, novelty_threshold=1.0), *invented(LIKE)) == [("admitted", "")]


def test_a_run_may_note_it_or_not_compare_and_an_older_run_does_not(cast: Cast) -> None:
    approved(cast, ASKED)
    noted = begin(cast, approved_novelty="note")
    assert propose(noted, *invented(LIKE)) == [("admitted", "")]
    assert [each["code"] for each in Draft.objects.get(run=noted, state="admitted").checks] == ["like_approved"]
    over(noted)
    assert propose(begin(cast, approved_novelty="off"), *invented(ZH_LIKE, NEW))[1] == ("admitted", "")
    old = begin(cast)
    Run.objects.filter(pk=old.pk).update(params={"target": 18})
    approved(cast, "Name three rivers that flow through more than one country", decided_at=NOW)
    found = propose(old, *invented("Name four rivers that flow through more than one country"))
    assert found == [("admitted", "")]


def test_later_stages_of_a_recipe_that_invents_note_at_most(cast: Cast) -> None:
    approved(cast, ASKED)
    row = DraftValue("sample", instruction=LIKE, output="Because it grows cold.", language="en")
    assert propose(begin(cast), row, stage=INSTANCES) == [("admitted", "")]


def test_only_what_stood_approved_when_the_run_was_made_counts(cast: Cast) -> None:
    early, late, gone, exam = (
        "Describe how a river finds its way down to the sea", "Compare two famous castles that stand on a hill",
        "List six useful things that a gardener does in spring", "Calculate how long a train needs between two towns",
    )  # fmt: skip
    approved(cast, early)
    approved(cast, late, decided_at=timezone.now() + timedelta(minutes=1))
    (rejected,) = approved(cast, gone)
    approved(cast, exam, evaluation=True)
    run = begin(cast)
    Sample.objects.filter(pk=rejected.pk).update(state=Sample.State.REJECTED, decided_at=timezone.now())
    drafts = invented(*(f"{text} today" for text in (early, late, gone, exam)))
    assert [reason for _state, reason in propose(run, *drafts)] == ["like_approved", "", "", ""]


def test_a_row_that_was_edited_and_approved_again_counts_as_it_reads_now(cast: Cast) -> None:
    (row,) = approved(cast, ASKED)
    first = begin(cast)
    assert propose(first, *invented(LIKE)) == [("dropped", "like_approved")]
    over(first)
    Sample.objects.filter(pk=row.pk).update(instruction=NEW, decided_at=timezone.now())
    second = begin(cast)
    drafts = invented(LIKE, f"{NEW} today")
    assert propose(second, *drafts) == [("admitted", ""), ("dropped", "like_approved")]


def test_a_near_duplicate_of_an_edited_row_is_judged_by_what_it_reads_now(cast: Cast) -> None:
    (row,) = make_samples(cast.project, [(ASKED, LONG)], state=Sample.State.APPROVED)
    first = begin(cast)
    twin = DraftValue("sample", instruction=ASKED, output=f"{LONG} again", language="en")
    assert propose(first, twin, stage=INSTANCES) == [("dropped", "near_duplicate")]
    over(first)
    text = "Ships carried letters and salt between the islands until a bridge was built at last, some forty years ago"
    Sample.objects.filter(pk=row.pk).update(instruction=NEW, output=text, decided_at=timezone.now())
    second = begin(cast)
    other = DraftValue("sample", instruction=NEW, output=f"{text} now", language="en")
    found = propose(second, twin, other, stage=INSTANCES)
    assert found == [("admitted", ""), ("dropped", "near_duplicate")]


def test_an_admitter_that_was_killed_and_one_that_remembers_decide_the_same(cast: Cast) -> None:
    texts = list(dict.fromkeys(stream(160)))
    approved(cast, *texts[:100])
    found = []
    for forgets in (False, True):
        run, said = begin(cast, language_profile="any", max_words=2000), []
        for at in range(100, len(texts), 6):
            if forgets:
                pool_memory._remembered.clear()
            said += propose(run, *invented(*texts[at : at + 6]))
            if not Item.objects.filter(run=run, state=Item.State.PLANNED).exists():
                break
        found.append(said)
        over(run)
        Draft.objects.filter(run=run).delete()
        pool_memory._remembered.clear()
    assert found[0] == found[1]
    assert {"like_approved", ""} <= {reason for _state, reason in found[0]}


def test_what_is_found_is_what_a_loop_over_all_approved_rows_finds(cast: Cast) -> None:
    rng, texts = random.Random(3), stream(260)
    rows = approved(cast, *texts[:200], *texts[:40])
    moments = {row.pk: NOW - timedelta(days=rng.randint(0, 9)) for row in rows}
    for row in rows:
        row.decided_at = moments[row.pk]
        row.state = Sample.State.REJECTED if rng.random() < 0.1 else row.state
    Sample.objects.bulk_update(rows, ["decided_at", "state"])
    index = ApprovedTexts(cast.project.pk, with_input=False, compat=False)
    index.catch_up(NOW)
    for text in texts[150:]:
        as_of, but = NOW - timedelta(days=rng.randint(0, 9)), (rng.choice(rows).pk,)
        mine = tokens(text)
        scores = [
            2 * lcs(mine, other) / (len(mine) + len(other))
            for row in rows
            if row.state == Sample.State.APPROVED and moments[row.pk] <= as_of and row.pk not in but
            for other in [tokens(row.instruction)]
        ]
        best = max(scores, default=0.0)
        like = index.nearest(text, above=0.7, as_of=as_of, but=but)
        assert (like.score if like else None) == (best if best > 0.7 else None)


def test_one_instruction_over_many_inputs_is_kept_once_and_read_with_its_input_where_that_is_compared(
    cast: Cast,
) -> None:  # fmt: skip
    rows = approved(cast, *["Classify the mood of this sentence"] * 30)
    for at, row in enumerate(rows):
        row.input = f"Sentence {at} tells of something that happened in town number {at}"
    Sample.objects.bulk_update(rows, ["input"])
    alone, both = (ApprovedTexts(cast.project.pk, with_input=with_input, compat=False) for with_input in (False, True))
    alone.catch_up(timezone.now())
    both.catch_up(timezone.now())
    assert (len(alone.pool), len(both.pool)) == (1, 30)
    now, text = timezone.now(), "Classify the mood of this sentence"
    assert alone.nearest(text, above=0.7, as_of=now) == (rows[0].pk, 1.0)
    assert both.nearest(f"{text}\nNobody came to the fair because it rained", above=0.7, as_of=now) is None
    assert both.nearest(f"{text}\n{rows[7].input}", above=0.7, as_of=now) == (rows[7].pk, 1.0)


def pair(asked: str, chosen: str = "Yes, gladly.", rejected: str = "No.", **said: Any) -> DraftValue:
    return DraftValue("pair", instruction=asked, output=chosen, rejected=rejected, language="en", **said)


def test_pairs_and_answers_of_a_prompt_kept_for_evaluation_are_dropped(cast: Cast) -> None:
    exam = EvaluationSet.objects.create(project=cast.project, name="exam", size=1, created_at=NOW)
    EvaluationItem.objects.create(set=exam, number=0, text=LONG)
    make_samples(cast.project, [(ASKED, "said")], evaluation=True)
    run = begin(cast, recipe="model_comparison")
    answer = DraftValue("answer", instruction=ASKED, output="They lose their green.", language="en")
    drafts = (
        pair(f"Go on: {LONG}"), pair(ASKED), answer, pair(NEW, chosen=f"It goes: {LONG}"),
        pair(NEW, rejected=f"It goes: {LONG}"), pair(NEW),
    )  # fmt: skip
    found = propose(run, *drafts, stage=COMPARE)
    assert found == [("dropped", "contaminated")] * 5 + [("admitted", "")]
    places = [
        each["detail"]["field"] for row in Draft.objects.filter(run=run).order_by("index") for each in row.checks
    ]  # fmt: skip
    assert places == ["instruction", "instruction", "instruction", "output", "rejected"]
    assert PreferencePair.objects.filter(run=run).count() == 1


def test_a_prompt_of_a_pair_may_be_an_approved_one_unless_the_run_is_asked_to_drop_it(cast: Cast) -> None:
    (row,) = approved(cast, ASKED)
    usual = begin(cast, recipe="model_comparison")
    assert propose(usual, pair(ASKED), stage=COMPARE) == [("admitted", "")]
    over(usual)
    asked = begin(cast, recipe="model_comparison", approved_novelty="drop")
    drafts = (pair(LIKE), pair(ASKED, sample_ids=(row.pk,)), pair(NEW))
    assert [reason for _state, reason in propose(asked, *drafts, stage=COMPARE)] == ["like_approved", "", ""]
