"""What a start needs before any process serves: the lock, the socket and the static files."""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor


class StartError(Exception):
    """FDC cannot start; the message is one sentence for the person who tried."""


def hold_lock(folder: Path, *, role: str, note: str) -> IO[str]:
    """The open lock file of this role, held until the process ends.

    `StartError` names the process that holds it. The lock goes with its holder, so a killed FDC leaves none behind.
    """
    path = folder / ("start.lock" if role == "all" else f"start-{role}.lock")
    file = open(path, "a+", encoding="utf-8")  # noqa: SIM115 - held for as long as the process lives
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        file.seek(0)
        raise StartError(f"FDC already runs on {folder}: {file.read().strip() or 'another process'}.") from error
    file.seek(0)
    file.truncate()
    file.write(f"process {os.getpid()}, {note}\n")
    file.flush()
    return file


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; port 0 takes a free one. `StartError` when the address is taken or not ours."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=512)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise StartError(f"Port {port} is in use: choose another, for example FDC_PORT={port + 10}.") from error
        raise StartError(f"FDC cannot listen on {host} port {port}: {error.strerror}.") from error


def public_address(listener: socket.socket) -> str:
    """The address to print: the first of FDC_ORIGINS when there is one, else where the socket listens."""
    origins = list(settings.CSRF_TRUSTED_ORIGINS)
    if origins:
        return str(origins[0]).rstrip("/")
    host, port = listener.getsockname()[:2]
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)
    return f"http://{shown}:{port}"


def migrations_are_due() -> bool:
    """Whether any migration has not been applied; cheaper than `migrate` when there is none."""
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def collect_static() -> bool:
    """Hashes and compresses the static files when they have changed since the last time; whether they had."""
    root = Path(settings.STATIC_ROOT)
    stamp, mark = root / ".collected", _mark_of_static_files()
    if stamp.exists() and stamp.read_text(encoding="ascii") == mark:
        return False
    call_command("collectstatic", interactive=False, verbosity=0, clear=root.exists())
    stamp.write_text(mark, encoding="ascii")
    return True


def _mark_of_static_files() -> str:
    digest = hashlib.sha256()
    for line in sorted(_static_files()):
        digest.update(line.encode())
    return digest.hexdigest()


def _static_files() -> Iterator[str]:
    for finder in get_finders():
        for path, storage in finder.list([]):
            status = os.stat(storage.path(path))
            yield f"{path}\0{status.st_size}\0{status.st_mtime_ns}\n"
