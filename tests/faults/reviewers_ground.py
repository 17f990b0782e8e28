"""Run as a program: makes a database with reviewers and samples, and prints who they are as JSON."""

from __future__ import annotations

import json
import os
import sys
from importlib import import_module

import django


def main(people: int, samples: int) -> None:
    """Eight people by default, each with a session; `samples` rows that wait for them."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fdc_project.settings")
    django.setup()
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.core.management import call_command

    from generation.models import Role
    from tests.cast import make_person, make_project, make_samples

    call_command("migrate", verbosity=0)
    reviewers = [make_person(f"reviewer{number}") for number in range(people)]
    project = make_project("crowd", people=dict.fromkeys(reviewers, Role.REVIEWER))
    make_samples(project, samples)
    sessions = {}
    for person in reviewers:
        session = import_module(settings.SESSION_ENGINE).SessionStore()
        session[SESSION_KEY] = str(person.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = person.get_session_auth_hash()
        session.save()
        sessions[person.pk] = session.session_key
    print(json.dumps(sessions))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
