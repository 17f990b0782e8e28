"""Runs over documents: spans become rows, samples that are made of samples keep them, and places are told."""

import io
from collections import Counter

import orjson
import pytest
from django.utils import timezone

from generation.actions.document_texts import use_of
from generation.actions.documents import add_document
from generation.actions.jobs import work_on
from generation.actions.sources import Choice
from generation.actions.tallies import count_moves
from generation.figures import figures
from generation.models import Document, Grounding, Sample
from generation.quality.diversity.positions import PLACE
from generation.samples import sample_path
from review.actions.exports import build_export, manifest_path, start_export
from review.quality_facts import facts_of_samples
from review.reports.grounds import grounds_of, told_of
from review.selection import Selection
from tests.cast import NOW, make_cast
from tests.runs import start_offline, work_through

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cast():
    return make_cast()


@pytest.fixture
def grounded(cast):
    """Samples out of the English sample document, all of them approved."""
    name = "demo_document.en.md"
    add_document(cast.project, name=name, file=io.BytesIO(sample_path(name).read_bytes()), now=NOW)
    run = work_through(start_offline(cast.project, recipe="document_qa", params={"passage_size": 300}))
    assert run.state == "completed"
    approved = Sample.objects.filter(run=run, state="needs_review").update(state="approved")
    count_moves(cast.project.pk, kind="sample", moves={"approved": approved, "needs_review": -approved})
    return run


def test_spans_of_admitted_questions_are_rows_and_point_at_what_is_quoted(cast, grounded):
    document = Document.objects.get()
    samples = Sample.objects.filter(run=grounded, state="approved").select_related("draft")
    assert samples.count() >= 15
    for sample in samples:
        evidence, passage = sample.grounds.order_by("index")
        assert passage.start <= evidence.start < evidence.end <= passage.end
        quoted = sample.draft.content["data"]["quote"]
        assert document.text[evidence.start : evidence.end].split() == quoted.split()
    made = Sample.objects.filter(grounds__document=document).distinct().count()
    assert use_of([document]) == {document.pk: (made, 1)}


def test_long_contexts_keep_the_spans_the_parent_and_who_wrote_it_and_tell_their_places(cast, grounded):
    run = start_offline(cast.project, recipe="long_context", params={"passages": 3, "passage_size": 300})
    run = work_through(run)
    rows = Sample.objects.filter(run=run).select_related("parent")
    assert rows.count() == Sample.objects.filter(run=grounded, state="approved").count()
    assert {row.origin for row in rows} == {"rules"}  # the question was made by rules; no template changes that
    assert all(row.parent.run_id == grounded.pk for row in rows)
    (share,) = [each for each in figures(run, now=NOW).shares if each.aspect == "passage_position"]
    assert sum(count for _, count, _ in share.values) == rows.filter(state="needs_review").count()
    assert share.apart is not None
    assert share.apart <= 1
    places = Counter(facts.draft.counted[PLACE] for facts in facts_of_samples(rows.filter(state="needs_review")))
    assert places == {place: count for place, count, _ in share.values}  # the report on quality sees the same places


def test_a_sample_made_of_a_sample_is_walked_back_to_the_words(cast, grounded):
    choice = Choice(samples={"state": "approved"}, take=("samples",))
    run = work_through(start_offline(cast.project, recipe="evol_instruct", params={"rounds": 2}, choice=choice))
    child = Sample.objects.filter(run=run, state="needs_review").select_related("draft").latest("id")
    assert not Grounding.objects.filter(sample=child).exists() or child.draft.content["spans"]
    told = grounds_of([child])[child.pk]
    first = Sample.objects.get(pk=told.line[-1])
    assert first.run_id == grounded.pk
    assert told.places == told_of([first.pk])[first.pk].places
    assert told.places[0].name == "demo_document.en.md"


def test_samples_that_come_from_nowhere_cost_no_query(cast, grounded, django_assert_num_queries):
    plain = Sample.objects.create(
        project=cast.project, origin="person", instruction="a", output="b", content_hash="0", created_at=NOW
    )
    with django_assert_num_queries(0):
        assert grounds_of([plain]) == {}


def test_the_manifest_of_an_export_names_document_page_and_words(cast, grounded, settings, tmp_path):
    settings.EXPORT_ROOT = tmp_path
    chosen = Selection(without_model=True)
    export = start_export(cast.project, format_name="alpaca", selection=chosen, by=cast.alice, now=NOW)
    work_on(export.job_id, owner="w", clock=timezone.now, work=lambda job: build_export(job, clock=timezone.now))
    export.refresh_from_db()
    lines = [orjson.loads(line) for line in manifest_path(export).read_bytes().splitlines()][1:]
    assert len(lines) == export.rows
    text = Document.objects.get().text
    for line in lines:
        evidence = line["documents"][0]
        said = " ".join(text[evidence["start"] : evidence["end"]].split())
        assert evidence["quote"].rstrip("…") in said
        assert (evidence["name"], evidence["by_sample"]) == ("demo_document.en.md", line["sample"])
