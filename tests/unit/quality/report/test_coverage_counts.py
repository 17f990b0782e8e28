"""Counting rows on the axes of coverage: said or found, in both languages, and tables that tell the empty cells."""

from __future__ import annotations

import json

import pytest

from generation.quality.diversity.topics import TopicModel, topic_model
from generation.quality.report.base import RowFacts
from generation.quality.report.coverage_axes import AXES, Reader, length_of, topic_words
from generation.quality.report.coverage_counts import EXAMPLES, Counts, pairable, table_of
from generation.types import Draft

VOCABULARY = {"categories": {"Drive": ["chain", "cassette"], "制动": ["碟刹"]}}


def row(number, instruction, output="An answer.", **given):
    beside = {name: given.pop(name) for name in ("seed", "run", "document", "scores") if name in given}
    return RowFacts(number, Draft("sample", instruction=instruction, output=output, **given), **beside)


def placed(facts, wanted=None, model=None):
    place = Reader(wanted or {}, model or TopicModel()).place(facts)
    return dict(zip(AXES, place.values, strict=True)), place.found


def test_a_row_stands_on_every_axis_that_it_says():
    facts = row(
        1, "My chain jumps.", task_type="repair", language="en", tags=("hard", "碟刹"), seed=3, run=4, document=5
    )
    values, found = placed(facts, VOCABULARY)
    assert values == {
        "task_type": ("repair",), "topic": (), "language": ("en",), "difficulty": ("hard",), "length": ("short",),
        "category": ("Drive", "制动"), "term": ("chain", "碟刹"), "document": ("5",), "seed": ("3",), "run": ("4",),
        "tag": ("hard", "碟刹"),
    }  # fmt: skip
    assert found == ()


@pytest.mark.parametrize(
    ("instruction", "kind"),
    [("Translate this into German.", "translation"), ("写一首关于秋天的诗。", "creative_writing")],
)
def test_a_task_type_that_a_row_does_not_say_is_found(instruction, kind):
    values, found = placed(row(1, instruction))
    assert (values["task_type"], found) == ((kind,), ("task_type",))


def test_lengths_are_in_words_of_either_language():
    assert length_of("") == ()
    assert [length_of("word " * n)[0] for n in (49, 50, 249, 250)] == ["short", "middling", "middling", "long"]
    assert [length_of("字" * n)[0] for n in (49, 50, 249, 250)] == ["short", "middling", "middling", "long"]


def test_topics_are_those_of_the_model():
    texts = ["揉面团烤面包", "面包面团发酵", "行星围绕太阳", "行星轨道太阳"] * 4
    model = topic_model([topic_words(row(0, text, "")) for text in texts])
    values, found = placed(row(1, "面包怎么烤？", ""), model=model)
    assert "面包" in values["topic"][0]
    assert "topic" in found


def counted(rows, expected=None):
    counts, reader = Counts(expected or {}), Reader(VOCABULARY, TopicModel())
    for facts in rows:
        counts.add(facts.id, reader.place(facts))
    return json.loads(json.dumps(counts.told(), allow_nan=False))


def test_a_table_tells_the_empty_cells_of_what_is_expected():
    rows = [row(1, "A", task_type="qa", language="en"), row(2, "B", task_type="qa", language="zh"), row(3, "C?")]
    told = counted(rows, {"task_type": ["summary", "qa"], "language": ["zh"]})
    table = table_of(told, "task_type", "language")
    assert (table.down, table.across) == (["summary", "qa", "open_qa"], ["zh", "en", ""])
    assert table.counts == [[0, 0, 0], [1, 1, 0], [0, 0, 1]]
    turned = table_of(told, "language", "task_type")
    assert turned.counts == [[0, 1, 0], [0, 1, 0], [0, 0, 1]]
    axis = told["axes"]["task_type"]
    assert (axis["values"], axis["counts"], axis["found"]) == (["summary", "qa", "open_qa"], [0, 2, 1], [0, 0, 1])


def test_of_many_values_the_most_frequent_stand_apart_and_no_row_is_lost():
    rows = [row(number, "A", tags=(f"t{number % 100}",), language="en") for number in range(1000)]
    told = counted([*rows, row(1000, "A", tags=("t7",), language="en")])
    table = table_of(told, "tag", "language")
    assert (len(table.down), table.down[0], table.down[-1]) == (41, "t7", "…")
    assert sum(n for line in table.counts for n in line) == 1001


def test_examples_are_kept_by_what_rows_are_about():
    told = counted([row(number, "A", task_type="qa") for number in range(1, 100)])
    assert len(told["examples"]["task_type"]["qa"]) == EXAMPLES
    assert told["examples"]["topic"] == {}


def test_every_term_that_a_row_speaks_of_is_told():
    assert counted([row(1, "我的碟刹有异响"), row(2, "chains")])["terms"] == ["碟刹"]


def test_two_axes_of_many_values_are_not_counted_against_each_other():
    assert not pairable("seed", "tag")
    assert not pairable("topic", "topic")
    assert not pairable("topic", "unheard of")
    assert pairable("seed", "language")
