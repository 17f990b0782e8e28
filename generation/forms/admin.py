"""The forms of the administration site. Each turns its fields into what a verb takes, or says what it refuses."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from generation.actions.prompts import LANGUAGES, all_slots, slot_named
from generation.actions.seed_rows import content_hash, fault
from generation.formats.seed_tasks import SeedRow
from generation.models import Project, PromptTemplate, Seed
from generation.recipes.faults import faults
from generation.row_words import ROW_FAULTS
from generation.types import Instance
from generation.words import template_fault, word


class SeedAdminForm(forms.ModelForm):
    """One seed. `row` holds it as the verbs take it, once the form is valid."""

    row: SeedRow

    class Meta:
        model = Seed
        fields = ("project", "instruction", "instances", "fields", "is_classification", "task_type", "language", "tags")

    def clean(self) -> dict[str, Any]:
        """The content must be one that the verbs accept."""
        values = super().clean() or {}
        if self.errors:
            return values
        try:
            self.row = _row(values)
        except (TypeError, KeyError, AttributeError):
            raise ValidationError(
                _("Instances are objects with input and output; fields is an object; tags is a list.")
            ) from None
        if error := fault(self.row):
            raise ValidationError(word(ROW_FAULTS, error.code))
        if not self.row.instruction.strip() and not any(value.strip() for value in self.row.fields.values()):
            raise ValidationError(word(ROW_FAULTS, "empty_instruction"))
        project = values.get("project") or self.instance.project
        twin = Seed.objects.filter(project=project, content_hash=content_hash(self.row)).exclude(pk=self.instance.pk)
        if twin.exists():
            raise ValidationError(_("The project has a seed of exactly this content."))
        return values


def _row(values: dict[str, Any]) -> SeedRow:
    instances = tuple(Instance(str(each["input"]), str(each["output"])) for each in values["instances"] or [])
    return SeedRow(
        instruction=values["instruction"],
        instances=instances,
        is_classification=values["is_classification"],
        task_type=values["task_type"],
        language=values["language"],
        tags=tuple(str(tag) for tag in values["tags"] or []),
        fields={str(name): str(value) for name, value in (values["fields"] or {}).items()},
    )


class PromptAdminForm(forms.ModelForm):
    """A project's own text for a slot; saving makes the next version."""

    slot = forms.ChoiceField(label=_("Slot"), choices=list)
    language = forms.ChoiceField(label=_("Language"), choices=[(code, code) for code in LANGUAGES])
    text = forms.CharField(label=_("Text"), widget=forms.Textarea(attrs={"rows": 24, "cols": 100}), strip=False)
    note = forms.CharField(label=_("Note"), max_length=200, required=False)

    class Meta:
        model = PromptTemplate
        fields = ("project", "slot", "language")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if "slot" in self.fields:
            self.fields["slot"].choices = [(slot.name, slot.name) for _recipe, slot in all_slots()]  # type: ignore[attr-defined]
        newest = self.instance.versions.first() if self.instance.pk else None
        if newest is not None:
            self.fields["text"].initial = newest.text

    def clean(self) -> dict[str, Any]:
        """The text must be one that the slot can use."""
        values = super().clean() or {}
        name, language = values.get("slot") or self.instance.slot, values.get("language") or self.instance.language
        if name and language and values.get("text"):
            _recipe, slot = slot_named(name, language=language)
            for found in faults(slot, values["text"].replace("\r\n", "\n")):
                self.add_error("text", template_fault(found.code, found.name))
        return values


class SeedUploadForm(forms.Form):
    """A file of seeds for a project."""

    project = forms.ModelChoiceField(Project.objects.order_by("name"), label=_("Project"))
    file = forms.FileField(label=_("File"), help_text=_("JSONL, JSON, CSV or TSV."))
