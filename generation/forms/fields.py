"""Fields that several forms share."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import ProhibitNullCharactersValidator
from django.utils.translation import gettext_lazy as _

from generation.files.text import check_text
from generation.row_words import ROW_FAULTS
from generation.words import word

_SEPARATORS = re.compile(r"[,，;；\n]")


def storable(value: str) -> None:
    """`ValidationError` for a text that a database cannot hold."""
    if code := check_text(value):
        raise ValidationError(word(ROW_FAULTS, code), code=code)


class PlainText(forms.CharField):
    """Text exactly as it was typed: nothing is stripped, line ends are line feeds, what cannot be stored is refused."""

    def __init__(self, *, rows: int = 4, mono: bool = False, **options: Any) -> None:
        attributes = {"rows": rows, "dir": "auto", "spellcheck": "false" if mono else "true"}
        if mono:
            attributes["class"] = "mono"
        super().__init__(strip=False, widget=forms.Textarea(attrs=attributes), **options)
        # Django's own refusal of NUL gives way to ours, which knows lone surrogates too.
        kept = [each for each in self.validators if not isinstance(each, ProhibitNullCharactersValidator)]
        self.validators = [*kept, storable]

    def to_python(self, value: Any) -> str:
        return (super().to_python(value) or "").replace("\r\n", "\n")


class Words(forms.CharField):
    """Short words with commas between them, as a tuple without repeats."""

    def __init__(self, *, longest: int = 40, most: int = 20, **options: Any) -> None:
        super().__init__(required=False, **options)
        self.longest, self.most = longest, most

    def clean(self, value: Any) -> tuple[str, ...]:
        text = super().clean(value)
        storable(text)
        words = tuple(dict.fromkeys(part.strip() for part in _SEPARATORS.split(text) if part.strip()))
        if len(words) > self.most:
            raise ValidationError(_("At most %(most)s."), params={"most": self.most})
        if too_long := [each for each in words if len(each) > self.longest]:
            raise ValidationError(
                _("“%(word)s” is longer than %(longest)s characters."),
                params={"word": too_long[0], "longest": self.longest},
            )
        return words

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, Sequence) and not isinstance(value, str) else value


LANGUAGES = [("", _("as the text says")), ("en", "English"), ("zh", "中文")]
