"""Every kind of row that a file can hold becomes the rows that it means, and shared parts are shared."""

from __future__ import annotations

import json

import pytest

from generation.actions import bulk_rows, row_imports, uploads
from generation.actions.jobs import LEASE, cancel_job
from generation.actions.row_imports import Choices
from generation.actions.row_index import KIND as INDEXING
from generation.actions.row_index import run_indexing
from generation.actions.row_reading import Reading
from generation.models import Answer, Feedback, Job, PreferencePair, Sample, Text
from tests.cast import NOW, make_cast
from tests.integration.test_row_imports import ALPACA, bring_in, jsonl

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(settings, tmp_path):
    settings.IMPORT_ROOT = tmp_path / "imports"
    return make_cast()


def pair(prompt, chosen, rejected, **more):
    return {"prompt": prompt, "chosen": chosen, "rejected": rejected, **more}


def test_pairs_come_in_with_one_prompt_and_one_answer_for_all_that_share_them(cast):
    rows = [
        pair("Why is the sky blue?", "Light scatters.", "It is painted."),
        pair("Why is the sky blue?", "Light scatters.", "Nobody knows."),
    ]
    job = bring_in(cast, jsonl(rows), format="preference")
    assert (job.accepted, Sample.objects.count(), Answer.objects.count()) == (2, 1, 3)
    assert Sample.objects.get().state == "generated"
    kept = PreferencePair.objects.select_related("chosen", "rejected").order_by("id")
    assert [(each.chosen.text, each.rejected.text, each.source, each.state, each.source_line) for each in kept] == [
        ("Light scatters.", "It is painted.", "import", "ready", 1),
        ("Light scatters.", "Nobody knows.", "import", "ready", 2),
    ]
    again = bring_in(cast, jsonl(rows), format="preference")
    assert (again.accepted, again.skipped, Answer.objects.count()) == (0, 2, 3)


def test_scores_of_a_pair_are_kept_with_their_difference(cast):
    rows = [pair("Q?", "A long answer.", "No.", score_chosen=8.5, score_rejected=3.25)]
    bring_in(cast, jsonl(rows), format="preference", approved=True)
    kept = PreferencePair.objects.select_related("chosen").get()
    assert (kept.margin, kept.state) == (5.25, "exportable")
    assert kept.chosen.scores == {"score": {"value": 8.5, "low": None, "high": None}}


def test_feedback_and_pretraining_texts_have_tables_of_their_own(cast):
    good = {"prompt": "Greet.", "completion": "Hello, and welcome.", "label": True}
    job = bring_in(cast, jsonl([good, good, good | {"label": False}]), format="kto")
    assert (job.accepted, job.skipped) == (2, 1)
    assert list(Feedback.objects.order_by("id").values_list("prompt", "completion", "good")) == [
        ("Greet.", "Hello, and welcome.", True),
        ("Greet.", "Hello, and welcome.", False),
    ]
    bring_in(cast, jsonl([{"text": "从前有座山。"}]), format="text")
    assert list(Text.objects.values_list("text", "language")) == [("从前有座山。", "zh")]


def test_whole_examples_can_become_answers_to_their_prompts(cast):
    rows = [{"instruction": "Name a colour.", "input": "", "output": word} for word in ("Red, say.", "Blue, say.")]
    job = bring_in(cast, jsonl(rows), as_answers=True)
    assert (job.accepted, Sample.objects.count()) == (2, 1)
    assert list(Answer.objects.order_by("id").values_list("text", flat=True)) == ["Red, say.", "Blue, say."]
    assert bring_in(cast, jsonl(rows), as_answers=True).skipped == 2


def test_tool_calls_are_kept_byte_for_byte(cast):
    call = {"name": "weather", "arguments": '{"city": "Xi\'an",  "days": 3}'}
    turns = [
        {"from": "human", "value": "Will it rain?"},
        {"from": "function_call", "value": json.dumps(call)},
        {"from": "observation", "value": '{"rain": false}'},
        {"from": "gpt", "value": "No rain is expected."},
    ]
    bring_in(cast, jsonl([{"conversations": turns, "tools": '[{"name": "weather"}]'}]), format="sharegpt")
    row = Sample.objects.get()
    assert (row.instruction, row.output, row.tools) == (
        "Will it rain?",
        "No rain is expected.",
        '[{"name": "weather"}]',
    )
    assert [turn["role"] for turn in row.steps] == ["assistant", "tool"]


