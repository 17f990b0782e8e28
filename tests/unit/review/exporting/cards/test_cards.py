"""Card and Croissant metadata: what they say, and that a false word in either is found."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
import yaml

from review.exporting.cards import card, croissant
from review.exporting.cards.check import card_faults, croissant_faults, front_matter
from review.exporting.cards.facts import About, DataFile, Facts, Lineage, Method

FILES = (
    DataFile("train.jsonl", 9000, "a" * 64, 900, "train", "application/x-ndjson"),
    DataFile("validation.jsonl", 1000, "b" * 64, 100, "validation", "application/x-ndjson"),
)
LINEAGE = Lineage(
    kind="sft",
    methods=(
        Method("run 3, self_instruct", 800, "qwen-plus", "dashscope", {"self_instruct.invent": "v2"}, 42),
        Method("import 9", 200, file="mine | yours.jsonl"),
    ),
    origins={"model": 800, "import": 200},
    languages={"en": 600, "zh": 400},
    dropped={"too_similar": 17},
    rejected={"incorrect": 5},
    decisions={"approve": 1000},
    reviewers=("carol", "erin"),
)
FACTS = Facts(
    name="poems", version=3, frozen_on="2026-03-14", content_hash="c" * 64,
    about=About(title="Poems: a \"set\" #1", description="Short\npoems.", licence="cc-by-4.0"), lineage=LINEAGE,
    format_name="alpaca", files=FILES, fields={"instruction": "string", "output": "string"},
    left_out={"placeholder_output": 2},
)  # fmt: skip


def test_the_front_matter_is_yaml_that_says_what_the_files_hold():
    told = front_matter(card.readme(FACTS))
    assert told == yaml.safe_load(card.readme(FACTS).split("---\n")[1])
    assert told["license"] == "cc-by-4.0"
    assert told["language"] == ["en", "zh"]
    assert told["pretty_name"] == 'Poems: a "set" #1'
    assert told["size_categories"] == ["1K<n<10K"]
    assert told["annotations_creators"] == ["expert-generated"]
    assert told["language_creators"] == ["found", "machine-generated"]
    assert told["configs"][0]["data_files"] == [
        {"split": "train", "path": "train.jsonl"},
        {"split": "validation", "path": "validation.jsonl"},
    ]
    assert told["dataset_info"]["splits"][0] == {"name": "train", "num_bytes": 9000, "num_examples": 900}
    assert card_faults(card.readme(FACTS), files=FILES) == []


def test_the_body_tells_methods_models_prompts_counts_and_hashes_but_no_names():
    text = card.readme(FACTS)
    for said in (
        "qwen-plus",
        "self\\_instruct.invent v2",
        "too\\_similar: 17",
        "a" * 64,
        "placeholder\\_output: 2",
        "42",
    ):
        assert said in text
    assert "reviewers: 2" in text
    assert "carol" not in text
    assert "carol, erin" in card.readme(replace(FACTS, names=True))


@pytest.mark.parametrize(
    ("rows", "size"),
    [
        (0, "n<1K"),
        (999, "n<1K"),
        (1000, "1K<n<10K"),
        (9999, "1K<n<10K"),
        (10_000, "10K<n<100K"),
        (1_000_000, "1M<n<10M"),
    ],
)
def test_a_thousand_rows_are_the_next_class(rows, size):
    assert card.size_category(rows) == size


@pytest.mark.parametrize(
    "title",
    ["---\nlicense: mit", "a: b\n- c", "\u202e\u2028\x85x", "{{ }} # %", "'\"\\", "是：否", "\u200d\U0001f680"],
)
def test_no_title_breaks_out_of_the_yaml_or_the_body(title):
    facts = replace(FACTS, about=replace(FACTS.about, title=title))
    told = front_matter(card.readme(facts))
    assert told is not None
    assert (told["pretty_name"], told["license"]) == (title, "cc-by-4.0")
    assert card_faults(card.readme(facts), files=FILES) == []


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ('license: "cc-by-4.0"', 'license: "my own"', "card_licence"),
        ('license: "cc-by-4.0"\n', "", "card_licence"),
        ('license: "cc-by-4.0"', 'license: "unknown"', "card_licence_unknown"),
        ("1K<n<10K", "n<1K", "card_size"),
        ('path: "train.jsonl"', 'path: "gone.jsonl"', "card_file"),
        ("num_examples: 900", "num_examples: 901", "card_counts"),
        ("num_bytes: 1000", "num_bytes: 1", "card_counts"),
        ('split: "validation"', 'split: "test"', "card_split"),
        ("---\n", "", "card_yaml"),
        ("pretty_name:", "\tpretty_name: [", "card_yaml"),
    ],
)
def test_a_false_card_is_found(old, new, code):
    text = card.readme(FACTS)
    assert old in text
    assert code in [fault.code for fault in card_faults(text.replace(old, new, 1), files=FILES)]


def test_croissant_has_what_is_required_and_every_hash():
    told = croissant.metadata(FACTS)
    assert told["conformsTo"] == "http://mlcommons.org/croissant/1.0"
    assert [(each["@id"], each["sha256"]) for each in told["distribution"]] == [
        ("train.jsonl", "a" * 64), ("validation.jsonl", "b" * 64),
    ]  # fmt: skip
    assert [field["@id"] for field in told["recordSet"][0]["field"]] == ["train/instruction", "train/output"]
    assert told["license"] == "https://creativecommons.org/licenses/by/4.0/"
    assert croissant_faults(json.dumps(told), files=FILES) == []


@pytest.mark.parametrize("name", croissant.REQUIRED)
def test_croissant_without_a_required_name_is_refused(name):
    told = {key: value for key, value in croissant.metadata(FACTS).items() if key != name}
    assert "croissant_missing" in [fault.code for fault in croissant_faults(json.dumps(told), files=FILES)]


def test_a_wrong_hash_a_wrong_file_and_a_field_from_nowhere_are_found():
    told = croissant.metadata(FACTS)
    other = (replace(FILES[0], sha256="d" * 64), FILES[1])
    assert [fault.code for fault in croissant_faults(json.dumps(told), files=other)] == ["croissant_hash"]
    assert "croissant_file" in [fault.code for fault in croissant_faults(json.dumps(told), files=FILES[:1])]
    told["recordSet"][0]["field"][0]["source"]["fileObject"]["@id"] = "gone"
    assert "croissant_field" in [fault.code for fault in croissant_faults(json.dumps(told), files=FILES)]
    assert [fault.code for fault in croissant_faults("{", files=FILES)] == ["croissant_json"]


def test_the_licence_of_the_strictest_source_can_be_one_of_ones_own():
    own = replace(FACTS.about, licence="other", licence_name="House rules", licence_link="https://example.org/rules")
    told = front_matter(card.readme(replace(FACTS, about=own)))
    assert (told["license"], told["license_name"], told["license_link"]) == (
        "other", "House rules", "https://example.org/rules",
    )  # fmt: skip


def test_no_text_leaves_its_place_in_the_card():
    odd = "x\n---\n- !!python/object:os.system\u202e\U000e0041\x85 \U0001f600"
    lineage = replace(LINEAGE, languages={"\n# x\n\n|`": 1000})
    about = replace(FACTS.about, title=odd, creator=odd)
    text = card.readme(replace(FACTS, about=about, lineage=lineage, fields={"a`|\n# b": "string", "my_field": "list"}))
    told = front_matter(text)
    assert told["pretty_name"] == odd
    assert told["language"] == ["\n# x\n\n|`"]
    body = text.split("---\n", 2)[2]
    assert [line for line in body.splitlines() if line.startswith("# ")] == [
        "# x --- - !!python/object:os.system \U0001f600"
    ]
    assert "| a\\`\\| \\# b | string |" in body
    assert "| `my_field` | list |" in body
