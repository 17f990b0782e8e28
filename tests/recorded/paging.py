"""The same runs by the page: a whole FDC, a browser, and the form of a new run for each of them."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from generation.management import prompt_files
from generation.models import Person, Project, Run
from tests import chromium
from tests.chat_server import ChatServer
from tests.installation import Installation
from tests.journeys.conftest import session_of
from tests.judging_server import Desk
from tests.recorded.answers import Row
from tests.recorded.form import RunForm, Told, fields_of
from tests.recorded.playing import Outcome, count, prepare

_KEYS = ("FDC_SECRET_KEY", "FDC_ENCRYPTION_KEY", "FDC_PROVIDER_ALLOW")


@dataclass(frozen=True)
class Paged:
    """A run by the page, and what its page said of it."""

    outcome: Outcome
    told: Told

    def differs(self, typed: Outcome) -> str:
        """In what it came out otherwise than by the command; "" when all figures are the same."""
        mine = self.outcome
        pairs = {
            "state": (typed.state, mine.state), "calls": (typed.calls, mine.calls), "pairs": (typed.pairs, mine.pairs),
            "held back": (typed.held, mine.held), "dropped": (typed.dropped, mine.dropped),
            "said on the page": ((mine.pairs, mine.held.total()), (self.told.leaving, self.told.held)),
        }  # fmt: skip
        return "; ".join(f"{name}: {one} / {other}" for name, (one, other) in pairs.items() if one != other)


def by_page(
    server: ChatServer, desk: Desk, found: list[Row], *, prompts: Path, ranked: Path, folder: Path, limit: int = 0,
    cases: tuple[tuple[str, tuple[str, ...], str], ...],
) -> Iterator[Paged]:  # fmt: skip
    """Each case as it ends, in a project of its own, at a program that stands on the same folder."""
    by_task = {row.task: row for row in found}
    variables = {name: os.environ[name] for name in _KEYS}
    with Installation(folder, variables=variables) as live, sync_playwright() as player:
        browser = player.chromium.launch(executable_path=chromium.found_or_installed(), args=["--no-sandbox"])
        for at, (told, arguments, judge) in enumerate(cases):
            project = prepare(server, slug=f"paged-{at}")
            bring(project, arguments, prompts=prompts, ranked=ranked)
            desk.names_seen.clear()
            begun = time.monotonic()
            said = _run(browser, live.url, project, arguments, judge, limit=limit)
            run = Run.objects.get(pk=said.run)
            outcome = Outcome(run.recipe, told, run.pk, run.state, 0)
            outcome.seconds, outcome.names_seen = time.monotonic() - begun, len(desk.names_seen)
            count(outcome, run, by_task)
            yield Paged(outcome, said)
        browser.close()


def _run(
    browser: Browser, address: str, project: Project, arguments: tuple[str, ...], judge: str, *, limit: int
) -> Told:  # fmt: skip
    """One run: the form, its preview, its start, and its page until it is over."""
    recipe, values = fields_of(arguments, judge)
    with browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-GB") as context:
        owner = Person.objects.get(username="recorded")
        context.add_cookies([{"name": k, "value": v, "url": address} for k, v in session_of(owner).items()])
        form = RunForm(context.new_page(), f"{address}/p/{project.slug}")
        form.fill(recipe, values | ({"p_most_rows": [str(limit)]} if limit else {}), endpoint="Recorded")
        form.preview()
        return form.see(form.start())


def bring(project: Project, arguments: tuple[str, ...], *, prompts: Path, ranked: Path) -> None:
    """The rows of the file, as the command brings them in."""
    if "rank_responses" in arguments:
        prompt_files.answered(project, path=ranked, format=None, say=_nothing)
    else:
        whole = "--reference" in arguments
        prompt_files.prompts(project, path=prompts, format=None, with_outputs=whole, say=_nothing)


def _nothing(_line: str) -> None:
    """Nobody listens."""
