"""What the journey of preferences starts from, and what a person does on its pages with scripting on and off."""

from __future__ import annotations

import json
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from django.db import connections
from django.utils import timezone
from playwright.sync_api import Page, expect

from generation.actions.jobs import work_on
from generation.models import Job, Person, PreferencePair, Sample
from review.actions.comparing import Said, judge, next_comparisons
from review.actions.exports import build_export
from review.actions.freezing import freeze_version
from review.actions.pair_reports import fill_report
from review.actions.rounds import RoundWish, open_round
from review.models import Comparison, DatasetVersion
from review.reports.comparisons import cards_for
from tests.cast import Cast, make_samples, new_key
from tests.pairs import make_pair, make_ranking

CAREFUL = "A careful answer to question {}, which says why and gives an example."
HASTY = "Answer {}: no idea."
STEPS = [f"Explanation {name} of recursion, told at some length." for name in ("north", "east", "south", "west")]
CHOICES, RATED = 21, 10
PATIENCE = 30_000
FEW = re.compile(r"All saved|Saving \d …")
WORK = {
    "review.freeze_version": freeze_version,
    "review.build_export": build_export,
    "review.report_pairs": fill_report,
}


@dataclass
class Scene:
    """Pairs that wait for people, a prompt with four answers, ten outputs, and one pair on which two people differ."""

    cast: Cast
    disputed: Comparison


def make_scene(cast: Cast) -> Scene:
    """All of it in the project "poems"; Carol and Erin have voted on the one pair."""
    pair_of(cast, 99)
    wish = RoundWish(name="Two people", overlap=2, chosen={"pairs": "ready"})
    both = open_round(cast.seat("alice"), wish=wish, now=timezone.now())
    for name, likes in (("carol", "careful"), ("erin", "no idea")):
        seat = cast.seat(name)
        [card] = cards_for(seat, ids=next_comparisons(seat, round_id=both.pk))
        verdict = "left" if likes in card.sides[0].text else "right"
        judge(seat, comparison_id=card.comparison.id, said=Said(verdict=verdict), key=new_key(), version=1,
              now=timezone.now())  # fmt: skip
    for number in range(CHOICES):
        pair_of(cast, number)
    ranked = make_ranking(cast.project, "Explain recursion.", STEPS)
    Sample.objects.filter(pk=ranked.pk).update(task_type="steps")
    make_samples(cast.project, [(f"Task {n}", f"A {'good' if n < 6 else 'bad'} output {n}.") for n in range(RATED)])
    return Scene(cast, Comparison.objects.get(round=both))


def pair_of(cast: Cast, number: int) -> PreferencePair:
    return make_pair(
        cast.project,
        f"Question {number}?",
        CAREFUL.format(number),
        HASTY.format(number),
        state="ready",
        source="import",
    )


