"""From a PDF to an exported row and back: grounded questions, Evol-Instruct in two rounds, review, export, lineage."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from generation.documents.chunks import sentences_of
from generation.samples import sample_path
from tests.document_files import make_pdf
from tests.installation import Installation
from tests.journeys.newcomer import Newcomer


@pytest.mark.slow
def test_one_row_is_walked_from_the_span_of_a_pdf_to_its_export_and_back(
    live: Installation, visit: Callable[..., Page], tmp_path: Path
) -> None:
    page = visit(locale="en-GB")
    newcomer = Newcomer(page, live.url)
    newcomer.come_in(live.welcome_link)
    trip = Trip(newcomer)
    trip.new_project("Harbour")

    trip.upload(library_pdf(tmp_path))
    expect(page.locator("[data-row]")).to_contain_text("harbour.pdf")
    expect(page.locator("[data-row]")).to_contain_text("The Harbour Library")

    trip.run("document_qa", questions="2", passage_size="400")
    newcomer.open("review")
    assert newcomer.review(5) == 4
    trip.run("evol_instruct", rounds="2")

    child = trip.newest_sample()
    grounds = page.locator("[data-grounds]")
    line = [int(number) for number in re.findall(r"#(\d+)", grounds.locator("p").first.inner_text())]
    assert line
    quote = grounds.locator("blockquote").first.inner_text()
    expect(grounds).to_contain_text("harbour.pdf")
    grounds.locator("a[href*='/documents/']").first.click()
    marked = page.locator("mark.here")
    expect(marked.first).to_be_visible()
    assert "".join(quote.split())[:40] in "".join("".join(marked.all_inner_texts()).split())
    expect(page.locator(f"sup a[href$='/samples/{line[-1]}']").first).to_be_visible()

    trip.approve(child)
    newcomer.open("exports")
    rows = newcomer.export(tmp_path)
    told = [json.loads(text) for text in trip.manifest(tmp_path).read_text("utf-8").splitlines()][1:]
    assert len(rows) == len(told) == 5
    (mine,) = [each for each in told if each["sample"] == child]
    assert mine["ancestors"] == line
    evidence = mine["documents"][0]
    assert (evidence["name"], evidence["by_sample"]) == ("harbour.pdf", line[-1])
    assert evidence["page"] in (1, 2, 3)
    assert evidence["quote"].split()[0] in quote
    assert all(each["documents"] for each in told)


class Trip:
    """What a person does on the pages of this journey."""

    def __init__(self, newcomer: Newcomer) -> None:
        self.newcomer = newcomer
        self.page = newcomer.page

    def new_project(self, name: str) -> None:
        self.page.goto(f"{self.newcomer.url}/new")
        self.page.locator("[name=name]").fill(name)
        self.page.locator("main form button").last.click()
        expect(self.page.locator(".nav a[href$='/review']")).to_be_visible()
        self.home = self.page.locator(".nav a").first.get_attribute("href") or ""

    def go(self, rest: str) -> None:
        self.page.goto(f"{self.newcomer.url}{self.home}{rest}")

    def upload(self, path: Path) -> None:
        self.go("documents")
        self.page.locator("input[type=file]").set_input_files(path)
        self.page.locator("[data-action=save]").click()
        expect(self.page.locator("[data-row]")).to_have_count(1)

    def run(self, recipe: str, **params: str) -> None:
        self.go(f"runs/new/{recipe}")
        more = self.page.locator("details.more").first
        more.evaluate("each => { each.open = true }") if more.count() else None
        for name, value in params.items():
            self.page.locator(f"[name=p_{name}]").fill(value)
        self.page.locator("[data-action=start]").first.click()
        self.page.wait_for_url(re.compile(r"/runs/\d+$"))
        self.newcomer.watch_until_done()

    def newest_sample(self) -> int:
        """The page of the newest sample that waits for a person."""
        self.go("samples?state=needs_review")
        href = self.page.locator("main tbody a[href*='/samples/']").first.get_attribute("href") or ""
        self.page.goto(f"{self.newcomer.url}{href}")
        return int(href.rpartition("/")[2])

    def approve(self, sample: int) -> None:
        self.go(f"review?first={sample}")
        expect(self.page.locator("[data-saved]")).not_to_be_empty()
        expect(self.newcomer.sample_field()).to_have_value(str(sample))
        self.newcomer.press("a")
        expect(self.newcomer.sample_field()).not_to_have_value(str(sample))
        self.page.wait_for_function("!document.querySelector('[data-saved][data-waiting]')")

    def manifest(self, folder: Path) -> Path:
        with self.page.expect_download() as download:
            self.page.locator("a[href$='/manifest']").first.click()
        target = folder / "manifest.jsonl"
        download.value.save_as(target)
        return target


def library_pdf(folder: Path) -> Path:
    """Our sample document as a PDF of several pages, a line of the file for each line of a page."""
    text = sample_path("demo_document.en.md").read_text("utf-8")
    lines: list[str] = []
    for paragraph in text.split("\n\n"):
        lines += [*_folded(" ".join(sentences_of(paragraph)).lstrip("# ")), ""]
    pages = [lines[at : at + 26] for at in range(0, len(lines), 26)]
    path = folder / "harbour.pdf"
    path.write_bytes(make_pdf(pages, title="The Harbour Library of Lindsey", outline=[("Beginnings", 1)]))
    return path


def _folded(text: str, width: int = 88) -> list[str]:
    lines = [""]
    for word in text.split():
        lines = [*lines[:-1], f"{lines[-1]} {word}".strip()] if len(lines[-1]) + len(word) < width else [*lines, word]
    return lines
