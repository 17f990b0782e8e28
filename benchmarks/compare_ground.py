"""The database of `benchmarks.compare`: people with sessions, and pairs of two answers of 2.4 KB to judge."""

from __future__ import annotations

import json
import random
import sys

from django.core.management import call_command
from django.utils import timezone

from benchmarks import ready  # noqa: F401 - must come before the rows
from benchmarks.review_ground import make_people, text
from generation.access import seat_in
from generation.content import content_hash
from generation.models import Answer, Membership, Person, PreferencePair, Project, Role, Sample
from review.actions.rounds import RoundWish, open_round


def make_pairs(project: Project, count: int) -> None:
    """So many pairs that wait for somebody's choice, half of them Chinese."""
    rng, now = random.Random(7), timezone.now()
    texts = [text(rng, chinese=bool(number % 2)) for number in range(200)]
    samples = Sample.objects.bulk_create(
        Sample(
            project=project, origin="import", state="generated", instruction=f"Describe scene {number}.",
            language="zh" if number % 2 else "en", created_at=now, content_hash=content_hash(instruction=str(number)),
        )
        for number in range(count)
    )  # fmt: skip
    answers = Answer.objects.bulk_create(
        Answer(
            sample=sample, text=texts[(2 * number + side) % 200], model=f"model-{side}", created_at=now,
            content_hash=content_hash(instruction=f"{number} {side}"),
        )
        for number, sample in enumerate(samples)
        for side in (0, 2)
    )  # fmt: skip
    PreferencePair.objects.bulk_create(
        PreferencePair(
            project=project, sample=sample, chosen=answers[2 * number], rejected=answers[2 * number + 1],
            source="import", created_at=now,
        )
        for number, sample in enumerate(samples)
    )  # fmt: skip


def make_ground(pairs: int, people: int) -> None:
    """Makes it all and prints the sessions and the round as JSON."""
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    project = Project.objects.create(slug="bench", name="Bench", created_at=timezone.now())
    make_pairs(project, pairs)
    owner = Person.objects.create(username="owner", password="!")
    Membership.objects.create(project=project, person=owner, role=Role.OWNER, created_at=timezone.now())
    wish = RoundWish(name="Bench", overlap=3)
    asked = open_round(seat_in(owner, "bench"), wish=wish, now=timezone.now())
    print(json.dumps({"sessions": make_people(project, people), "round": asked.pk}))


if __name__ == "__main__":
    make_ground(int(sys.argv[1]), int(sys.argv[2]))
