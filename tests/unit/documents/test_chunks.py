"""Passages: stretches of the text itself, cut where a reader would cut."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generation.documents.chunks import chunks_of
from generation.types import DocumentView

ENGLISH = (
    "# Bees\n\nBees live in hives. A hive has one queen. She lays the eggs.\n\nWorkers fetch nectar. Dr. Smith counted "
    "them. He found 3.5 thousand!\n\n# Wasps\n\nWasps build nests of paper. They are not fond of honey."
)
CHINESE = (
    "第一章 蜜蜂\n\n蜜蜂住在蜂巢里。每个蜂巢有一只蜂王！她负责产卵。\n\n工蜂采蜜。“它们很勤劳。”他说。\n\n"
    "第二章 黄蜂\n\n黄蜂用纸筑巢。"
)


def document(text: str, *titles: tuple[int, str]) -> DocumentView:
    return DocumentView(1, "d", text, "", tuple((text.index(title), level, title) for level, title in titles))


def texts(view: DocumentView, **sizes: int) -> list[str]:
    return [view.text[each.start : each.end] for each in chunks_of(view, **sizes)]


def test_passages_end_with_sentences_in_english_and_a_heading_opens_a_new_one():
    view = document(ENGLISH, (1, "# Bees"), (1, "# Wasps"))
    assert texts(view, size=75) == [
        "# Bees\n\nBees live in hives. A hive has one queen. She lays the eggs.",
        "Workers fetch nectar. Dr. Smith counted them. He found 3.5 thousand!",
        "# Wasps\n\nWasps build nests of paper. They are not fond of honey.",
    ]
    assert [each.headings for each in chunks_of(view, size=75)] == [("# Bees",), ("# Bees",), ("# Wasps",)]


def test_passages_end_with_sentences_in_chinese_and_quotation_marks_stay_with_theirs():
    view = document(CHINESE, (1, "第一章 蜜蜂"), (1, "第二章 黄蜂"))
    assert texts(view, size=24) == [
        "第一章 蜜蜂\n\n蜜蜂住在蜂巢里。",
        "每个蜂巢有一只蜂王！她负责产卵。",
        "工蜂采蜜。“它们很勤劳。”他说。",
        "第二章 黄蜂\n\n黄蜂用纸筑巢。",
    ]


def test_neighbours_share_whole_sentences():
    view = document("一二三四。五六七八。九十甲乙。丙丁戊己。")
    assert texts(view, size=10, overlap=5) == ["一二三四。五六七八。", "五六七八。九十甲乙。", "九十甲乙。丙丁戊己。"]
    assert texts(view, size=10) == ["一二三四。五六七八。", "九十甲乙。丙丁戊己。"]


def test_titles_of_the_headings_above_lead_to_a_passage():
    text = "One\n\nUnder one, long enough to stand alone.\n\nTwo\n\nUnder two, long enough to stand alone too."
    view = document(text, (1, "One"), (2, "Two"))
    assert [each.headings for each in chunks_of(view, size=60)] == [("One",), ("One", "Two")]


def test_a_heading_without_a_text_goes_with_what_follows():
    view = document("Book\n\nPart\n\nIt begins here and goes on.", (1, "Book"), (2, "Part"))
    assert texts(view, size=40) == ["Book\n\nPart\n\nIt begins here and goes on."]


def test_a_sentence_longer_than_a_passage_is_cut_at_a_blank_or_just_there():
    assert texts(document("aaaa bbbb cccc dddd"), size=10) == ["aaaa bbbb", "cccc dddd"]
    assert texts(document("甲" * 25), size=10) == ["甲" * 10, "甲" * 10, "甲" * 5]


def test_sizes_that_do_not_fit_are_refused():
    with pytest.raises(ValueError):
        chunks_of(document("a"), size=10, overlap=10)


SIGNS = st.sampled_from([*'abc 甲乙丙 。！？.!?\n\t”"，,…', "\n\n", ". B", "𠀀", "e\u0301", "aaa bbb", "   "])


@settings(max_examples=150, deadline=None)
@given(st.lists(SIGNS, max_size=120).map("".join), st.integers(4, 40), st.integers(0, 30), st.integers(0, 99))
def test_text_from_start_to_end_is_the_passage_and_nothing_is_lost(text, size, overlap, chance):
    rng = random.Random(chance)
    places = sorted(rng.sample(range(len(text)), min(len(text), rng.randrange(4))))
    headings = tuple((at, rng.randint(1, 3), text[at : at + 3].strip() or "t") for at in places)
    view, overlap = DocumentView(1, "d", text, "", headings), min(overlap, size - 1)
    found = chunks_of(view, size=size, overlap=overlap)
    covered = set()
    for before, each in zip([None, *found], found, strict=False):
        passage = text[each.start : each.end]
        assert 0 < len(passage) <= size
        assert passage == passage.strip()
        assert before is None or (before.start < each.start and before.end < each.end)
        assert before is None or before.end - each.start <= overlap
        covered.update(range(each.start, each.end))
    assert all(at in covered for at, sign in enumerate(text) if not sign.isspace())
    assert found == chunks_of(view, size=size, overlap=overlap)
