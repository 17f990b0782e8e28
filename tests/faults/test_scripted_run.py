"""Every recipe against a server that answers from a script brings what was reckoned by hand.

To add one, write two files in `tests/scripted_server/`; every test here finds them by their names.

`<recipe>.json` (or `<recipe>.<what>.json` for a second one) is the script: rules in order, each with a regular
expression over the prompt's text and the replies to its first, second, ... distinct request; the last reply serves all
that follow; `body` says what the request must hold besides ({"model": "scripted-2"}). `{w1}` to `{w39}` in a reply
are made-up words that no other request gets. A reply may be an object with
"text" and "finish_reason". `faults` are worth their seconds in `self_instruct.json` alone; leave them out, and leave
out `latency_ms`.

`<recipe>.expected.json` says what must come of it, reckoned from the script before any run:

- `how`: sentences that lead to the figures.
- `sources`: what the run draws from. `seeds`: the name of a file in `generation/samples/`, or rows of `Seed`'s fields.
  `samples`: rows of `Sample`'s fields (approved unless `state` says otherwise). `documents`: rows of {name, text};
  their headings are the lines that begin with `#` unless `headings` says otherwise. `vocabulary`: {category: [terms]}.
- `parts`: {part: model}, further models of the same server.
- `params`; `language` ("en" unless said otherwise); `take`: names of sources, where the recipe leaves a choice.
- `drafts`: {stage: {"admitted" or drop reason: count}}, complete. `samples` and `pairs`: {state: count}; `scores`:
  {aspect: how many samples or answers got one}; `held`: {why a pair is held back: count}; `answers`: how many the run
  wrote; each left out when there are none.
- `calls`: asked, answered, failed (repairs are calls). `planned`: [least, most] where you reckoned it; that the calls
  made lie within the plan is checked in any case, repairs left out.
- `state`: "completed" unless said otherwise.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from generation.actions.endpoints import create_endpoint
from generation.actions.runs import start_run
from generation.actions.sources import Choice
from generation.figures import figures
from generation.models import Call, Person, Project, Run
from generation.recipes import RECIPES
from tests.faults.books import check_bill, check_books
from tests.faults.expected import Scripted, every_script, outcome
from tests.faults.planting import plant
from tests.faults.report import FULL, write_down
from tests.faults.scene import Scene
from tests.faults.seeds import published
from tests.runs import work_through
from tests.scripted_server.beside import serving

SCRIPTS = every_script()
KILLED = SCRIPTS if FULL else [each for each in SCRIPTS if each.name == "model_comparison"]
"""self_instruct is killed in `test_killed_workers`."""
_LISTED = re.compile(r"^ *\d+\. (.*)$", re.MULTILINE)


def name_of(scripted: Scripted) -> str:
    return scripted.name


def through(scripted: Scripted, base_url: str, *, max_in_flight: int = 64) -> Run:
    """A run of its own project, worked to its end in this process."""
    now, wanted = timezone.now(), scripted.expected
    language = wanted.get("language", "en")
    project = Project.objects.create(slug=f"p{Project.objects.count()}", name="Scripted", created_at=now)
    person, _ = Person.objects.get_or_create(username="alice")
    endpoint = create_endpoint(
        project, kind="openai_compatible", by=person, now=now, key="sk-scripted-0123456789", name="Scripted",
        base_url=base_url, max_in_flight=max_in_flight, timeout_seconds=3 if scripted.faulty else 30,
    )  # fmt: skip
    plant(project, sources=wanted["sources"], language=language, now=now)
    run = start_run(
        project, recipe=scripted.recipe, params=wanted["params"], by=None, now=now, endpoint=endpoint,
        model="scripted-1", language=language, choice=Choice(take=tuple(wanted.get("take", ()))),
        parts={name: (endpoint, model) for name, model in wanted.get("parts", {}).items()},
    )  # fmt: skip
    return work_through(run, turns=400)


def seen_of(run: Run) -> dict[str, Any]:
    found = figures(run, now=timezone.now())
    drafts = {each.stage: {"admitted": each.admitted, **dict(each.dropped)} for each in found.stages}
    drafts = {stage: {reason: count for reason, count in counts.items() if count} for stage, counts in drafts.items()}
    return {"drafts": drafts, "calls": asdict(found.calls), "state": run.state} | outcome(run)


def prompts_of(run: Run) -> list[tuple[int, int, int, str]]:
    live = Call.objects.filter(run=run, superseded=False, voided=False).order_by("item__number", "step", "index")
    return list(live.values_list("item__number", "step", "index", "fingerprint"))


def test_every_recipe_that_asks_a_model_has_a_script() -> None:
    assert {each.name for each in RECIPES if each.needs_model} <= {each.recipe for each in SCRIPTS}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("scripted", SCRIPTS, ids=name_of)
def test_a_run_brings_what_was_reckoned_by_hand(scripted: Scripted, tmp_path: Path) -> None:
    with serving(scripted.script, tmp_path) as server:
        scripted.check(seen=seen_of(through(scripted, server.base_url)))


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(not FULL, reason="full counts; the contract tests say so of every recipe in memory")
@pytest.mark.parametrize("scripted", [each for each in SCRIPTS if not each.faulty], ids=name_of)
def test_the_same_seed_asks_the_same_prompts(scripted: Scripted, tmp_path: Path) -> None:
    """One call at a time, so that requests come to the script in the same order."""
    found = []
    for _ in range(2):
        with serving(scripted.script, tmp_path) as server:
            found.append(prompts_of(through(scripted, server.base_url, max_in_flight=1)))
    assert found[0] == found[1]
    assert len(found[0]) == scripted.expected["calls"]["asked"]


@pytest.mark.parametrize("scripted", KILLED, ids=name_of)
def test_a_worker_killed_in_the_middle_repeats_no_answered_call(scripted: Scripted, tmp_path: Path) -> None:
    """Where no model is asked, it dies with the first results in its hands."""
    wanted = scripted.expected
    answered = wanted["calls"]["answered"]
    place = f"answered:{max(1, answered // 2)}" if answered else "before_commit:1"
    with Scene(tmp_path, scripted.script) as scene:
        scene.prepare(None, timeout=3 if scripted.faulty else 30)
        scene.ask("planted", sources=wanted["sources"], language=wanted.get("language", "en"))
        run = scene.ask(
            "start", recipe=scripted.recipe, params=wanted["params"], language=wanted.get("language", "en"),
            take=wanted.get("take", []), parts=wanted.get("parts", {}),
        )  # fmt: skip
        worker = scene.work(kill_at=place)
        scene.until(lambda: worker.poll() is not None, patience=60)
        scene.workers.remove(worker)
        assert worker.returncode == -9
        scene.work()
        seen, audit = scene.until_over(run), scene.ask("audit", run=run)
        scripted.check(seen=seen | {"drafts": {name: drop_none(each) for name, each in seen["drafts"].items()}})
        check_books(audit, seen)
        repeats = check_bill(audit, scene.answered())
    write_down(test=f"killed in the middle: {scripted.name}", repeats=repeats, unknown=audit["unknown"])


def drop_none(counts: dict[str, int]) -> dict[str, int]:
    return {reason: count for reason, count in counts.items() if count}


@pytest.mark.parametrize("workers", [1, 4] if FULL else [4])
def test_the_published_seeds_bring_the_same_through_whole_workers(tmp_path: Path, workers: int) -> None:
    scripted, seeds = Scripted("self_instruct"), published()
    with Scene(tmp_path, scripted.script) as scene:
        scene.prepare(seeds, timeout=3)
        for _ in range(workers):
            scene.work()
        scene.until(lambda: scene.ask("imported", job=scene.job)["state"] == "done", patience=60)
        assert scene.ask("imported", job=scene.job)["accepted"] == 175
        run = scene.ask("start", params=scripted.expected["params"])
        seen = scene.until_over(run)
        scripted.check(seen=seen)
        check_books(scene.ask("audit", run=run), seen)
        check_prompts(scene, seeds)


def check_prompts(scene: Scene, seeds: Path) -> None:
    """Eight examples in each prompt to invent, of which at most two are the model's own."""
    rows = [json.loads(line) for line in seeds.read_text(encoding="utf-8").splitlines()]
    own = {" ".join(row["instruction"].split()).rstrip(": ") for row in rows}
    prompts = [line for line in scene.statement() if line.get("rule") == "invent" and line["event"] == "received"]
    assert len({line["request"] for line in prompts}) == 12
    for line in prompts:
        shown = _LISTED.findall(line["body"]["messages"][-1]["content"])
        assert len(shown) == 8
        assert sum(text.strip() not in own for text in shown) <= 2
