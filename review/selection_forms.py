"""The form of a new selection of the best rows: which rows, what counts, how many; and that of a file of scores."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from generation.access import Seat
from generation.actions.vector_models import Offer
from generation.forms.fields import storable
from generation.param_words import SCORE_ASPECTS
from generation.quality.selection.score_rows import KINDS, OUTPUT_LENGTH, UnusableAspect, kind_named
from review.reports.datasets import aspects, facets
from review.selection import Selection
from review.selection_presets import preset_named
from review.selection_wish import VECTORS, WORDS, SelectionWish
from review.templatetags.review_words import LANGUAGES

_SHORT = forms.NumberInput(attrs={"class": "short", "step": "any"})
OWN = "own"


class Slider(forms.NumberInput):
    """A weight from 0 to 3 that is dragged or moved by the arrow keys."""

    input_type = "range"

    def __init__(self) -> None:
        super().__init__({"min": "0", "max": "3", "step": "0.1", "class": "slider"})


class SharesField(forms.CharField):
    """Tiers in percent, parted by commas: "10, 30, 100"."""

    def clean(self, value: Any) -> tuple[float, ...]:
        text = str(super().clean(value)).replace("，", ",").replace("%", "")
        try:
            found = tuple(sorted({float(part) for part in text.split(",") if part.strip()}))
        except ValueError:
            raise forms.ValidationError(_("Shares are numbers from 0 to 100, parted by commas.")) from None
        if not found or len(found) > 10 or not all(0 < share <= 100 for share in found):
            raise forms.ValidationError(_("Shares are numbers from 0 to 100, parted by commas."))
        return found


class SelectionForm(forms.Form):
    """Which rows may be chosen, what stands for quality and complexity and how they are weighed, and how many."""

    task_type = forms.ChoiceField(required=False, label=_("Task type"))
    language = forms.ChoiceField(required=False, label=_("Language"))
    run = forms.ChoiceField(required=False, label=_("Run"))
    tag = forms.CharField(required=False, max_length=60, label=_("Tag"), validators=[storable])
    without_model = forms.BooleanField(required=False, label=_("Include rows made without a language model"))
    quality = forms.ChoiceField(required=False, label=_("Stands for quality"))
    complexity = forms.ChoiceField(required=False, label=_("Stands for complexity"))
    w_quality = forms.FloatField(min_value=0, max_value=10, label=_("Weight of quality"), widget=Slider)
    w_complexity = forms.FloatField(min_value=0, max_value=10, label=_("Weight of complexity"), widget=Slider)
    w_novelty = forms.FloatField(min_value=0, max_value=10, label=_("Weight of novelty"), widget=Slider)
    limit = forms.FloatField(
        required=False, min_value=0.05, max_value=1, label=_("Pass over what is as like as"), widget=_SHORT,
        help_text=_("0 to 1, to a row taken before. Empty: nothing is passed over"),
    )  # fmt: skip
    likeness = forms.ChoiceField(required=False, label=_("Likeness by"))
    ceiling = forms.FloatField(
        required=False, label=_("Leave out a quality over"), widget=_SHORT,
        help_text=_("1 for IFD: over it question and answer do not belong together. Empty: no row"),
    )  # fmt: skip
    many = forms.ChoiceField(
        required=False, label=_("How many"), widget=forms.RadioSelect,
        choices=[("rows", _("a number of rows")), ("percent", _("a share of the scored rows"))],
    )  # fmt: skip
    budget = forms.IntegerField(
        min_value=1, max_value=200_000, initial=1000, label=_("Rows to choose, at most"),
        widget=forms.NumberInput(attrs={"class": "short"}),
    )  # fmt: skip
    share = forms.FloatField(
        required=False, min_value=0.001, max_value=100, initial=10, label=_("Percent of the rows"), widget=_SHORT
    )
    missing = forms.ChoiceField(
        choices=[("leave_out", _("left out, and counted")), ("three", _("ranked as if scored 3, and counted"))],
        required=False, label=_("Rows without a score"),
    )  # fmt: skip
    shares = SharesField(
        initial="10, 30, 100", max_length=100, label=_("Tiers"),
        help_text=_("the first so many percent; views of one order"),
    )  # fmt: skip
    name = forms.CharField(required=False, max_length=120, label=_("Name"), validators=[storable])

    def __init__(self, data: Any = None, *, seat: Seat, offer: Offer, preset: str = "") -> None:
        self.aspects = aspects(seat.project)
        self.preset = preset_named(preset, self.aspects)
        first = {"many": "rows", "likeness": WORDS} | self.preset.initial(self.aspects)
        super().__init__(data, initial=first)
        found = facets(seat.project, "sft")
        found["language"] = [(code, LANGUAGES.get(code, code)) for code, _label in found["language"]]
        for name in ("task_type", "language", "run"):
            self.fields[name].choices = [("", pgettext_lazy("filter", "all")), *found[name]]  # type: ignore[attr-defined]
        scored = [
            ("", _("nothing")), *((each, SCORE_ASPECTS.get(each, each)) for each in self.aspects),
            (OUTPUT_LENGTH, SCORE_ASPECTS[OUTPUT_LENGTH]),
        ]  # fmt: skip
        for name in ("quality", "complexity"):
            self.fields[name].choices = scored  # type: ignore[attr-defined]
        by: list[Any] = [(WORDS, _("the words in them"))]
        self.fields["likeness"].choices = [*by, *([(VECTORS, _("what they mean"))] if offer.ready else [])]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """A score that is named must weigh something."""
        values = super().clean() or {}
        for name in ("quality", "complexity"):
            if values.get(name) and values.get(f"w_{name}") == 0:
                self.add_error(f"w_{name}", _("With a weight of 0 this score would not count."))
        return values

    def wish(self) -> SelectionWish:
        """What is asked for; only for a valid form."""
        values = self.cleaned_data
        narrowed = Selection(
            task_type=values["task_type"], language=values["language"], tag=values["tag"],
            run=int(values["run"]) if values["run"] else None, without_model=values["without_model"],
        )  # fmt: skip
        return SelectionWish(
            narrowed, values["name"], values["quality"], values["complexity"],
            (values["w_quality"], values["w_complexity"], values["w_novelty"]), values["limit"], values["budget"],
            values["missing"] or "leave_out", values["shares"],
            share=(values["share"] or 10.0) if values["many"] == "percent" else None,
            ceiling=values["ceiling"], likeness=values["likeness"] or WORDS,
        )  # fmt: skip


class ScoresForm(forms.Form):
    """A file of scores, and what they are."""

    file = forms.FileField(
        label=_("File"), allow_empty_file=True, max_length=200,
        help_text=_("CSV, JSON lines, JSON or Parquet: id or content_hash, and score; gzip too"),
    )  # fmt: skip
    aspect = forms.ChoiceField(
        label=_("What was measured"),
        choices=[*((each.aspect, SCORE_ASPECTS[each.aspect]) for each in KINDS), (OWN, _("something else"))],
    )
    own = forms.CharField(
        required=False, max_length=40, label=_("Its name"), help_text=_("small letters, digits and _; from 0 up")
    )

    def clean(self) -> dict[str, Any]:
        """The aspect is the chosen one, or the name of one's own."""
        values = super().clean() or {}
        if values.get("aspect") == OWN:
            try:
                values["aspect"] = kind_named(values.get("own", "").strip()).aspect
            except UnusableAspect:
                self.add_error("own", _("A name begins with a small letter and has small letters, digits and _."))
        return values
