"""Untrusted text comes out as markup that can do nothing."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fdc_project.web.texts import count_hidden, diff_html, safe_html, visible
from tests.unit.web.hostile import HOSTILE

ALLOWED = {
    "a": {"href", "rel", "target"}, "ol": {"start"}, "span": {"class", "title"}, "pre": {"class"}, "div": {"class"},
    "del": {"class"}, "ins": {"class"},
}  # fmt: skip
HARMLESS = {
    *ALLOWED, "blockquote", "br", "code", "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "li", "p", "s", "strong",
    "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip


SCRAPS = (
    "<b ", "x=", '"', "'", ">", "](", "[a", "\u202e", "`", "$", "|", "\n", "<a href=", "http://x", "&#106;", "\\",
    "onclick=1", "!", "*", "é", "\x00", "```",
)  # fmt: skip


class Faults(HTMLParser):
    """Collects what a browser could act upon."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in HARMLESS:
            self.found.append(f"<{tag}>")
        for name, value in attrs:
            if name not in ALLOWED.get(tag, set()):
                self.found.append(f"{tag}.{name}")
            if name == "href" and not re.match(r"(https?://|mailto:)", value or ""):
                self.found.append(f"href={value}")


def faults_in(markup: str) -> list[str]:
    parser = Faults()
    parser.feed(markup)
    parser.close()
    return parser.found


def test_there_are_at_least_200_hostile_texts() -> None:
    assert len(set(HOSTILE)) >= 200


@pytest.mark.parametrize("number", range(0, len(HOSTILE), 20))
def test_hostile_texts_come_out_harmless(number: int) -> None:
    for text in HOSTILE[number : number + 20]:
        assert faults_in(safe_html(text)) == [], text
        assert faults_in(visible(text)) == [], text
        assert faults_in(diff_html(text, text[::-1])) == [], text


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(SCRAPS), max_size=25))
def test_scraps_of_markup_in_any_order_come_out_harmless(scraps: list[str]) -> None:
    assert faults_in(safe_html("".join(scraps))) == []


def test_markdown_code_tables_and_math_are_shown() -> None:
    code = "```python\ndef f(): ...\n```"
    markup = safe_html(f"# Title\n\n**bold** `x<y`\n\n| a |\n|---|\n| 1 |\n\n{code}\n\n$a<b$\n\n$$x^2$$")
    for part in ("<h1>Title</h1>", "<strong>bold</strong>", "<code>x&lt;y</code>", "<td>1</td>"):
        assert part in markup
    assert '<span class="k">def</span>' in markup
    assert '<span class="math inline">a&lt;b</span>' in markup
    assert re.search(r'<span class="math block">\s*x\^2\s*</span>', markup)


def test_a_line_break_stays_one_because_it_is_part_of_the_data() -> None:
    assert safe_html("old pond\nfrog") == "<p>old pond<br>\nfrog</p>\n"


def test_an_image_is_shown_as_words_so_that_nothing_is_loaded() -> None:
    markup = safe_html("![cat](https://evil.example/?who=carol)")
    assert "<img" not in markup
    assert "[cat] https://evil.example/?who=carol" in markup


def test_links_lead_outside_only_and_give_nothing_away() -> None:
    assert 'rel="noopener noreferrer nofollow"' in safe_html("[a](https://example.org)")
    for target in ("/sign-out", "//evil.example", "javascript:alert(1)", "data:text/html,x", "vbscript:x", "?x", "#y"):
        assert "href" not in safe_html(f"[a]({target})"), target


def test_prices_are_not_math() -> None:
    assert "math" not in safe_html("It costs $5 or $6.")


def test_hidden_characters_are_shown_and_counted_wherever_they_stand() -> None:
    text = "a\u202eb `c\u200b` **d\ufeff** \U000e0041"
    markup = safe_html(text)
    assert all(f">{name}</span>" in markup for name in ("RLO", "ZWSP", "BOM", "U+E0041"))
    assert not re.search("[\u200b\u202e\ufeff\U000e0041]", markup)
    assert count_hidden(text) == 4


def test_variation_selectors_are_shown_unless_they_choose_a_chinese_form() -> None:
    assert count_hidden("a\U000e0101\U000e0102") == 2
    assert count_hidden("\u845b\U000e0100\u57ce") == 0


def test_joiners_that_belong_to_emoji_and_scripts_stay() -> None:
    assert count_hidden("👨\u200d👩\u200d👧 می\u200cخواهم क्\u200dष") == 0
    assert count_hidden("pass\u200dword") == 1


def test_a_very_long_text_is_shown_as_it_is() -> None:
    assert safe_html("*" * 200_001).startswith('<pre class="plain">')


def test_a_deeply_nested_text_takes_no_time_and_breaks_nothing() -> None:
    for text in ("> " * 3000, "[" * 5000, "*a " * 5000, "`" * 5000, "$" * 5000, "- " * 2000, "|" * 5000):
        assert faults_in(safe_html(text)) == []
