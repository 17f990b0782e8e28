"""Preference pairs in words: states, reasons, sources, what speaks for a pair, what a verb did or refused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from generation.models import Answer, PreferencePair
from generation.preference_words import HELD_BACK, PAIR_SOURCES, PAIR_STATES
from generation.words import word
from review.actions.edit_pairs import Bulk
from review.actions.pair_moves import Moved
from review.models import Judgement

__all__ = ["HELD_BACK", "PAIR_SOURCES", "PAIR_STATES"]
register = template.Library()

GROUNDS: Mapping[str, Any] = {
    "people": _("people decided"),
    "rules": _("rules were checked"),
    "judge": _("a judge preferred it in both orders"),
    "score": _("the scores differ"),
    "import": _("as it was imported"),
    "": _("nothing yet"),
}
TINTS = {"exportable": "ok", "held_back": "warn", "disputed": "bad", "agreed": "info", "ready": ""}
EVENTS: Mapping[str, Any] = {
    "pair.hold_back": pgettext_lazy("pair", "held back"),
    "pair.release": pgettext_lazy("pair", "released"),
    "pair.undo": pgettext_lazy("pair", "put back as it was"),
    "pair.edit": pgettext_lazy("pair", "made from an edit"),
    "pair.human": pgettext_lazy("pair", "made by hand"),
    "pair.take_back": pgettext_lazy("pair", "taken back"),
}
MARKS: Mapping[str, Any] = {
    "chosen": pgettext_lazy("answer", "chosen"),
    "rejected": pgettext_lazy("answer", "rejected"),
}
VOTES: Mapping[str, Any] = {
    "for": _("prefers the chosen one"),
    "against": _("prefers the rejected one"),
    "tie": _("sees no difference"),
    "both_bad": _("finds both bad"),
}
FAULTS: Mapping[str, Any] = {
    "not_found": _("There is no such pair."),
    "no_pair": _("There is no pair of an edit to take back."),
    "not_approved": _("Only an approved sample makes a pair: approve it first."),
    "not_edited": _("The sample was not edited, so there is nothing to compare."),
    "prompt_changed": _("The edit changed the prompt too: the two answers no longer answer the same question."),
    "answer_unchanged": _("The answer is the same as before, so there is nothing to prefer."),
    "no_answer": _("The sample has no answer to compare with."),
    "empty": _("Write another answer first."),
    "too_long": _("The text is too long."),
    "changed_since": _("Somebody changed the pair meanwhile. Look at it again."),
    "unknown_reason": _("Choose one of the reasons."),
    "blind": _("Have the names and verdicts shown first: nobody can vouch for what they do not see."),
    "identical": _("Both answers say the same: nobody can prefer one."),
    "empty_answer": _("One of the answers is empty: nobody can prefer it."),
    "turned": _("A pair of the same answers that says the opposite may leave already. Hold that one back first."),
    "evaluation": _("The prompt is kept for evaluation; its pairs never train."),
    "judge_fooled": _("A planted text fooled the judge of this run. Look at its pairs and lift the alarm first."),
    "mixed_scales": _("The scores of this run stand on several scales: no margin means the same for all of them."),
    "bad_margin": _("The margin must be a number from 0 on, in units of the score."),
    "not_undoable": _("This change was too large to be written down row by row. Gate once more instead."),
}


@register.filter
def pair_state(code: str) -> Any:
    """How a pair stands."""
    return word(PAIR_STATES, code)


@register.filter
def pair_tint(code: str) -> str:
    """The tint of its pill."""
    return TINTS.get(code, "")


@register.filter
def held_reason(code: str) -> Any:
    """Why a pair is held back."""
    return word(HELD_BACK, code)


@register.filter
def pair_from(code: str) -> Any:
    """Where a preference comes from."""
    return word(PAIR_SOURCES, code)


@register.filter
def ground_word(code: str) -> Any:
    """What speaks for a pair."""
    return word(GROUNDS, code)


@register.filter
def mark_of_side(mark: str) -> Any:
    """What an answer of a pair is."""
    return word(MARKS, mark)


@register.filter
def made_by(answer: Answer) -> str:
    """Who wrote an answer: a model, a person, or nobody knows."""
    if answer.author is not None:
        return str(answer.author.username)
    return answer.model


@register.filter
def vote_word(vote: Judgement, pair: PreferencePair) -> Any:
    """What a vote says of this pair, whatever else it ranked and in which order the person saw it."""
    if vote.verdict in (Judgement.Verdict.TIE, Judgement.Verdict.BOTH_BAD):
        return word(VOTES, str(vote.verdict))
    place = {answer: at for at, group in enumerate(vote.ranking) for answer in group}
    if not place and len(vote.shown) == 2:
        first = vote.shown if vote.verdict == Judgement.Verdict.LEFT else vote.shown[::-1]
        place = {answer: at for at, answer in enumerate(first)}
    chosen, rejected = place.get(pair.chosen_id, 0), place.get(pair.rejected_id, 0)
    return VOTES["tie" if chosen == rejected else "for" if chosen < rejected else "against"]


@register.filter
def event_word(code: str) -> Any:
    """What happened to a pair."""
    return word(EVENTS, code)


@register.filter
def pair_fault(code: str) -> Any:
    """Why a verb about pairs was refused."""
    return word(FAULTS, code)


def moved_words(done: Moved) -> str:
    """How a pair stands after a verb, in a sentence."""
    if done.state == "exportable":
        if done.repeated:
            return gettext("Pair %(id)s was there already and may leave.") % {"id": done.pair_id}
        return gettext("Pair %(id)s may leave.") % {"id": done.pair_id}
    if done.state == "held_back":
        return gettext("Pair %(id)s is held back: %(reason)s.") % {
            "id": done.pair_id, "reason": word(HELD_BACK, done.reason),
        }  # fmt: skip
    return gettext("Pair %(id)s: %(state)s.") % {"id": done.pair_id, "state": word(PAIR_STATES, done.state)}


def bulk_words(done: Bulk) -> str:
    """What became of many edits, in a sentence or three."""
    told = [
        ngettext("%(n)s pair was made of an approved edit.", "%(n)s pairs were made of approved edits.", done.made)
        % {"n": done.made}
    ]
    if done.held_back:
        told.append(
            gettext("%(n)s of them are held back, mostly because so little was changed.") % {"n": done.held_back}
        )
    if done.more:
        told.append(gettext("There are more: press again."))
    return " ".join(told)