class Preferences:
    """An editor's browser; `script` says whether the page has any."""

    def __init__(self, page: Page, address: str, person: Person, *, script: bool) -> None:
        self.page, self.project, self.script = page, f"{address}/p/poems", script
        self.person = person

    def open_round(self, name: str, *, kind: str = "choose", **fields: str) -> None:
        """A round by the form, and its page."""
        self.page.goto(f"{self.project}/compare/new")
        self.page.locator("input[name=name]").fill(name)
        self.page.locator(f"input[name=kind][value={kind}]").check()
        for field, value in fields.items():
            box = self.page.locator(f"[name={field}]")
            box.select_option(value) if box.evaluate("box => box.tagName") == "SELECT" else box.fill(value)
        with self.page.expect_navigation():
            self.page.locator("button[value=open]").click()
        self.page.locator("[data-row] a", has_text=name).first.click()
        expect(self.card).to_be_visible()

    @property
    def card(self) -> Any:
        return self.page.locator("[data-card]:not([hidden])")

    def straight_on(self) -> None:
        """No stop after a vote from now on."""
        self.page.goto(f"{self.page.url.partition('?')[0]}?straight=1")

    def place_of(self, words: str) -> int:
        """Where the answer with these words stands."""
        expect(self.card).to_have_count(1)
        side = self.card.locator("[data-place]", has=self.page.locator(".main-text", has_text=words))
        return int(side.get_attribute("data-place") or 0)

    def say(self, key: str, button: str) -> None:
        """One vote: by key, or by its button where there is no script; returns with the next one on the desk."""
        if not self.script:
            with self.page.expect_navigation():
                self.page.locator(f"button[name=say][value={button}]").click()
            return
        expect(self.page.locator("[data-saved]")).to_have_text(FEW, timeout=PATIENCE)  # at 20 it takes no more
        before = self.card.get_attribute("data-card")
        self.page.keyboard.press(key)
        expect(self.page.locator(f"[data-card='{before}']")).to_have_count(0)

    def choose(self, words: str) -> None:
        """Prefers the answer with these words."""
        place = self.place_of(words)
        self.say(str(place), "left" if place == 1 else "right")

    def choose_edited(self, words: str, *, more: str) -> None:
        """Prefers it, with words of one's own added."""
        place = self.place_of(words)
        if self.script:
            self.saved()
            self.page.keyboard.press("e")
            self.page.keyboard.press(str(place))
            self.page.keyboard.type(more)
            self.page.keyboard.press("Control+Enter")
            return
        self.page.goto(f"{self.page.url.partition('?')[0]}?edit={place}")
        box = self.page.locator("textarea[name=edit]:not([disabled])")
        box.fill(box.input_value() + more)
        self.say("", "left" if place == 1 else "right")

    def rank(self, ranks: dict[str, int]) -> None:
        """Gives each answer its rank, by digits or in the number fields, and saves."""
        at = {name: self.place_of(f"Explanation {name}") for name in ranks}
        if not self.script:
            for name, rank in ranks.items():
                self.page.locator(f"input[name=rank_{at[name]}]:not([disabled])").fill(str(rank))
            return self.say("", "ranked")
        last = 0
        for name, rank in sorted(ranks.items(), key=lambda each: each[1]):
            self.page.keyboard.press(f"{'Shift+' if rank == last else ''}Digit{at[name]}")
            last = rank
        self.say("Enter", "ranked")

    def rate(self) -> None:
        """Good or bad, as the output says of itself."""
        good = self.card.locator(".main-text").first.inner_text().startswith("A good")
        self.say("1" if good else "2", "good" if good else "bad")

    def settle(self, disputed: Comparison, words: str) -> None:
        """Settles what others dispute."""
        self.page.goto(f"{self.project}/compare/{disputed.round_id}/disputes/{disputed.pk}")
        left = self.page.locator(".dispute-answers > section").first
        side = "left" if words in left.inner_text() else "right"
        with self.page.expect_navigation():
            self.page.locator(f"button[name=say][value={side}]").click()

    def report(self) -> list[str]:
        """Has the pairs measured, by key or button; the findings that the page then names."""
        self.page.goto(f"{self.project}/pairs/report")
        with self.page.expect_navigation():
            self.page.keyboard.press("g") if self.script else self.page.locator("[data-action=measure]").click()
        work_jobs()
        self.page.goto(f"{self.project}/pairs/report")
        expect(self.page.locator("[data-action=measure]")).to_be_visible()  # to measure again
        return self.page.locator(".finding > b:first-of-type").all_inner_texts()

    def saved(self) -> None:
        """Waits until nothing travels any more."""
        if self.script:
            expect(self.page.locator("[data-saved]")).to_have_text("All saved", timeout=PATIENCE)

    def export(self, use: str, formats: list[str], folder: Path) -> list[list[dict[str, Any]]]:
        """Freezes a dataset for this use and exports it in each format; the contract check must pass. The rows."""
        self.page.goto(f"{self.project}/datasets/new?asked=1&use={use}&name={use}")
        with self.page.expect_navigation():
            self.page.locator("[data-action=freeze]").click()
        work_jobs()
        version = self.page.url
        self.page.goto(version)
        expect(self.page.locator("[data-action=export]").first).to_be_visible()
        pk = DatasetVersion.objects.latest("id").pk
        return [self._exported(pk, name, folder) for name in formats]

    def _exported(self, version: int, name: str, folder: Path) -> list[dict[str, Any]]:
        self.page.goto(f"{self.project}/exports/new?asked=1&version={version}&format={name}")
        expect(self.page.locator("main .pill.ok", has_text="passes")).to_be_visible()
        with self.page.expect_navigation():
            self.page.locator("[data-action=export]").click()
        work_jobs()
        self.page.goto(self.page.url)
        with self.page.expect_download() as download:
            self.page.locator("[data-action=download]").click()
        target = folder / f"{name}.jsonl"
        download.value.save_as(target)
        text = target.read_text("utf-8")
        return json.loads(text) if text.startswith("[") else [json.loads(line) for line in text.splitlines()]


def work_jobs() -> None:
    """Every job that waits, worked on as a worker would."""

    def work() -> None:
        try:
            for waiting in Job.objects.filter(finished_at=None, kind__in=WORK).order_by("id"):
                work_on(waiting.pk, owner="w", clock=timezone.now, work=partial(WORK[waiting.kind], clock=timezone.now))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        pool.submit(work).result(60)
