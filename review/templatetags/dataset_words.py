"""Datasets in words: uses, kinds, remarks of readiness, changes, marks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template
from django.template.defaultfilters import floatformat
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from generation.words import JOB_STATES, word
from review.mixes.readiness import Remark
from review.mixes.uses import use_named
from review.models import DatasetVersion
from review.templatetags.bias_words import ONE_SIDED
from review.templatetags.quality_words import quality_title
from review.templatetags.review_words import ORIGINS, PAIR_SOURCES

register = template.Library()

LABEL_ORIGINS: Mapping[str, Any] = {
    "import": _("imported"),
    "round": _("rated here"),
    "decision": _("approved and rejected samples"),
    "pair": _("pairs taken apart"),
}
KINDS: Mapping[str, Any] = {
    "sft": _("samples"),
    "preference": _("preference pairs"),
    "feedback": pgettext_lazy("dataset", "feedback"),
    "text": pgettext_lazy("dataset", "texts"),
    "ranking": _("ranked answers"),
}
SPLITS: Mapping[str, Any] = {
    "train": pgettext_lazy("split", "train"),
    "validation": pgettext_lazy("split", "validation"),
    "test": pgettext_lazy("split", "test"),
}
CHANGES: Mapping[str, Any] = {
    "added": pgettext_lazy("rows", "added"),
    "removed": pgettext_lazy("rows", "removed"),
    "changed": pgettext_lazy("rows", "changed"),
    "moved": pgettext_lazy("rows", "moved to another split"),
}
MARKS: Mapping[str, Any] = {
    "chosen": pgettext_lazy("answer", "chosen"),
    "rejected": pgettext_lazy("answer", "rejected"),
    "good": pgettext_lazy("answer", "good"),
    "bad": pgettext_lazy("answer", "bad"),
    "system": _("System"),
    "instruction": _("Instruction"),
    "input": _("Input"),
    "output": _("Output"),
    "turns": _("Earlier turns"),
}
TITLES: Mapping[str, Any] = {
    "size_too_small": _("Size"),
    "size_below_guide": _("Size"),
    "size_above_guide": _("Size"),
    "size_in_guide": _("Size"),
    "labels": _("Balance of labels"),
    "one_label": _("Balance of labels"),
    "length_bias": _("Length bias"),
    "length_ratio": _("Ratio of lengths"),
    "rubrics_mixed": _("Rubrics"),
    "held_since": _("Held back since"),
    "several_turns": _("Several turns"),
    "without_model": _("Without a model"),
    "duplicates": _("Duplicates"),
    "languages": _("Languages"),
    "empty_train": _("Split"),
    "empty_validation": _("Split"),
    "empty_test": _("Split"),
    "near_limit": _("Near-duplicates"),
    "reviewed": _("Seen by people"),
    "agreement": _("Agreement"),
    "agreement_unknown": _("Agreement"),
    "alpha": _("Agreement"),
    "never_measured": _("Quality"),
    "quality": _("Quality"),
    "contaminated": _("Contamination"),
    "nothing_held_out": _("Contamination"),
    "changed_since": _("Changed since the report"),
}
_EMPTY = _("A split got no row: there are too few rows for its share. Choose other shares, or at least one row each.")
SENTENCES: Mapping[str, Any] = {
    "size_too_small": _("Fewer than the %(least)s rows without which this training makes no sense."),
    "size_below_guide": _("Fewer than the %(low)s rows that are advised; %(least)s is the least."),
    "size_above_guide": _("More than the %(high)s rows of the guide: fine, as long as they are good."),
    "size_in_guide": _("Inside the guide for this training."),
    "labels": _("%(good)s good, %(bad)s bad."),
    "one_label": _("All rows carry the same label; KTO needs both."),
    "length_bias": _("The longer answer is the chosen one; 40 to 60 %% says nothing about length."),
    "length_ratio": _("times as long are chosen answers on average as rejected ones; up to 1.5 is usual."),
    "rubrics_mixed": _(
        "Judges followed %(count)s different rubrics, so that what counts as better differs between rows."
        " Choose the pairs of one rubric, or have them judged again."
    ),
    "held_since": _("Pairs of this version that may not leave any more. A new version leaves them out."),
    "several_turns": _("of the rows have earlier turns; without them this is single-turn data."),
    "without_model": _("Made by rules or templates; the manifest names each of them."),
    "duplicates": _("Rows whose whole content was there before."),
    "empty_train": _EMPTY,
    "empty_validation": _EMPTY,
    "empty_test": _EMPTY,
    "reviewed": _("of the rows were decided about by a person."),
    "agreement": _("of %(n)s samples that two people or more judged got one verdict."),
    "agreement_unknown": _("Too few rows were judged by two people to say how far they agree."),
    "alpha": _("Krippendorff’s alpha of the newest round, “%(name)s”; below 0.67 conclusions are weak."),
    "never_measured": _("Never measured: neither duplicates nor contamination nor what the checks say is known."),
    "quality": _("warnings in the newest report."),
    "contaminated": _("of the rows repeat evaluation texts."),
    "nothing_held_out": _("Nothing is kept for evaluation, so the rows were held against nothing."),
    "changed_since": _("more or fewer approved rows than the report has seen."),
    "near_limit": _("Too many different prompts to look for near-duplicates; equal prompts are kept together."),
}
_MARKS_OF_LEVELS = {"error": ("bad", "✗"), "warning": ("warn", "!"), "info": ("info", "i"), "ok": ("ok", "✓")}


@register.filter
def kind_word(kind: str) -> Any:
    """What a dataset of this kind holds."""
    return word(KINDS, kind)


@register.filter
def split_word(name: str) -> Any:
    """The name of a side of the split."""
    return word(SPLITS, name)


@register.filter
def change_word(name: str) -> Any:
    """What happened to rows between two versions."""
    return word(CHANGES, name)


@register.filter
def mark_word(name: str) -> Any:
    """What an answer or a text is called; ranks stay numbers."""
    return MARKS.get(name, name)


@register.filter
def made_word(code: str) -> Any:
    """How a row came about: the origin of a sample or of a label, the source of a pair."""
    return LABEL_ORIGINS.get(code) or PAIR_SOURCES.get(code) or word(ORIGINS, code)


@register.filter
def use_title(name: str) -> str:
    """What a version was made to train, "" where nobody said."""
    use = use_named(name or "")
    return gettext(use.title) if use else ""


@register.filter
def remark_title(remark: Remark) -> Any:
    """What a remark is about."""
    return TITLES.get(remark.code, remark.code)


@register.filter
def remark_figure(remark: Remark) -> str:
    """Its figure, short."""
    values = remark.values
    if remark.code == "languages":
        return ", ".join(f"{name} {_percent(share)}" for name, share in values["shares"].items())
    if "figure" in values:
        return str(values["figure"])
    if values.get("share") is not None:
        return _percent(values["share"])
    counted = values.get("rows", values.get("count"))
    return "" if counted is None else str(floatformat(counted, "0g"))


@register.filter
def remark_sentence(remark: Remark) -> str:
    """What it means, in a sentence; for labels with the weights to train with."""
    values = {
        name: floatformat(value, "0g") if isinstance(value, int) else value for name, value in remark.values.items()
    }
    said = str(SENTENCES.get(remark.code, "")) % values if remark.code in SENTENCES else ""
    if side := remark.values.get("one_sided"):
        said = str(ONE_SIDED[side])
    if remark.values.get("codes"):
        said += " " + ", ".join(str(quality_title(code)) for code in remark.values["codes"])
    weights = remark.values.get("weights")
    if weights and remark.level == "warning":
        told = gettext("Train with lambda_%(which)s between %(low)s and %(high)s, the other 1.")
        which = "U" if weights.which == "undesirable" else "D"
        said += " " + told % {"which": which, "low": f"{weights.low:.4g}", "high": f"{weights.high:.4g}"}
    return said


@register.filter
def remark_tint(remark: Remark) -> str:
    """The colour of its mark."""
    return _MARKS_OF_LEVELS[remark.level][0]


@register.filter
def remark_mark(remark: Remark) -> str:
    """The sign before it."""
    return _MARKS_OF_LEVELS[remark.level][1]


@register.filter
def version_state(version: DatasetVersion) -> Any:
    """How a version stands: frozen, or how its job does."""
    if version.content_hash:
        return gettext("frozen")
    return word(JOB_STATES, version.job.state) if version.job else gettext("being frozen")


@register.filter
def version_tint(version: DatasetVersion) -> str:
    """The tint of its pill."""
    if version.content_hash:
        return "ok"
    state = version.job.state if version.job else "running"
    return {"failed": "bad", "cancelled": ""}.get(state, "acc")


@register.filter
def percent(share: float | None) -> str:
    """A share of 1 in per cent, with one digit where it is small."""
    return "" if share is None else _percent(share)


@register.filter
def of(part: float, whole: float) -> str:
    """A part of a whole in per cent."""
    return _percent(part / whole) if whole else ""


def _percent(share: float) -> str:
    value = share * 100
    return f"{value:.1f} %" if 0 < value < 10 and round(value, 1) != round(value) else f"{value:.0f} %"
