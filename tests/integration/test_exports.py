"""From approved rows to a file: what goes in, what comes out, and what is left when it breaks off."""

from __future__ import annotations

import errno
import hashlib
import json
from datetime import timedelta

import pytest

from generation.actions import jobs
from generation.models import AuditEntry, Job, Sample
from review.actions import datasets, exports
from review.exporting import disk as files
from review.models import DatasetVersion, Export
from review.selection import Selection, figures
from tests.cast import NOW, edit, make_cast, make_samples, new_key

pytestmark = pytest.mark.django_db

ALL = Selection(without_model=True)


@pytest.fixture(autouse=True)
def export_root(settings, tmp_path):
    settings.EXPORT_ROOT = tmp_path / "exports"
    return settings.EXPORT_ROOT


@pytest.fixture
def cast():
    return make_cast()


def start(cast, *, selection=ALL, layout="jsonl", version=None):
    return exports.start_export(
        cast.project, format_name="alpaca", layout=layout, selection=selection, by=cast.alice, now=NOW, version=version
    )


def build(export, *, clock=lambda: NOW):
    jobs.work_on(export.job_id, owner="w", clock=clock, work=lambda job: exports.build_export(job, clock=clock))
    export.refresh_from_db()
    return export


def rows_of(export):
    return [json.loads(line) for line in exports.file_path(export).read_bytes().splitlines()]


def manifest_of(export):
    return [json.loads(line) for line in exports.manifest_path(export).read_bytes().splitlines()]


def test_003_18_only_approved_rows_go_in_and_in_their_order(cast):
    make_samples(cast.project, 3, state=Sample.State.NEEDS_REVIEW)
    make_samples(cast.project, 2, state=Sample.State.REJECTED)
    approved = make_samples(cast.project, 4, state=Sample.State.APPROVED)
    export = build(start(cast))
    assert export.job.state == Job.State.DONE
    assert [row["instruction"] for row in rows_of(export)] == [sample.instruction for sample in approved]


def test_another_project_never_leaks_in(cast):
    make_samples(cast.other_project, 4, state=Sample.State.APPROVED)
    with pytest.raises(datasets.NothingApprovedError):
        start(cast)


def test_the_file_hash_size_and_manifest_agree(cast):
    make_samples(cast.project, 5, state=Sample.State.APPROVED)
    export = build(start(cast, layout="json"))
    data = exports.file_path(export).read_bytes()
    head, *rows = manifest_of(export)
    assert export.sha256 == head["sha256"] == hashlib.sha256(data).hexdigest()
    assert export.size == head["size"] == len(data)
    assert export.rows == head["rows"] == len(rows) == len(json.loads(data)) == 5
    assert head["content_hash"] == export.version.content_hash
    assert [row["position"] for row in rows] == [1, 2, 3, 4, 5]


def test_the_same_version_gives_the_same_bytes_whatever_happened_since(cast):
    samples = make_samples(cast.project, 5, state=Sample.State.APPROVED)
    first = build(start(cast))
    before = exports.file_path(first).read_bytes(), manifest_of(first)[1:]
    Sample.objects.filter(pk=samples[0].pk).update(state=Sample.State.REJECTED)
    edit(samples[1], "Something else entirely.")
    make_samples(cast.project, [("A new one", "was approved later")], state=Sample.State.APPROVED)
    again = build(start(cast, version=first.version))
    assert (exports.file_path(again).read_bytes(), manifest_of(again)[1:]) == before
    assert again.sha256 == first.sha256
    assert build(start(cast)).version.number == 2


def test_an_edited_row_goes_out_as_it_was_approved_byte_for_byte(cast):
    sample = make_samples(cast.project, 1, state=Sample.State.APPROVED)[0]
    edit(sample, "e\u0301 is not \u00e9;\u2028 a line separator, \U0001f469\u200d\U0001f680, \ttab")
    [row] = rows_of(build(start(cast)))
    assert row["output"] == "e\u0301 is not \u00e9;\u2028 a line separator, \U0001f469\u200d\U0001f680, \ttab"


def test_rows_made_without_a_model_stay_out_unless_they_are_asked_for(cast):
    make_samples(cast.project, 3, state=Sample.State.APPROVED, origin=Sample.Origin.MODEL)
    make_samples(cast.project, [("By rules", "a"), ("By rules", "b")], state="approved", origin=Sample.Origin.RULES)
    found = figures(cast.project, Selection())
    assert (found.approved, found.made_without_model, found.mixed) == (5, 2, True)
    assert build(start(cast, selection=Selection())).rows == 3
    whole = build(start(cast, selection=ALL))
    assert (whole.rows, whole.rows_without_model) == (5, 2)
    assert manifest_of(whole)[0]["statement"] == "2 of 5 rows: made by rules, no language model was used"


