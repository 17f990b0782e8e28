"""A process with the rows at hand: reads one JSON request a line, answers one JSON line. Started by `scene.Scene`.

It runs in the surroundings of its scene (SQLite or PostgreSQL, own folder), not in those of the tests' own process.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import django
from django.core.management import call_command
from django.utils import timezone

django.setup()

from fdc_project.starting import migrations_are_due  # noqa: E402
from generation.actions.endpoints import create_endpoint, ensure_installation_endpoints  # noqa: E402
from generation.actions.imports import start_import  # noqa: E402
from generation.actions.prices import set_price  # noqa: E402
from generation.actions.runs import (  # noqa: E402
    cancel_run,
    pause_run,
    raise_budget,
    resume_run,
    retry_failed,
    start_run,
)
from generation.actions.sources import Choice  # noqa: E402
from generation.actions.uploads import store_upload  # noqa: E402
from generation.figures import figures  # noqa: E402
from generation.models import Call, Draft, Endpoint, Item, Job, Person, Project, Run, RunTally, Sample  # noqa: E402
from tests.faults.expected import outcome  # noqa: E402
from tests.faults.planting import plant  # noqa: E402

VERBS = {"pause": pause_run, "resume": resume_run, "cancel": cancel_run, "retry": retry_failed}


def prepare(seeds: str, base_url: str, max_in_flight: int, timeout_seconds: int, price: str) -> dict[str, Any]:
    """Rows, a project, an endpoint with a price, and an import of the seed file unless there is none."""
    if migrations_are_due():
        call_command("migrate", verbosity=0)
    now = timezone.now()
    ensure_installation_endpoints(now=now)
    person = Person.objects.create(username="alice")
    project = Project.objects.create(slug="faults", name="Faults", created_at=now)
    endpoint = create_endpoint(
        project, kind="openai_compatible", by=person, now=now, key="sk-scripted-0123456789", name="Scripted",
        base_url=base_url, max_in_flight=max_in_flight, timeout_seconds=timeout_seconds,
    )  # fmt: skip
    if price:
        set_price(
            endpoint, model="scripted-1", currency="USD", input_price=Decimal(price), output_price=Decimal(price),
            source="test", on=date(2020, 1, 1),
        )  # fmt: skip
    if not seeds:
        return {"job": 0}
    path = Path(seeds)
    upload = store_upload(project, name=path.name, chunks=[path.read_bytes()])
    return {"job": start_import(project, upload=upload, by=person, now=now, language="en").pk}


def imported(job: int) -> dict[str, Any]:
    """How the import stands."""
    row = Job.objects.get(pk=job)
    return {"state": row.state, "accepted": row.accepted, "rejected": row.rejected}


def planted(sources: dict[str, Any], language: str) -> None:
    """The sources of a script's expected file."""
    plant(Project.objects.get(), sources=sources, language=language, now=timezone.now())


def start(
    params: dict[str, Any], budget: int | None = None, offline: bool = False, key: str = "",
    recipe: str = "self_instruct", language: str = "en", take: list[str] | None = None, endpoint: str = "Scripted",
    parts: dict[str, str] | None = None,
) -> int:  # fmt: skip
    """A run on all that there is; its id."""
    source = Endpoint.objects.get(kind="offline") if offline else Endpoint.objects.get(name=endpoint)
    run = start_run(
        Project.objects.get(), recipe=recipe, params=params, by=None, now=timezone.now(), endpoint=source,
        model="" if offline else "scripted-1", budget_micro=budget, max_in_flight=200, start_key=key,
        language=language, choice=Choice(take=tuple(take or ())),  # type: ignore[arg-type]
        parts={name: (source, model) for name, model in (parts or {}).items()},
    )  # fmt: skip
    return run.pk


def pace(endpoint: str, per_minute: int) -> int:
    """Sets how many calls a minute the endpoint takes."""
    return Endpoint.objects.filter(name=endpoint).update(requests_per_minute=per_minute)


def another(called: str, base_url: str) -> int:
    """One more endpoint; its id."""
    return create_endpoint(
        Project.objects.get(), kind="openai_compatible", by=Person.objects.get(), now=timezone.now(),
        key="sk-scripted-0123456789", name=called, base_url=base_url, max_in_flight=16, timeout_seconds=120,
    ).pk  # fmt: skip


