"""Seeds out of files of every kind."""

from __future__ import annotations

import io
import json
import os
from pathlib import Path

import pytest

from generation.formats import seed_tasks
from generation.formats.seed_tasks import SeedRow
from generation.samples import SAMPLES, sample_path
from generation.types import Instance, RowError

SHARED = Path(os.environ.get("FDC_SHARED_DATA", Path(__file__).parents[4] / "shared" / "data"))


def read(*rows: object) -> list[SeedRow | RowError]:
    raw = "".join(json.dumps(row) + "\n" for row in rows).encode()
    return [row for _, row in seed_tasks.read(io.BytesIO(raw))]


def test_a_self_instruct_task_keeps_all_its_instances():
    [seed] = read(
        {
            "id": "seed_task_0",
            "name": "x",
            "instruction": "Do it.",
            "instances": [{"input": "", "output": "one"}, {"input": "b", "output": "two"}],
            "is_classification": True,
        }
    )
    assert seed.instances == (Instance("", "one"), Instance("b", "two"))
    assert (seed.source_id, seed.name, seed.is_classification) == ("seed_task_0", "x", True)


def test_an_alpaca_row_is_a_seed_with_one_instance():
    [seed] = read({"instruction": "Do it.", "input": None, "output": "Done."})
    assert seed.instances == (Instance("", "Done."),)


def test_a_bare_instruction_is_a_seed_too():
    [seed] = read({"instruction": "Do it.", "source": "forum"})
    assert (seed.instances, seed.fields) == ((), {"source": "forum"})


def test_other_columns_become_fields_and_numbers_read_as_in_csv():
    [from_json] = read({"sentence": "Nice.", "label": 0, "sure": True, "note": None})
    [from_csv] = [row for _, row in seed_tasks.read(io.BytesIO(b"sentence,label,sure\nNice.,0,true\n"))]
    assert from_json == from_csv
    assert from_csv.instruction == ""


@pytest.mark.parametrize(
    ("row", "code", "path"),
    [
        ({"instruction": " ", "output": "x"}, "empty_instruction", "instruction"),
        ({"instruction": 5}, "not_a_string", "instruction"),
        ({"instances": []}, "missing_field", "instruction"),
        ({"instruction": "x", "instances": []}, "no_instances", "instances"),
        ({"instruction": "x", "instances": "y"}, "not_a_list", "instances"),
        ({"instruction": "x", "instances": ["y"]}, "not_an_object", "instances.0"),
        ({"instruction": "x", "instances": [{"input": "y"}]}, "missing_field", "instances.0.output"),
        ({"instruction": "x", "instances": [{"output": 3}]}, "not_a_string", "instances.0.output"),
        ({"instruction": "x", "instances": [{"output": ""}]}, "empty_output", "instances.0.output"),
        ({"instruction": "x", "is_classification": "maybe"}, "not_a_boolean", "is_classification"),
        ({"instruction": "x", "tags": 5}, "not_a_list", "tags"),
        ({"text": ["nested"]}, "not_a_scalar", "text"),
        ({"text": "  "}, "empty_row", ""),
    ],
)
def test_what_is_wrong_has_a_code_and_a_path(row, code, path):
    [error] = read(row)
    assert (error.code, error.path, error.line) == (code, path, 1)


def test_an_id_that_comes_again_is_a_warning_and_the_seed_is_kept():
    found = read({"id": "a", "instruction": "One."}, {"id": "a", "instruction": "Two."})
    assert [type(each).__name__ for each in found] == ["SeedRow", "RowError", "SeedRow"]
    assert found[1].severity == "warning"


def test_tags_come_as_a_list_or_as_text():
    assert read({"instruction": "x", "tags": ["a", "b"]})[0].tags == ("a", "b")
    assert read({"instruction": "x", "tags": "a; b, c"})[0].tags == ("a", "b", "c")


@pytest.mark.parametrize("name", [name for name in SAMPLES if name.startswith("demo_seeds")])
def test_our_own_samples_are_clean_and_large_enough(name):
    with sample_path(name).open("rb") as file:
        found = [row for _, row in seed_tasks.read(file)]
    assert len(found) >= 24
    assert all(isinstance(row, SeedRow) for row in found)


@pytest.mark.skipif(not SHARED.exists(), reason="the public data files are not here")
def test_the_published_seed_tasks_give_175_seeds():
    with (SHARED / "self_instruct_seed_tasks.jsonl").open("rb") as file:
        found = [row for _, row in seed_tasks.read(file)]
    assert len(found) == 175
    assert sum(seed.is_classification for seed in found) == 26
    assert sum(not seed.instances[0].input for seed in found) == 50
