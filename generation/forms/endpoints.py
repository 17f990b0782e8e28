"""Forms for endpoints, their keys and their prices."""

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
from generation.words import ADDRESS_FAULTS, word

KNOWN = (
    ("OpenAI", "https://api.openai.com/v1"),
    ("DashScope, Beijing", "https://dashscope.aliyuncs.com/compatible-mode/v1"),
    ("DashScope, Singapore", "https://dashscope-intl.aliyuncs.com/compatible-mode/v1"),
    ("DeepSeek", "https://api.deepseek.com/v1"),
    ("Qianfan", "https://qianfan.baidubce.com/v2"),
    ("Ollama", "http://127.0.0.1:11434/v1"),
    ("LM Studio", "http://127.0.0.1:1234/v1"),
    ("llama.cpp", "http://127.0.0.1:8080/v1"),
    ("vLLM", "http://127.0.0.1:8001/v1"),
)
"""Addresses that the form offers; any other OpenAI-compatible one will do."""

_KEY = forms.PasswordInput(render_value=False, attrs={"autocomplete": "off", "spellcheck": "false"})


class EndpointForm(forms.Form):
    """An endpoint without its key."""

    name = forms.CharField(max_length=120, label=_("Name"), validators=[storable])
    base_url = forms.CharField(
        max_length=500, label=_("Address"), help_text=_("ends in /v1 at most providers"),
        widget=forms.TextInput(attrs={"list": "known", "size": 48, "inputmode": "url", "autocomplete": "off"}),
    )  # fmt: skip
    models_listed = Words(
        longest=120, most=300, label=_("Models"), help_text=_("names as the provider writes them, with commas between"),
        widget=forms.Textarea(attrs={"rows": 2, "spellcheck": "false"}),
    )  # fmt: skip
    requests_per_minute = forms.IntegerField(
        required=False,
        min_value=1,
        max_value=10_000_000,
        label=_("Requests a minute"),
        help_text=_("empty: no limit known"),
    )
    tokens_per_minute = forms.IntegerField(
        required=False,
        min_value=1,
        max_value=2_000_000_000,
        label=_("Tokens a minute"),
        help_text=_("empty: no limit known"),
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
        names = list(Changes.__annotations__)
        values = {name: getattr(endpoint, name) for name in names} if endpoint else initial
        super().__init__(data, initial=values)

    def clean_base_url(self) -> str:
        try:
            return check_address(self.cleaned_data["base_url"])
        except AddressRefusedError as error:
            raise ValidationError(word(ADDRESS_FAULTS, error.code), code=error.code) from error

    def changes(self) -> Changes:
        """The values that the verbs take."""
        values = dict(self.cleaned_data)
        values["models_listed"] = list(values["models_listed"])
        values.pop("key", None)
        return Changes(**values)  # type: ignore[typeddict-item]


class NewEndpointForm(EndpointForm):
    """A new endpoint, with its key at once."""

    key = forms.CharField(
        required=False, max_length=500, label=_("Key"), widget=_KEY,
        help_text=_("kept encrypted, never shown again; servers on this machine often need none"),
    )  # fmt: skip


class KeyForm(forms.Form):
    """A key in place of the one before."""

    key = forms.CharField(max_length=500, label=_("New key"), widget=_KEY)


class PriceForm(forms.Form):
    """What a model costs, per million tokens."""

    model = forms.CharField(max_length=120, label=_("Model"), validators=[storable])
    currency = forms.ChoiceField(choices=[("USD", "USD"), ("CNY", "CNY")], label=_("Currency"))
    input_price = forms.DecimalField(min_value=0, max_digits=12, decimal_places=4, label=_("Read"))
    output_price = forms.DecimalField(min_value=0, max_digits=12, decimal_places=4, label=_("Written"))
