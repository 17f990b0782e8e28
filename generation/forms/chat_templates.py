"""The form of a project's own chat template."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from generation.chat.own_template import LONGEST
from generation.chat_words import OWN_TEMPLATE_FAULTS
from generation.forms.fields import PlainText, storable


class ChatTemplateForm(forms.Form):
    """Its name, the two tokens that it may write, and the Jinja text."""

    name = forms.CharField(max_length=60, label=_("Name"), validators=[storable])
    bos = forms.CharField(
        max_length=60, required=False, strip=False, label=_("Beginning of text"), validators=[storable],
        help_text=_("what the template knows as bos_token"),
    )  # fmt: skip
    eos = forms.CharField(
        max_length=60, required=False, strip=False, label=_("End of text"), validators=[storable],
        help_text=_("what the template knows as eos_token"),
    )  # fmt: skip
    text = PlainText(
        rows=16, mono=True, label=_("Template"),
        help_text=_("Jinja as transformers reads it; {% generation %} marks what is trained."),
    )  # fmt: skip

    def clean_text(self) -> str:
        """Refuses a text that no template may be long."""
        text: str = self.cleaned_data["text"]
        if len(text) > LONGEST:
            raise ValidationError(OWN_TEMPLATE_FAULTS["template_too_long"])
        return text
