"""The database of `benchmarks.review`: reviewers with sessions, and rows of 2.6 KB, half English and half Chinese."""

from __future__ import annotations

import json
import random
import sys
from datetime import datetime
from importlib import import_module

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.core.management import call_command
from django.utils import timezone

from benchmarks import ready  # noqa: F401 - must come before the rows
from generation.actions.tallies import count_moves
from generation.content import content_hash, search_words
from generation.models import Membership, Person, Project, Role, Sample

ENGLISH = "the harbour lay quiet under a thin mist and no boat moved while a bell rang far away".split()  # noqa: SIM905
CHINESE = "港口在薄雾下很安静船只一动不动远处传来钟声他们沿着海岸慢慢走过旧仓库想起去年冬天的风"


def text(rng: random.Random, *, chinese: bool) -> str:
    """About 2.4 KB of prose in short paragraphs."""
    if chinese:
        lines = ["".join(rng.choices(CHINESE, k=48)) + "。" for _ in range(16)]
    else:
        lines = [" ".join(rng.choices(ENGLISH, k=27)).capitalize() + "." for _ in range(16)]
    return "\n\n".join("\n".join(lines[at : at + 4]) for at in range(0, 16, 4))


def make_rows(project: Project, count: int) -> None:
    """So many samples that wait for review."""
    rng, now, made = random.Random(7), timezone.now(), 0
    texts = [text(rng, chinese=bool(number % 2)) for number in range(200)]
    words = [search_words(each) for each in texts]
    while made < count:
        rows = [_sample(project, number, texts, words, now) for number in range(made, min(made + 2000, count))]
        Sample.objects.bulk_create(rows)
        made += len(rows)
    count_moves(project.pk, kind="sample", moves={"needs_review": count})


def _sample(project: Project, number: int, texts: list[str], words: list[str], now: datetime) -> Sample:
    at = number % len(texts)
    instruction = f"描述第{number}个场景。" if at % 2 else f"Describe scene {number}."
    return Sample(
        project=project, origin=Sample.Origin.MODEL, instruction=instruction, output=texts[at],
        language="zh" if at % 2 else "en", state=Sample.State.NEEDS_REVIEW, search=f"{words[at]} scene {number}",
        content_hash=content_hash(instruction=instruction, output=texts[at]), created_at=now,
    )  # fmt: skip


def make_people(project: Project, count: int) -> list[str]:
    """So many reviewers; the keys of their sessions."""
    keys = []
    for number in range(count):
        person = Person.objects.create(username=f"reviewer{number}", password="!")
        Membership.objects.create(project=project, person=person, role=Role.REVIEWER, created_at=timezone.now())
        session = import_module(settings.SESSION_ENGINE).SessionStore()
        session[SESSION_KEY] = str(person.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = person.get_session_auth_hash()
        session.save()
        keys.append(session.session_key)
    return keys


def make_ground(samples: int, people: int) -> None:
    """Makes it all and prints the sessions as JSON."""
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    project = Project.objects.create(slug="bench", name="Bench", created_at=timezone.now())
    make_rows(project, samples)
    print(json.dumps(make_people(project, people)))


if __name__ == "__main__":
    make_ground(int(sys.argv[1]), int(sys.argv[2]))
