"""The form of a price: two amounts, and what else a provider's list may say."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from generation.forms.fields import storable

CURRENCIES = [("USD", "USD"), ("CNY", "CNY")]
_MOST_TIERS = 12
_LARGEST = Decimal(10) ** 8


class Tiers(forms.CharField):
    """Prices of longer prompts, one a line: tokens, read, written, and what cached and thought tokens cost there."""

    widget = forms.Textarea(
        attrs={"rows": 3, "spellcheck": "false", "class": "mono", "placeholder": "256000 8.00 48.00"}
    )

    def clean(self, value: Any) -> list[dict[str, Any]]:
        lines = [line.split() for line in super().clean(value).replace(",", " ").splitlines() if line.strip()]
        if len(lines) > _MOST_TIERS:
            raise ValidationError(_("At most %(most)s."), params={"most": _MOST_TIERS})
        tiers = [_tier(line) for line in lines]
        starts = [tier["above"] for tier in tiers]
        if starts != sorted(set(starts)):
            raise ValidationError(_("Shorter prompts come first, each length once."))
        return tiers

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, list):
            return value
        names = ("above", "input", "output", "cached", "thinking")
        return "\n".join(" ".join(str(tier[name]) for name in names if name in tier) for tier in value)


def _tier(words: list[str]) -> dict[str, Any]:
    names = ("input", "output", "cached", "thinking")
    if not 3 <= len(words) <= 5 or not words[0].isascii() or not words[0].isdigit() or not 0 < int(words[0]) < 10**9:
        raise ValidationError(_("Each line begins with a number of tokens, then two to four amounts."))
    return {"above": int(words[0])} | {
        name: str(_amount(word)) for name, word in zip(names, words[1:], strict=False)
    }  # fmt: skip


def _amount(word: str) -> Decimal:
    try:
        amount = Decimal(word)
    except InvalidOperation:
        raise ValidationError(_("“%(word)s” is no amount."), params={"word": word[:40]}) from None
    if not amount.is_finite() or not 0 <= amount < _LARGEST or amount != round(amount, 4):
        raise ValidationError(_("“%(word)s” is no amount."), params={"word": word[:40]})
    return amount


def _price(label: Any, **options: Any) -> forms.DecimalField:
    widget = forms.NumberInput(attrs={"class": "short", "step": "any"})
    return forms.DecimalField(min_value=0, max_digits=12, decimal_places=4, label=label, widget=widget, **options)


class PriceTermsForm(forms.Form):
    """What a model costs from a day on, per million tokens."""

    model = forms.CharField(
        max_length=120, label=gettext_lazy("Model"), validators=[storable],
        widget=forms.TextInput(attrs={"list": "priced_models", "autocomplete": "off"}),
    )  # fmt: skip
    currency = forms.ChoiceField(choices=CURRENCIES, label=gettext_lazy("Currency"))
    input_price = _price(gettext_lazy("Read"))
    output_price = _price(gettext_lazy("Written"))
    cached_price = _price(
        gettext_lazy("Read from the cache"), required=False, help_text=gettext_lazy("empty: as what is read")
    )
    thinking_price = _price(
        gettext_lazy("Thought, not said"), required=False, help_text=gettext_lazy("empty: as what is written")
    )
    batch_share = forms.DecimalField(
        required=False, min_value=Decimal("0.0001"), max_value=1, max_digits=5, decimal_places=4,
        label=gettext_lazy("Share in a batch"), help_text=gettext_lazy("0.5: half the price; empty: not known"),
        widget=forms.NumberInput(attrs={"class": "short", "step": "any"}),
    )  # fmt: skip
    tiers = Tiers(
        required=False, max_length=1000, label=gettext_lazy("Longer prompts"),
        help_text=gettext_lazy("a line each: above so many tokens, read, written, and if they differ cached, thought"),
    )  # fmt: skip
    valid_from = forms.DateField(
        label=gettext_lazy("From"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    source = forms.CharField(
        max_length=300, label=gettext_lazy("Source"), validators=[storable],
        help_text=gettext_lazy("where it is written: an address, an offer, an invoice"),
    )  # fmt: skip

    def terms(self) -> dict[str, Any]:
        """The values as the verb takes them."""
        values = dict(self.cleaned_data)
        return values | {"on": values.pop("valid_from")}
