"""Files as the commands read and write them: typed errors, a part file beside the target, progress on a terminal."""

from __future__ import annotations

import os
import sys
import time
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO, TextIO, TypeVar

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation
from django.utils.translation import gettext as _

from generation import words
from generation.row_words import ROW_FAULTS

T = TypeVar("T")

REFUSED = 1
"""Nothing was written, or rows are at fault; a sentence says why."""
WRONG_USE = 2
LEFT_OUT = 3
"""The file was written, and some rows are not in it."""

_BEAT = 0.2


class FileCommand(BaseCommand):
    """A command that needs no running FDC and speaks the language of the terminal, as far as there are words for it."""

    requires_system_checks = ()

    def execute(self, *args: Any, **options: Any) -> str | None:
        """As Django does, in that language."""
        with translation.override(terminal_language()):
            try:
                return super().execute(*args, **options)
            except BrokenPipeError:  # who read the answer, `head` for example, has seen enough
                os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
                sys.exit(REFUSED)


def terminal_language() -> str:
    """ "zh-hans" where the environment asks for Chinese, "en" everywhere else."""
    asked = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "")
    return "zh-hans" if asked.lower().startswith("zh") else "en"


@contextmanager
def reading(path: Path) -> Iterator[BinaryIO]:
    """The file, open; a `CommandError` with its name when it cannot be read."""
    try:
        with path.open("rb") as file:
            yield file
    except OSError as error:
        raise CommandError(_("%(file)s cannot be read: %(why)s") % {"file": path, "why": error.strerror}) from None


@contextmanager
def writing(path: Path) -> Iterator[BinaryIO]:
    """A part file beside the target, which takes the target's place when the block ends well and is gone otherwise.

    So a run that stops half-way leaves an older file as it was. `CommandError` when it cannot be written.
    """
    part = path.with_name(path.name + ".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with part.open("wb") as file:
            yield file
        part.replace(path)
    except OSError as error:
        raise CommandError(_("%(file)s cannot be written: %(why)s") % {"file": path, "why": error.strerror}) from None
    finally:
        with suppress(OSError):
            part.unlink()


def watched(rows: Iterable[T], *, stream: TextIO | None = None) -> Iterator[T]:
    """The rows as they come, with their number and pace on a terminal; silent everywhere else."""
    shown = stream or sys.stderr
    if not shown.isatty():
        yield from rows
        return
    start = last = time.monotonic()
    count = 0
    try:
        for count, row in enumerate(rows, 1):
            yield row
            now = time.monotonic()
            if now - last >= _BEAT:
                last = now
                shown.write(f"\r{count:,} ({count / (now - start):,.0f}/s)\x1b[K")
                shown.flush()
    finally:
        if last > start:
            shown.write("\r\x1b[K")
            shown.flush()


def in_words(code: str) -> str:
    """What a code of a row says to a person, in the language of the terminal."""
    return str(ROW_FAULTS.get(code) or words.DROP_REASONS.get(code) or code)


def one_line(line: int, code: str, *details: str) -> str:
    """A fault as the commands print it: the line, the words, and whatever else is known."""
    rest = ", ".join(detail for detail in details if detail)
    said = _("line %(line)d: %(reason)s") % {"line": line, "reason": in_words(code)}
    return said + (f" ({rest})" if rest else "")


def padded(text: str, width: int) -> str:
    """The text with blanks up to so many columns of a terminal, where a Chinese character takes two."""
    wide = sum(unicodedata.east_asian_width(character) in "WF" for character in text)
    return text + " " * max(0, width - len(text) - wide)
