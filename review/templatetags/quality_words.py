"""Reports on quality in words: what a section, a chart and a finding are called, what a finding means, what helps."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django import template
from django.template.defaultfilters import capfirst
from django.utils.formats import number_format
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from generation.quality.profiles import PROFILES
from generation.words import DROP_REASONS
from review.models import QualityReport
from review.quality_finding_words import ADVICE, MEANINGS, TITLES
from review.templatetags.bias_words import percent_of_one

register = template.Library()
_TURN = re.compile(r"turn (\d{1,6})", re.ASCII)

SECTIONS: Mapping[str, Any] = {
    "sizes": _("Lengths"),
    "balance": _("What the rows are made of"),
    "checks": _("Checks"),
    "duplicates": _("Duplicates and conflicts"),
    "semantic": _("The same in other words"),
    "contamination": _("Contamination"),
    "diversity": _("Diversity"),
    "coverage": _("Coverage"),
    "inputs": _("Lengths of inputs"),
    "verb_nouns": _("What is asked for"),
    "seeds": _("Seeds in effect"),
    "topics": _("Topics"),
    "terms": _("Terms of the vocabularies"),
    "gold_positions": _("Where the evidence stands"),
    "profiles": _("Profiles of checks"),
    "examples": _("Rows that repeat or contradict each other"),
}
CHECK_MEANING = _("Rows in which a check found this; the place is marked in each.")
NAMES: Mapping[str, Any] = {
    "instruction": _("Instruction"),
    "input": _("Input"),
    "output": _("Output"),
    "task_type": _("Types of task"),
    "language": _("Languages"),
    "made_by": _("Who made them"),
    "reviewed": _("Seen by people"),
    "without_model": _("Made without a model"),
    "several_turns": _("With earlier turns"),
    "rows": pgettext_lazy("of a report", "Rows"),
    "clean": _("Rows without any finding"),
    "codes": _("What the checks found"),
    "profiles": _("Profiles of checks"),
    "turns": _("Earlier turns"),
    "system": _("System"),
    "no_name": pgettext_lazy("in a chart", "not said"),
    "evaluation": _("rows kept for evaluation"),
    "model": pgettext_lazy("maker of a row", "model"),
    "rules": pgettext_lazy("maker of a row", "rules"),
    "human": pgettext_lazy("maker of a row", "people"),
    "imported": pgettext_lazy("maker of a row", "imported"),
    "template": pgettext_lazy("maker of a row", "template"),
    "repeated_rows": _("Rows that repeat or contradict others"),
    "exact_instruction": _("same instruction"),
    "exact_prompt": _("same instruction and input"),
    "exact_row": _("same row"),
    "exact_pair": _("same pair"),
    "exact": _("the same"),
    "near": _("nearly the same"),
    "redundant": _("says the same"),
    "conflict": pgettext_lazy("between rows", "conflict"),
    "conflicts": pgettext_lazy("between rows", "conflict"),
    "sizes_of_groups": _("Sizes of groups"),
    "threshold": _("Likeness from which rows count as the same"),
    "examples": _("Examples"),
    "preset": _("Rule"),
    "thirteen_words": _("13 words in a row"),
    "eight_words": _("8 words in a row"),
    "ten_words": _("10 words in a row"),
    "nothing_held_out": _("Nothing is kept for evaluation, so there was nothing to hold the rows against."),
    "sets": _("Evaluation sets"),
    "set": _("Set"),
    "hits": _("Hits"),
    "items": _("Items"),
    "item": _("Item"),
    "row": pgettext_lazy("of a report", "Row"),
    "share": _("Share"),
    "text": pgettext_lazy("of a row", "Text"),
    "contaminated": _("Contaminated"),
    "distinct_1": _("Different words"),
    "distinct_2": _("Different pairs of words"),
    "distinct_3": _("Different groups of three"),
    "distinct_4": _("Different groups of four"),
    "self_bleu": _("Self-BLEU"),
    "vendi": _("Vendi score"),
    "nearest": _("Likeness to the nearest"),
    "short_distinct_2": _("Distinct-2"),
    "short_self_bleu": _("Self-BLEU"),
    "short_vendi": _("Vendi score"),
    "short_nearest": _("Nearest other"),
    "nearest_instruction": _("Instructions by likeness to the nearest other"),
    "nearest_output": _("Outputs by likeness to the nearest other"),
    "verb_nouns": _("What is asked for"),
    "by_seeds": _("What more seeds bring"),
    "seeds_used": _("Seeds that have rows"),
    "seeds_effective": _("As mixed as so many equal ones"),
    "seeds_without": _("Rows without a seed"),
    "seeds_most": _("Rows by seed"),
    "terms_hit": _("Terms that occur"),
    "terms_missing": _("Terms that never occur"),
    "gold_positions": _("Rows by fifth of the document"),
    "topics": _("Topics"),
    "topic": _("Topic"),
    "difficulty": _("Difficulty"),
    "cells_expected": _("Combinations to cover"),
    "empty": _("Without a row"),
    "en": _("English"),
    "zh": _("Chinese"),
    **{f"profile_{each.name}": _(each.title) for each in PROFILES},
}
REMEDIES: Mapping[str, Any] = {
    "drop": _("Drop these rows"),
    "review": _("Send to people"),
    "settle": _("Settle the conflicts"),
    "generate": _("Fill the empty cells"),
}
CHANGES: Mapping[str, Any] = {
    "new": pgettext_lazy("finding", "new"),
    "gone": pgettext_lazy("finding", "gone"),
    "worse": pgettext_lazy("finding", "worse"),
    "better": pgettext_lazy("finding", "better"),
}
FAULTS: Mapping[str, Any] = {
    "not_offered": _("This finding has no such remedy."),
    "no_rows": _("There are no rows to do this with."),
    "not_found": _("There is nothing to put back."),
    "nothing_to_measure": _("There are no rows to measure."),
    "only_feedback": _("There are only labelled answers here: freeze a version of them, then measure that."),
    "only_pairs": _("There are no approved samples, but there are pairs: have their chosen answers measured."),
}


@register.filter
def section_title(name: str) -> Any:
    """What a section is called."""
    return SECTIONS.get(name) or capfirst(_as_it_is(name))


@register.filter
def quality_title(code: str) -> Any:
    """What a finding is called: its own name, or what its check says."""
    plain = code.rpartition(".")[2]
    return capfirst(TITLES.get(code) or DROP_REASONS.get(plain) or _as_it_is(plain))


@register.filter
def quality_meaning(code: str) -> Any:
    """What its figure is."""
    return MEANINGS.get(code) or (CHECK_MEANING if code.startswith("check.") else "")


@register.filter
def quality_advice(code: str) -> Any:
    """What it may lead to and what may be done."""
    return ADVICE.get(code, "")


@register.filter
def chart_name(name: str) -> Any:
    """What a chart, a bar or a figure is called; names of the data's own stay as they are."""
    if name == "":
        return NAMES["no_name"]
    if turn := _TURN.fullmatch(name) if isinstance(name, str) else None:
        return gettext("turn %(number)s") % {"number": turn[1]}
    return NAMES.get(name) or DROP_REASONS.get(name) or name


