"""Admission drops what repeats an approved row, a row of the pool, or a text kept for evaluation."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from generation.actions import pool_memory
from generation.actions.items import claim_items
from generation.actions.ledger import RunLedger
from generation.actions.runs import StartRefusedError, start_wished
from generation.actions.samples import admit
from generation.actions.starts import Repeats, Wish
from generation.engine.ledger import Finished
from generation.models import Draft, EvaluationItem, EvaluationSet, Item, Run, Sample
from generation.types import Draft as DraftValue
from tests.cast import NOW, Cast, make_cast, make_samples
from tests.runs import door, offline_endpoint, plant_seeds, start_offline

pytestmark = pytest.mark.django_db(transaction=True)

STAGE = "self_instruct.instances"
ASKED = "Explain in two short sentences why the leaves of many trees turn red and yellow in autumn"
SAID = (
    "The days grow shorter and the tree stops making the green colour of its leaves. What was hidden under the green "
    "all summer, the yellow and the red, can now be seen by everybody who walks past the tree."
)
LIKE = SAID + " Indeed."
OTHER = "Nobody knows for sure. Some say frost paints them at night, and children believe it gladly in every country."
ZH_ASKED, ZH_SAID = (
    "请用两句话解释为什么许多树的叶子在秋天会变成红色和黄色",
    ("白天变短以后，树木不再制造叶子里的绿色物质。整个夏天藏在绿色下面的黄色和红色这时就能被每一个路过的人看见。"),
)


@pytest.fixture
def cast() -> Cast:
    cast = make_cast()
    plant_seeds(cast.project, now=NOW)
    pool_memory._remembered.clear()
    return cast


def begin(cast: Cast, **fields: Any) -> Run:
    """A run with its first items planned; its drafts are ours to write."""
    run = start_offline(cast.project, params={"target": 18})
    Run.objects.filter(pk=run.pk).update(**fields)
    hands = door()
    admit(run.pool_id, owner=hands.owner(), folder=hands.folder, clock=hands.now)
    Run.objects.filter(pk=run.pk).update(wave=99)
    return Run.objects.get(pk=run.pk)


def propose(run: Run, *texts: tuple[str, str], **said: Any) -> list[tuple[str, str]]:
    """(state, reason) of a sample draft for each text, all of one item."""
    hands = door()
    Item.objects.filter(run=run, state=Item.State.PLANNED).update(stage=STAGE)
    item = claim_items(run.pk, owner="w", limit=1, now=timezone.now())[0]
    drafts = [DraftValue("sample", instruction=asked, output=answer, language="en", **said) for asked, answer in texts]
    RunLedger(run, owner="w", folder=hands.folder, clock=timezone.now).write([Finished(item, drafts)])
    admit(run.pool_id, owner=hands.owner(), folder=hands.folder, clock=hands.now)
    rows = Draft.objects.filter(item=item.id).order_by("index")
    return list(rows.values_list("state", "reason"))


def found_of(run: Run) -> dict[str, Any]:
    return next(
        each["detail"] for row in Draft.objects.filter(run=run) for each in row.checks if "nearest" in each["detail"]
    )


@pytest.mark.parametrize(("asked", "said"), [(ASKED, SAID), (ZH_ASKED, ZH_SAID)], ids=["english", "chinese"])
def test_a_draft_that_nearly_repeats_an_approved_row_is_dropped_and_names_it(cast: Cast, asked: str, said: str) -> None:
    approved = make_samples(cast.project, [(asked, said)], state=Sample.State.APPROVED)[0]
    run = begin(cast)
    assert propose(run, (asked, said + " 完")) == [("dropped", "near_duplicate")]
    assert found_of(run)["nearest"] == f"sample:{approved.pk}"
    assert found_of(run)["similarity"] >= 0.8


def test_a_draft_that_repeats_one_of_the_pool_is_dropped_after_a_restart_as_well(cast: Cast) -> None:
    run = begin(cast)
    assert propose(run, (ASKED, SAID), (ASKED, LIKE)) == [("admitted", ""), ("dropped", "near_duplicate")]
    pool_memory._remembered.clear()
    assert propose(run, (ASKED, LIKE)) == [("dropped", "near_duplicate")]


def test_the_same_question_with_another_answer_is_a_conflict_for_people_and_never_dropped(cast: Cast) -> None:
    make_samples(cast.project, [(ASKED * 4, SAID)], state=Sample.State.APPROVED)
    assert propose(begin(cast), (ASKED * 4, OTHER)) == [("admitted", "")]


def test_what_was_approved_after_the_run_was_made_does_not_count_for_it(cast: Cast) -> None:
    run = begin(cast)
    later = timezone.now() + timedelta(minutes=1)
    make_samples(cast.project, [(ASKED, SAID)], state=Sample.State.APPROVED, decided_at=later)
    assert propose(run, (ASKED, LIKE)) == [("admitted", "")]


def test_an_admitter_that_remembers_takes_in_what_was_approved_since(cast: Cast) -> None:
    first = begin(cast)
    assert propose(first, (ZH_ASKED, ZH_SAID)) == [("admitted", "")]
    Run.objects.filter(pk=first.pk).update(state="cancelled")
    make_samples(cast.project, [(ASKED, SAID)], state=Sample.State.APPROVED, decided_at=timezone.now())
    assert propose(begin(cast), (ASKED, LIKE)) == [("dropped", "near_duplicate")]


def test_a_run_may_note_repetitions_or_not_look_for_them(cast: Cast) -> None:
    make_samples(cast.project, [(ASKED, SAID)], state=Sample.State.APPROVED)
    noted = begin(cast, near_duplicates="note")
    assert propose(noted, (ASKED, LIKE)) == [("admitted", "")]
    assert found_of(noted)["threshold"] == 0.8
    Run.objects.filter(pk=noted.pk).update(state="cancelled")
    assert propose(begin(cast, near_duplicates="off"), (ASKED, LIKE)) == [("admitted", "")]


def test_a_row_made_from_another_is_no_duplicate_of_it(cast: Cast) -> None:
    parent = make_samples(cast.project, [(ASKED, SAID)], state=Sample.State.APPROVED)[0]
    assert propose(begin(cast), (ASKED, LIKE), sample_ids=(parent.pk,)) == [("admitted", "")]


def test_a_draft_that_repeats_an_evaluation_text_is_dropped_with_the_set_and_the_item(cast: Cast) -> None:
    exam = EvaluationSet.objects.create(project=cast.project, name="exam", size=2, created_at=NOW)
    texts = ("What is the capital of France?", f"Question: {SAID}")
    EvaluationItem.objects.bulk_create(
        EvaluationItem(set=exam, number=number, text=text) for number, text in enumerate(texts)
    )
    run = begin(cast)
    assert propose(run, (ASKED, SAID)) == [("dropped", "contaminated")]
    (found,) = Draft.objects.get(run=run, reason="contaminated").checks
    assert (found["detail"]["set"], found["detail"]["item"], found["detail"]["field"]) == ("exam", 1, "output")


def test_the_prompt_of_a_row_kept_for_evaluation_is_contamination_too(cast: Cast) -> None:
    make_samples(cast.project, [(ASKED, SAID)], state=Sample.State.NEEDS_REVIEW, evaluation=True)
    assert propose(begin(cast), (ASKED, OTHER)) == [("dropped", "contaminated")]


def test_a_threshold_that_means_nothing_is_refused(cast: Cast) -> None:
    wish = Wish(
        "self_instruct", {"target": 5}, endpoint=offline_endpoint(), repeats=Repeats("drop", threshold=0.1)
    )  # fmt: skip
    with pytest.raises(StartRefusedError, match="bad_repeats"):
        start_wished(cast.project, wish=wish, by=None, now=NOW)
