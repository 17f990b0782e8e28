"""The form of a new round of comparing: what is asked, of which rows, of whom."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from generation.access import Seat
from generation.forms.fields import PlainText, Words, storable
from generation.models import Membership, PreferencePair, Role, Run
from generation.preference_words import HELD_BACK, PAIR_STATES
from generation.recipe_words import title_of
from review.actions.dealing import ANSWERS, OUTPUTS
from review.actions.rounds import MOST_CRITERIA, MOST_OVERLAP, RoundWish
from review.models import Round
from review.templatetags.compare_words import KINDS

RUNS_OFFERED = 100
MOST_ROWS = 1_000_000
LANGUAGES = [("", _("Any language")), ("en", _("English")), ("zh", _("Chinese"))]
_STATES = [PreferencePair.State.READY, PreferencePair.State.HELD_BACK, PreferencePair.State.EXPORTABLE]


def _number(label: Any, *, first: int, low: int, high: int, note: Any) -> forms.IntegerField:
    widget = forms.NumberInput(attrs={"class": "short"})
    return forms.IntegerField(
        label=label, required=False, min_value=low, max_value=high, initial=first, help_text=note, widget=widget
    )


class RoundForm(forms.Form):
    """`person_<id>`, `share_<id>` and `only_<id>` say who gets what; with nobody named it is for everybody."""

    name = forms.CharField(label=_("Name"), max_length=120, validators=[storable])
    kind = forms.ChoiceField(label=_("What to ask"), choices=list(KINDS.items()), initial=Round.Kind.CHOOSE)
    of = forms.ChoiceField(
        label=_("Of"), required=False,
        choices=[("", _("pairs")), (ANSWERS, _("prompts with answers")), (OUTPUTS, _("the output of samples"))],
        help_text=_("Pairs are for two answers, the output of samples is for good or bad."),
    )  # fmt: skip
    pairs = forms.ChoiceField(
        label=_("State of the pairs"), required=False,
        choices=[("", _("any")), *((each.value, PAIR_STATES.get(each.value, each.value)) for each in _STATES)],
    )  # fmt: skip
    reason = forms.ChoiceField(
        label=_("Held back because"), required=False, choices=[("", _("any reason")), *HELD_BACK.items()]
    )
    job = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)
    run = forms.TypedChoiceField(label=_("Made by"), required=False, coerce=int, empty_value=None)
    language = forms.ChoiceField(label=_("Language"), required=False, choices=LANGUAGES)
    task_type = forms.CharField(label=_("Type of task"), required=False, max_length=60, validators=[storable])
    most = _number(
        _("At most"),
        first=0,
        low=0,
        high=MOST_ROWS,
        note=_("pairs, or prompts with all their answers; drawn by lot; 0: all, the oldest first"),
    )
    overlap = _number(_("People for each"), first=1, low=1, high=MOST_OVERLAP, note=_("two or more show agreement"))
    overlap_share = _number(
        _("… for so many percent"), first=100, low=0, high=100, note=_("of the comparisons; one person judges the rest")
    )
    criteria = Words(
        label=_("Criteria"), longest=60, most=MOST_CRITERIA,
        help_text=_("asked beside the choice, with commas between them: correct, complete, tone"),
    )  # fmt: skip
    rationale = forms.ChoiceField(
        label=_("Reason"), initial=Round.Rationale.OPTIONAL,
        choices=[
            (Round.Rationale.NONE, _("is not asked for")), (Round.Rationale.OPTIONAL, _("may be given")),
            (Round.Rationale.REQUIRED, _("must be given")),
        ],
    )  # fmt: skip
    reveal = forms.BooleanField(
        label=_("Show names after each vote"), required=False, initial=True,
        help_text=_("of the models; scores and other votes show in any case, never before"),
    )  # fmt: skip
    guidelines = PlainText(
        label=_("Guidelines"), required=False, rows=5, max_length=20_000,
        help_text=_("one key away on the page; empty: those of the project"),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, seat: Seat, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial)
        runs = Run.objects.filter(project=seat.project, preview=False).order_by("-id")[:RUNS_OFFERED]
        offered = [("", _("any run or import")), *((run.pk, f"#{run.pk} {title_of(run.recipe)}") for run in runs)]
        self.fields["run"].choices = offered  # type: ignore[attr-defined]
        able = Membership.objects.filter(project=seat.project, person__is_active=True).exclude(role=Role.VIEWER)
        self.people = list(able.select_related("person").order_by("person__username"))
        for member in self.people:
            self.fields[f"person_{member.person_id}"] = forms.BooleanField(required=False, label=member.person.username)
            share = _number(_("Share in percent"), first=100, low=1, high=100, note="")
            self.fields[f"share_{member.person_id}"] = share
            only = forms.ChoiceField(label=_("Language"), required=False, choices=LANGUAGES)
            self.fields[f"only_{member.person_id}"] = only

    def who(self) -> list[tuple[Any, Any, Any]]:
        """For each member who may judge: the fields of whether, how much, and in which language."""
        return [
            (self[f"person_{each.person_id}"], self[f"share_{each.person_id}"], self[f"only_{each.person_id}"])
            for each in self.people
        ]

    def wish(self) -> RoundWish:
        """What was wished for; only for a valid form."""
        given = self.cleaned_data
        return RoundWish(
            name=given["name"], kind=given["kind"], chosen=self.chosen(), guidelines=given["guidelines"],
            criteria=given["criteria"] if given["kind"] == Round.Kind.CHOOSE else (), rationale=given["rationale"],
            overlap=given["overlap"] or 1, overlap_share=_or(given["overlap_share"], 100), reveal=given["reveal"],
            dealt=self._dealt(),
        )  # fmt: skip

    def chosen(self) -> dict[str, Any]:
        """Which rows the round is made of, as far as the form says something that makes sense."""
        given = {name: self.cleaned_data.get(name) for name in ("run", "language", "task_type", "most")}
        of = self.cleaned_data.get("of", "")
        pairs = {name: self.cleaned_data.get(name, "") for name in ("pairs", "reason")}
        given |= {"job": self.cleaned_data.get("job")} | ({"samples": of} if of else pairs)
        return {name: value for name, value in given.items() if value}

    def votes(self, comparisons: int) -> int:
        """About how many votes so many comparisons will take."""
        share = _or(self.cleaned_data.get("overlap_share"), 100) / 100
        people = len(self._dealt()) or MOST_OVERLAP
        overlap = min(self.cleaned_data.get("overlap") or 1, people)
        return round(comparisons * (share * overlap + 1 - share))

    def _dealt(self) -> list[dict[str, Any]]:
        given = self.cleaned_data
        return [
            {"person": pk, "share": given.get(f"share_{pk}") or 100, "language": given.get(f"only_{pk}", "")}
            for pk in (each.person_id for each in self.people)
            if given.get(f"person_{pk}")
        ]


def _or(value: int | None, otherwise: int) -> int:
    return otherwise if value is None else value
