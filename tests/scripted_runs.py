"""Paid runs on the scripted server: a project with the script's rows, an endpoint with a price, and a wish."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.utils import timezone

from generation.actions.endpoints import create_endpoint
from generation.actions.prices import set_price
from generation.actions.runs import start_wished
from generation.actions.sources import Choice
from generation.actions.starts import Wish
from generation.models import Endpoint, Person, Project, Run
from tests.faults.expected import Scripted
from tests.faults.planting import plant
from tests.runs import work_through
from tests.scripted_server.beside import Served, serving

SEEDS = {"sources": {"seeds": "demo_seeds.en.jsonl"}}
"""What the script draws from that is no recipe's own."""


@dataclass(frozen=True)
class Ground:
    """Where a script is run: at 2.00 and 8.00 CNY per million tokens read and written."""

    project: Project
    person: Person
    endpoint: Endpoint
    server: Served
    wish: Wish

    def run(self, **changes: Any) -> Run:
        """A run of the wish with these changes, worked until it is over or paused."""
        wish = replace(self.wish, **changes)
        run = start_wished(self.project, wish=wish, by=self.person, now=timezone.now())
        return work_through(run, turns=400)

    def received(self) -> int:
        """How many requests the server has seen."""
        return sum(line["event"] == "received" for line in self.server.statement())


@contextmanager
def ground(name: str, folder: Path, *, slug: str = "p", max_in_flight: int = 16, **params: Any) -> Iterator[Ground]:
    """The ground of a script, with its server up. `params` change those that its figures are for."""
    scripted, now = Scripted(name), timezone.now()
    wanted = SEEDS | dict(scripted.expected)
    project = Project.objects.create(slug=slug, name="Scripted", created_at=now)
    person, _ = Person.objects.get_or_create(username="alice")
    language = wanted.get("language", "en")
    plant(project, sources=wanted["sources"], language=language, now=now)
    with serving(scripted.script, folder) as server:
        endpoint = create_endpoint(
            project, kind="openai_compatible", by=person, now=now, key="sk-scripted-0123456789", name="Scripted",
            base_url=server.base_url, max_in_flight=max_in_flight,
        )  # fmt: skip
        price(endpoint)
        wish = Wish(
            "self_instruct" if name == "steady" else scripted.recipe, wanted["params"] | params, language, endpoint,
            "scripted-1", Choice(take=tuple(wanted.get("take", ()))), max_in_flight=max_in_flight,
            parts={part: (endpoint, model) for part, model in wanted.get("parts", {}).items()},
        )  # fmt: skip
        yield Ground(project, person, endpoint, server, wish)


def price(endpoint: Endpoint, *, read: str = "2", written: str = "8") -> None:
    """Writes down what the scripted model costs, in CNY."""
    set_price(
        endpoint, model="scripted-1", currency="CNY", input_price=Decimal(read), output_price=Decimal(written),
        source="test", on=timezone.now().date(),
    )  # fmt: skip
