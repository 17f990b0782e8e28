"""The child that reads documents for `files.confined`: what they are made of, a piece a line, a letter and then JSON.

"H" is [level, title], "P" a paragraph, "L" a line that belongs to the one before it (items of lists, rows of tables,
code), "G" begins the page with this number, "O" is [level, title, page] out of a PDF's outline, "M" is [line, level,
title] of a Markdown heading, and "I" an object of what the file says of itself. "F" ends it all with a fault: its code,
path and message between tabs. HTML and Markdown come as UTF-8. It stands alone: nothing of ours is imported.
"""

from __future__ import annotations

import io
import json
import re
import resource
import sys
import zipfile
from collections.abc import Iterator
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree

MEMORY = 1024**3
SECONDS = 240
MOST_TEXT = 40_000_000
MOST_PAGES = 20_000
MOST_UNPACKED = 300 * 1024 * 1024
MOST_RATIO = 200
RATIO_FROM = 20 * 1024 * 1024
MOST_FILES = 5_000
DEEPEST = 200

_FLAT = dict.fromkeys((*range(32), 127, *range(0xD800, 0xE000)), " ")
_BLANK = re.compile(r"\s+")
_CORE = {"title": "title", "creator": "author", "language": "language", "created": "created"}
_SKIPPED = {"script", "style", "noscript", "template", "nav", "aside", "form", "button", "svg", "iframe", "select",
            "head", "object", "video", "audio", "canvas", "dialog"}  # fmt: skip
_BLOCKS = {"p", "div", "section", "article", "main", "blockquote", "ul", "ol", "dl", "table", "thead", "tbody", "tfoot",
           "figure", "figcaption", "details", "summary", "hr", "address", "body", "header", "footer", "fieldset",
           "center", "caption"}  # fmt: skip
_LINES = {"li", "tr", "dt", "dd"}

Piece = tuple[str, Any]


class Refused(Exception):  # noqa: N818
    """The file, or the rest of it, cannot be read."""

    def __init__(self, code: str, path: str = "", message: str = "") -> None:
        super().__init__(code)
        self.line = "\t".join(part.translate(_FLAT)[:200] for part in (code, path, message))


def confine() -> None:
    """Takes memory, time and the right to write files away from this process."""
    limits = {"AS": MEMORY, "CPU": SECONDS, "FSIZE": 0, "CORE": 0, "NOFILE": 32}
    for name, most in limits.items():
        resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (most, most))


def main(kind: str) -> int:
    """Reads standard input to its end, or to the first thing that stops it."""
    read = READERS[kind]
    confine()
    write, told = sys.stdout.buffer.write, 0
    try:
        for letter, value in read(sys.stdin.buffer.read()):
            line = json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")
            told += len(line)
            if told > MOST_TEXT:
                raise Refused("too_large", message="text")
            write(letter.encode() + line + b"\n")
    except Refused as refused:
        write(b"F" + refused.line.encode("utf-8", "replace") + b"\n")
    except (MemoryError, RecursionError):
        write(b"Ftoo_large\n")
    except Exception as error:  # whatever a hostile file makes the library say
        write(b"F" + Refused(f"bad_{kind}", message=f"{type(error).__name__}: {error}").line.encode() + b"\n")
    sys.stdout.buffer.flush()
    return 0


