"""The words of comparing: verdicts, sides, rounds, and how a prompt is laid out beside its code."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import template
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from generation.words import word
from review.models import Round

register = template.Library()

SAYINGS: Mapping[str, Any] = {
    "left_much": _("Left much better"),
    "left": _("Left better"),
    "tie": pgettext_lazy("verdict", "Tie"),
    "right": _("Right better"),
    "right_much": _("Right much better"),
    "both_bad": _("Both bad"),
    "ranked": pgettext_lazy("verdict", "Ranked"),
    "good": pgettext_lazy("verdict", "Good"),
    "bad": pgettext_lazy("verdict", "Bad"),
    "skip": pgettext_lazy("verdict", "Skipped"),
}
CRITERION_WORDS: Mapping[str, Any] = {
    "left": pgettext_lazy("side", "left"),
    "tie": pgettext_lazy("side", "same"),
    "right": pgettext_lazy("side", "right"),
}
KINDS: Mapping[str, Any] = {
    Round.Kind.CHOOSE: _("Choose of two"),
    Round.Kind.RANK: _("Rank several"),
    Round.Kind.RATE: _("Good or bad"),
}
KIND_HELP: Mapping[str, Any] = {
    Round.Kind.CHOOSE: _("Two answers side by side, five strengths. Makes pairs for DPO and reward models."),
    Round.Kind.RANK: _("Two to nine answers in order, ties allowed. Four answers make up to six pairs."),
    Round.Kind.RATE: _("One answer at a time, good or bad. Makes labels for KTO."),
}
STATES: Mapping[str, Any] = {
    Round.State.OPEN: pgettext_lazy("round", "open"),
    Round.State.CLOSED: pgettext_lazy("round", "closed"),
}
CONFLICTS: Mapping[str, Any] = {
    "round_closed": _("This round was closed. Nothing of yours was written."),
    "withdrawn": _("This comparison was taken out of the round. Nothing of yours was written."),
    "already_voted": _("You have voted on this one already, perhaps in another tab. Your first vote stands."),
    "already_full": _("All the votes that were wanted are in: others were faster. Nothing of yours was written."),
    "changed_since": _("This comparison was changed after you saw it. Nothing of yours was written."),
    "key_used": _("This page had sent something else before. Nothing was written: load it again."),
}
FAULTS: Mapping[str, Any] = {
    "not_found": _("There is no such comparison in this project."),
    "not_yours": _("This comparison is dealt to somebody else."),
    "unknown_action": _("There is no such decision."),
    "unknown_verdict": _("This cannot be said here."),
    "bad_ranking": _("The ranking is not complete: give every answer a number, 1 for the best."),
    "strength_unexpected": _("Much better goes only with the left or the right one."),
    "text_unexpected": _("Only the one that is chosen can be edited."),
    "text_missing": _("The text is missing."),
    "unknown_criterion": _("The criteria of this round were changed. Load the page again."),
    "rationale_missing": _("Say why first: this round asks for a reason."),
    "nothing_to_undo": _("There is nothing to take back."),
    "nul_character": _("The text holds a NUL character, which cannot be stored."),
    "lone_surrogate": _("The text holds half of a character, which cannot be stored."),
    "too_long": _("The text is too long."),
    "busy": _("Too many people wrote at once. Try again."),
    "bad_key": _("The page is out of date. Load it again."),
    "bad_version": _("The page is out of date. Load it again."),
}
ROUND_FAULTS: Mapping[str, Any] = {
    "name_missing": _("The round needs a name."),
    "name_taken": _("There is a round of this name already."),
    "too_long": _("The text is too long."),
    "too_many": _("At most six criteria."),
    "unknown_kind": _("There is no such kind of round."),
    "unknown_rationale": _("There is no such choice."),
    "out_of_range": _("This number is out of range."),
    "unknown_person": _("Somebody named here may not judge in this project."),
    "nothing_to_compare": _("Nothing passes this choice: there would be nothing to judge."),
}
_FENCE = re.compile(r"^(?P<marks>`{3,}|~{3,})[^\n]*\n.*?\n(?P=marks)[ \t]*$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Parts:
    """A text without its one block of code, and that block."""

    text: str
    code: str


@register.filter
def beside_code(text: str) -> Parts:
    """The text and, where it holds exactly one fenced block, the block apart. More than one stay where they are,
    because what is said between them speaks of them."""
    found = list(_FENCE.finditer(text)) if "```" in text or "~~~" in text else []
    if len(found) != 1:
        return Parts(text, "")
    [block] = found
    return Parts(f"{text[: block.start()].rstrip()}\n\n{text[block.end() :].lstrip()}".strip(), block[0])


@register.simple_tag
def side_name(kind: str, place: int) -> str:
    """What a side is called: it says where it stands and nothing else."""
    if kind == Round.Kind.CHOOSE:
        return _now("Left") if place == 1 else _now("Right")
    return _now("Answer") if kind == Round.Kind.RATE else _now("Answer {n}").format(n=place)


@register.filter
def at_place(behind: Mapping[int, Any], place: int) -> Any:
    """What stands behind a place."""
    return behind.get(place)


@register.filter
def rank_of(places: Sequence[Sequence[int]], place: int) -> int | str:
    """The rank that a place was given, counted from 1."""
    return next((at for at, group in enumerate(places, 1) if place in group), "")


@register.filter
def places_line(places: Sequence[Sequence[int]]) -> str:
    """A ranking in one line: 2 > 1 = 3."""
    return " › ".join(" = ".join(map(str, group)) for group in places)


@register.filter
def judge_reason(judge: Mapping[str, Any]) -> str:
    """Why a judge preferred it, in its own words, as far as it said something."""
    reasons = judge.get("reasons") or judge.get("reason") or ""
    return str(next((each for each in reasons if each), "")) if isinstance(reasons, list | tuple) else str(reasons)


@register.filter
def saying(code: str) -> Any:
    """A vote in words ("Left much better")."""
    return word(SAYINGS, code)


@register.filter
def criterion_word(code: str) -> Any:
    """Which side a criterion speaks for."""
    return word(CRITERION_WORDS, code)


@register.filter
def round_kind(code: str) -> Any:
    """What a round asks."""
    return word(KINDS, code)


@register.filter
def round_state(code: str) -> Any:
    """Whether a round takes votes."""
    return word(STATES, code)


def round_fault(code: str) -> Any:
    """Why a round cannot be opened."""
    return word(ROUND_FAULTS, code)


@register.filter
def compare_conflict(code: str) -> Any:
    """Why a vote was not written."""
    return word(CONFLICTS, code)


@register.filter
def compare_fault(code: str) -> Any:
    """What is wrong with what was said."""
    return word(FAULTS, code)
