"""The family tree of a sample: rounds, siblings, what was dropped, and where in a document it all begins."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest
from django.test import Client
from django.urls import reverse

from generation.models import Document, Draft, Sample
from review.mixes.snapshot import pool_of
from review.mixes.splitting import joined, split
from review.reports import family as family_report
from review.reports.family import Family, Node, family_of
from review.selection import Selection, figures
from tests.cast import NOW, PASSWORD, Cast, make_cast, make_samples
from tests.runs import plant_seeds, start_offline, work_through

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def everyone(nodes: list[Node]) -> list[Node]:
    return [each for node in nodes for each in (node, *everyone(node.children))]


def evolved(cast: Cast, **params: object) -> list[Sample]:
    """The samples of a run on six seeds by rules, oldest first."""
    for seed in plant_seeds(cast.project, now=NOW)[6:]:
        seed.delete()
    run = work_through(start_offline(cast.project, recipe="evol_instruct", params={"rounds": 3} | params))
    assert run.state == "completed"
    return list(Sample.objects.filter(run=run).select_related("draft").order_by("id"))


def tree(cast: Cast, sample: Sample) -> Family:
    found = family_of(cast.project, sample_id=sample.pk)
    assert found is not None
    return found


def test_004_12_the_tree_shows_rounds_below_their_parents_and_what_was_dropped(cast: Cast) -> None:
    samples = evolved(cast)
    deepest = max(samples, key=lambda row: row.draft.content["data"]["round"])
    for row in samples:
        data = row.draft.content["data"]
        assert row.root_id is None or row.parent_id is not None
        assert row.parent is None or row.parent.draft.content["data"]["round"] < data["round"]
        assert row.parent is None or row.parent.seed_id == row.seed_id
    assert deepest.parent_id is not None
    for line in {row.draft.line for row in samples}:
        of_line = [row for row in samples if row.draft.line == line]
        found = tree(cast, of_line[-1])
        shown = everyone(list(found.nodes))
        dropped = Draft.objects.filter(run=of_line[0].run, line=line, kind="instruction", state="dropped")
        assert {node.id for node in shown if node.kind == "sample"} == {row.pk for row in of_line}
        assert {node.id for node in shown if node.kind == "draft"} == set(dropped.values_list("pk", flat=True))
        assert all(node.reason for node in shown if node.kind == "draft")
        assert sorted(node.round for node in shown) == [1, 2, 3]
        assert [node.id for node in shown if node.here] == [of_line[-1].pk]
        assert [seed.pk for seed in found.seeds] == [of_line[0].seed_id]


def test_the_page_is_reached_from_the_sample_and_says_all_of_it(cast: Cast, client: Client) -> None:
    sample = evolved(cast)[-1]
    client.login(username="dave", password=PASSWORD)
    address = reverse("lineage", args=[cast.project.slug, sample.pk])
    assert address in client.get(reverse("sample", args=[cast.project.slug, sample.pk])).content.decode()
    page = client.get(address).content.decode()
    assert "this sample" in page
    assert 'aria-current="true"' in page
    assert reverse("seed", args=[cast.project.slug, sample.seed_id]) in page
    assert client.get(reverse("lineage", args=[cast.project.slug, 10**9])).status_code == 404
    assert client.get(reverse("lineage", args=[cast.other_project.slug, sample.pk])).status_code == 404


def test_a_tree_goes_on_through_later_runs_up_to_the_first_sample(cast: Cast) -> None:
    first = make_samples(
        cast.project, [("Explain how a lock in a canal works.", "Water is let in.")], state="approved"
    )[0]
    run = work_through(start_offline(cast.project, recipe="evol_instruct", params={"rounds": 2}, random_seed=3))
    made = list(Sample.objects.filter(run=run).order_by("id"))
    assert made
    assert all(row.parent_id is not None and row.root_id == first.pk for row in made)
    found = tree(cast, made[-1])
    assert [node.id for node in found.nodes if node.kind == "sample"] == [first.pk]
    assert {node.id for node in everyone(list(found.nodes))} >= {row.pk for row in made}
    assert {node.id for node in everyone(list(tree(cast, first).nodes))} >= {row.pk for row in made}


def test_siblings_of_one_instruction_stand_below_it(cast: Cast) -> None:
    plant_seeds(cast.project, now=NOW)
    run = work_through(start_offline(cast.project))
    sample = next(
        row for row in Sample.objects.filter(run=run).select_related("draft")
        if Sample.objects.filter(draft__parent=row.draft.parent_id).count() > 1
    )  # fmt: skip
    found = tree(cast, sample)
    (top,) = found.nodes
    assert (top.kind, top.stage) == ("draft", "self_instruct.invent")
    assert {node.id for node in top.children} == set(
        Sample.objects.filter(draft__parent=sample.draft.parent_id).values_list("pk", flat=True)
    )


def test_a_tree_may_begin_in_a_document(cast: Cast, client: Client) -> None:
    text = "Gates\n\nThe gates of this harbour are kept by four families, who have mended them since the great flood."
    Document.objects.create(
        project=cast.project, name="harbour.md", text=text, characters=len(text), content=text.encode(), language="en",
        content_hash=hashlib.sha256(text.encode()).hexdigest(), headings=[[0, 1, "Gates"]], created_at=NOW,
    )  # fmt: skip
    params = {"shortest": 50, "keep": 1, "iterations": "1"}
    for seed in range(1, 6):
        run = start_offline(cast.project, recipe="backtranslation", params=params, random_seed=seed)
        work_through(run)
    sample = Sample.objects.filter(state="needs_review").latest("id")
    found = tree(cast, sample)
    assert [(ground.document.name, text[ground.start : ground.end]) for ground in found.grounds] == [
        ("harbour.md", sample.output)
    ]
    assert [node.stage for node in everyone(list(found.nodes)) if node.kind == "draft"] == ["backtranslation.augment"]
    client.login(username="dave", password=PASSWORD)
    page = client.get(reverse("lineage", args=[cast.project.slug, sample.pk])).content.decode()
    assert "harbour.md" in page
    assert "curation" in page


def test_a_large_family_is_cut_off_and_still_shows_the_sample(
    cast: Cast, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = make_samples(cast.project, 1)[0]
    last = make_samples(cast.project, 8, root=first, parent=first)[-1]
    monkeypatch.setattr(family_report, "MOST", 5)
    found = tree(cast, last)
    assert found.more
    assert [node.id for node in everyone(list(found.nodes)) if node.here] == [last.pk]
    assert len(everyone(list(found.nodes))) == 5
    client.login(username="dave", password=PASSWORD)
    page = client.get(reverse("lineage", args=[cast.project.slug, last.pk])).content.decode()
    assert "A large family" in page


def test_004_13_nothing_that_shares_an_ancestor_with_evaluation_rows_is_offered_for_training(cast: Cast) -> None:
    run = evolved(cast, evaluation_share=0.4, keep_originals=True, rounds=2)[0].run
    imported, other = make_samples(cast.project, 2, state="approved", origin="import")
    make_samples(cast.project, 1, state="approved", root=imported, parent=imported, evaluation=True)
    Sample.objects.filter(run=run).update(state="approved", origin="model")
    rows = list(Selection(kind="sft").rows(cast.project))
    kept = set(Sample.objects.filter(run=run, evaluation=True).values_list("seed", flat=True))
    assert kept
    assert {row.seed_id for row in rows if row.run_id} == set(
        Sample.objects.filter(run=run, evaluation=False).values_list("seed", flat=True)
    )
    assert not kept & {row.seed_id for row in rows}
    assert [row.pk for row in rows if not row.run_id] == [other.pk], "its root trains no more than it does itself"
    found = figures(cast.project, Selection(kind="sft"))
    everyone_approved = Sample.objects.filter(project=cast.project, state="approved").count()
    assert (found.approved, found.evaluation) == (len(rows), everyone_approved - len(rows))


def test_splits_keep_a_family_on_one_side_whether_seed_or_imported_row(cast: Cast) -> None:
    plain = make_samples(cast.project, 4, state="approved", origin="import")
    children = [make_samples(cast.project, 2, state="approved", root=row, parent=row) for row in plain]
    pool = pool_of(cast.project, selection=Selection(kind="sft"), prompts=True)
    family = dict(zip(pool.ids, pool.family, strict=True))
    for row, below in zip(plain, children, strict=True):
        assert {family[row.pk], *(family[each.pk] for each in below)} == {-row.pk}
    keys = joined(np.arange(len(pool), dtype=np.uint64), families=np.frombuffer(pool.family, dtype=np.int64))
    sides = split(keys, ratios=(50, 50), seed=1).side
    side = dict(zip(pool.ids, sides.tolist(), strict=True))
    assert all(side[row.pk] == side[each.pk] for row, below in zip(plain, children, strict=True) for each in below)
    assert set(side.values()) == {0, 1}