def pdf(data: bytes) -> Iterator[Piece]:
    """Pages with the lines that stand on them, then the outline."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        locked = "password" in str(error).lower() or "security" in str(error).lower()
        raise Refused("encrypted" if locked else "bad_pdf", message=str(error)) from None
    yield "I", _said_of_pdf(document)
    count = len(document)
    if count > MOST_PAGES:
        raise Refused("too_large", message=f"{count} pages")
    damaged = 0
    for number in range(count):
        yield "G", number + 1
        try:
            page = document[number]
            text = page.get_textpage()
            yield from _lines_of(text)
            text.close()
            page.close()
        except pypdfium2.PdfiumError:
            damaged += 1
    yield "I", {"pages_unread": damaged} if damaged else {}
    yield from _outline(document)


def _lines_of(page: Any) -> Iterator[Piece]:
    """The lines of a page, with an empty one where clearly more than the usual distance is left free."""
    at, lines = 0, []
    for line in page.get_text_range().split("\r\n"):
        try:
            _, low, _, high = page.get_charbox(at, loose=True) if line.strip() else (0, 0, 0, 0)
        except Exception:  # a sign without a place: generated, or counted otherwise
            low = high = 0.0
        lines.append((line, low, high))
        at += len(line) + 2
    placed = [(low, high) for _, low, high in lines if high > low]
    gaps = sorted(above[0] - below[1] for above, below in pairwise(placed))
    usual, bottom = (gaps[len(gaps) // 2] if len(gaps) > 2 else 0.0), None
    for line, low, high in lines:
        if bottom is not None and high > low and bottom - high > usual + 0.4 * (high - low):
            yield "P", ""
        bottom = low if high > low else bottom
        yield "P", line


def _said_of_pdf(document: Any) -> dict[str, Any]:
    told = document.get_metadata_dict(skip_empty=True)
    return {
        name: told[key]
        for key, name in (("Title", "title"), ("Author", "author"), ("CreationDate", "created"))
        if key in told
    }


def _outline(document: Any) -> Iterator[Piece]:
    for at, mark in enumerate(document.get_toc(max_depth=8)):
        if at >= 5_000:
            return
        place = mark.get_dest()
        page = place.get_index() if place else None
        if page is not None and 0 <= page < len(document):
            yield "O", [mark.level + 1, mark.get_title(), page + 1]


def docx(data: bytes) -> Iterator[Piece]:
    """The document as HTML, by Word's own styles, and from there on like any HTML."""
    import mammoth

    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise Refused("encrypted" if b"E\0n\0c\0r\0y\0p\0t" in data else "old_word")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _weigh(archive, len(data))
            yield "I", _said_of_docx(archive)
    except zipfile.BadZipFile as error:
        raise Refused("bad_docx", message=str(error)) from None
    # Pictures are not read at all: no text stands in them, and they are most of the bytes.
    nothing = mammoth.images.img_element(lambda image: {"src": ""})
    yield from html(mammoth.convert_to_html(io.BytesIO(data), convert_image=nothing).value.encode(), whole=True)


def _weigh(archive: zipfile.ZipFile, size: int) -> None:
    """`Refused` when the archive is locked or says that it swells; Python reads no more of a member than it says."""
    infos = archive.infolist()
    unpacked = sum(info.file_size for info in infos)
    most = min(MOST_UNPACKED, max(RATIO_FROM, MOST_RATIO * size))
    if len(infos) > MOST_FILES or unpacked > most:
        raise Refused("too_large", message=f"{unpacked} bytes unpacked")
    if any(info.flag_bits & 1 for info in infos):
        raise Refused("encrypted")
    if "word/document.xml" not in archive.namelist() and "[Content_Types].xml" not in archive.namelist():
        raise Refused("bad_docx", message="no word/document.xml")


def _said_of_docx(archive: zipfile.ZipFile) -> dict[str, Any]:
    try:
        root = ElementTree.fromstring(archive.read("docProps/core.xml"))
    except (KeyError, ElementTree.ParseError):
        return {}
    texts = {each.tag.rpartition("}")[2]: (each.text or "").strip() for each in root}
    return {name: texts[key] for key, name in _CORE.items() if texts.get(key)}


def html(data: bytes, *, whole: bool = False) -> Iterator[Piece]:
    """The page's own text: `<main>` or `<article>` where that holds most of it, without what stands around it."""
    from selectolax.lexbor import LexborHTMLParser

    tree = LexborHTMLParser(data)
    if not whole:
        yield "I", _said_of_html(tree)
    if tree.body is not None:
        yield from _Walk().pieces(tree.body if whole else _main_of(tree.body))


