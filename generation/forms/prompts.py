"""Forms for prompts: a template's text, and task types that people define."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from generation.forms.fields import PlainText, Words, storable
from generation.recipes.base import PromptSlot
from generation.recipes.faults import Fault, faults
from generation.words import TYPE_FAULTS, template_fault, word

TEMPLATE_LANGUAGES = [("en", "English"), ("zh", "中文")]


class PromptForm(forms.Form):
    """The text of one slot. Its faults carry their lines."""

    text = PlainText(rows=22, mono=True, label=_("Template"))
    note = forms.CharField(required=False, max_length=200, label=_("What changed"))

    def __init__(self, data: Any = None, *, slot: PromptSlot, text: str = "") -> None:
        super().__init__(data, initial={"text": text})
        self.slot = slot
        self.faults: list[Fault] = []

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        self.faults = faults(self.slot, text)
        if self.faults:
            raise ValidationError([in_words(fault) for fault in self.faults])
        return text


def in_words(fault: Fault) -> str:
    """A template's fault as a sentence, with its line where it has one."""
    sentence = template_fault(fault.code, fault.name)
    return str(_("Line %(line)d: %(fault)s") % {"line": fault.line, "fault": sentence}) if fault.line else sentence


class TaskTypeForm(forms.Form):
    """A task type: its name, the columns that its template shows, and the one that it asks for."""

    name = forms.CharField(max_length=60, label=_("Name"))
    language = forms.ChoiceField(choices=TEMPLATE_LANGUAGES, label=_("Language"))
    fields_shown = Words(label=_("Columns shown"), help_text=_("as they are called in the seeds, with commas between"))
    answer = forms.CharField(max_length=60, label=_("Column asked for"), validators=[storable])
    text = PlainText(
        rows=12, mono=True, label=_("Template"),
        help_text=_("Uses {{ column }} for each column shown and {{ examples }} once; {{ labels }} if you like."),
    )  # fmt: skip

    def refuse(self, code: str, detail: str) -> None:
        """Puts a fault of the declaration beside the template."""
        self.add_error("text", str(word(TYPE_FAULTS, code)) % {"name": detail})
