"""Forms for documents: files to upload, or a text with its name."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from generation.forms.fields import PlainText, storable
from generation.forms.media import ManyFiles

MOST_PASTED = 1_000_000


class DocumentForm(forms.Form):
    """Files, a pasted text, or both."""

    files = ManyFiles(  # type: ignore[assignment]
        required=False, label=_("Files"), allow_empty_file=True,
        help_text=_("PDF, Word (.docx), HTML, Markdown or plain text; drop them here or choose them"),
    )  # fmt: skip
    pasted = PlainText(required=False, rows=5, label=_("Or paste a text"), max_length=MOST_PASTED)
    name = forms.CharField(required=False, max_length=120, label=_("Name of the text"), validators=[storable])

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        accepted = ".pdf,.docx,.html,.htm,.md,.markdown,.txt,text/plain,text/html,text/markdown"
        self.fields["files"].widget.attrs |= {"class": "drop", "accept": accepted}

    def clean_files(self) -> list[Any]:
        """The files that were really chosen: without any, browsers send an empty one."""
        return [each for each in self.cleaned_data["files"] if each]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if not self.errors and not values.get("files") and not values.get("pasted", "").strip():
            raise ValidationError(gettext("Choose a file or paste a text."))
        return values
