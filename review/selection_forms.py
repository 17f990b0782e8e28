"""The form of a new selection of the best rows."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from generation.access import Seat
from generation.forms.fields import storable
from review.actions.selections import SelectionWish
from review.reports.datasets import aspects, facets
from review.selection import Selection

_SHORT = forms.NumberInput(attrs={"class": "short", "step": "any"})


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
    """Which rows may be chosen, what stands for quality and complexity, and how they are weighed."""

    name = forms.CharField(required=False, max_length=120, label=_("Name"), validators=[storable])
    task_type = forms.ChoiceField(required=False, label=_("Task type"))
    language = forms.ChoiceField(required=False, label=_("Language"))
    run = forms.ChoiceField(required=False, label=_("Run"))
    tag = forms.CharField(required=False, max_length=60, label=_("Tag"), validators=[storable])
    without_model = forms.BooleanField(required=False, label=_("Include rows made without a language model"))
    quality = forms.ChoiceField(required=False, label=_("Stands for quality"))
    complexity = forms.ChoiceField(required=False, label=_("Stands for complexity"))
    w_quality = forms.FloatField(min_value=0, max_value=10, initial=1.0, label=_("Weight of quality"), widget=_SHORT)
    w_complexity = forms.FloatField(
        min_value=0, max_value=10, initial=1.0, label=_("Weight of complexity"), widget=_SHORT
    )
    w_novelty = forms.FloatField(
        min_value=0, max_value=10, initial=0.0, label=_("Weight of novelty"), widget=_SHORT,
        help_text=_("0: rows come by score, and the limit of likeness alone keeps them apart, as in Deita"),
    )  # fmt: skip
    limit = forms.FloatField(
        required=False, min_value=0.05, max_value=1, initial=0.9, label=_("Limit of likeness"), widget=_SHORT,
        help_text=_("a row as like as this to a chosen one is passed over. Empty: no limit"),
    )  # fmt: skip
    budget = forms.IntegerField(
        min_value=1, max_value=200_000, initial=1000, label=_("Rows to choose, at most"),
        widget=forms.NumberInput(attrs={"class": "short"}),
    )  # fmt: skip
    missing = forms.ChoiceField(
        choices=[("leave_out", _("left out, and counted")), ("three", _("ranked as if scored 3, and counted"))],
        required=False, label=_("Rows without a score"),
    )  # fmt: skip
    shares = SharesField(
        initial="10, 30, 100",
        max_length=100,
        label=_("Tiers"),
        help_text=_("the first so many percent; views of one order"),
    )

    def __init__(self, data: Any = None, *, seat: Seat) -> None:
        super().__init__(data)
        found, names = facets(seat.project, "sft"), aspects(seat.project)
        for name in ("task_type", "language", "run"):
            self.fields[name].choices = [("", pgettext_lazy("filter", "all")), *found[name]]  # type: ignore[attr-defined]
        scored = [("", _("nothing")), *((each, each) for each in names)]
        for name in ("quality", "complexity"):
            self.fields[name].choices = scored  # type: ignore[attr-defined]
            self.fields[name].initial = name if name in names else ""

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
        )  # fmt: skip
