"""Forms for files of training data: which format, which column means what, and what is said of all rows."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from generation.actions.row_imports import Choices
from generation.actions.row_reading import Reading
from generation.actions.row_values import Said
from generation.formats import FORMATS
from generation.formats.detecting import Detected, Guess
from generation.forms.fields import LANGUAGES, Words, storable

MOST_COLUMNS = 60
_KINDS = {
    "sft": _("Examples to imitate"),
    "prompt": _("Prompts"),
    "preference": _("Pairs of a better and a worse answer"),
    "ranking": _("Ranked or scored answers"),
    "feedback": _("Good or bad"),
    "text": _("Pretraining text"),
    "stepwise": _("Step by step"),
}
FIELDS = (
    "instruction", "input", "output", "system", "history", "prompt", "completion", "chosen", "rejected", "label",
    "messages", "conversations", "tools", "images", "videos", "audios", "text", "score_chosen", "score_rejected",
)  # fmt: skip
"""Names that columns may be given; the page offers them, and any other may be typed."""


class RowImportForm(forms.Form):
    """How the rows of an uploaded file are read, and what becomes of them. Columns are `column_0`, `column_1`, ..."""

    format = forms.ChoiceField(required=False, label=_("Format"))
    mapped_for = forms.CharField(required=False, widget=forms.HiddenInput)
    take = forms.ChoiceField(
        required=False, label=_("Whole examples become"),
        choices=[("", _("samples")), ("answers", _("answers to their prompts"))],
    )  # fmt: skip
    state = forms.ChoiceField(
        required=False, label=_("They come in"), widget=forms.RadioSelect,
        choices=[("", _("to review")), ("approved", _("already approved by us"))],
    )  # fmt: skip
    task_type = forms.CharField(required=False, max_length=60, label=_("Task type"))
    language = forms.ChoiceField(required=False, choices=LANGUAGES, label=_("Language"))
    tags = Words(label=_("Tags"), most=10, help_text=_("added to every row"))
    source = forms.CharField(required=False, max_length=200, label=_("Source"))
    lenient = forms.BooleanField(required=False, label=_("read over comments and trailing commas in JSON"))
    spreadsheet_safe = forms.BooleanField(required=False, label=_("take off the apostrophes of a spreadsheet-safe CSV"))

    def __init__(self, data: Any = None, *, detected: Detected, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial)
        self.detected = detected
        self.columns = detected.columns[:MOST_COLUMNS]
        self.guess = self._guess()
        self.initial.setdefault("mapped_for", self.chosen)
        self.fields["format"].choices = _formats(detected)  # type: ignore[attr-defined]
        known = dict(self.guess.fields) if self.guess else {}
        for at, name in enumerate(self.columns):
            self.fields[f"column_{at}"] = forms.CharField(
                required=False, max_length=200, label=name, initial=known.get(name, name), validators=[storable],
                widget=forms.TextInput(attrs={"list": "field-names", "spellcheck": "false", "dir": "auto"}),
            )  # fmt: skip
        if data is not None and not self._keeps_map():
            # Another format was chosen: its own map is proposed, not the one that was made for the last.
            columns = {f"column_{at}": known.get(name, name) for at, name in enumerate(self.columns)}
            changed = data.copy()
            for field, value in {**columns, "mapped_for": self.chosen}.items():
                changed[field] = value
            self.data = changed

    @property
    def chosen(self) -> str:
        """The format's name: chosen by the person, or clear from the rows; "" while it is open."""
        wanted = self.data.get("format", "") if self.is_bound else ""
        if wanted:
            return str(wanted)
        return self.detected.clear.format if self.detected.clear else ""

    def column_fields(self) -> list[Any]:
        """The bound fields of the columns."""
        return [self[f"column_{at}"] for at in range(len(self.columns))]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if not self.chosen:
            self.add_error("format", ValidationError(gettext("Choose the format: several would fit, or none does.")))
        return values

    def choices(self) -> Choices:
        """What was chosen; call it when the form is valid."""
        values = self.cleaned_data
        fields = {name: values[f"column_{at}"].strip() for at, name in enumerate(self.columns)}
        return Choices(
            Reading(
                self.chosen, {name: field for name, field in fields.items() if field != name},
                values["lenient"], values["spreadsheet_safe"],
            ),
            Said(values["task_type"], values["language"], values["tags"]),
            values["take"] == "answers",
            values["state"] == "approved",
            values["source"],
        )  # fmt: skip

    def first_choices(self) -> Choices | None:
        """The choices of a page that nobody changed yet; None while the format is open."""
        guess = self.detected.clear
        return Choices(Reading(guess.format, dict(guess.fields))) if guess else None

    def _guess(self) -> Guess | None:
        name = self.chosen
        return next((each for each in self.detected.candidates if each.format == name), None)

    def _keeps_map(self) -> bool:
        return "column_0" in self.data and self.data.get("mapped_for", "") == self.chosen


def _formats(detected: Detected) -> list[Any]:
    """Formats by kind; the likely ones, with how sure they are, come first."""
    titles = {each.name: gettext(each.title) for each in FORMATS}
    likely = [
        (guess.format, f"{titles[guess.format]} · {guess.likeness} %")
        for guess in detected.candidates if guess.format in titles
    ]  # fmt: skip
    clear = titles.get(detected.clear.format, "") if detected.clear else ""
    groups: list[Any] = [("", gettext("as found: %(format)s") % {"format": clear} if clear else gettext("choose one"))]
    if likely:
        groups.append((gettext("Likely"), likely))
    named = {name for name, _ in likely}
    for kind, label in _KINDS.items():
        rest = [(each.name, titles[each.name]) for each in FORMATS if each.kind == kind and each.name not in named]
        if rest:
            groups.append((label, rest))
    return groups
