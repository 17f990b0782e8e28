"""Form fields out of a recipe's `Params`: one declaration serves form, command line and API."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, get_args, get_origin

from annotated_types import Ge, Le, MaxLen
from django import forms
from django.utils.formats import number_format
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from generation.forms.fields import PlainText, storable
from generation.words import PARAM_CHOICES, PARAM_FAULTS, word

PREFIX = "p_"
_LONG_TEXT = 500


class Lines(PlainText):
    """A list of texts, one a line; blank lines do not count."""

    def clean(self, value: Any) -> list[str]:
        return [line.strip() for line in super().clean(value).split("\n") if line.strip()]

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value


def param_fields(params: type[BaseModel]) -> dict[str, forms.Field]:
    """A form field for each param that can be chosen, in the order of their declaration. Form names carry `PREFIX`."""
    return {PREFIX + name: _field(name, info) for name, info in params.model_fields.items() if _open(info)}


def params_from(params: type[BaseModel], values: Mapping[str, Any]) -> BaseModel:
    """The checked params out of a form's cleaned values; pydantic's `ValidationError` where they do not fit."""
    given = {name: values[PREFIX + name] for name in params.model_fields if values.get(PREFIX + name) is not None}
    return params(**given)


def faults_of(error: ValidationError, params: type[BaseModel]) -> list[tuple[str | None, str]]:
    """Each fault as (form field or None for the whole form, sentence)."""
    found = []
    for each in error.errors():
        code = str(each.get("ctx", {}).get("error", "")) or each["msg"]
        code, _sep, detail = code.partition(": ")
        name = str(each["loc"][0]) if each["loc"] else _field_named_in(code, params)
        found.append((PREFIX + name if name else None, str(word(PARAM_FAULTS, code)) % {"name": detail}))
    return found


def _field_named_in(code: str, params: type[BaseModel]) -> str:
    """The param that a model-wide fault begins with by name ("machine_examples_over_in_context")."""
    fitting = [name for name in params.model_fields if code.startswith(name)]
    return max(fitting, key=len, default="")


def _field(name: str, info: FieldInfo) -> forms.Field:
    kind = info.annotation
    options: dict[str, Any] = {
        "label": gettext_lazy(info.title) if info.title else name,
        "initial": info.default,
        "required": False,
        "help_text": _help(info),
    }
    if kind is bool:
        return forms.BooleanField(**options)
    if get_origin(kind) is Literal:
        choices = [(value, word(PARAM_CHOICES, value)) for value in get_args(kind)]
        return forms.ChoiceField(choices=choices, **options)
    if kind in (int, float):
        least, most = _bounds(info)
        number = forms.IntegerField if kind is int else forms.FloatField
        widget = forms.NumberInput(attrs={"class": "short", **({} if kind is int else {"step": "any"})})
        return number(min_value=least, max_value=most, widget=widget, **options)
    if kind is str:
        longest = next((each.max_length for each in info.metadata if isinstance(each, MaxLen)), None)
        if longest is None or longest > _LONG_TEXT:
            return PlainText(rows=5, mono=True, max_length=longest, **options)
        return forms.CharField(max_length=longest, validators=[storable], **options)
    return Lines(rows=2, **options)


def _open(info: FieldInfo) -> bool:
    """Whether there is anything to choose: a choice of one is none."""
    return get_origin(info.annotation) is not Literal or len(get_args(info.annotation)) > 1


def _bounds(info: FieldInfo) -> tuple[Any, Any]:
    least = next((each.ge for each in info.metadata if isinstance(each, Ge)), None)
    most = next((each.le for each in info.metadata if isinstance(each, Le)), None)
    return least, most


def _help(info: FieldInfo) -> Any:
    """Bounds in words, then what the param's description says."""

    def text() -> str:
        least, most = _bounds(info)
        bounds = ""
        if least is not None and most is not None:
            values = {
                "least": number_format(least, force_grouping=True),
                "most": number_format(most, force_grouping=True),
            }
            bounds = _("%(least)s to %(most)s.") % values
        return " ".join(part for part in (bounds, _(info.description) if info.description else "") if part)

    return lazy(text, str)()
