"""Forms for vocabularies and for files of templates."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from generation.formats import vocabularies
from generation.formats.vocabularies import MOST_BYTES, Terms, as_text
from generation.forms.fields import LANGUAGES, PlainText, storable
from generation.models import Vocabulary
from generation.recipes.faults import LONGEST
from generation.row_words import ROW_FAULTS
from generation.types import RowError
from generation.words import word


class VocabularyForm(forms.Form):
    """A name, and terms as lines, as a file, or both: what a file brings is added to what stands in the lines."""

    name = forms.CharField(max_length=120, label=_("Name"), validators=[storable])
    language = forms.ChoiceField(required=False, choices=LANGUAGES, label=_("Language"))
    text = PlainText(
        rows=18, required=False, max_length=MOST_BYTES, label=_("Terms"),
        help_text=_("One a line; a line that begins with # opens a category. JSON and CSV can be pasted too."),
    )  # fmt: skip
    file = forms.FileField(
        required=False, allow_empty_file=True, label=_("File"),
        help_text=_("JSON (also nested), CSV with the columns category and term, or lines. Its terms are added."),
    )  # fmt: skip

    def __init__(self, data: Any = None, files: Any = None, *, vocabulary: Vocabulary | None = None) -> None:
        initial = {"language": ""}
        if vocabulary is not None:
            initial = {"name": vocabulary.name, "language": vocabulary.language, "text": as_text(vocabulary.terms)}
        super().__init__(data, files, initial=initial)
        self.repeated: tuple[str, ...] = ()
        self.terms: Terms = {}

    def clean(self) -> dict[str, Any]:
        """Reads both; a fault stands beside the one that has it."""
        values = super().clean() or {}
        file, text = values.get("file"), values.get("text", "")
        if not file and not text.strip() and "text" not in self.errors:
            raise ValidationError(_("Write some terms or choose a file."))
        if text.strip():
            self._take("text", vocabularies.read_text(text))
        if file:
            self._take("file", vocabularies.read(io.BytesIO(file.read(MOST_BYTES + 1))))
        return values

    def _take(self, field: str, found: vocabularies.Vocabulary | RowError) -> None:
        if isinstance(found, RowError):
            self.add_error(field, in_words(found))
            return
        self.terms = merged(self.terms, found.terms)
        self.repeated += found.repeated


class TemplateFileForm(forms.Form):
    """A template as a file of text."""

    file = forms.FileField(label=_("Template file"), max_length=200)

    def clean_file(self) -> Any:
        """The text of the file goes into `text`."""
        file = self.cleaned_data["file"]
        content = file.read(4 * LONGEST + 1)
        try:
            self.text = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            raise ValidationError(word(ROW_FAULTS, "bad_encoding")) from None
        return file


def in_words(fault: RowError) -> str:
    """A reader's fault as a sentence with its line."""
    said = str(word(ROW_FAULTS, fault.code))
    where = str(_("Line %(line)d: ") % {"line": fault.line}) if fault.line else ""
    return " ".join(part for part in (where + said, fault.path, fault.message) if part)


def merged(first: Mapping[str, Sequence[str]], second: Mapping[str, Sequence[str]]) -> Terms:
    """All terms of both, category by category, each once."""
    found: Terms = {category: list(terms) for category, terms in first.items()}
    for category, terms in second.items():
        found[category] = list(dict.fromkeys([*found.get(category, ()), *terms]))
    return found
