"""Each scripted recipe played through a server of other people, from start to the counts that were reckoned by hand."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.utils import timezone

from generation.actions.connections import examine
from generation.actions.endpoints import create_endpoint, ensure_installation_endpoints
from generation.actions.runs import start_run
from generation.actions.sources import Choice
from generation.figures import figures
from generation.models import Call, Person, Project, Run
from generation.recipes import RECIPES
from generation.recipes.base import asks_model
from tests.faults.expected import Scripted, every_script, outcome
from tests.faults.planting import plant
from tests.runs import work_through
from tests.servers.foreign import KEY, SERVERS, Foreign, serving

MODEL = "scripted-1"
MODELS = {"mockllm": "gpt-4o-mini"}


class Steady(Scripted):
    """The script of Self-Instruct without faults; the one under its own name has some."""

    @property
    def recipe(self) -> str:
        """Whose run it is."""
        return "self_instruct"


def play(folder: Path) -> Iterator[dict[str, Any]]:
    """What came of each recipe on each server: {"server", "recipe", "state", "calls", "seconds", "fault"}."""
    call_command("migrate", verbosity=0)
    ensure_installation_endpoints(now=timezone.now())
    person = Person.objects.create(username="verifier")
    scripts = {each.recipe: each for each in [Steady("steady"), *every_script()] if not each.faulty}
    for server in SERVERS:
        for recipe in (each for each in RECIPES if each.name in scripts):
            asks = asks_model(recipe, recipe.Params(**scripts[recipe.name].expected["params"]))
            if asks and scripts[recipe.name].read_besides <= server.hears:
                yield _play(server, scripts[recipe.name], folder, person)


def _play(server: Foreign, scripted: Scripted, folder: Path, person: Person) -> dict[str, Any]:
    begun = time.monotonic()
    told: dict[str, Any] = {
        "server": server.title,
        "recipe": scripted.recipe,
        "state": "",
        "calls": 0,
        "found": "",
        "compared": "",
    }
    try:
        with serving(server, scripted.script, folder) as base_url:
            told |= _run(server, scripted, base_url, person)
        fault = ""
    except AssertionError as error:
        fault = f"not as reckoned: {str(error).splitlines()[0] if str(error) else 'counts differ'}"
    except Exception as error:
        fault = f"{type(error).__name__}: {error}"
    return told | {"seconds": round(time.monotonic() - begun, 1), "fault": fault[:200]}


def _run(server: Foreign, scripted: Scripted, base_url: str, person: Person) -> dict[str, Any]:
    now, wanted, model = timezone.now(), scripted.expected, MODELS.get(server.name, MODEL)
    language = wanted.get("language", "en")
    slug = f"{server.name}-{scripted.recipe}".replace("_", "-")
    project = Project.objects.create(slug=slug, name=server.title, created_at=now)
    endpoint = create_endpoint(
        project, kind="openai_compatible", by=person, now=now, key=KEY, name=server.title,
        base_url=base_url, models_listed=[model], max_in_flight=8,
    )  # fmt: skip
    plant(project, sources=wanted.get("sources", {"seeds": "demo_seeds.en.jsonl"}), language=language, now=now)
    run = start_run(
        project, recipe=scripted.recipe, params=wanted["params"], by=None, now=now, endpoint=endpoint, model=model,
        language=language, choice=Choice(take=tuple(wanted.get("take", ()))), max_in_flight=8,
    )  # fmt: skip
    run = work_through(run, turns=200)
    found = figures(run, now=timezone.now())
    compared = check(scripted, run, found, cuts=server.cuts)
    tested = examine(endpoint, now=timezone.now())
    return {"state": run.state, "calls": found.calls.answered, "found": tested.code, "compared": compared}


def check(scripted: Scripted, run: Run, found: Any, *, cuts: bool) -> str:
    """The counts of the script, and that every answer was read with its usage. What was compared.

    A server that calls every answer whole brings other reasons to drop a draft, so there the ends alone are compared.
    """
    assert not Call.objects.filter(run=run, state="parsed", prompt_tokens=0).exists()
    assert run.state == scripted.expected.get("state", "completed"), run.state
    if not cuts and "finish_reason" in scripted.script.read_text(encoding="utf-8"):
        assert any(stage.admitted for stage in found.stages)
        return "its end"
    drafts = {stage.stage: {"admitted": stage.admitted, **dict(stage.dropped)} for stage in found.stages}
    drafts = {stage: {name: count for name, count in counts.items() if count} for stage, counts in drafts.items()}
    for stage, counts in scripted.expected["drafts"].items():
        assert drafts.get(stage, {}) == counts, f"{stage}: {drafts.get(stage, {})}"
    assert outcome(run)["samples"] == scripted.expected.get("samples", {})
    return "all counts"
