"""Run as a program: makes a database with reviewers and samples, and prints who they are as JSON."""

from __future__ import annotations

import json
import os
import sys
from importlib import import_module
from typing import Any

import django


def main(people: int, samples: int, pairs: int = 0) -> None:
    """Eight people by default, each with a session; `samples` rows that wait for them, `pairs` to be judged by three
    people each."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fdc_project.settings")
    django.setup()
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.core.management import call_command

    from fdc_project.starting import migrations_are_due
    from generation.models import Role
    from tests.cast import make_person, make_project, make_samples

    if migrations_are_due():
        call_command("migrate", verbosity=0)
    reviewers = [make_person(f"reviewer{number}") for number in range(people)]
    project = make_project("crowd", people=dict.fromkeys(reviewers, Role.REVIEWER))
    make_samples(project, samples)
    if pairs:
        open_pairs(project, pairs)
    sessions = {}
    for person in reviewers:
        session = import_module(settings.SESSION_ENGINE).SessionStore()
        session[SESSION_KEY] = str(person.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = person.get_session_auth_hash()
        session.save()
        sessions[person.pk] = session.session_key
    print(json.dumps(sessions))


def open_pairs(project: Any, count: int) -> None:
    """A round of pairs of two answers."""
    from generation.access import Seat
    from generation.actions.tallies import count_moves
    from generation.models import Role
    from review.actions.rounds import RoundWish, open_round
    from tests.cast import NOW, make_person
    from tests.pairs import make_pair

    for number in range(count):
        make_pair(project, f"Question {number}?", f"good {number}", f"bad {number}", source="judge", state="ready")
    count_moves(project.pk, kind="pair", moves={"ready": count})
    open_round(Seat(make_person("owner"), project, Role.OWNER), wish=RoundWish("Crowd", overlap=3), now=NOW)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
