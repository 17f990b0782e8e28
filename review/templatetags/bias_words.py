"""The report on pairs in words: what a finding is called, what it says, and what may be done about it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.formats import number_format
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from generation.words import word
from review.actions.pair_remedies import left_by_balance

register = template.Library()

TITLES: Mapping[str, Any] = {
    "longer_wins": _("Longer answer wins"),
    "length_score": _("Length and margin"),
    "margin": _("Margins below the gate"),
    "format": _("Form of the answers"),
    "lexical": _("Lexical leakage"),
    "refusals": _("Refusals among the chosen"),
    "position": _("Judge stands by its word"),
    "models": _("Source model"),
    "language": _("Language of the chosen"),
    "duplicates": _("Prompts twice"),
    "contradictions": _("Contradictions"),
    "diversity": _("Diversity"),
    "rubrics": _("Versions of the rubric"),
}
MEANINGS: Mapping[str, Any] = {
    "longer_wins": _("How often the chosen answer is the longer one, answers of equal length apart."),
    "length_score": _("Whether the margin grows with the difference in length: correlation of ranks."),
    "margin": _("Pairs whose scores differ by less than the least margin of their scale."),
    "format": _("Which form one side uses more: share among chosen less share among rejected."),
    "lexical": _("How often a bag of words tells chosen from rejected, in pairs that it was not taught with."),
    "refusals": _("Chosen answers that only say that there will be no answer."),
    "position": _("How often a judge asked in both orders preferred the same answer twice."),
    "models": _("How many of the chosen answers come from one model, in pairs of two models."),
    "language": _("Chosen answers in another language than their prompt."),
    "duplicates": _("Prompts that stand there again as another row."),
    "contradictions": _("Pairs of which another says the opposite: the same answers, the other one preferred."),
    "diversity": _("Different pairs of neighbouring words among all, in the chosen answers."),
    "rubrics": _("By how many versions of a rubric these pairs were judged."),
}
ADVICE: Mapping[str, Any] = {
    "longer_wins": _("A model trained on this learns to write longer. Balance by length, or have people look."),
    "length_score": _("The judge may be paying for length. Compare its verdicts with people’s."),
    "margin": _("Small differences are noise. Hold them back, or have people decide."),
    "format": _("A model trained on this learns the form and not what is better."),
    "lexical": _("Words alone give the answer away: look for an opening or a phrase that one side always has."),
    "refusals": _("Hold them back unless refusing was right."),
    "position": _("Verdicts that turn with the order say nothing. Hold them back, or take another judge."),
    "models": _("The name of the model says who wins. Add pairs of one model’s answers."),
    "language": _("Hold them back, or have people look."),
    "duplicates": _("The same prompt in training and test set makes results look better than they are."),
    "contradictions": _("Training on both teaches neither. Have people decide, or hold both back."),
    "diversity": _("The answers say nearly the same again and again. Draw from other prompts."),
    "rubrics": _("Judgements by two rubrics do not belong into one set. Keep those of one version."),
}
ONE_SIDED: Mapping[str, Any] = {
    "longer": _(
        "The longer answer is the chosen one in all of them: they cannot be balanced, nothing would be left."
        " Bring in pairs whose better answer is the shorter one."
    ),
    "shorter": _(
        "The shorter answer is the chosen one in all of them: they cannot be balanced, nothing would be left."
        " Bring in pairs whose better answer is the longer one."
    ),
}
"""What is said of pairs that all lean the same way."""
LEVELS: Mapping[str, Any] = {
    "warn": pgettext_lazy("finding", "warning"),
    "note": pgettext_lazy("finding", "note"),
    "ok": pgettext_lazy("finding", "as it should be"),
    "unknown": pgettext_lazy("finding", "not known"),
}
SIGNS = {"warn": "!", "note": "•", "ok": "✓", "unknown": "–"}
FORMS: Mapping[str, Any] = {
    "lists": pgettext_lazy("form of a text", "lists"),
    "bold": pgettext_lazy("form of a text", "bold type"),
    "code": pgettext_lazy("form of a text", "code"),
    "headings": pgettext_lazy("form of a text", "headings"),
    "emoji": pgettext_lazy("form of a text", "emoji"),
}
REMEDIES: Mapping[str, Any] = {
    "balance": _("Balance by length"),
    "drop": _("Hold these pairs back"),
    "review": _("Send to people"),
}
FAULTS: Mapping[str, Any] = {
    "blind": _("Have the pairs shown first; it is written down."),
    "not_offered": _("This finding has no such remedy."),
    "no_rows": _("There are no pairs to do this with."),
    "nothing_left": _("Balancing would hold every pair back: the longer answer is chosen in all of them."),
    "not_found": _("There is nothing to put back."),
    "no_pairs": _("There are no pairs to measure."),
}
SIDES: Mapping[str, Any] = {
    "chosen": pgettext_lazy("answer", "chosen"),
    "rejected": pgettext_lazy("answer", "rejected"),
    "prompt": pgettext_lazy("side of a pair", "prompts"),
    "tie": pgettext_lazy("verdict", "Tie"),
}


@register.filter
def finding_title(code: str) -> Any:
    """What a finding is called."""
    return word(TITLES, code)


@register.filter
def finding_meaning(code: str) -> Any:
    """What its figure is."""
    return word(MEANINGS, code)


@register.filter
def finding_advice(code: str) -> Any:
    """What it may lead to and what may be done."""
    return word(ADVICE, code)


@register.filter
def finding_advice_of(found: Mapping[str, Any]) -> Any:
    """The advice of a finding; of pairs that all lean the same way that nothing can balance them."""
    share = found["value"]
    if found["code"] == "longer_wins" and share in (0, 1):
        return ONE_SIDED["longer" if share else "shorter"]
    return finding_advice(found["code"])


@register.filter
def level_word(level: str) -> Any:
    """How bad it is."""
    return word(LEVELS, level)


@register.filter
def level_sign(level: str) -> str:
    """The same as a sign."""
    return SIGNS.get(level, "–")


@register.filter
def form_word(code: str) -> Any:
    """A form of a text."""
    return word(FORMS, code)


@register.filter
def side_word(code: str) -> Any:
    """A side of a pair."""
    return word(SIDES, code)


@register.filter
def remedy_word(code: str) -> Any:
    """What a remedy's button says."""
    return word(REMEDIES, code)