def test_a_row_is_walked_back_to_the_people_who_decided_on_it(cast):
    sample = make_samples(cast.project, 1, state=Sample.State.APPROVED)[0]
    for at in (NOW, NOW + timedelta(days=1)):
        sample.decisions.create(
            project=cast.project, person=cast.carol, action="approve", revision=1, key=new_key(), created_at=at,
            version=2 + (at > NOW),
        )  # fmt: skip
    row = manifest_of(build(start(cast)))[1]
    assert row["sample"] == sample.pk
    assert row["decisions"] == [{"by": "carol", "action": "approve", "revision": 1, "at": NOW.isoformat()}]


def test_a_full_disk_fails_the_job_with_its_reason_and_leaves_no_half_file(cast, export_root, monkeypatch):
    make_samples(cast.project, 3, state=Sample.State.APPROVED)
    export = start(cast)

    def full(_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(files.os, "fsync", full)
    build(export)
    assert (export.job.state, export.job.message) == (Job.State.FAILED, "disk_full")
    assert list(export_root.iterdir()) == []
    monkeypatch.undo()
    jobs.retry_job(export.job, now=NOW)
    assert build(Export.objects.get(pk=export.pk)).rows == 3


def test_a_worker_that_lost_its_lease_leaves_the_file_to_its_successor(cast, export_root):
    make_samples(cast.project, 3, state=Sample.State.APPROVED)
    export = start(cast)
    late = jobs.claim_job(export.job_id, owner="late", now=NOW)
    after = NOW + jobs.LEASE + timedelta(seconds=1)
    build(export, clock=lambda: after)
    with pytest.raises(jobs.JobLostError):
        exports.build_export(late, clock=lambda: after)
    assert {path.name for path in export_root.iterdir()} == {
        exports.file_path(export).name,
        exports.manifest_path(export).name,
    }
    assert export.rows == 3


def test_a_worker_killed_while_pinning_is_made_good_by_the_next(cast, monkeypatch):
    monkeypatch.setattr(datasets, "BATCH", 2)
    make_samples(cast.project, 7, state=Sample.State.APPROVED)
    export = start(cast)
    with pytest.raises(SystemExit):
        datasets.pin_rows(export.version, hold=lambda done, total: (_ for _ in ()).throw(SystemExit) if done > 4 else 0)
    assert not DatasetVersion.objects.complete().exists()
    assert export.version.pins.count() == 4
    assert build(export).rows == 7
    assert list(export.version.pins.order_by("position").values_list("position", flat=True)) == list(range(1, 8))


def test_a_version_is_complete_only_when_every_row_is_pinned(cast):
    make_samples(cast.project, 3, state=Sample.State.APPROVED)
    dataset = datasets.dataset_of(cast.project, now=NOW)
    version = datasets.freeze(dataset, selection=ALL, by=cast.alice, now=NOW)
    assert list(DatasetVersion.objects.complete()) == [version]
    assert (version.number, version.rows, len(version.content_hash)) == (1, 3, 64)


def test_a_cancelled_export_leaves_nothing_behind(cast, export_root):
    make_samples(cast.project, 3, state=Sample.State.APPROVED)
    export = start(cast)
    held = jobs.claim_job(export.job_id, owner="w", now=NOW)
    exports.cancel_export(export, now=NOW)
    with pytest.raises(jobs.JobLostError):
        exports.build_export(held, clock=lambda: NOW)
    assert not export_root.exists() or list(export_root.iterdir()) == []


def test_the_pins_of_a_cancelled_export_are_swept_by_the_next(cast, monkeypatch):
    monkeypatch.setattr(datasets, "BATCH", 2)
    make_samples(cast.project, 5, state=Sample.State.APPROVED)
    export = start(cast)
    export.version.pins.create(position=1, sample=Sample.objects.first(), revision=1)
    exports.cancel_export(export, now=NOW)
    assert build(start(cast)).rows == 5
    assert export.version.pins.count() == 0


def test_statements_grow_with_batches_not_with_rows(cast, django_assert_max_num_queries):
    make_samples(cast.project, 400, state=Sample.State.APPROVED)
    export = start(cast)
    with django_assert_max_num_queries(45):
        build(export)
    assert export.rows == 400


def test_an_export_is_in_the_audit(cast):
    make_samples(cast.project, 1, state=Sample.State.APPROVED)
    export = start(cast)
    entry = AuditEntry.objects.get(action="export.start")
    assert (entry.person, entry.subject, entry.project) == (cast.alice, str(export.pk), cast.project)
