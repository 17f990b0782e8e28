"""What a run dropped stands beside what it repeats, and comes back by one click; nobody is told who wrote an answer."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from generation.actions.run_tallies import move_tallies
from generation.figures import StageFigures
from generation.models import Answer, Draft, EvaluationItem, EvaluationSet, Item, Run, Sample, Seed
from generation.repeat_shares import RepeatShare, share_before, share_of
from review.models import Decision
from tests.cast import NOW, Cast, make_cast, make_samples, new_key
from tests.runs import plant_seeds, start_offline

pytestmark = pytest.mark.django_db

INVENT = "self_instruct.invent"
ASKED, LIKE = "Explain why leaves turn red in autumn", "Explain why leaves turn brown in autumn"
HOSTILE = "<script>alert(1)</script> \u202e"


@pytest.fixture
def cast() -> Cast:
    cast = make_cast()
    plant_seeds(cast.project, now=NOW)
    return cast


def dropped(
    run: Run, reason: str, *, said: dict[str, Any], detail: dict[str, Any] | None = None, **fields: Any
) -> Draft:
    """A draft that admission dropped, with its finding and its tally."""
    item = Item.objects.create(run=run, stage=INVENT, wave=0, number=run.items.count(), random_seed=1, state="done")
    checks = [{"check": reason, "code": reason, "drop": True, "detail": detail}] if detail else []
    content = {"kind": "sample", "language": "en"} | said
    move_tallies(run.pk, moves={f"draft.{INVENT}.{reason}": 1})
    return Draft.objects.create(
        run=run, item=item, index=0, stage=INVENT, wave=0, kind=content["kind"], content=content, state="dropped",
        reason=reason, checks=checks, **fields,
    )  # fmt: skip


def seen(client: Client, cast: Cast, run: Run, who: str = "bob", **query: str) -> str:
    client.force_login(getattr(cast, who))
    answer = client.get(f"/p/{cast.project.slug}/runs/{run.pk}/dropped", query)
    assert answer.status_code == 200
    return answer.content.decode()


def keep(client: Client, cast: Cast, run: Run, row: Draft, who: str = "bob", **said: Any) -> Any:
    client.force_login(getattr(cast, who))
    data = {"draft": row.pk, "version": 1, "key": new_key()} | said
    return client.post(f"/p/{cast.project.slug}/runs/{run.pk}/dropped?reason={row.reason}", data)


def near(cast: Cast, run: Run) -> tuple[Draft, Sample, Sample]:
    """A near-duplicate: the draft, its filtered row, and the approved row that it repeats."""
    (twin,) = make_samples(cast.project, [(ASKED, "The green goes first.")], state=Sample.State.APPROVED)
    found = {"nearest": f"sample:{twin.pk}", "similarity": 0.9123, "threshold": 0.8, "field": "instruction"}
    row = dropped(run, "near_duplicate", said={"instruction": LIKE, "output": "The green goes first."}, detail=found)
    (mine,) = make_samples(
        cast.project, [(LIKE, "The green goes first.")], state=Sample.State.FILTERED, run=run, draft=row,
        reason="near_duplicate",
    )  # fmt: skip
    return row, mine, twin


def test_a_near_duplicate_stands_beside_its_row_with_the_common_words_marked(cast: Cast, client: Client) -> None:
    run = start_offline(cast.project)
    _row, mine, twin = near(cast, run)
    page = seen(client, cast, run, reason="near_duplicate")
    assert f"/samples/{twin.pk}" in page
    assert f"/samples/{mine.pk}" in page
    assert "likeness 0.91" in page
    assert page.count('<mark class="common">Explain why leaves turn </mark>') == 2
    assert "<mark" not in page.split("brown")[0].rpartition("</mark>")[2]


def test_one_click_puts_it_back_to_review_as_a_decision_that_can_be_undone(cast: Cast, client: Client) -> None:
    run = start_offline(cast.project)
    row, mine, _twin = near(cast, run)
    assert keep(client, cast, run, row).status_code == 302
    mine.refresh_from_db()
    assert (mine.state, mine.reason) == ("needs_review", "")
    assert Decision.objects.get(sample=mine).action == "restore"
    assert "put back to review" in seen(client, cast, run, reason="near_duplicate")


@pytest.mark.parametrize(("who", "status"), [("carol", 403), ("dave", 403), ("mallory", 404)])
def test_only_editors_keep(cast: Cast, client: Client, who: str, status: int) -> None:
    run = start_offline(cast.project)
    row, mine, _twin = near(cast, run)
    assert keep(client, cast, run, row, who).status_code == status
    mine.refresh_from_db()
    assert mine.state == "filtered"


def test_an_instruction_that_was_dropped_becomes_a_seed_once(cast: Cast, client: Client) -> None:
    run, seed = start_offline(cast.project), Seed.objects.first()
    row = dropped(
        run, "too_similar", said={"kind": "instruction", "instruction": f"{LIKE} {HOSTILE}"},
        novelty={"score": 0.75, "nearest": f"seed:{seed.pk}", "threshold": 0.7},
    )  # fmt: skip
    page = seen(client, cast, run, reason="too_similar")
    assert "likeness 0.75" in page
    assert "Make it a seed" in page
    assert "<script>alert" not in page
    assert f"/seeds/{seed.pk}" in page
    before = Seed.objects.count()
    for _again in range(2):
        assert keep(client, cast, run, row).status_code == 302
    assert Seed.objects.count() == before + 1
    assert Seed.objects.latest("pk").source == f"run {run.pk}"


def test_a_contaminated_draft_stands_beside_the_evaluation_text(cast: Cast, client: Client) -> None:
    exam = EvaluationSet.objects.create(project=cast.project, name="exam & co", size=1, created_at=NOW)
    EvaluationItem.objects.create(set=exam, number=3, text="请解释为什么许多树的叶子在秋天会变红，再举一个例子")
    run = start_offline(cast.project)
    found = {"set": "exam & co", "item": 3, "share": 0.7, "field": "instruction", "spans": [[0, 18]], "count": 1}
    dropped(
        run,
        "contaminated",
        said={"instruction": "请解释为什么许多树的叶子在秋天会变红吗", "language": "zh"},
        detail=found,
    )
    page = seen(client, cast, run)
    assert "Repeats exam &amp; co, text 3" in page
    assert page.count('<mark class="common">请解释为什么许多树的叶子在秋天会变红</mark>') == 2


def test_what_is_gone_or_of_another_reason_or_run_is_told_without_fault(cast: Cast, client: Client) -> None:
    run, other = start_offline(cast.project), start_offline(cast.project)
    dropped(run, "near_duplicate", said={"instruction": LIKE}, detail={"nearest": "sample:999999", "similarity": 0.9})
    dropped(run, "too_similar", said={"instruction": ASKED}, novelty={"nearest": "nonsense"})
    foreign = dropped(
        other, "refusal", said={"instruction": "Elsewhere"}, detail={"field": "output", "spans": [[0, 3]]}
    )
    assert "What it repeated is no more." in seen(client, cast, run, reason="near_duplicate")
    assert ASKED in seen(client, cast, run, reason="too_similar")
    assert "Elsewhere" not in seen(client, cast, run, reason="refusal", after="x")
    assert keep(client, cast, run, foreign).status_code == 302
    assert not Decision.objects.exists()
    assert "This run dropped nothing." in seen(client, cast, start_offline(cast.project))


def test_of_runs_that_make_answers_nothing_is_told_before_a_look(cast: Cast, client: Client) -> None:
    run = start_offline(cast.project)
    _row, _mine, twin = near(cast, run)
    Answer.objects.create(sample=twin, run=run, text="Secret answer", model="m-1", content_hash="a", created_at=NOW)
    page = seen(client, cast, run, who="carol")
    assert ASKED not in page
    assert LIKE not in page
    assert "data-blind" in page
    client.force_login(cast.bob)
    client.post(f"/p/{cast.project.slug}/runs/{run.pk}", {"do": "look"})
    assert "turn </mark>brown" in seen(client, cast, run)


def test_a_row_that_people_compare_is_not_shown_beside_a_draft(cast: Cast, client: Client) -> None:
    run, other = start_offline(cast.project), start_offline(cast.project)
    _row, _mine, twin = near(cast, run)
    Answer.objects.create(sample=twin, run=other, text="Secret answer", model="m-1", content_hash="a", created_at=NOW)
    page = seen(client, cast, run, who="carol")
    assert LIKE in page
    assert ASKED not in page
    assert "would tell you who wrote an answer" in page


def test_the_share_of_repeats_counts_the_stages_in_which_any_fell_out() -> None:
    stages = [
        StageFigures("a", 60, (("too_similar", 15), ("near_duplicate", 5), ("refusal", 20))),
        StageFigures("b", 900, (("refusal", 100),)),
    ]
    share = share_of(stages)
    assert share == RepeatShare(20, 100)
    assert (share.one_in, share.much) == (5, True)
    assert share_of(stages[1:]) is None
    assert not RepeatShare(5, 100).much
    assert not RepeatShare(5, 10).much


def test_run_page_new_run_and_estimate_tell_the_share_that_fell_out(cast: Cast, client: Client) -> None:
    run = start_offline(cast.project)
    move_tallies(run.pk, moves={f"draft.{INVENT}.admitted": 80, f"draft.{INVENT}.like_approved": 20})
    assert share_before(cast.project, recipe="self_instruct") == RepeatShare(20, 100)
    assert share_before(cast.project, recipe="evol_instruct") is None
    client.force_login(cast.bob)
    page = client.get(f"/p/{cast.project.slug}/runs/{run.pk}").content.decode()
    assert "1 in 5 drafts repeats what is there already." in page
    assert "More and more varied seeds would help:" in page
    assert f"/runs/{run.pk}/dropped?reason=like_approved" in page
    assert "paid for" not in page
    form = client.get(f"/p/{cast.project.slug}/runs/new/self_instruct").content.decode()
    assert "1 in 5 drafts" in form
