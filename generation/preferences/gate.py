"""The gate that a preference pair passes before it may leave: sound in both orders, beyond the margin, not alike."""

from __future__ import annotations

from dataclasses import dataclass

from generation.quality.text import blank, same_words

ALIKE = 0.9
"""ROUGE-L above which two answers are too much alike to be a preference."""
REASONS = (
    "empty_answer", "refusal", "identical", "near_identical", "speaks_to_judge", "invalid_verdict",
    "position_inconsistent", "tie", "below_margin", "prefers_low", "unverified", "judge_fooled", "people_disagree",
    "contradicted", "both_bad", "length_balance", "wrong_language", "duplicate_prompt", "other_rubric", "evaluation",
    "taken_back", "edited", "by_hand",
)  # fmt: skip
"""Why a pair is held back, worst first; the words for them are in `generation/preference_words.py`."""


@dataclass(frozen=True, slots=True)
class Case:
    """All that the gate asks about a pair.

    `consistent` None means that no judge compared both orders; `margin` None that there are no scores on one scale.
    `similarity` is the ROUGE-L of the two texts; `verified` that rules or people vouch for the preference.
    """

    chosen: str
    rejected: str
    similarity: float
    consistent: bool | None = None
    tie: bool = False
    invalid: bool = False
    margin: float | None = None
    verified: bool = False
    suspect: bool = False
    refused: bool = False


def reaches(difference: float, least: float) -> bool:
    """Whether a difference of scores is the margin or more, what floats lose left out of account."""
    return round(difference, 9) >= round(least, 9)


def usual_margin(low: float, high: float) -> float:
    """The least margin where nobody set one: half a point on 1 to 5, one on 0 to 10, a tenth of any other scale."""
    return {(1.0, 5.0): 0.5, (0.0, 10.0): 1.0}.get((low, high), (high - low) / 10)


def held_back(case: Case, *, least_margin: float) -> str:
    """Why the pair may not leave, one of `REASONS`; "" when it may. `least_margin` is inclusive, in units of the score.

    A verdict in both orders and scores on one scale each suffice; where both are there, both must hold.
    """
    if blank(case.chosen) or blank(case.rejected):
        return "empty_answer"
    if case.refused:
        return "refusal"
    if same_words(case.chosen, case.rejected):
        return "identical"
    if case.similarity > ALIKE:
        return "near_identical"
    if case.suspect:
        return "speaks_to_judge"
    if case.verified:
        return ""
    if case.invalid:
        return "invalid_verdict"
    if case.tie:
        return "tie"
    if case.consistent is False:
        return "position_inconsistent"
    if case.margin is not None and not reaches(case.margin, least_margin):
        return "below_margin"
    return "" if case.consistent or case.margin is not None else "unverified"
