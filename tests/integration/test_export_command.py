"""`manage.py export` writes a file without a worker, and says why when it cannot."""

from __future__ import annotations

import hashlib
import json

import pytest

from generation.models import Job, Sample
from review.management.commands.export import Command
from review.models import Export
from tests.cast import make_cast, make_samples
from tests.commands import run_command

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def export_root(settings, tmp_path):
    settings.EXPORT_ROOT = tmp_path / "exports"


@pytest.fixture
def typed(capsys):
    """Runs the command for the project "poems" and returns exit code, output and complaints."""

    def run(*arguments: object) -> tuple[int, str, str]:
        return run_command(Command(), "export", "poems", *arguments, capsys=capsys)

    return run


def test_what_was_approved_is_written_with_its_manifest_and_no_worker(typed, tmp_path):
    cast = make_cast()
    make_samples(cast.project, 2, state=Sample.State.NEEDS_REVIEW)
    approved = make_samples(cast.project, 3, state=Sample.State.APPROVED)
    target, manifest = tmp_path / "out" / "poems.jsonl", tmp_path / "poems.manifest"
    code, said, _ = typed("--format", "alpaca", "--output", target, "--manifest", manifest)
    assert code == 0
    rows = [json.loads(line) for line in target.read_text(encoding="utf-8").splitlines()]
    assert [row["instruction"] for row in rows] == [sample.instruction for sample in approved]
    assert hashlib.sha256(target.read_bytes()).hexdigest() in said
    assert len(manifest.read_bytes().splitlines()) == 4
    export = Export.objects.get()
    assert (export.job.state, export.rows, export.made_by) == ("done", 3, None)


def test_a_frozen_version_is_written_again_byte_for_byte(typed, tmp_path):
    make_samples(make_cast().project, 3, state=Sample.State.APPROVED)
    typed("--format", "alpaca", "--output", tmp_path / "first.jsonl")
    dataset = Export.objects.get().version.dataset.name
    Sample.objects.update(state=Sample.State.REJECTED)
    code, _, _ = typed(
        "--format", "alpaca", "--output", tmp_path / "again.jsonl", "--dataset", dataset, "--dataset-version", 1
    )
    assert code == 0
    assert (tmp_path / "again.jsonl").read_bytes() == (tmp_path / "first.jsonl").read_bytes()


def test_options_reach_the_file(typed, tmp_path):
    make_samples(make_cast().project, 2, state=Sample.State.APPROVED)
    code, _, _ = typed("--format", "sharegpt", "--layout", "json", "--default-system", "Be brief.", "--output",
                       tmp_path / "rows.json")  # fmt: skip
    rows = json.loads((tmp_path / "rows.json").read_text(encoding="utf-8"))
    assert code == 0
    assert [row["conversations"][0] for row in rows] == [{"from": "system", "value": "Be brief."}] * 2


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--format", "alpaca"), "No approved row"),
        (("--format", "kto"), "cannot be written"),
        (("--format", "alpaca", "--dataset", "none"), "no such frozen version"),
        (("--format", "alpaca", "--dataset-version", "1"), "needs --dataset"),
    ],
)
def test_each_refusal_is_one_sentence_and_nothing_is_written(typed, tmp_path, arguments, words):
    make_cast()
    code, _, complaint = typed(*arguments, "--output", tmp_path / "out.jsonl")
    assert (code, words in complaint, list(tmp_path.glob("out*"))) == (1, True, [])
    assert not Job.objects.filter(state="running").exists()


def test_a_project_that_is_not_there_is_named(capsys, tmp_path):
    code, _, complaint = run_command(
        Command(), "export", "nobody", "--format", "alpaca", "--output", tmp_path / "x", capsys=capsys
    )
    assert (code, "nobody" in complaint) == (1, True)


def test_what_the_target_refuses_stands_behind_the_sentence(typed, tmp_path):
    make_samples(make_cast().project, [("Name a fish, please.", "TODO")], state=Sample.State.APPROVED)
    code, _, complaint = typed("--format", "alpaca", "--output", tmp_path / "out.jsonl")
    assert (code, (tmp_path / "out.jsonl").exists()) == (1, False)
    assert "line 1: A placeholder stands where the output should be." in complaint