def remedy_fault(code: str) -> Any:
    """Why a remedy was refused."""
    return word(FAULTS, code)


@register.filter
def left_balanced(found: Mapping[str, Any], pairs: int) -> int:
    """How many of the measured pairs a balance of lengths would leave."""
    return left_by_balance(found, pairs=pairs)


@register.filter
def finding_value(found: Mapping[str, Any]) -> str:
    """The figure as it is read: `71 %`, `+29 pt`, `r 0.41`, `2`; "–" where there is none."""
    return _figure(found["value"], found["unit"])


@register.filter
def finding_interval(found: Mapping[str, Any]) -> str:
    """Its 95 % interval, "" where there is none."""
    if not found["interval"]:
        return ""
    low, high = (_figure(each, found["unit"]) for each in found["interval"])
    return f"{low} – {high}"


@register.filter
def finding_guide(found: Mapping[str, Any]) -> str:
    """The guide in words: `40 % – 60 %`, `at most 95 %`, `at least 80 %`."""
    low, high = found["guide"]
    if low is None and high is None:
        return ""
    if low is None or (low == 0 and found["unit"] == "share"):
        return gettext("at most %(figure)s") % {"figure": _figure(high, found["unit"])}
    if high is None:
        return gettext("at least %(figure)s") % {"figure": _figure(low, found["unit"])}
    return f"{_figure(low, found['unit'])} – {_figure(high, found['unit'])}"


@register.filter
def percent_of_one(share: float | None) -> str:
    """A share of 1 in per cent."""
    return _figure(share, "share")


def _figure(value: float | None, unit: str) -> str:
    if value is None:
        return "–"
    if unit == "r":
        return f"r {'−' if value < 0 else ''}{number_format(round(abs(value), 2), decimal_pos=2)}"
    if unit == "count":
        return number_format(round(value), use_l10n=True)
    digits = 1 if 0 < abs(value) < 0.1 and round(value * 100, 1) % 1 else 0
    amount = number_format(round(abs(value) * 100, digits), decimal_pos=digits)  # it cuts off what it is not given
    if unit == "points":
        sign = "+" if value > 0 else "−" if value < 0 else "±"
        return gettext("%(amount)s pt") % {"amount": f"{sign}{amount}"}
    return f"{'−' if value < 0 else ''}{amount} %"
