"""The form of a new run: what every run has, and the recipe's own params."""

from __future__ import annotations

import uuid
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import ValidationError

from generation.actions.sources import Choice
from generation.actions.starts import Wish
from generation.actions.task_types import SLOT, params_of, types_in
from generation.forms.fields import storable
from generation.forms.params import PREFIX, faults_of, param_fields, params_from
from generation.forms.parts import part_fields, parts_from, parts_in_form
from generation.forms.prompts import TEMPLATE_LANGUAGES
from generation.forms.repeats import NOVELTY_PARAMS, repeat_fields, repeats_from, repeats_of
from generation.forms.sources import choice_from, initial_from, source_fields
from generation.forms.standby import standby_fields, standby_from, standby_of
from generation.models import Endpoint, Project, Run, Seed
from generation.recipes.base import Recipe, may_ask, parts

MICRO = 1_000_000
SHOWN_AT_ONCE = 6
"""Params that stand open in the form; the rest is folded until somebody wants it."""


class RunForm(forms.Form):
    """A run as somebody wishes it. What it draws from is told by `forms.sources`; params are `p_<name>`."""

    start_key = forms.CharField(max_length=64, widget=forms.HiddenInput)
    endpoint = forms.ModelChoiceField(
        Endpoint.objects.none(), required=False, empty_label=None, label=gettext_lazy("Endpoint")
    )
    model = forms.CharField(
        required=False, max_length=120, label=gettext_lazy("Model"), validators=[storable],
        widget=forms.TextInput(attrs={"list": "models", "autocomplete": "off", "size": 32}),
    )  # fmt: skip
    language = forms.ChoiceField(choices=TEMPLATE_LANGUAGES, label=gettext_lazy("Language of the prompts"))
    random_seed = forms.IntegerField(
        min_value=0, max_value=2**53, label=gettext_lazy("Random seed"),
        help_text=gettext_lazy("the same seed and replies give the same rows"),
        widget=forms.NumberInput(attrs={"class": "short"}),
    )  # fmt: skip
    budget = forms.DecimalField(
        required=False, min_value=Decimal("0.01"), max_digits=12, decimal_places=4, label=gettext_lazy("Stop at"),
        help_text=gettext_lazy("never spends more: what is on the wire is kept back first. Empty: no cap"),
        widget=forms.NumberInput(attrs={"class": "short", "step": "any"}),
    )  # fmt: skip
    fresh = forms.BooleanField(
        required=False, label=gettext_lazy("Only new rows"),
        help_text=gettext_lazy("leaves out what runs with this recipe, these settings and prompts have had"),
    )  # fmt: skip
    reuse = forms.BooleanField(
        required=False, label=gettext_lazy("Use earlier answers"),
        help_text=gettext_lazy("a request that an earlier run of this project paid for costs nothing again"),
    )  # fmt: skip
    confirm = forms.BooleanField(required=False, label=gettext_lazy("I have read what this may cost"))
    own_type = forms.ChoiceField(required=False, label=gettext_lazy("Task type of your own"))

    def __init__(self, data: Any = None, *, project: Project, recipe: Recipe, like: Run | None = None) -> None:
        super().__init__(data, initial=_initial(project, recipe, like))
        self.project, self.recipe = project, recipe
        self.params: Any = None
        self.fields["endpoint"].queryset = Endpoint.objects.usable_in(project)  # type: ignore[attr-defined]
        chosen = data.getlist("documents") if hasattr(data, "getlist") else (data or self.initial).get("documents")
        self.fields |= source_fields(project, recipe, chosen=chosen or ()) | param_fields(recipe.Params)
        self.fields |= repeat_fields()
        self.types = types_in(project) if SLOT.startswith(f"{recipe.name}.") else []
        if self.types:
            own = [(str(each.pk), f"{each.template.name} ({each.template.language})") for each in self.types]
            self.fields["own_type"].choices = [("", _("none")), *own]  # type: ignore[attr-defined]
        else:
            del self.fields["own_type"]
        if may_ask(recipe):
            self.fields |= standby_fields(project) | part_fields(project, recipe)
            if title := getattr(recipe, "own_title", ""):
                self.fields["model"].label = _(title)
        else:
            for name in ("endpoint", "model", "budget", "reuse", "confirm"):
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if chosen := next((each for each in self.types if str(each.pk) == values.get("own_type")), None):
            values |= {PREFIX + name: value for name, value in params_of(chosen).items()}
        if any(name.startswith(PREFIX) for name in self.errors):
            return values
        try:
            self.params = params_from(self.recipe.Params, values)
        except ValidationError as error:
            for field, sentence in faults_of(error, self.recipe.Params):
                self.add_error(field if field in self.fields else None, sentence)
        return values

    def choice(self) -> Choice:
        """What the run would draw from; only for a valid form."""
        choice = choice_from(self.project, self.recipe, values=self.cleaned_data)
        return replace(choice, fresh=bool(self.cleaned_data.get("fresh")))

    def wish(self) -> Wish:
        """The run that was asked for; only for a valid form."""
        values = self.cleaned_data
        endpoint, budget = values.get("endpoint"), values.get("budget")
        return Wish(
            recipe=self.recipe.name,
            params=self.params.model_dump(mode="json"),
            language=values["language"],
            endpoint=endpoint,
            model=values.get("model", ""),
            choice=self.choice(),
            random_seed=values["random_seed"],
            budget_micro=int(budget * MICRO) if budget is not None else None,
            max_in_flight=endpoint.max_in_flight if endpoint and not endpoint.offline else 64,
            reuse=bool(values.get("reuse")),
            parts=parts_from(self.recipe, values),
            repeats=repeats_from(values),
            **standby_from(values),
        )

    def part_rows(self) -> list[tuple[Any, Any]]:
        """The bound fields of each further model: its model, and its endpoint."""
        names = [part.name for part in parts(self.recipe)] if self.recipe.needs_model else []
        return [(self[f"{name}_model"], self[f"{name}_endpoint"]) for name in names]

    def novelty_params(self) -> list[Any]:
        """The bound fields of the params that say what instructions may be like; they stand with what rows may
        repeat."""
        return [self[name] for name in NOVELTY_PARAMS if name in self.fields]

    def param_groups(self) -> tuple[list[Any], list[Any]]:
        """The bound fields of the other params: those that stand open, and those that are folded."""
        first = [PREFIX + name for name in getattr(self.recipe, "first_params", ())]
        names = sorted(
            (name for name in self.fields if name.startswith(PREFIX) and name not in NOVELTY_PARAMS),
            key=lambda name: first.index(name) if name in first else len(first),
        )
        bound = [self[name] for name in names]
        return bound[:SHOWN_AT_ONCE], bound[SHOWN_AT_ONCE:]


