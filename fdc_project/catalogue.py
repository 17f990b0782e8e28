"""The catalogue of words: read from Python, templates and scripts, kept as .po, compiled for pages and scripts.

Babel does all of it, so no system tool is needed. Nothing here runs while FDC serves.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

from babel.messages import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

from fdc_project.env import ROOT

LANGUAGE, LOCALE = "zh-hans", "zh_Hans"
PO = ROOT / "locale" / LOCALE / "LC_MESSAGES" / "django.po"
MO = PO.with_suffix(".mo")
SCRIPT = ROOT / "static" / "texts" / f"{LANGUAGE}.js"
PYTHON = {
    **DEFAULT_KEYWORDS,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
JAVASCRIPT = {"text": None, "fdc.text": None}
_PACKAGES = ("fdc_project", "generation", "review")

Found = tuple[str | tuple[str, ...], str | None]
"""A message (or its singular and plural) with its context."""


def python_texts(root: Path = ROOT) -> Iterator[tuple[str, Found]]:
    """(file, message) for every text that Python marks."""
    for package in _PACKAGES:
        for path in sorted((root / package).rglob("*.py")):
            if "migrations" not in path.parts:
                yield from _extracted("python", path, root, path.read_bytes(), PYTHON)


def template_texts(root: Path = ROOT) -> Iterator[tuple[str, Found]]:
    """(file, message) for every text that a template marks."""
    for path in sorted((root / "templates").rglob("*.html")):
        # Django turns the tags into calls and all else into X; Python's tokenizer minds the indentation that is left.
        source = templatize(path.read_text(encoding="utf-8"))
        lines = "\n".join(line.strip() for line in source.splitlines())
        yield from _extracted("python", path, root, lines.encode(), PYTHON)


def script_texts(root: Path = ROOT) -> Iterator[tuple[str, Found]]:
    """(file, message) for every text that a script of ours asks for."""
    for path in sorted((root / "static").glob("*.js")):
        yield from _extracted("javascript", path, root, path.read_bytes(), JAVASCRIPT)


def _extracted(
    method: str, path: Path, root: Path, source: bytes, keywords: Mapping[str, object]
) -> Iterator[tuple[str, Found]]:
    where = path.relative_to(root).as_posix()
    for _line, message, _comments, context in extract(method, io.BytesIO(source), keywords=keywords):  # type: ignore[arg-type]
        yield where, (message, context)


def gather(root: Path = ROOT) -> Catalog:
    """Every text of the product with the files that it stands in."""
    catalog = Catalog(project="FDC", charset="utf-8")
    for source in (python_texts, template_texts, script_texts):
        for where, (message, context) in source(root):
            catalog.add(message, locations=[(where, 0)], context=context)
    return catalog


def read() -> Catalog:
    """The catalogue as it is kept."""
    with PO.open("rb") as file:
        catalog = read_po(file, locale=LOCALE)
    # A header without dates and names, so that the file changes only where words change.
    catalog.header_comment = "# The words of FDC in simplified Chinese. `manage.py texts` keeps this file up to date."
    catalog.creation_date = catalog.revision_date = datetime(2026, 1, 1, tzinfo=UTC)
    return catalog


def updated() -> Catalog:
    """The kept catalogue with what is new and without what is gone; nothing is guessed."""
    catalog = read()
    catalog.update(gather(), no_fuzzy_matching=True, update_creation_date=False)
    catalog.obsolete.clear()
    return catalog


def missing(catalog: Catalog) -> list[str]:
    """The texts without words, or with words that nobody confirmed."""
    lacking = [message for message in catalog if message.id and (message.fuzzy or not _whole(message.string))]
    return [str(message.id) for message in lacking]


def write(catalog: Catalog) -> None:
    """Writes the .po, and compiles it for pages (.mo) and for scripts."""
    PO.parent.mkdir(parents=True, exist_ok=True)
    with PO.open("wb") as file:
        write_po(file, catalog, width=120, include_lineno=False, sort_output=True)
    catalog = read()
    MO.write_bytes(compiled(catalog))
    SCRIPT.parent.mkdir(parents=True, exist_ok=True)
    SCRIPT.write_text(script(catalog), encoding="utf-8")


def compiled(catalog: Catalog) -> bytes:
    """The catalogue as gettext loads it."""
    file = io.BytesIO()
    write_mo(file, catalog)
    return file.getvalue()


def script(catalog: Catalog) -> str:
    """The words that scripts ask for, as a script of their own."""
    asked = sorted({str(message) for _where, (message, _context) in script_texts()})
    entries = {message: catalog.get(message) for message in asked}
    words = {message: entry.string for message, entry in entries.items() if entry and entry.string}
    return f"window.fdcTexts = {json.dumps(words, ensure_ascii=False, indent=1)};\n"


def _whole(string: str | tuple[str, ...] | list[str] | None) -> bool:
    return all(string) if isinstance(string, tuple | list) and string else bool(string)