def test_a_worker_that_dies_is_followed_by_one_that_adds_no_row_twice(cast, monkeypatch):
    rows = [{"instruction": f"Write number {n}.", "output": f"This is number {n}."} for n in range(1300)]
    rows[700]["output"] = ""
    upload = uploads.store_upload(cast.project, name="many.jsonl", chunks=[jsonl(rows)])
    choices = Choices(Reading("alpaca"))
    job = row_imports.start_row_import(cast.project, upload=upload, choices=choices, by=cast.bob, now=NOW, total=1300)
    real, calls = row_imports.progress, []

    def dies_at_the_second_batch(*args, **options):
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return real(*args, **options)

    monkeypatch.setattr(row_imports, "progress", dies_at_the_second_batch)
    with pytest.raises(KeyboardInterrupt):
        row_imports.run_row_import(job.pk, owner="first", clock=lambda: NOW, stopwatch=lambda: 0.0)
    assert Sample.objects.count() == 500
    monkeypatch.setattr(row_imports, "progress", real)
    later = NOW + 2 * LEASE
    row_imports.run_row_import(job.pk, owner="second", clock=lambda: later, stopwatch=lambda: 0.0)
    job.refresh_from_db()
    assert (job.state, job.done, job.accepted, job.rejected, job.skipped) == ("done", 1300, 1299, 1, 0)
    assert Sample.objects.count() == 1299
    assert job.faults.count() == 1


def test_search_finds_imported_samples_once_their_job_was_at_work(cast):
    bring_in(cast, jsonl(ALPACA))
    assert not Sample.objects.matching("大海").exists()
    job = Job.objects.get(kind=INDEXING)
    run_indexing(job.pk, owner="worker", clock=lambda: NOW)
    assert Sample.objects.matching("大海").get().source_line == 2
    Sample.objects.matching("大海").delete()
    assert not Sample.objects.matching("大海").exists()


def test_imported_samples_are_checked_when_they_get_their_words(cast):
    refused = {"instruction": "用一句话介绍大海，要押韵。", "output": "很抱歉，我无法回答这个问题，请换一个问题再试。"}
    turns = {**ALPACA[2], "history": [["What is 1+1, please?", "I'm sorry, I cannot tell."]]}
    bring_in(cast, jsonl([refused, turns]))
    run_indexing(Job.objects.get(kind=INDEXING).pk, owner="worker", clock=lambda: NOW)
    found = {row.source_line: {(each["code"], each["detail"].get("field")) for each in row.checks}
             for row in Sample.objects.all()}  # fmt: skip
    assert ("refusal", "output") in found[1]
    assert ("refusal", "turn 2") in found[2]
    assert Sample.objects.get(source_line=1).checks[0]["detail"]["spans"] == [[0, 7]]


def test_a_cancelled_import_writes_nothing_more_and_what_it_wrote_is_found(cast):
    upload = uploads.store_upload(cast.project, name="a.jsonl", chunks=[jsonl(ALPACA)])
    choices = Choices(Reading("alpaca"))
    job = row_imports.start_row_import(cast.project, upload=upload, choices=choices, by=cast.bob, now=NOW)
    indexing = Job.objects.get(kind=INDEXING)
    run_indexing(indexing.pk, owner="worker", clock=lambda: NOW)
    indexing.refresh_from_db()
    assert indexing.state == "waiting"
    cancel_job(job, now=NOW)
    row_imports.run_row_import(job.pk, owner="worker", clock=lambda: NOW, stopwatch=lambda: 0.0)
    run_indexing(indexing.pk, owner="worker", clock=lambda: NOW + LEASE)
    indexing.refresh_from_db()
    assert (Sample.objects.count(), indexing.state) == (0, "done")


def test_numbers_of_any_length_keep_their_digits():
    assert bulk_rows.as_json({"n": 10**30, "t": "é"}) == '{"n":1000000000000000000000000000000,"t":"é"}'