def _initial(project: Project, recipe: Recipe, like: Run | None) -> dict[str, Any]:
    """Where the form begins: as the run to be copied, else with the source of the project's newest run."""
    latest = like or Run.objects.filter(project=project, preview=False).exclude(endpoint=None).order_by("-id").first()
    usable = Endpoint.objects.usable_in(project)
    source = usable.filter(pk=latest.endpoint_id).first() if latest and latest.endpoint_id else None
    language = like.language if like else project.language[:2]
    values: dict[str, Any] = {
        "start_key": uuid.uuid4().hex,
        "endpoint": source or usable.filter(kind="offline").first() or usable.first(),
        "model": latest.model if latest and source and not latest.offline else "",
        "language": language if language in dict(TEMPLATE_LANGUAGES) else "en",
        "random_seed": like.random_seed if like else 42,
        **repeats_of(like),
    }
    if like is None:
        return values if recipe.needs_model else values | _table_rows(project, recipe)
    values |= {"reuse": like.reuse, "fresh": bool(like.sources.get("fresh"))}
    if like.budget_micro:
        values["budget"] = Decimal(like.budget_micro) / MICRO
    values |= initial_from(like) | standby_of(like) | (parts_in_form(like) if like.recipe == recipe.name else {})
    return (
        values | {PREFIX + name: value for name, value in like.params.items()} if like.recipe == recipe.name else values
    )


def _table_rows(project: Project, recipe: Recipe) -> dict[str, Any]:
    """For a recipe with task types, which reads tables: the seeds of its first type, else those of the newest table."""
    if "task_type" not in recipe.Params.model_fields:
        return {}
    seeds = Seed.objects.in_project(project)
    kind = recipe.Params.model_fields["task_type"].default
    if kind and seeds.filter(task_type=kind).exists():
        return {"seed_task_type": kind}
    tables = seeds.filter(instruction="").order_by("-id")
    newest = tables.values_list("source", flat=True).first() if seeds.exclude(instruction="").exists() else None
    return {"seed_source": newest} if newest else {}
