"""FDC's side of `benchmarks.calls`: one drain over a run's rows, as a worker does it, in a database of its own."""

from __future__ import annotations

import asyncio
import json
import random
import sys
import time

import openai  # noqa: F401 - a worker loads it once, with its first call
from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from benchmarks import ready  # noqa: F401 - must come before the rows
from benchmarks.calls_bare import TEXT
from benchmarks.stopwatch import Stopwatch
from generation.actions.ledger import RunLedger
from generation.engine.driver import Assignment, Drain, Surroundings
from generation.engine.ledger import Limits
from generation.engine.pacing import Accounts
from generation.engine.price import Price
from generation.engine.recorder import FileRecorder
from generation.engine.source import one_source
from generation.models import Call, Item, Pool, Project, Run
from generation.providers import open_provider
from generation.providers.addresses import Policy
from generation.providers.base import EndpointView
from generation.recipes import RECIPES
from generation.recipes.base import Context, Work
from generation.types import Draft, Message, Prompt, Sampling, Task


class Ask:
    """One call for each task."""

    name = "benchmark.ask"
    prompts = ()
    checks = ()
    novel = False

    def work(self, task: Task, context: Context) -> Work:
        """Asks, and proposes the answer."""
        text = TEXT.format(number=task.number)
        reply = yield Prompt(self.name, (Message("user", text),), sampling=Sampling(max_tokens=100))
        assert not isinstance(reply, list)
        return [Draft(kind="sample", instruction=text, output=reply.text)]


class OneStage:
    """A recipe of nothing but that stage."""

    name = RECIPES[0].name
    stages = (Ask(),)


def planned(calls: int, in_flight: int) -> Run:
    """A running run with so many items."""
    now = timezone.now()
    project = Project.objects.create(slug=f"b{now.timestamp():.0f}-{in_flight}", name="Benchmark", created_at=now)
    pool = Pool.objects.create(project=project)
    run = Run.objects.create(
        project=project, pool=pool, recipe=OneStage.name, model="m", state=Run.State.RUNNING, created_at=now,
        budget_micro=10**12, max_in_flight=in_flight,
    )  # fmt: skip
    Item.objects.bulk_create(
        [Item(run=run, stage=Ask.name, wave=0, number=number, random_seed=number) for number in range(calls)],
        batch_size=500,
    )
    return run


def drained(port: int, calls: int, in_flight: int) -> dict[str, float]:
    """The figures of one drain of so many calls."""
    call_command("migrate", verbosity=0)
    run = planned(calls, in_flight)
    limits = Limits(max_in_flight=in_flight, idle=0.0)
    assignment = Assignment(OneStage(), None, {}, "en", limits)  # type: ignore[arg-type]
    recorder = FileRecorder(settings.DATA_DIR / "owners", "benchmark")
    ledger = RunLedger(run, owner="benchmark", folder=settings.DATA_DIR / "owners", clock=timezone.now)

    async def work() -> None:
        endpoint = EndpointView("openai_compatible", f"http://127.0.0.1:{port}/v1", key="sk-benchmark")
        provider = open_provider(endpoint, Policy(loopback=True))
        pacer = Accounts().pacer("benchmark", ceiling=in_flight, rpm=None, tpm=None, clock=time.monotonic)
        around = Surroundings(time.monotonic, random.Random(1), recorder=recorder)
        sources = one_source("m", provider, pacer, price=Price.flat(150_000, 600_000))
        await Drain(assignment, ledger, sources, around).run()

    watch = Stopwatch()
    asyncio.run(work())
    written = Call.objects.filter(run=run, state=Call.State.PARSED).count()
    return watch.figures(calls, written=written)


if __name__ == "__main__":
    print(json.dumps(drained(*[int(number) for number in sys.argv[1:]])))