@register.filter
def chart_title(name: str) -> Any:
    """What a piece of a section is called; of unknown ones their code in words."""
    return NAMES.get(name) or capfirst(_as_it_is(name))


@register.filter
def quality_remedy_word(code: str) -> Any:
    """What a remedy's button says."""
    return REMEDIES.get(code, code)


def quality_fault(code: str) -> Any:
    """Why something was refused."""
    return FAULTS.get(code, code)


@register.simple_tag
def in_unit(value: Any, unit: str) -> str:
    """A figure of a chart as it is read: a share in per cent, a count grouped, a number with two digits."""
    if value is None:
        return "–"
    if isinstance(value, str):
        return value
    if unit == "share":
        return "< 0.1 %" if 0 < value < 0.001 else percent_of_one(value)
    if unit == "count" or float(value).is_integer():
        return number_format(round(value), use_l10n=True, force_grouping=True)
    digits = 1 if abs(value) >= 10 else 2 if abs(value) >= 0.1 else 3
    return number_format(round(value, digits), decimal_pos=digits)


@register.simple_tag
def in_difference(value: float, unit: str) -> str:
    """A difference with its sign; of shares in percentage points."""
    small = abs(value) < 0.0005
    sign = "±" if small else "+" if value > 0 else "−"
    if unit == "share":
        return gettext("%(amount)s pt") % {
            "amount": f"{sign}{number_format(round(abs(value) * 100, 1), decimal_pos=1)}"
        }
    return f"{sign}{in_unit(abs(value), unit)}"


@register.filter
def quality_guide(found: Mapping[str, Any]) -> str:
    """The guide in words: `at most 1 %`, `none`, `10 – 40`."""
    low, high = found["guide"]
    if low is None and high is None:
        return ""
    if high == 0:
        return gettext("none at all")
    if low is None:
        return gettext("at most %(figure)s") % {"figure": in_unit(high, found["unit"])}
    if high is None:
        return gettext("at least %(figure)s") % {"figure": in_unit(low, found["unit"])}
    return f"{in_unit(low, found['unit'])} – {in_unit(high, found['unit'])}"


@register.filter
def quality_change(code: str) -> Any:
    """What became of a finding between two reports."""
    return CHANGES.get(code, code)


@register.filter
def is_figure(value: Any) -> bool:
    """Whether a cell of a table is a number."""
    return isinstance(value, int | float) and not isinstance(value, bool)


@register.filter
def figure_path(path: str) -> str:
    """Where a figure of a section stands, in words as far as there are any."""
    parts = path.split(" × ") if " × " in path else path.split(".")
    return (" × " if " × " in path else " · ").join(str(chart_title(part)) for part in parts)


@register.filter
def subject(report: QualityReport) -> str:
    """What was measured, short."""
    if report.version is not None:
        return f"{report.version.dataset.name} v{report.version.number}"
    if report.run is not None:
        return gettext("run %(number)s") % {"number": report.run_id}
    if report.criteria == {"state": "approved"}:
        return gettext("approved rows")
    if "pairs" in report.criteria:
        return gettext("chosen answers of all pairs")
    return gettext("rows of a filter")


@register.inclusion_tag("review/_quality_line.html")
def figure_line(points: Sequence[float], level: str) -> dict[str, Any]:
    """A small line over time, newest at the right."""
    low, high = min(points), max(points)
    span, step = (high - low) or 1, 116 / max(len(points) - 1, 1)
    placed = [(round(2 + at * step, 1), round(22 - (value - low) / span * 18, 1)) for at, value in enumerate(points)]
    kind = {"warn": "warn", "ok": "ok"}.get(level, "acc")
    return {"points": " ".join(f"{x},{y}" for x, y in placed), "last": placed[-1], "kind": kind}


def _as_it_is(name: str) -> str:
    return name.replace("_", " ").replace(".", " · ")
