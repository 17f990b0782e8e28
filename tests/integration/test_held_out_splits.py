"""Held-out splits of frozen versions: kept as evaluation sets, and what is then found of them."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone

from generation.actions.evaluation_sets import EvaluationSetError
from generation.actions.jobs import work_on
from generation.models import EvaluationItem, EvaluationSet, Sample
from generation.models.people import AuditEntry
from review.actions import held_out_splits
from review.actions.datasets import dataset_of, freeze
from review.actions.held_out_splits import fill_split, keep_split
from review.actions.quality_remedies import remedy_quality, undo_quality_remedy
from review.actions.quality_reports import fill_quality_report, start_quality_report
from review.criteria import Criteria
from review.mixes.recipe import Recipe, Source
from review.models import DatasetVersion, QualityReport
from review.selection import Selection
from tests.cast import NOW, Cast, make_cast, make_samples
from tests.pairs import make_pair

pytestmark = pytest.mark.django_db

LAW = "A tenant who leaves before the end of the lease owes the rent until a new tenant moves in, under clause"
LAW_ZH = "租客在租约到期之前搬走的，应当支付租金直到新的租客入住或者租约到期为止，依据合同条款第"


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def rows(cast: Cast, count: int = 10) -> list[Sample]:
    """Rows of both languages, no two of which share thirteen words."""
    made = [
        (f"Explain {at}", " ".join(f"w{at}x{n}" for n in range(20)))
        if at % 2
        else (f"解释{at}", "".join(chr(0x4E00 + 40 * at + n) for n in range(30)))
        for at in range(count)
    ]
    return make_samples(cast.project, made, state="approved")


def frozen(
    cast: Cast, *, name: str = "law", kind: str = "sft", seed: int = 42, ratios: tuple[int, ...] = (6, 2, 2)
) -> DatasetVersion:
    recipe = Recipe((Source("", Selection(kind=kind)),), ratios=ratios, seed=seed, shuffle=True)
    return freeze(dataset_of(cast.project, now=NOW, name=name, kind=kind), recipe=recipe, by=cast.alice, now=NOW)


def kept(cast: Cast, version: DatasetVersion, split: str = "test") -> EvaluationSet:
    made = keep_split(cast.seat("bob"), version=version, split=split, now=NOW)
    clock = timezone.now
    work_on(made.job_id or 0, owner="w", clock=clock, work=lambda job: fill_split(job, clock=clock))
    return EvaluationSet.objects.select_related("job").get(pk=made.pk)


def measured(cast: Cast, **asked: Any) -> QualityReport:
    report = start_quality_report(cast.seat("bob"), now=NOW, **asked)
    clock = timezone.now
    work_on(report.job_id or 0, owner="w", clock=clock, work=lambda job: fill_quality_report(job, clock=clock))
    report.refresh_from_db()
    return report


def contaminated(report: QualityReport) -> list[int]:
    return [pk for part in report.found.filter(code="contaminated").order_by("part") for pk in part.ids]


def test_a_test_split_becomes_a_set_of_its_texts_once(cast: Cast) -> None:
    rows(cast)
    version = frozen(cast)
    made = kept(cast, version)
    pinned = list(version.pins.filter(split="test").order_by("position").values_list("sample", flat=True))
    assert (made.name, made.size, made.state) == (f"law v{version.number} test", 2, "whole")
    items = EvaluationItem.objects.filter(set=made).order_by("number")
    assert [item.row for item in items] == pinned
    texts = Sample.objects.in_bulk(pinned)
    assert [item.text for item in items] == [f"{texts[pk].instruction}\n{texts[pk].output}" for pk in pinned]
    assert keep_split(cast.seat("bob"), version=version, split="test", now=NOW).pk == made.pk
    assert AuditEntry.objects.filter(action="evaluation_set.added").count() == 1


def test_both_splits_of_a_dataset_with_the_longest_name_are_kept(cast: Cast) -> None:
    rows(cast)
    version = frozen(cast, name="l" * 120)
    names = [kept(cast, version, split).name for split in ("test", "validation")]
    assert names == ["l" * 112 + " v1 test", "l" * 106 + " v1 validation"]


def test_what_cannot_be_kept_is_refused(cast: Cast) -> None:
    rows(cast)
    version = frozen(cast)
    for split in ("train", "", "no such split"):
        with pytest.raises(EvaluationSetError, match="no_items"):
            keep_split(cast.seat("bob"), version=version, split=split, now=NOW)
    with pytest.raises(PermissionDenied):
        keep_split(cast.seat("carol"), version=version, split="test", now=NOW)
    whole = frozen(cast, name="whole", ratios=())
    with pytest.raises(EvaluationSetError, match="no_items"):
        keep_split(cast.seat("bob"), version=whole, split="test", now=NOW)
    assert not EvaluationSet.objects.exists()


def test_two_who_ask_at_the_same_moment_get_one_set(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """The other one's set is there by the time that this one's is made."""
    rows(cast)
    version = frozen(cast)
    begun = held_out_splits._begun

    def later(*args: Any, **options: Any) -> EvaluationSet:
        begun(*args, **options)
        return begun(*args, **options)

    monkeypatch.setattr(held_out_splits, "_begun", later)
    made = keep_split(cast.seat("bob"), version=version, split="test", now=NOW)
    assert [each.pk for each in EvaluationSet.objects.all()] == [made.pk]


def test_of_pairs_only_the_prompts_are_kept(cast: Cast) -> None:
    for at in range(6):
        make_pair(cast.project, f"Prompt {at} of the tenant", f"The better one {at}", f"The worse one {at}")
    version = frozen(cast, name="votes", kind="preference", ratios=(1, 0, 1))
    made = kept(cast, version)
    texts = list(made.items.values_list("text", flat=True))
    assert len(texts) == made.size > 0
    assert all(text.startswith("Prompt ") for text in texts)
    assert not any("one" in text for text in texts)


def test_the_rows_that_a_set_was_made_of_are_no_contamination_but_their_copies_are(cast: Cast) -> None:
    made_rows = rows(cast)
    version = frozen(cast)
    made = kept(cast, version)
    item = made.items.order_by("number")[0]
    copied = Sample.objects.get(pk=item.row or 0).output
    (copy,) = make_samples(cast.project, [("Say it again", f"So: {copied} !")], state="approved")
    pool = measured(cast, criteria=Criteria(state="approved"))
    assert contaminated(pool) == [copy.pk]
    made.refresh_from_db()
    assert (made.found["rows"], made.found["items"], made.found["preset"], made.found["report"]) == (
        1, 1, "thirteen_words", pool.pk,
    )  # fmt: skip
    own = measured(cast, version=version)
    assert contaminated(own) == []
    assert own.rows == len(made_rows)


def test_a_row_that_was_test_and_trains_in_the_next_version_is_found(cast: Cast) -> None:
    rows(cast)
    first = frozen(cast)
    made = kept(cast, first)
    tested = set(first.pins.filter(split="test").values_list("sample", flat=True))
    second = frozen(cast, ratios=(1,))
    report = measured(cast, version=second)
    assert set(contaminated(report)) == tested
    beside = report.told["sections"]["contamination"]["examples"][0]["beside"]
    shared = "\n".join(pieces[1] for _field, pieces in beside["row"])
    assert beside["item"] == ["", shared, ""]
    seat = cast.seat("bob")
    done = remedy_quality(seat, report=report, code="contaminated", way="drop", now=NOW)
    assert set(Sample.objects.filter(state="rejected").values_list("pk", flat=True)) == tested
    undo_quality_remedy(seat, entry=done.entry or 0, now=NOW)
    assert not Sample.objects.filter(state="rejected").exists()
    made.refresh_from_db()
    assert made.found["rows"] == 2


def test_the_version_offers_it_with_one_click_and_says_when_it_is_done(cast: Cast, client: Client) -> None:
    rows(cast)
    version = frozen(cast)
    page = f"/p/poems/datasets/{version.dataset_id}/v/{version.number}"
    client.force_login(cast.bob)
    assert client.get(page).content.decode().count('value="keep"') == 2
    answer = client.post(page, {"do": "keep", "split": "test"})
    made = EvaluationSet.objects.get()
    assert answer["Location"] == f"/p/poems/evaluation-sets/{made.pk}"
    assert b"being read" in client.get(answer["Location"]).content
    after = client.get(page).content.decode()
    assert after.count('value="keep"') == 1
    assert "kept as an evaluation set" in after
    client.post(page, {"do": "keep", "split": "nothing"})
    assert EvaluationSet.objects.count() == 1
    client.force_login(cast.carol)
    assert 'value="keep"' not in client.get(page).content.decode()
    assert client.post(page, {"do": "keep", "split": "validation"}).status_code == 403


def test_programs_keep_a_split_too(cast: Cast, client: Client) -> None:
    rows(cast)
    version = frozen(cast)
    client.force_login(cast.bob)
    url = f"/api/v1/projects/poems/datasets/{version.dataset_id}/versions/{version.number}/held-out"
    for _ in range(2):
        answer = client.post(url, {"split": "test"}, content_type="application/json")
        assert (answer.status_code, answer.json()["state"]) == (202, "reading")
    assert EvaluationSet.objects.count() == 1
    assert client.post(url, {"split": "train"}, content_type="application/json").status_code == 422


def test_the_finding_shows_the_row_beside_the_evaluation_text_on_the_page_in_the_file_and_to_programs(
    cast: Cast, client: Client
) -> None:
    made = EvaluationSet.objects.create(project=cast.project, name="exam", size=1, created_at=NOW)
    EvaluationItem.objects.create(set=made, number=0, text=f"Q1. {LAW} <b>seven</b>?")
    rows(cast, 2)
    (copy,) = make_samples(cast.project, [("Explain the rent", f"Well: {LAW} seven.")], state="approved")
    report = measured(cast, criteria=Criteria(state="approved"))
    client.force_login(cast.bob)
    page = client.get(f"/p/poems/quality/{report.pk}?finding=contaminated").content.decode()
    assert f"Q1. <mark>{LAW}</mark> &lt;b&gt;seven" in page
    assert f"Well: <mark>{LAW}</mark> seven." in page
    assert "<b>seven" not in page
    assert f"<mark>{LAW}</mark>" in client.get(f"/p/poems/quality/{report.pk}.html").content.decode()
    url = f"/api/v1/projects/poems/quality-reports/{report.pk}/findings/contaminated"
    (found,) = client.get(url).json()["items"]
    assert (found["id"], found["beside"]["set"], found["beside"]["item"]) == (copy.pk, "exam", 1)
    assert found["beside"]["row"][0][0] == "output"
    assert found["beside"]["text"][0] == "Q1. "
