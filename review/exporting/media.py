"""The media that a bundle's rows refer to, as files with names that stay inside the bundle."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from generation.actions.media import media_path
from generation.models import Media, Project

CHUNK = 500


class Medium(NamedTuple):
    """A medium's name in the rows, and where it lies."""

    name: str
    path: Path


def media_of(project: Project, names: Collection[str]) -> Iterator[Medium]:
    """Those of the named media that the project has, in the order of their names; the rest is only referred to."""
    wanted = sorted(name for name in names if stays_inside(name))
    for start in range(0, len(wanted), CHUNK):
        found = Media.objects.filter(project=project, name__in=wanted[start : start + CHUNK]).order_by("name")
        for medium in found:
            path = media_path(medium)
            if path.exists():
                yield Medium(medium.name, path)


def stays_inside(name: str) -> bool:
    """Whether a name is a plain relative path that no unpacking program could follow out of its folder."""
    path = PurePosixPath(name)
    plain = name.isprintable() and "\\" not in name and ":" not in name
    return bool(plain and path.parts and not path.is_absolute() and ".." not in path.parts and str(path) == name)
