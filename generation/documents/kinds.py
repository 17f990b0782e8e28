"""What kind of document a file is: its first bytes decide, and its name where they leave it open."""

from __future__ import annotations

from generation.files.strict_json import Fault

MEDIA_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "html": "text/html",
    "markdown": "text/markdown",
    "text": "text/plain",
}
ENDINGS = {
    "pdf": "pdf", "docx": "docx", "doc": "docx", "html": "html", "htm": "html", "xhtml": "html", "md": "markdown",
    "markdown": "markdown", "txt": "text", "text": "text",
}  # fmt: skip
HEAD = 1024
"""Bytes of a file that are looked at."""

_NO_TEXT = {
    "rtf": b"{\\rtf", "png": b"\x89PNG", "jpeg": b"\xff\xd8\xff", "gif": b"GIF8", "gzip": b"\x1f\x8b",
    "7z": b"7z\xbc\xaf", "rar": b"Rar!\x1a", "xz": b"\xfd7zXZ",
    "zstd": b"\x28\xb5\x2f\xfd", "sqlite": b"SQLite format 3", "elf": b"\x7fELF",
}  # fmt: skip
_BOXES = {"odt", "epub", "xlsx", "pptx", "ods", "odp", "zip", "jar"}


def kind_of(name: str, head: bytes) -> str:
    """One of `MEDIA_TYPES`. `Fault`: "document_type" for what is no document, "bad_pdf" and "bad_docx" for a file that
    is named like one and begins like none."""
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    if b"%PDF-" in head:
        return "pdf"
    if head.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        if ending in _BOXES:
            raise Fault("document_type", message=ending)
        return "docx"
    for kind, mark in _NO_TEXT.items():
        if head.startswith(mark):
            raise Fault("document_type", message=kind)
    said = ENDINGS.get(ending, "")
    if said in ("pdf", "docx"):
        raise Fault(f"bad_{said}")
    start = head.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    return "html" if not said and start.startswith((b"<!doctype html", b"<html")) else said or "text"
