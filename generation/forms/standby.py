"""The part of a new run's form that few need: what stands by, thinking, and slower ways to ask."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from generation.forms.fields import storable
from generation.models import Endpoint, Project, Run

NAMES = ("fallback", "fallback_model", "thinking", "batch")
_SWITCH = {"": None, "on": True, "off": False}


def standby_fields(project: Project) -> dict[str, forms.Field]:
    """The fields, for a recipe that asks a model."""
    usable = Endpoint.objects.usable_in(project).exclude(kind="offline")
    return {
        "fallback": forms.ModelChoiceField(
            usable, required=False, empty_label=_("no other: the run is paused"), label=_("If the source is lost, ask"),
            help_text=_("when its key is missing or refused, its credit is spent, or it answers nobody"),
        ),
        "fallback_model": forms.CharField(
            required=False, max_length=120, label=_("there the model"), validators=[storable],
            widget=forms.TextInput(attrs={"list": "models", "autocomplete": "off", "size": 32}),
        ),
        "thinking": forms.ChoiceField(
            required=False, label=_("Thinking"),
            choices=[("", _("as the endpoint says")), ("on", _("on")), ("off", _("off"))],
            help_text=_("thoughts are kept apart from answers, and billed"),
        ),
        "batch": forms.ChoiceField(
            required=False, label=_("Way of asking"),
            choices=[("", _("at once")), ("file", _("batch file: within a day, half the price")),
                     ("held", _("DashScope Batch-Chat: held until there is time, half the price"))],
        ),
    }  # fmt: skip


def standby_from(values: dict[str, Any]) -> dict[str, Any]:
    """What the fields say, by the names of a `Wish`."""
    other = values.get("fallback")
    model = values.get("fallback_model") or next(iter(other.models_listed if other else ()), "")
    return {
        "fallbacks": ((other, model),) if other else (), "thinking": _SWITCH[values.get("thinking") or ""],
        "batch": values.get("batch") or "",
    }  # fmt: skip


def standby_of(run: Run) -> dict[str, Any]:
    """The fields' values for a run that is copied."""
    first = run.fallbacks[0] if run.fallbacks else {}
    return {
        "fallback": first.get("endpoint"), "fallback_model": first.get("model", ""), "batch": run.batch,
        "thinking": {True: "on", False: "off"}.get(run.thinking, ""),  # type: ignore[arg-type]
    }  # fmt: skip
