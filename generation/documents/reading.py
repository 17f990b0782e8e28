"""A document's file into text. Large parsers run in a confined child; what they tell is put together here."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, BinaryIO

from generation.documents.decoding import decode
from generation.documents.kinds import HEAD, kind_of
from generation.documents.pages import Sheets, assemble, mark_outline
from generation.documents.parsed import LONGEST_TITLE, Builder, Parsed, chapters, clean, tidy
from generation.files.confined import document_blocks
from generation.files.strict_json import Fault
from generation.quality.language import detect

LARGEST = 50 * 1024 * 1024
LARGEST_TEXT = 20 * 1024 * 1024
MOST_CHARACTERS = 10_000_000

Blocks = Callable[..., Iterator["tuple[str, bytes] | Fault"]]


def read_document(name: str, file: BinaryIO, *, blocks: Blocks = document_blocks) -> Parsed:
    """The document in the file, which is left where it was.

    `Fault`: "document_type", "too_large", "encrypted", "old_word", "bad_pdf", "bad_docx", "bad_html", "bad_markdown",
    "bad_encoding", "no_text" (a scanned PDF, an empty file), "child_died", "took_too_long". `blocks` asks the child.
    """
    start = file.tell()
    size = file.seek(0, io.SEEK_END) - start
    file.seek(start)
    kind = kind_of(name, file.read(HEAD))
    file.seek(start)
    if size > (LARGEST if kind in ("pdf", "docx") else LARGEST_TEXT):
        raise Fault("too_large", message=f"{size} bytes")
    parsed = _READERS[kind](file, blocks)
    file.seek(start)
    if not parsed.text.strip():
        raise Fault("no_text")
    if len(parsed.text) > MOST_CHARACTERS:
        raise Fault("too_large", message=f"{len(parsed.text)} characters")
    return parsed


def read_text(text: str) -> Parsed:
    """The same for a text that somebody typed or pasted: plain, with chapters found by their lines."""
    return _plain(tidy(text), {})


def _plain_file(file: BinaryIO, _blocks: Blocks) -> Parsed:
    text, encoding = decode(file.read())
    return _plain(tidy(text), {} if encoding == "utf-8" else {"encoding": encoding})


def _plain(text: str, meta: Mapping[str, Any]) -> Parsed:
    return Parsed("text", text, tuple(chapters(text)), meta, _language(text))


def _markdown_file(file: BinaryIO, blocks: Blocks) -> Parsed:
    raw, encoding = decode(file.read())
    front, body = front_matter(tidy(raw))
    starts = [0]
    for line in body.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    headings = [
        (starts[line], level, title[:LONGEST_TITLE])
        for letter, (line, level, title) in _told(blocks(io.BytesIO(body.encode()), kind="markdown"))
        if letter == "M" and title and line < len(starts)
    ]
    meta = _meta(front | ({} if encoding == "utf-8" else {"encoding": encoding}), headings)
    return Parsed("markdown", body, tuple(headings), meta, _language(body))


def front_matter(text: str) -> tuple[dict[str, Any], str]:
    """The plain `key: value` lines of a front matter that says something of the document, and the text behind it."""
    if not text.startswith("---\n") or "\n---\n" not in text[3:]:
        return {}, text
    head, _, body = text[4:].partition("\n---\n")
    if len(head) > 20_000:
        return {}, text
    lines = (line.partition(":") for line in head.split("\n") if not line.startswith((" ", "-", "#")))
    said = {name.strip().lower(): value.strip().strip("\"'") for name, _, value in lines}
    wanted = {"title": "title", "author": "author", "date": "created", "description": "description"}
    return {wanted[name]: value for name, value in said.items() if name in wanted and value}, body.strip("\n")


def _html_file(file: BinaryIO, blocks: Blocks) -> Parsed:
    text, encoding = decode(file.read(), declared=True)
    pieces = blocks(io.BytesIO(text.encode("utf-8", "replace")), kind="html")
    return _structured("html", pieces, {} if encoding == "utf-8" else {"encoding": encoding})


def _docx_file(file: BinaryIO, blocks: Blocks) -> Parsed:
    return _structured("docx", blocks(file, kind="docx"), {})


def _structured(kind: str, pieces: Iterable[tuple[str, bytes] | Fault], meta: dict[str, Any]) -> Parsed:
    """A document of headings, paragraphs and lines."""
    built = Builder()
    for letter, value in _told(pieces):
        if letter == "I":
            meta = value | meta
        elif letter == "H":
            built.add(value[1], level=value[0])
        else:
            built.add(value, joint="\n" if letter == "L" else "\n\n")
    text = built.text()
    return Parsed(kind, text, tuple(built.headings), _meta(meta, built.headings), _language(text))


def _pdf_file(file: BinaryIO, blocks: Blocks) -> Parsed:
    sheets = Sheets()
    meta: dict[str, Any] = {}
    for letter, value in _told(blocks(file, kind="pdf")):
        if letter == "I":
            meta |= value
        elif letter == "G":
            sheets.pages.append([])
        elif letter == "O":
            sheets.outline.append((value[0], value[1], value[2]))
        elif sheets.pages:
            sheets.pages[-1].append(value)
    built = assemble(sheets)
    text = built.text()
    mark_outline(built, sheets.outline)
    ends = [*built.pages[1:], len(text)]
    without = sum(start == end for start, end in zip(built.pages, ends, strict=True)) if built.pages else 0
    meta |= {"pages": built.pages} | ({"pages_without_text": without} if without else {})
    return Parsed("pdf", text, tuple(built.headings), _meta(meta, built.headings), _language(text))


_READERS: Mapping[str, Callable[[BinaryIO, Blocks], Parsed]] = {
    "pdf": _pdf_file, "docx": _docx_file, "html": _html_file, "markdown": _markdown_file, "text": _plain_file,
}  # fmt: skip


def _told(pieces: Iterable[tuple[str, bytes] | Fault]) -> Iterator[tuple[str, Any]]:
    """The pieces with their JSON read; raises the fault that ends them."""
    for piece in pieces:
        if isinstance(piece, Fault):
            raise piece
        yield piece[0], json.loads(piece[1])


def _meta(said: Mapping[str, Any], headings: Iterable[tuple[int, int, str]]) -> dict[str, Any]:
    """What the file says of itself, in words short enough to keep; its first great heading is a title too."""
    meta = {
        name: clean(value).strip()[:LONGEST_TITLE] if isinstance(value, str) else value for name, value in said.items()
    }
    meta = {name: value for name, value in meta.items() if value not in ("", None)}
    title = next((each[2] for each in headings if each[1] == 1), "")
    return meta if meta.get("title") or not title else meta | {"title": title}


def _language(text: str) -> str:
    """By the script that carries most of the text's beginning, middle and end."""
    middle = len(text) // 2
    return detect(text[:5_000] + text[middle : middle + 5_000] + text[-5_000:])
