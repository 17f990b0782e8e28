"""`manage.py make_link`: a one-time link for the first person, or for somebody who lost the password."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse
from django.utils import timezone

from generation.actions.links import first_link, recovery_link
from generation.models import Person


class Command(BaseCommand):
    """Prints the link; it works once."""

    help = "Print a one-time link: with a user name to set a new password, without one for the first person."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The person and the address."""
        parser.add_argument("username", nargs="?", default="", help="who lost the password")
        parser.add_argument("--address", default="", help="what the link starts with, as https://fdc.example.org")

    def handle(self, *, username: str, address: str, **options: Any) -> None:
        """One link, or one sentence that says why there is none."""
        now = timezone.now()
        if username:
            person = Person.objects.filter(username=username, is_active=True).first()
            if person is None:
                raise CommandError(f"Nobody who may sign in is called {username}.")
            token: str | None = recovery_link(person, now=now)
        else:
            token = first_link(now=now)
        if token is None:
            raise CommandError("Somebody can sign in already. Name the person who lost the password.")
        start = address or f"http://{settings.ENVIRONMENT.host}:{settings.ENVIRONMENT.port}"
        self.stdout.write(start.rstrip("/") + reverse("welcome", args=[token]))
