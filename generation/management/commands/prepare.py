"""`manage.py prepare`: everything that must stand before FDC serves. `start` runs it; so may a deployment."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, OperationalError, connection
from django.urls import reverse
from django.utils import timezone

from fdc_project.starting import collect_static, migrations_are_due
from generation.actions.demo import make_demo
from generation.actions.endpoints import ensure_installation_endpoints
from generation.actions.links import first_link

_LOCK = 0x46_44_43  # "FDC": one start at a time migrates a shared PostgreSQL


class Command(BaseCommand):
    """Migrates, collects static files and makes the rows that every installation has. Does nothing twice."""

    help = "Migrate, collect static files, make the demo project and the endpoints of the environment."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The address that a sign-in link starts with."""
        parser.add_argument("--address", default="", help="say that FDC answers here, and the first sign-in link")

    def handle(self, *, address: str, **options: Any) -> None:
        """Each step says in one sentence why it cannot be done."""
        check_broker()
        try:
            with one_at_a_time():
                if migrations_are_due():
                    self.stdout.write("Preparing the database, once for each version ...")
                    self.stdout.flush()
                    call_command("migrate", interactive=False, verbosity=0)
                self.make_rows()
        except OperationalError as error:
            raise CommandError(unreachable(error)) from error
        collect_static()
        if address:
            self.invite(address)

    def make_rows(self) -> None:
        """The rows that every installation has."""
        now = timezone.now()
        ensure_installation_endpoints(now=now)
        make_demo(now=now)

    def invite(self, address: str) -> None:
        """Says where FDC answers and, until somebody can sign in, by which link the first person comes in."""
        self.stdout.write(f"FDC answers at {address}/")
        if token := first_link(now=timezone.now()):
            link = address + reverse("welcome", args=[token])
            self.stdout.write(f"The first person comes in by this link, once: {link}")


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Holds an advisory lock on PostgreSQL. SQLite needs none: `start.lock` keeps a second start out."""
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])


def check_broker() -> None:
    """`CommandError` when REDIS_URL is given and Redis does not answer."""
    if not settings.REDIS_URL:
        return
    import redis  # heavy, and not needed by the embedded mode

    try:
        redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=5, socket_timeout=5).ping()
    except (redis.RedisError, ValueError) as error:
        raise CommandError(f"Redis (REDIS_URL) does not answer: {_first_line(error)}") from error


def unreachable(error: DatabaseError) -> str:
    """One sentence for a database that cannot be used."""
    return f"The database ({connection.vendor}) cannot be used: {_first_line(error)}"


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0] or type(error).__name__
