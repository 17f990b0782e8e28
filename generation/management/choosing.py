"""Which format a file is read as: the named one, or the one that detection is sure of."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from typing import BinaryIO

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from generation.formats import FORMATS, format_named
from generation.formats.base import Format
from generation.formats.detecting import Detected, detect
from generation.management.files import REFUSED, WRONG_USE, one_line
from generation.types import RowError


def format_called(name: str, *, to_write: bool = False) -> Format:
    """The format that somebody typed; a `CommandError` with the nearest names, or all of them, when there is none."""
    names = [each.name for each in FORMATS if each.layouts or not to_write]
    if name in names:
        return format_named(name)
    near = get_close_matches(name, names, n=5, cutoff=0.5)
    said = (
        _("There is no format %(name)s. Did you mean: %(names)s") if near else _("No format %(name)s among: %(names)s")
    )
    raise CommandError(said % {"name": name, "names": ", ".join(near or names)}, returncode=WRONG_USE)


def chosen_reading(file: BinaryIO, *, name: str | None, lenient: bool = False) -> tuple[Format, Mapping[str, str]]:
    """The format of a seekable file and the names that its columns need for it. The file is left at its beginning.

    `CommandError` with the candidates when it cannot be told, and with the fault when no row can be read at all.
    """
    found = detect(file, lenient=lenient)
    if found.layout == "unknown":
        raise CommandError(_first_fault(found), returncode=REFUSED)
    if found.layout == "empty":
        raise CommandError(_("The file is empty."), returncode=REFUSED)
    if name:
        fields = next((guess.fields for guess in found.candidates if guess.format == name), {})
        return format_called(name), fields
    if found.clear:
        return format_named(found.clear.format), found.clear.fields
    if found.candidates:
        names = ", ".join(guess.format for guess in found.candidates)
        raise CommandError(
            _("The rows may be of several formats. Name one: %(names)s") % {"names": names}, returncode=1
        )
    if not found.columns:
        raise CommandError(_first_fault(found), returncode=REFUSED)
    columns = ", ".join(found.columns)[:200]
    names = ", ".join(each.name for each in FORMATS)
    said = _("No format knows rows with these columns: %(columns)s. Name one of: %(names)s")
    raise CommandError(said % {"columns": columns, "names": names}, returncode=REFUSED)


def _first_fault(found: Detected) -> str:
    faults = (each for _line, each in found.records if isinstance(each, RowError))
    error = next(faults, None)
    return one_line(error.line, error.code, error.message, error.excerpt) if error else _("The file holds no row.")
