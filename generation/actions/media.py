"""Media that rows refer to: kept under their content's hash, told by their bytes, one for each name."""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from django.conf import settings
from django.db import transaction

from generation.actions.audit import audit
from generation.files.confined import members
from generation.files.strict_json import Fault
from generation.files.text import check_file_text
from generation.media_types import HEAD, media_type_of
from generation.models import Media, MediaUse, Person, Project

LARGEST = 50 * 1024 * 1024
LARGEST_ZIP = 2 * 1024**3
MOST_FILES = 10_000
LONGEST_NAME = 200
_CHUNK = 256 * 1024


class MediaRefusedError(ValueError):
    """The file cannot be kept; `code` says why and `name` which one it is."""

    def __init__(self, code: str, name: str) -> None:
        super().__init__(code)
        self.code = code
        self.name = name


@dataclass
class Stored:
    """What became of files: kept, kept already as they are, and refused with their reasons (the first 200)."""

    added: int = 0
    known: int = 0
    refused: list[MediaRefusedError] = field(default_factory=list)
    refusals: int = 0

    def refuse(self, error: MediaRefusedError) -> None:
        """Counts a refusal, and keeps it while there are few."""
        self.refusals += 1
        if len(self.refused) < 200:
            self.refused.append(error)

    def add(self, other: Stored) -> None:
        """Takes the other's counts in."""
        self.added += other.added
        self.known += other.known
        self.refusals += other.refusals
        self.refused += other.refused[: 200 - len(self.refused)]


def media_path(medium: Media) -> Path:
    """Where its bytes lie; the name is its hash and comes from no person."""
    return Path(settings.MEDIA_ROOT) / medium.content_hash


def store_medium(project: Project, *, name: str, chunks: Iterable[bytes], now: datetime) -> bool:
    """Keeps one file under this name; False when the project has exactly it. `MediaRefusedError` otherwise.

    A name that holds another content already is refused, because rows that were reviewed show it.
    """
    name = clean_name(name)
    digest, media_type = _keep(name, chunks)
    medium, made = Media.objects.get_or_create(
        project=project, name=name,
        defaults={"media_type": media_type, "size": _path(digest).stat().st_size, "content_hash": digest,
                  "created_at": now},
    )  # fmt: skip
    if medium.content_hash != digest:
        raise MediaRefusedError("name_taken", name)
    return made


def store_archive(project: Project, *, file: BinaryIO, folder: str, now: datetime) -> Stored:
    """Keeps every file of a zip under its name in it, behind `folder`; what is refused never stops the others."""
    stored, files = Stored(), 0
    for member in members(file):
        if isinstance(member, Fault):
            stored.refuse(MediaRefusedError(member.code, member.path))
            continue
        files += 1
        if files > MOST_FILES:
            stored.refuse(MediaRefusedError("too_many_files", member.name))
            break
        chunks = _chunks(member.read)
        _store_into(stored, project, name=_join_name(folder, member.name), chunks=chunks, now=now)
    return stored


def store_files(
    project: Project, *, files: Iterable[tuple[str, Iterable[bytes]]], folder: str, now: datetime
) -> Stored:
    """Keeps files under their names behind `folder`."""
    stored = Stored()
    for name, chunks in files:
        _store_into(stored, project, name=_join_name(folder, name), chunks=chunks, now=now)
    return stored


def remove_medium(medium: Media, *, by: Person, now: datetime) -> None:
    """Forgets a medium; its bytes go when no other name in any project holds them. The audit says who did it."""
    path = media_path(medium)
    with transaction.atomic():
        audit("media.removed", by=by, now=now, project=medium.project, subject=medium.name, sha256=medium.content_hash)
        medium.delete()
        if not Media.objects.filter(content_hash=path.name).exists():
            transaction.on_commit(lambda: path.unlink(missing_ok=True))


def _join_name(folder: str, name: str) -> str:
    """The name by which rows find the file: relative, with forward slashes."""
    return f"{folder.strip().strip('/')}/{name}" if folder.strip().strip("/") else name


def clean_name(name: str) -> str:
    """The name as it is; `MediaRefusedError` unless it is a plain relative path of at most 200 characters."""
    parts = PurePosixPath(name).parts
    unsafe = not parts or name.startswith("/") or ".." in parts or "\\" in name or ":" in name
    if unsafe or check_file_text(name) or not name.isprintable():
        raise MediaRefusedError("unsafe_path", name[:LONGEST_NAME])
    if len(name) > LONGEST_NAME:
        raise MediaRefusedError("too_long", name[:LONGEST_NAME])
    return name


def missing_names(project: Project, *, most: int = 200) -> list[str]:
    """Names that rows use and no medium has, in order of the alphabet."""
    names = MediaUse.objects.filter(project=project).order_by("name").values_list("name", flat=True).distinct()
    there = Media.objects.filter(project=project).values("name")
    return list(names.exclude(name__in=there)[:most])


def _store_into(stored: Stored, project: Project, *, name: str, chunks: Iterable[bytes], now: datetime) -> None:
    try:
        if store_medium(project, name=name, chunks=chunks, now=now):
            stored.added += 1
        else:
            stored.known += 1
    except MediaRefusedError as refused:
        stored.refuse(refused)
    except Fault as fault:
        stored.refuse(MediaRefusedError(fault.code, name[:LONGEST_NAME]))


def _keep(name: str, chunks: Iterable[bytes]) -> tuple[str, str]:
    """Writes the bytes beside their place and moves them there; their hash and media type."""
    root = Path(settings.MEDIA_ROOT)
    root.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = root / f"{secrets.token_hex(16)}.part"
    digest, size, head = hashlib.sha256(), 0, b""
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            for chunk in chunks:
                size += len(chunk)
                if size > LARGEST:
                    raise MediaRefusedError("too_large", name)
                head = head if len(head) >= HEAD else (head + chunk)[:HEAD]
                digest.update(chunk)
                file.write(chunk)
        media_type = media_type_of(head)
        if not media_type:
            raise MediaRefusedError("media_type", name)
        os.replace(part, _path(digest.hexdigest()))
    finally:
        part.unlink(missing_ok=True)
    return digest.hexdigest(), media_type


def _path(digest: str) -> Path:
    return Path(settings.MEDIA_ROOT) / digest


def _chunks(read: Callable[[int], bytes]) -> Iterator[bytes]:
    while data := read(_CHUNK):
        yield data
