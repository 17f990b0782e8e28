"""The report on pairs as a file that somebody keeps: what models and people wrote is text in it, never markup."""

from __future__ import annotations

import json
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import pytest
from django.test import Client

from generation.models import Project
from review.actions.pairs import look_at_pairs
from tests.cast import NOW, Cast, make_cast
from tests.integration.test_pair_report import measured, plant, url
from tests.unit.preferences.bias.sets import neutral

pytestmark = pytest.mark.django_db
SCRIPT, STYLE = "<script>alert('xss')</script>", "</style><img src=x onerror=alert(1)>"
QUOTE, BIDI = '" onload="alert(2)', "gpt\u202e4-live\u2066\u200b"
HOSTILE = f"{SCRIPT} {STYLE} {QUOTE} {BIDI} {{{{ 7|add:7 }}}} {{% debug %}} -->]]>&lt;script&gt;"
TAGS = {
    "html", "head", "meta", "title", "style", "body", "header", "main", "footer", "section", "article", "h1", "h2",
    "h3", "p", "span", "b", "i", "em", "strong", "small", "code", "kbd", "q", "div", "ul", "ol", "li", "dl", "dt", "dd",
    "table", "thead", "tbody", "tfoot", "tr", "th", "td", "caption", "figure", "figcaption", "svg", "g", "rect", "line",
    "path", "text", "circle", "polyline", "polygon", "desc", "progress", "meter", "details", "summary", "time", "mark",
    "colgroup", "col", "br",
}  # fmt: skip


class Read(HTMLParser):
    """The tags and attributes that a browser would see, and the texts between them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.said: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.said.append(data)


@pytest.fixture
def cast() -> Cast:
    """Pairs of two models with hostile names, of hostile texts, in a project of a hostile name."""
    made = make_cast()
    Project.objects.filter(pk=made.project.pk).update(name=f"Poems {HOSTILE}"[:120])
    names: dict[str, Any] = {
        "chosen_model": f"{BIDI}{SCRIPT}{STYLE}"[:160],
        "rejected_model": f"{QUOTE}{HOSTILE}"[:160],
    }
    facts = [
        replace(
            each, prompt=f"{HOSTILE} {at}", chosen=f"{HOSTILE} marker{at % 3} {each.chosen}",
            rejected=f"{STYLE} {each.rejected}", rubric=(SCRIPT * 3)[:64], **names,
        )
        for at, each in enumerate(neutral(size=60))
    ]  # fmt: skip
    plant(made.project, facts)
    return made


def test_the_kept_file_holds_no_markup_of_anybodys(cast: Cast, client: Client) -> None:
    report = measured(cast)
    client.force_login(cast.bob)
    for looked in (False, True):
        if looked:
            look_at_pairs(cast.seat("bob"), now=NOW)
        page = client.get(url("pair_report_file", report.pk)).content.decode()
        read = Read(page)
        assert read.tags <= TAGS, read.tags - TAGS
        assert not {name for name in read.attributes if name.startswith("on") or name in ("src", "href", "srcdoc")}
        assert page.count("<style>") == page.count("</style>") == 1
        assert not {letter for letter in page if letter in "\u202e\u2066\u200b"}, (
            "what turns text round is made visible"
        )
        assert "14" not in [each.strip() for each in read.said], "no template of theirs is run"
    assert "onerror=alert(1)" in "".join(read.said), "the names are there, as text"


def test_the_page_and_the_json_of_it_hold_none_either(cast: Cast, client: Client) -> None:
    report = measured(cast)
    client.force_login(cast.bob)
    look_at_pairs(cast.seat("bob"), now=NOW)
    for query in ("", "&finding=models", "&finding=lexical", "&finding=duplicates"):
        page = client.get(f"{url('pair_report')}?report={report.pk}{query}").content.decode()
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert 'onload="alert' not in page
    told = client.get(url("pair_report_json", report.pk))
    assert told["Content-Type"].startswith("application/json")
    assert told["X-Content-Type-Options"] == "nosniff"
    assert json.loads(told.content)["pairs"] == 60
    file = client.get(url("pair_report_file", report.pk))
    assert file["Content-Disposition"].startswith("attachment;")
