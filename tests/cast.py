"""The people and rows that tests speak of.

Alice owns the project "poems", Bob edits it, Carol reviews, Dave views; Erin reviews too, for tests with two reviewers.
Mallory owns another project, "secrets", and has no seat in "poems".
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache

from django.contrib.auth.hashers import make_password

from generation.access import Seat, seat_in
from generation.actions.tallies import count_moves
from generation.content import content_hash, search_words
from generation.models import Membership, Person, Project, Role, Sample

NOW = datetime(2026, 3, 14, 9, 26, 53, tzinfo=UTC)
PASSWORD = "a long enough passphrase"
ROLES = {"alice": Role.OWNER, "bob": Role.EDITOR, "carol": Role.REVIEWER, "erin": Role.REVIEWER, "dave": Role.VIEWER}


@dataclass(frozen=True)
class Cast:
    """Everybody, and the two projects."""

    project: Project
    other_project: Project
    alice: Person
    bob: Person
    carol: Person
    erin: Person
    dave: Person
    mallory: Person

    def seat(self, name: str) -> Seat:
        """The seat of one of the people in the project "poems"."""
        return seat_in(getattr(self, name), self.project.slug)


def make_person(name: str) -> Person:
    """A person who can sign in with `PASSWORD`."""
    return Person.objects.create(username=name, first_name=name.capitalize(), password=_password_hash())


@cache
def _password_hash() -> str:
    """Made once, because a hash is slow on purpose."""
    return make_password(PASSWORD)


def make_project(slug: str, *, people: dict[Person, Role], language: str = "en") -> Project:
    """A project with members."""
    project = Project.objects.create(slug=slug, name=slug.capitalize(), language=language, created_at=NOW)
    Membership.objects.bulk_create(
        Membership(project=project, person=person, role=role, created_at=NOW) for person, role in people.items()
    )
    return project


def make_cast() -> Cast:
    """The whole cast, fresh."""
    people = {name: make_person(name) for name in [*ROLES, "mallory"]}
    project = make_project("poems", people={people[name]: role for name, role in ROLES.items()})
    other = make_project("secrets", people={people["mallory"]: Role.OWNER})
    return Cast(project, other, **people)


def make_samples(
    project: Project,
    texts: Sequence[tuple[str, str]] | int = 3,
    *,
    state: str = Sample.State.NEEDS_REVIEW,
    origin: str = Sample.Origin.MODEL,
    **fields: object,
) -> list[Sample]:
    """Samples and their tallies. `texts` are (instruction, output), or how many to invent."""
    pairs = numbered(texts) if isinstance(texts, int) else list(texts)
    rows = [_sample(project, pair, state=state, origin=origin, **fields) for pair in pairs]
    made = Sample.objects.bulk_create(rows, batch_size=500)
    count_moves(project.pk, kind="sample", moves={state: len(made)})
    return made


def edit(sample: Sample, output: str) -> None:
    """What a person's edit leaves: a further revision, shown by the sample; the first edit writes number 1 too."""
    if not sample.revisions.exists():
        sample.first_revision().save()
    digest, number = hashlib.sha256(output.encode()).hexdigest(), sample.revision + 1
    sample.revisions.create(
        number=number, instruction=sample.instruction, output=output, content_hash=digest, created_at=NOW
    )
    Sample.objects.filter(pk=sample.pk).update(revision=number, output=output, content_hash=digest, edited=True)


def numbered(count: int) -> list[tuple[str, str]]:
    """Short English and Chinese tasks that differ in their number."""
    english = ("Write a haiku about the number {}.", "Morning light, number {},\ncounts the drops along the fence.")
    chinese = ("用一句话介绍数字{}。", "数字{}前一位比它小一，后一位比它大一。")
    return [
        (instruction.format(number), output.format(number))
        for number in range(count)
        for instruction, output in [chinese if number % 2 else english]
    ]


def _sample(project: Project, pair: tuple[str, str], **fields: object) -> Sample:
    instruction, output = pair
    values: dict[str, object] = {
        "project": project,
        "instruction": instruction,
        "output": output,
        "language": "zh" if any("\u4e00" <= letter <= "\u9fff" for letter in instruction) else "en",
        "search": search_words(instruction, output),
        "created_at": NOW,
    } | fields
    values.setdefault("content_hash", content_hash(instruction=instruction, output=output))
    return Sample(**values)


def new_key() -> str:
    """An idempotency key, as a browser would make it."""
    return uuid.uuid4().hex
