"""Small documents made byte by byte: PDFs in English and Chinese, Word files, and some that want to do harm."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Sequence
from xml.sax.saxutils import escape

_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


class _Objects:
    """The numbered objects of a PDF, written down with their table."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []

    def add(self, body: bytes) -> int:
        """Its number, from 1."""
        self.bodies.append(body)
        return len(self.bodies)

    def file(self, *, root: int, more: bytes = b"") -> bytes:
        """The whole file."""
        out, places = bytearray(b"%PDF-1.7\n"), []
        for number, body in enumerate(self.bodies, 1):
            places.append(len(out))
            out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
        start = len(out)
        out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1)
        out += b"".join(b"%010d 00000 n \n" % place for place in places)
        out += b"trailer\n<< /Size %d /Root %d 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (
            len(places) + 1, root, more, start,
        )  # fmt: skip
        return bytes(out)


def make_pdf(
    pages: Sequence[Sequence[str]],
    *,
    outline: Sequence[tuple[str, int]] = (),
    title: str = "",
    encrypted: bool = False,
) -> bytes:
    """A PDF with these lines on its pages, bookmarks (title, page from 1) and a title."""
    made = _Objects()
    latin = made.add(b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>")
    chinese = _chinese_font(made)
    tree = len(made.bodies) + 2 * len(pages) + 1
    kids = []
    for lines in pages:
        content = zlib.compress(_page(lines))
        stream = made.add(
            b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(content), content)
        )  # fmt: skip
        kids.append(
            made.add(
                b"<< /Type /Page /Parent %d 0 R /MediaBox [0 0 595 842] /Contents %d 0 R "
                b"/Resources << /Font << /L %d 0 R /C %d 0 R >> >> >>" % (tree, stream, latin, chinese)
            )
        )
    made.add(b"<< /Type /Pages /Count %d /Kids [%s] >>" % (len(kids), b" ".join(b"%d 0 R" % kid for kid in kids)))
    marks = _outline(made, [(name, kids[page - 1]) for name, page in outline])
    root = made.add(b"<< /Type /Catalog /Pages %d 0 R %s >>" % (tree, marks))
    more = b"/Info %d 0 R" % made.add(b"<< /Title %s >>" % _text(title)) if title else b""
    if encrypted:
        key = b"<" + b"ab" * 32 + b">"
        lock = made.add(b"<< /Filter /Standard /V 1 /R 2 /P -4 /O %s /U %s >>" % (key, key))
        more += b" /Encrypt %d 0 R /ID [<00> <00>]" % lock
    return made.file(root=root, more=more)


def swelling_pdf(size: int) -> bytes:
    """A PDF whose one page is described by `size` million blanks, packed to a thousandth of that."""
    packer = zlib.compressobj(9)
    block = packer.compress(b" " * 1_000_000) + packer.flush(zlib.Z_FULL_FLUSH)
    block += packer.compress(b" " * 1_000_000) + packer.flush(zlib.Z_FULL_FLUSH)
    again = packer.compress(b" " * 1_000_000) + packer.flush(zlib.Z_FULL_FLUSH)
    content = block + again * (size - 2)
    made = _Objects()
    made.add(b"<< /Type /Pages /Count 1 /Kids [2 0 R] >>")
    made.add(b"<< /Type /Page /Parent 1 0 R /MediaBox [0 0 9 9] /Contents 3 0 R >>")
    made.add(b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(content), content))
    return made.file(root=made.add(b"<< /Type /Catalog /Pages 1 0 R >>"))


def _chinese_font(made: _Objects) -> int:
    """A font that every reader has, whose codes are UTF-16."""
    inner = made.add(
        b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /DW 1000 "
        b"/CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 4 >> >>"
    )
    return made.add(
        b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H "
        b"/DescendantFonts [%d 0 R] >>" % inner
    )


def _page(lines: Sequence[str]) -> bytes:
    drawn = []
    for at, line in enumerate(lines):
        font = b"/L" if line.isascii() else b"/C"
        shown = b"(%s)" % _escaped(line) if line.isascii() else b"<%s>" % line.encode("utf-16-be").hex().encode()
        drawn.append(b"BT %s 11 Tf 60 %d Td %s Tj ET" % (font, 780 - 16 * at, shown))
    return b"\n".join(drawn)


def _outline(made: _Objects, marks: Sequence[tuple[str, int]]) -> bytes:
    if not marks:
        return b""
    first = len(made.bodies) + 2
    root = made.add(
        b"<< /Type /Outlines /First %d 0 R /Last %d 0 R /Count %d >>" % (first, first + len(marks) - 1, len(marks))
    )
    for at, (title, page) in enumerate(marks):
        after = b"/Next %d 0 R " % (first + at + 1) if at + 1 < len(marks) else b""
        made.add(b"<< /Title %s /Parent %d 0 R %s/Dest [%d 0 R /Fit] >>" % (_text(title), root, after, page))
    return b"/Outlines %d 0 R" % root


def _text(value: str) -> bytes:
    return b"<feff%s>" % value.encode("utf-16-be").hex().encode()


def _escaped(line: str) -> bytes:
    return line.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)").encode("ascii")


def make_docx(paragraphs: Sequence[tuple[str, str]], *, title: str = "", more: str = "") -> bytes:
    """A Word file of (style, text): "1" and "2" are headings, "" is a paragraph. `more` is put in as it is."""
    body = "".join(_paragraph(style, text) for style, text in paragraphs)
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType='
        '"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>',
        "_rels/.rels": _relations(("d", "officeDocument", "word/document.xml")),
        "word/_rels/document.xml.rels": _relations(("s", "styles", "styles.xml")),
        "word/styles.xml": f'<w:styles xmlns:w="{_WORD}">'
        + "".join(
            f'<w:style w:type="paragraph" w:styleId="{n}"><w:name w:val="heading {n}"/></w:style>' for n in (1, 2, 3)
        )
        + "</w:styles>",
        "word/document.xml": f'<w:document xmlns:w="{_WORD}"><w:body>{body}{more}</w:body></w:document>',
        "docProps/core.xml": '<c:coreProperties xmlns:c="urn:c" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>{escape(title)}</dc:title></c:coreProperties>",
    }
    return pack({name: text.encode() for name, text in parts.items()})


def pack(members: dict[str, bytes]) -> bytes:
    """A zip of these files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def swelling_docx() -> bytes:
    """A Word file of some hundred kilobytes that unpacks to 150 MB."""
    return pack({"[Content_Types].xml": b"<Types/>", "word/document.xml": b" " * 150_000_000})


def _paragraph(style: str, text: str) -> str:
    kind = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{kind}<w:r><w:t>{escape(text)}</w:t></w:r></w:p>"


def _relations(*entries: tuple[str, str, str]) -> str:
    inside = "".join(
        f'<Relationship Id="{key}" Type="{_OFFICE}/{kind}" Target="{target}"/>' for key, kind, target in entries
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{inside}</Relationships>'