def do(verb: str, run: int) -> Any:
    """One of the verbs of a run."""
    found = VERBS[verb](Run.objects.get(pk=run))
    return found if isinstance(found, int) else found.state


def budget(run: int, micro: int) -> str:
    """Raises the cap."""
    return raise_budget(Run.objects.get(pk=run), budget_micro=micro).state


def look(run: int) -> dict[str, Any]:
    """State, money and figures of the run."""
    row = Run.objects.get(pk=run)
    found = figures(row, now=timezone.now())
    return {
        "state": row.state, "reason": row.pause_reason, "detail": row.pause_detail, "spent": row.spent_micro,
        "reserved": row.reserved_micro, "maybe_billed": row.maybe_billed_micro, "budget": row.budget_micro,
        "calls": {name: getattr(found.calls, name) for name in found.calls.__dataclass_fields__},
        "items": {name: getattr(found.items, name) for name in found.items.__dataclass_fields__},
        "drafts": {each.stage: {"admitted": each.admitted, **dict(each.dropped)} for each in found.stages},
        "failures": {each.kind: each.count for each in found.failures},
    } | outcome(row) | {"samples": dict(found.samples)}  # fmt: skip


def at_work(run: int) -> list[int]:
    """The process numbers of the workers that have calls of the run on the wire."""
    sent = Call.objects.filter(run=run, state=Call.State.SENT).exclude(item__owner="")
    return sorted({int(owner.split("-")[-3]) for owner in sent.values_list("item__owner", flat=True).distinct()})


def audit(run: int) -> dict[str, Any]:
    """The run's rows themselves, for those who trust no counter."""
    calls = list(Call.objects.filter(run=run).order_by("id"))
    bodies: dict[str, list[dict[str, Any]]] = {}
    for call in calls:
        key = hashlib.sha256(json.dumps(call.request, sort_keys=True).encode()).hexdigest()
        bodies.setdefault(key, []).append(
            {
                "wanted_by": [call.item_id, call.step, call.index], "state": call.state, "raw": len(call.raw),
                "maybe_billed": call.maybe_billed, "failure": call.failure, "voided": call.voided,
                "superseded": call.superseded,
            }
        )  # fmt: skip
    live = [call for call in calls if not call.superseded and not call.voided]
    samples = Sample.objects.filter(run=run)
    states = Counter(Item.objects.filter(run=run).values_list("state", flat=True))
    return {
        "bodies": bodies,
        "requests": len({(call.item_id, call.step, call.index) for call in calls if not call.voided}),
        "live": dict(Counter(call.state for call in live)),
        "unknown": sum(call.state == "unknown" for call in calls),
        "spent": sum(call.cost_micro for call in calls),
        "maybe_billed": sum(call.reserved_micro for call in calls if call.maybe_billed),
        "tokens": [sum(c.prompt_tokens for c in calls), sum(c.completion_tokens for c in calls)],
        "items": dict(states),
        "numbers": sorted(Item.objects.filter(run=run).values_list("number", flat=True)),
        "drafts": [
            [stage, state, reason, count]
            for (stage, state, reason), count in sorted(
                Counter(Draft.objects.filter(run=run).values_list("stage", "state", "reason")).items()
            )
        ],
        "admitted": sorted(
            content["instruction"]
            for content in Draft.objects.filter(run=run, kind="instruction", state="admitted").values_list(
                "content", flat=True
            )
        ),
        "samples": samples.count(),
        "distinct": len(set(samples.values_list("draft_id", flat=True))),
        "tallies": dict(RunTally.objects.filter(run=run).values_list("name", "count")),
    }


def main() -> None:
    """Answers until the input ends."""
    verbs = (prepare, imported, planted, pace, another, start, do, budget, look, at_work, audit)
    doing = {each.__name__: each for each in verbs}
    for line in sys.stdin:
        name, arguments = json.loads(line)
        print(json.dumps(doing[name](**arguments)), flush=True)


if __name__ == "__main__":
    main()
