"""Uploaded files: kept under random names until somebody confirms or forgets them, and swept when nobody does."""

from __future__ import annotations

import json
import os
import re
import secrets
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

from generation.models import Job, Project

LARGEST = 200 * 1024 * 1024
KEPT = timedelta(days=1)
"""How long an upload waits for somebody to confirm it."""

_TOKEN = re.compile(r"[0-9a-f]{32}")


class UploadTooLargeError(Exception):
    """The file has more than `LARGEST` bytes."""


class NoUploadError(LookupError):
    """There is no such upload in this project; it may have been imported already."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that waits to be confirmed. `name` is what the person called it and is never a path here."""

    token: str
    name: str
    size: int

    @property
    def path(self) -> Path:
        """Where the bytes lie, under a random name."""
        return Path(settings.IMPORT_ROOT) / self.token


def store_upload(project: Project, *, name: str, chunks: Iterable[bytes]) -> Upload:
    """Keeps a file under a random name until it is confirmed; `UploadTooLargeError` leaves nothing behind."""
    root = Path(settings.IMPORT_ROOT)
    root.mkdir(parents=True, exist_ok=True, mode=0o700)
    token, size = secrets.token_hex(16), 0
    try:
        with os.fdopen(os.open(root / token, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            for chunk in chunks:
                size += len(chunk)
                if size > LARGEST:
                    raise UploadTooLargeError
                file.write(chunk)
    except UploadTooLargeError:
        (root / token).unlink()
        raise
    upload = Upload(token, name[:200], size)
    (root / f"{token}.json").write_text(json.dumps({"project": project.pk, "name": upload.name}), encoding="utf-8")
    return upload


def find_upload(project: Project, *, token: str) -> Upload:
    """The project's upload of that token; `NoUploadError` when it is gone or another project's."""
    beside = Path(settings.IMPORT_ROOT) / f"{token}.json"
    if not _TOKEN.fullmatch(token) or not beside.exists():
        raise NoUploadError
    kept = json.loads(beside.read_text(encoding="utf-8"))
    if kept["project"] != project.pk:
        raise NoUploadError
    return Upload(token, kept["name"], beside.with_suffix("").stat().st_size)


def confirm_upload(upload: Upload) -> None:
    """Takes the person's handle on the file away: a second confirmation of the same upload finds nothing to confirm."""
    upload.path.with_suffix(".json").unlink(missing_ok=True)


def sweep_uploads(*, now: datetime) -> int:
    """Removes files older than `KEPT` that no waiting or running job will read; how many uploads went."""
    wanted = {params.get("token") for params in Job.objects.at_work().values_list("params", flat=True)}
    oldest, swept = (now - KEPT).timestamp(), set()
    root = Path(settings.IMPORT_ROOT)
    for path in root.iterdir() if root.is_dir() else ():
        with suppress(FileNotFoundError):  # another process may sweep at the same time
            if path.stem not in wanted and _TOKEN.fullmatch(path.stem) and path.stat().st_mtime < oldest:
                path.unlink()
                swept.add(path.stem)
    return len(swept)


def drop_upload(upload: Upload) -> None:
    """Forgets the file."""
    upload.path.unlink(missing_ok=True)
    upload.path.with_suffix(".json").unlink(missing_ok=True)
