"""Forms for endpoints and their keys."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from generation.actions.address_policy import check_address
from generation.actions.endpoints import Changes
from generation.forms.fields import Words, storable
from generation.models import Endpoint
from generation.providers.addresses import AddressRefusedError
from generation.providers.presets import PRESETS, Preset, preset
from generation.words import ADDRESS_FAULTS, word

_KEY = forms.PasswordInput(render_value=False, attrs={"autocomplete": "off", "spellcheck": "false"})
_THINKING = (("", _("as the model is used to")), ("on", _("on")), ("off", _("off")))
_SWITCH = {"": None, "on": True, "off": False}


class EndpointForm(forms.Form):
    """An endpoint without its key."""

    name = forms.CharField(max_length=120, label=_("Name"), validators=[storable])
    preset = forms.ChoiceField(
        label=_("Kind of server"), required=False,
        help_text=_("settles how JSON is asked for first and how thinking is switched"),
    )  # fmt: skip
    base_url = forms.CharField(
        max_length=500, label=_("Address"), help_text=_("ends in /v1 at most providers"),
        widget=forms.TextInput(attrs={"list": "known", "size": 48, "inputmode": "url", "autocomplete": "off"}),
    )  # fmt: skip
    models_listed = Words(
        longest=120, most=300, label=_("Models"), help_text=_("names as the provider writes them, with commas between"),
        widget=forms.Textarea(attrs={"rows": 2, "spellcheck": "false"}),
    )  # fmt: skip
    appid = forms.CharField(
        required=False, max_length=120, label=_("Application id"), validators=[storable],
        help_text=_("for Qianfan: sent as the header appid"),
    )  # fmt: skip
    workspace = forms.CharField(
        required=False, max_length=120, label=_("Workspace"), validators=[storable],
        help_text=_("for DashScope, where the key belongs to one"),
    )  # fmt: skip
    thinking = forms.ChoiceField(
        required=False, choices=_THINKING, label=_("Thinking"),
        help_text=_("of models that can think aloud; thoughts are kept apart, and billed"),
    )  # fmt: skip
    requests_per_minute = forms.IntegerField(
        required=False,
        min_value=1,
        max_value=10_000_000,
        label=_("Requests a minute"),
        help_text=_("empty: what the server tells, else no limit"),
    )
    tokens_per_minute = forms.IntegerField(
        required=False,
        min_value=1,
        max_value=2_000_000_000,
        label=_("Tokens a minute"),
        help_text=_("empty: what the server tells, else no limit"),
    )
    max_in_flight = forms.IntegerField(
        min_value=1, max_value=1000, initial=16, label=_("Calls at once"),
        help_text=_("at most; it slows down by itself when the provider asks for it. 2 suits a model on this machine"),
    )  # fmt: skip
    timeout_seconds = forms.IntegerField(
        min_value=5, max_value=3600, initial=120, label=_("Longest wait"), help_text=_("seconds for a whole answer")
    )

    def __init__(
        self, data: Any = None, *, endpoint: Endpoint | None = None, initial: dict[str, Any] | None = None
    ) -> None:
        self.endpoint = endpoint
        names = [name for name in Changes.__annotations__ if name != "options"]
        values = {name: getattr(endpoint, name) for name in names} if endpoint else dict(initial or {})
        options = endpoint.options if endpoint else {}
        values |= {name: options[name] for name in ("appid", "workspace") if name in options}
        values["thinking"] = {True: "on", False: "off"}.get(options.get("thinking"), "")  # type: ignore[arg-type]
        super().__init__(data, initial=values)
        chosen = [(each.name, _(each.title)) for each in PRESETS]
        self.fields["preset"].choices = [("", _("found out by the address")), *chosen]  # type: ignore[attr-defined]

    def clean_base_url(self) -> str:
        try:
            return check_address(self.cleaned_data["base_url"])
        except AddressRefusedError as error:
            raise ValidationError(word(ADDRESS_FAULTS, error.code), code=error.code) from error

    def shown(self) -> list[forms.BoundField]:
        """The fields that this kind of server has a use for, or that hold something."""
        chosen = preset(str(self["preset"].value() or ""))
        wanted = {"appid": chosen.appid, "secret": chosen.secret, "workspace": chosen.name.startswith("dashscope")}
        return [field for field in self if wanted.get(field.name, True) or field.value() or field.errors]

    def changes(self) -> Changes:
        """The values that the verbs take."""
        values = dict(self.cleaned_data)
        values["models_listed"] = list(values["models_listed"])
        options = dict(self.endpoint.options) if self.endpoint else {}
        said = {"appid": values.pop("appid"), "workspace": values.pop("workspace")}
        said["thinking"] = _SWITCH[values.pop("thinking")]
        options = {name: value for name, value in (options | said).items() if value not in ("", None)}
        for name in ("key", "secret"):
            values.pop(name, None)
        return Changes(**values, options=options)  # type: ignore[typeddict-item]


class NewEndpointForm(EndpointForm):
    """A new endpoint, with its key at once."""

    key = forms.CharField(
        required=False, max_length=500, label=_("Key"), widget=_KEY,
        help_text=_("kept encrypted, never shown again; servers on this machine often need none"),
    )  # fmt: skip
    secret = forms.CharField(
        required=False, max_length=500, label=_("Secret"), widget=_KEY,
        help_text=_("the second half of the key, where a provider gives two"),
    )  # fmt: skip


class KeyForm(forms.Form):
    """A key in place of the one before."""

    key = forms.CharField(max_length=500, label=_("New key"), widget=_KEY)
    secret = forms.CharField(required=False, max_length=500, label=_("Secret"), widget=_KEY)


def filled(chosen: Preset) -> dict[str, Any]:
    """What a preset fills in."""
    return {
        "name": str(_(chosen.title)) if chosen.base_url else "", "preset": chosen.name if chosen.base_url else "",
        "base_url": chosen.base_url, "models_listed": ", ".join(chosen.models),
        "max_in_flight": chosen.max_in_flight, "timeout_seconds": 300 if chosen.local else 120,
    }  # fmt: skip


class PriceForm(forms.Form):
    """What a model costs, per million tokens."""

    model = forms.CharField(max_length=120, label=_("Model"), validators=[storable])
    currency = forms.ChoiceField(choices=[("USD", "USD"), ("CNY", "CNY")], label=_("Currency"))
    input_price = forms.DecimalField(min_value=0, max_digits=12, decimal_places=4, label=_("Read"))
    output_price = forms.DecimalField(min_value=0, max_digits=12, decimal_places=4, label=_("Written"))
