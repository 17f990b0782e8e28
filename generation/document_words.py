"""Faults and kinds of documents in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

DOCUMENT_FAULTS: Mapping[str, Any] = {
    "bad_docx": _("The file is named like a Word document and is none, or it is damaged. Nothing was kept."),
    "bad_encoding": _("These bytes are not text in any encoding known here. Save the file as UTF-8. Nothing was kept."),
    "bad_html": _("The page could not be read. Nothing was kept."),
    "bad_markdown": _("The Markdown could not be read. Nothing was kept."),
    "bad_pdf": _("The file is named like a PDF and is none, or it is damaged. Nothing was kept."),
    "child_died": _("Reading the file took more memory or time than a file may use. Nothing was kept."),
    "document_type": _("This is no text, Markdown, HTML, PDF or Word (.docx) file. Nothing was kept."),
    "encrypted": _("The file is locked with a password. Save it without one. Nothing was kept."),
    "no_text": _(
        "There is no text in the file. A scanned PDF holds pictures of pages: run text recognition on it first. "
        "Nothing was kept."
    ),
    "old_word": _("This is Word's format of before 2007. Save it as .docx. Nothing was kept."),
    "too_large": _("The file, or what it unpacks to, is too large. Nothing was kept."),
    "took_too_long": _("Reading the file took too long. Nothing was kept."),
    "upload_too_large": _("The file is larger than %(mb)d MB. Nothing was kept."),
}
DOCUMENT_KINDS: Mapping[str, Any] = {
    "application/pdf": "PDF",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "Word",
    "text/html": "HTML",
    "text/markdown": "Markdown",
    "text/plain": _("text"),
}
