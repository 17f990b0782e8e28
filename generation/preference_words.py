"""Codes of preferences in words: why a pair is held back, how it stands, and where its preference comes from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

HELD_BACK: Mapping[str, Any] = {
    "empty_answer": _("one of the answers is empty"),
    "refusal": _("one of the answers refuses"),
    "identical": _("both answers say the same"),
    "near_identical": _("the answers are nearly the same"),
    "speaks_to_judge": _("an answer speaks to the judge"),
    "invalid_verdict": _("the verdict could not be read"),
    "position_inconsistent": _("the judge changed its mind when the order was turned round"),
    "tie": _("no answer is better than the other"),
    "below_margin": _("the difference is below the margin"),
    "prefers_low": _("the judge prefers the other answer"),
    "unverified": _("nobody has verified the preference yet"),
    "judge_fooled": _("the judge of the run was fooled by a planted text"),
    "people_disagree": _("people prefer the other answer"),
    "contradicted": _("another pair says the opposite"),
    "both_bad": _("both answers are bad"),
    "length_balance": _("left out so that longer answers do not win more often"),
    "wrong_language": _("the chosen answer is in another language than the prompt"),
    "duplicate_prompt": _("its prompt is there already"),
    "other_rubric": _("judged by another rubric than most"),
    "evaluation": _("kept for evaluation"),
    "edited": _("a person's edit stands in its place"),
    "taken_back": _("taken back by the person who made it"),
    "by_hand": _("held back by a person"),
}
"""One for each of `preferences.gate.REASONS`."""

PAIR_STATES: Mapping[str, Any] = {
    "ready": pgettext_lazy("pair", "waiting for a verdict"),
    "agreed": pgettext_lazy("pair", "agreed"),
    "disputed": pgettext_lazy("pair", "disputed"),
    "exportable": pgettext_lazy("pair", "exportable"),
    "held_back": pgettext_lazy("pair", "held back"),
    "known": pgettext_lazy("pair", "left as they were"),
    "gone": pgettext_lazy("pair", "answers that are gone"),
}
PAIR_SOURCES: Mapping[str, Any] = {
    "human": pgettext_lazy("preference", "people"),
    "judge": pgettext_lazy("preference", "a judge"),
    "model_gap": pgettext_lazy("preference", "stronger against weaker model"),
    "score": pgettext_lazy("preference", "scores"),
    "edit": pgettext_lazy("preference", "an edit"),
    "rules": pgettext_lazy("preference", "rules"),
    "import": pgettext_lazy("preference", "an import"),
}
VERDICTS: Mapping[str, Any] = {
    "chosen": pgettext_lazy("verdict", "the chosen one"),
    "rejected": pgettext_lazy("verdict", "the other one"),
    "tie": pgettext_lazy("verdict", "neither"),
    "invalid": pgettext_lazy("verdict", "not readable"),
}
"""Which of the two answers of a pair a judge preferred."""