def _said_of_html(tree: Any) -> dict[str, Any]:
    told: dict[str, Any] = {}
    if (title := tree.css_first("head > title")) is not None:
        told["title"] = _flat(title.text())
    for meta in tree.css("meta[name][content]")[:100]:
        name = (meta.attributes.get("name") or "").lower()
        if name in ("author", "description", "date"):
            told[{"date": "created"}.get(name, name)] = _flat(meta.attributes.get("content") or "")
    if tree.root is not None and tree.root.attributes.get("lang"):
        told["language"] = tree.root.attributes["lang"]
    return told


def _main_of(body: Any) -> Any:
    size = len(_flat(body.text()))
    for choice in ("main", "[role=main]", "article"):
        found = body.css(choice)
        if len(found) == 1 and 3 * len(_flat(found[0].text())) >= size:
            return found[0]
    return body


class _Walk:
    """A walk over elements that gathers words into lines, and lines into pieces."""

    def __init__(self) -> None:
        self._words: list[str] = []
        self._letter = "P"
        self._first = False

    def pieces(self, node: Any, depth: int = 0) -> Iterator[Piece]:
        """What stands in the node, in order, with what is left over at its end."""
        yield from self._inside(node, depth)
        yield from self._flush()

    def _inside(self, node: Any, depth: int) -> Iterator[Piece]:
        if depth > DEEPEST:
            self._words.append(node.text(separator=" "))
            return
        for child in node.iter(include_text=True):
            name = child.tag
            if name == "-text":
                self._words.append(child.text(deep=False) or "")
            elif name == "br":
                yield from self._flush("L")
            elif name == "pre":
                yield from self._flush()
                lines = (child.text() or "").strip("\n").split("\n")
                yield from (("L" if at else "P", line) for at, line in enumerate(lines))
            elif re.fullmatch("h[1-6]", name):
                yield from self._flush()
                if title := _flat(child.text(separator="")):
                    yield "H", [int(name[1]), title]
            elif name in _LINES or name in _BLOCKS:
                yield from self._block(child, name, depth)
            elif name in ("td", "th"):
                # A cell stands on the line of its row, whatever elements it holds.
                joint = " | " if any(word.strip() for word in self._words) else ""
                self._words.append(joint + _flat(child.text(separator=" ")))
            elif name not in _SKIPPED and not name.startswith(("-", "!")):
                yield from self._inside(child, depth + 1)

    def _block(self, node: Any, name: str, depth: int) -> Iterator[Piece]:
        if name in ("header", "footer") and depth <= 1 and not node.css("h1"):
            return
        yield from self._flush()
        self._letter = "L" if name in _LINES and not self._first else "P"
        self._first = name in ("table", "thead") or (self._first and name not in _LINES)
        if name == "li":
            self._words.append("- ")
        yield from self._inside(node, depth + 1)
        yield from self._flush()

    def _flush(self, after: str = "P") -> Iterator[Piece]:
        text, self._words, letter, self._letter = _flat("".join(self._words)), [], self._letter, after
        if text and text != "-":
            yield letter, text


def _flat(text: str) -> str:
    return _BLANK.sub(" ", text).strip()


def markdown(data: bytes) -> Iterator[Piece]:
    """Where the headings stand; the text itself is the file's and is not told again."""
    from markdown_it import MarkdownIt

    tokens = MarkdownIt("commonmark").parse(data.decode("utf-8", "replace"))
    for at, token in enumerate(tokens):
        if token.type == "heading_open" and token.map and not token.level:
            yield "M", [token.map[0], int(token.tag[1]), _flat(_plain(tokens[at + 1]))]


def _plain(inline: Any) -> str:
    return "".join(" " if each.type.endswith("break") else each.content for each in inline.children or ())


READERS = {"pdf": pdf, "docx": docx, "html": html, "markdown": markdown}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
