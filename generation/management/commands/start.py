"""`manage.py start`: FDC, whole, under one supervisor."""

from __future__ import annotations

import socket
import sys
import time
from argparse import ArgumentParser
from functools import partial
from importlib import import_module
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.urls import get_resolver

from fdc_project import env
from fdc_project.celery import app
from fdc_project.keys import weak_key
from fdc_project.serving import QUEUES, serve_queue, serve_web
from fdc_project.starting import StartError, hold_lock, listen, migrations_are_due, public_address
from fdc_project.supervisor import Child, Supervisor, fork, name_process, wait_for

ROLES = ("web", *QUEUES)
LOADED_LATE = (
    "celery.app.amqp",
    "celery.worker.components",
    "celery.worker.consumer",
    "celery.worker.control",
    "celery.worker.strategy",
    "django.db.models.sql.compiler",
    "django.template.loader_tags",
)
"""What a worker or the web server would otherwise load for itself alone."""


class Command(BaseCommand):
    """Prepares the installation, then keeps a web server and the workers alive until Ctrl-C."""

    help = "Start FDC: web server and workers under one supervisor."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One role may run alone, for several machines on one database."""
        parser.add_argument("--only", choices=ROLES, help="run this part alone (on a machine of its own)")
        parser.add_argument("--processes", type=int, default=1, help="web server processes (default 1)")

    def handle(self, *, only: str | None, processes: int, **options: Any) -> None:
        """Runs until Ctrl-C. Every refusal is one sentence and exit code 1."""
        name_process("fdc")
        surroundings = env.read()
        if weak := weak_key(surroundings.secret_key, surroundings.encryption_key):
            raise CommandError(f"{weak} is missing or shorter than 32 characters: unset it and FDC makes a key file.")
        roles = [only] if only else list(ROLES)
        try:
            listener = listen(surroundings.host, surroundings.port) if "web" in roles else None
            address = public_address(listener) if listener else ""
            lock = hold_lock(surroundings.data_dir, role=only or "all", note=address or f"worker {only}")
        except StartError as error:
            raise CommandError(str(error)) from error
        load_everything()
        preparation = fork(partial(prepare, address) if listener else wait_for_migrations, name="prepare")
        if code := wait_for(preparation):
            sys.exit(code)
        self.stdout.write("Press Ctrl-C to stop." if address else f"FDC works on the queue {only}; Ctrl-C stops it.")
        children = [Child(role, partial(run_role, role, listener=listener, processes=processes)) for role in roles]
        code = Supervisor(children, release=lock.close).run()
        fold_journal()
        sys.exit(code)


def prepare(address: str) -> None:
    """In a process of its own, so that what it loads does not stay in memory."""
    try:
        call_command("prepare", address=address)
    except CommandError as error:
        sys.exit(_say(str(error)))


def wait_for_migrations(*, patience: float = 120.0) -> None:
    """Returns when the machine that serves the web has migrated the database."""
    deadline = time.monotonic() + patience
    while migrations_are_due():
        if time.monotonic() > deadline:
            sys.exit(_say("The database is not migrated: start the web part first, or run `manage.py prepare`."))
        time.sleep(1.0)


def fold_journal() -> None:
    """Lets SQLite, once everybody has gone, fold its journal into the one file that people copy."""
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        connection.close()


def load_everything() -> None:
    """Imports all that any child needs, once, so that the pages are shared."""
    middleware = [name.rpartition(".")[0] for name in settings.MIDDLEWARE]
    for name in (settings.ROOT_URLCONF, *middleware, *LOADED_LATE):
        import_module(name)
    assert get_resolver().url_patterns
    app.loader.import_default_modules()
    app.finalize()


def run_role(role: str, *, listener: socket.socket | None, processes: int) -> int:
    """One child's life."""
    if role == "web" and listener:
        serve_web(listener, processes=processes)
        return 0
    if listener:
        listener.close()
    return serve_queue(role)


def _say(sentence: str) -> int:
    sys.stderr.write(f"{sentence}\n")
    return 1
