"""The further models of a new run's form: an endpoint and a model for each part that its recipe names."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from generation.forms.fields import storable
from generation.models import Endpoint, Project, Run
from generation.recipes.base import Part, Recipe, parts
from generation.types import N_


def part_fields(project: Project, recipe: Recipe) -> dict[str, forms.Field]:
    """`<part>_model` and `<part>_endpoint` of each part, as the command line has them."""
    usable = Endpoint.objects.usable_in(project)
    found: dict[str, forms.Field] = {}
    for part in parts(recipe):
        title = _(part.title)
        found[f"{part.name}_endpoint"] = forms.ModelChoiceField(
            usable, required=False, empty_label=gettext_lazy("as above"),
            label=_("%(part)s: endpoint") % {"part": title},
        )  # fmt: skip
        found[f"{part.name}_model"] = forms.CharField(
            required=False, max_length=120, label=title, validators=[storable], help_text=_help(part),
            widget=forms.TextInput(attrs={"list": "models", "autocomplete": "off", "size": 32}),
        )  # fmt: skip
    return found


def _help(part: Part) -> str:
    """What the part does, and what an empty field means."""
    empty = _("Needed, unless rules answer.") if part.required else _(part.empty or N_("Empty: the run's own model."))
    return " ".join([_(part.help), empty] if part.help else [empty])


def parts_from(recipe: Recipe, values: dict[str, Any]) -> dict[str, tuple[Endpoint, str]]:
    """Part -> (endpoint, model) of those that were filled in. Without an endpoint it is the run's own."""
    found = {}
    for part in parts(recipe):
        endpoint, model = values.get(f"{part.name}_endpoint"), values.get(f"{part.name}_model") or ""
        own = endpoint or values.get("endpoint")
        if own is not None and (endpoint or model):
            found[part.name] = (own, model or next(iter(own.models_listed), ""))
    return found


def parts_in_form(run: Run) -> dict[str, Any]:
    """The fields' values for a run that is copied."""
    found = {f"{name}_endpoint": each["endpoint"] for name, each in run.parts.items()}
    return found | {f"{name}_model": each["model"] for name, each in run.parts.items()}


def field_of(part: str) -> str:
    """The field that a refusal of the part belongs to."""
    return f"{part}_model"
