"""Forms for seeds: one seed by hand, a file or pasted text, and what to do with a file's rows."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from generation.formats.seed_tasks import SeedRow
from generation.forms.fields import LANGUAGES, PlainText, Words
from generation.models import Seed
from generation.types import Instance

MOST_INSTANCES = 50


class SeedForm(forms.Form):
    """One seed. Instances are `input_0`, `output_0`, ...; columns of a table row are `column_0`, ..."""

    instruction = PlainText(required=False, rows=3, label=_("Instruction"))
    is_classification = forms.BooleanField(required=False, label=_("Classification task"))
    task_type = forms.CharField(required=False, max_length=60, label=_("Task type"))
    language = forms.ChoiceField(required=False, choices=LANGUAGES, label=_("Language"))
    tags = Words(label=_("Tags"), help_text=_("with commas between them"))

    def __init__(self, data: Any = None, *, seed: Seed | None = None) -> None:
        super().__init__(data, initial=_initial(seed))
        self.seed = seed
        self.columns = list(seed.fields) if seed else []
        self.instances = self._instances_wanted()
        for at in range(self.instances):
            given = (seed.instances if seed else [])[at : at + 1]
            values = given[0] if given else {"input": "", "output": ""}
            self.fields[f"input_{at}"] = PlainText(required=False, rows=2, label=_("Input"), initial=values["input"])
            self.fields[f"output_{at}"] = PlainText(required=False, rows=3, label=_("Output"), initial=values["output"])
        for at, name in enumerate(self.columns):
            self.fields[f"column_{at}"] = PlainText(
                required=False, rows=2, label=name, initial=seed.fields[name] if seed else ""
            )
        if (language := self.initial.get("language")) and language not in dict(LANGUAGES):
            self.fields["language"].choices = [*LANGUAGES, (language, language)]  # type: ignore[attr-defined]

    def _instances_wanted(self) -> int:
        if self.data:
            return max(1, sum(f"output_{at}" in self.data for at in range(MOST_INSTANCES)))
        if self.seed is None:
            return 1
        return len(self.seed.instances) + (0 if self.seed.fields and not self.seed.instances else 1)

    def pairs(self) -> list[tuple[Any, Any]]:
        """The bound fields of each instance."""
        return [(self[f"input_{at}"], self[f"output_{at}"]) for at in range(self.instances)]

    def column_fields(self) -> list[Any]:
        """The bound fields of the columns."""
        return [self[f"column_{at}"] for at in range(len(self.columns))]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        for at in range(self.instances):
            if values.get(f"input_{at}", "").strip() and not values.get(f"output_{at}", "").strip():
                self.add_error(f"output_{at}", ValidationError(_("An input needs its output.")))
        if not self.columns and not values.get("instruction", "").strip() and "instruction" not in self.errors:
            self.add_error("instruction", ValidationError(_("A seed needs an instruction.")))
        return values

    def row(self) -> SeedRow:
        """The seed that was typed."""
        values = self.cleaned_data
        pairs = [(values[f"input_{at}"], values[f"output_{at}"]) for at in range(self.instances)]
        return SeedRow(
            instruction=values["instruction"],
            instances=tuple(Instance(given, output) for given, output in pairs if output.strip()),
            is_classification=values["is_classification"],
            task_type=values["task_type"],
            language=values["language"],
            tags=values["tags"],
            fields={name: values[f"column_{at}"] for at, name in enumerate(self.columns)},
        )


def _initial(seed: Seed | None) -> dict[str, Any]:
    names = ("instruction", "is_classification", "task_type", "language", "tags")
    return {name: getattr(seed, name) for name in names} if seed else {}


class UploadForm(forms.Form):
    """A file, or text that was pasted: one of the two."""

    file = forms.FileField(required=False, label=_("File"), allow_empty_file=True)
    pasted = forms.CharField(
        required=False, strip=False, label=_("Or paste rows"),
        widget=forms.Textarea(attrs={"rows": 6, "class": "mono", "dir": "auto", "spellcheck": "false"}),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if not values.get("file") and not values.get("pasted", "").strip():
            raise ValidationError(_("Choose a file or paste some rows."))
        return values


class ImportForm(forms.Form):
    """What the person says of all rows of a file."""

    task_type = forms.CharField(required=False, max_length=60, label=_("Task type"))
    language = forms.ChoiceField(required=False, choices=LANGUAGES, label=_("Language"))
    tags = Words(label=_("Tags"), most=10, help_text=_("added to every row"))
    source = forms.CharField(required=False, max_length=200, label=_("Source"))
