"""Which stretches of a document become segments, and what rules one out."""

import pytest

from generation.recipes.backtranslation.segments import (
    is_all_capitals,
    is_navigation,
    repeats_itself,
    segments_of,
)
from generation.types import DocumentView

NAMES = ("eastern", "northern", "lower", "old", "iron", "harbour", "inner", "outer", "broken", "painted", "new", "wide")


def prose(characters: int, *, first: int = 0) -> str:
    """So many characters of sentences, none alike."""
    found = ""
    for n in range(first, first + 60):
        name = f"{NAMES[n % 12]} {NAMES[n // 12 % 12]} {chr(97 + n % 26)}{n}"
        found += f"Gate {n}, the {name} one, was mended by {name.title()} with {n + 3} planks of {NAMES[-n % 12]} oak. "
    return found[:characters].rstrip().ljust(characters, "x")


def document(*sections: tuple[int, str, str]) -> DocumentView:
    """(level, title, text) in a row; level 0 stands under no heading."""
    text, headings = "", []
    for level, title, body in sections:
        if level:
            headings.append((len(text), level, title))
            text += f"{title}\n\n"
        text += f"{body}\n\n"
    return DocumentView(7, "d", text, "en", tuple(headings))


def found(view: DocumentView, **options) -> list[tuple[int, tuple[str, ...], str]]:
    options = {"shortest": 600, "longest": 3000, "unheaded": False} | options
    return [(each.end - each.start, each.headings, each.reason) for each in segments_of(view, **options)]


@pytest.mark.parametrize(
    ("size", "reason"), [(599, "segment_too_short"), (600, ""), (3000, "")]
)  # fmt: skip
def test_004_15_a_segment_has_600_to_3000_characters_both_ends_included(size, reason):
    assert found(document((1, "Gates", prose(size)))) == [(size, ("Gates",), reason)]


def test_a_longer_section_is_cut_between_paragraphs_and_nothing_is_lost_or_changed():
    view = document((1, "Gates", "\n\n".join(prose(900 + n) for n in range(5))))
    segments = segments_of(view, shortest=600, longest=3000, unheaded=False)
    assert [each.end - each.start for each in segments] == [900 + 901 + 902 + 4, 903 + 904 + 2]
    assert view.text[segments[0].start : segments[0].end].startswith("Gate 0,")
    one = document((1, "Gates", prose(4000)))
    cut = segments_of(one, shortest=600, longest=3000, unheaded=False)
    assert [each.reason for each in cut] == ["", ""]
    assert one.text[cut[0].start : cut[0].end].endswith("oak.")
    assert all(each.end - each.start <= 3000 for each in cut)


def test_offsets_are_those_of_the_documents_text_in_code_points():
    body = "闸门在黎明前打开，看守人记下水位。" * 1 + prose(700)
    view = document((1, "水闸 𠮷", body))
    segment = segments_of(view, shortest=600, longest=3000, unheaded=False)[0]
    assert view.text[segment.start : segment.end] == body


def test_the_smallest_section_that_is_long_enough_is_taken():
    large, *small = prose(700), *(prose(250, first=10 * n) for n in range(1, 5))
    view = document(
        (1, "Book", small[0]), (2, "One", large), (2, "Two", small[1]), (3, "A", small[2]), (3, "B", small[3])
    )  # fmt: skip
    kept = [(headings, reason) for _, headings, reason in found(view)]
    assert kept == [
        (("Book",), "segment_too_short"),
        (("Book", "One"), ""),
        (("Book", "Two"), ""),
    ]


HEADINGS = {
    "Gates of the harbour": "",
    "": "empty_heading",
    "***": "empty_heading",
    "3.1": "empty_heading",
    "GATES": "capital_heading",
    "GATES OF 1953": "capital_heading",
    "USA and Canada": "",
    "水闸": "",
    "水闸 A": "",
    "About us": "navigation_text",
    "Privacy Policy": "navigation_text",
    "联系我们": "navigation_text",
    "相关文章": "navigation_text",
}


def test_004_15_headings_that_are_empty_in_capitals_or_navigation_rule_a_segment_out():
    body = prose(800)
    view = DocumentView(1, "d", "", "en")
    for heading, reason in HEADINGS.items():
        text = f"{heading}\n\n{body}"
        view = DocumentView(1, "d", text, "en", ((0, 1, heading),))
        assert [each[2] for each in found(view)] == [reason], heading


def test_text_under_no_heading_is_taken_only_where_it_is_wanted():
    plain = DocumentView(1, "d", prose(900), "en")
    assert found(plain) == [(900, (), "no_heading")]
    assert found(plain, unheaded=True) == [(900, (), "")]
    assert found(DocumentView(1, "d", " \n", "en")) == []


@pytest.mark.parametrize(
    ("text", "menu"),
    [
        ("Home\nProducts\nPrices\nJobs\nPress\nImprint\nSearch", True),
        ("Home | Shop | Jobs | Press | Help | Search | Cart", True),
        ("首页\n产品\n价格\n招聘\n新闻\n帮助", True),
        ("Read more. Log in to comment. Subscribe to our newsletter. All rights reserved.", True),
        ("版权所有。联系我们。返回顶部。上一页。下一页。", True),
        ("- a spade\n- a rake\n- twine\n- seed\n- a watering can\n- gloves", False),
        (prose(800), False),
        ("Please log in to the tide office before noon. " + prose(600), False),
    ],
)
def test_menus_and_footers_are_no_text_and_lists_are(text, menu):
    assert is_navigation("Gates", text) is menu


@pytest.mark.parametrize(
    ("text", "again"),
    [
        ("The tram stops here at nine. It goes on at ten. The tram stops here at nine!", True),
        ("The tram stops at the old gate at nine. The tram stops at the old gate at nine now.", True),
        ("The tram stops at the old gate at nine. The bus leaves from the new gate at ten.", False),
        ("电车九点停在旧城门口。公交车十点从新城门出发。电车九点停在旧城门口！", True),
        ("电车九点停在旧城门口。公交车十点从新城门出发。", False),
        ("Yes. Yes. Yes.", False),
        (prose(2000), False),
    ],
)
def test_sentences_that_repeat_each_other_rule_a_segment_out(text, again):
    assert repeats_itself(text) is again


@pytest.mark.parametrize(
    ("heading", "capitals"),
    [("GATES", True), ("Gates", False), ("A", False), ("水闸", False), ("U S A", True), ("12", False)],
)  # fmt: skip
def test_capitals_are_a_matter_of_letters_that_have_a_case(heading, capitals):
    assert is_all_capitals(heading) is capitals
