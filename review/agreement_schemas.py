"""Agreement and judges as the API gives them. Null means not defined or not measured, never 0 or 1."""

from __future__ import annotations

from typing import Any

from ninja import Schema

from review.agreement.bands import krippendorff, landis_koch


class EstimateOut(Schema):
    """A figure with its 95 % interval over `n` units."""

    value: float | None
    low: float | None
    high: float | None
    n: int


class CoefficientsOut(Schema):
    """Coefficients over some comparisons; `votes` are those on comparisons with at least two."""

    percent: EstimateOut
    fleiss: EstimateOut
    alpha: EstimateOut
    votes: int


class TwoOut(Schema):
    """Two people over the comparisons that both judged."""

    one: str
    other: str
    percent: EstimateOut
    kappa: EstimateOut


class GroupOut(Schema):
    """The comparisons of one language or type of task; "" where the prompt does not say."""

    value: str
    figures: CoefficientsOut


class SaidOut(Schema):
    """How often something was said."""

    verdict: str
    count: int


class AgreementOut(Schema):
    """How far the people of a round agree, over the votes that the asker may know of.

    `cohen` is of the two people where two voted, otherwise the mean over `pairs` pairs of people.
    `fleiss_band` is after Landis and Koch, `alpha_band` after Krippendorff.
    """

    kind: str
    states: dict[str, int]
    comparisons: int
    closed: int
    votes: int
    unblinded: int
    people: int
    all: CoefficientsOut
    fleiss_band: str | None
    alpha_band: str | None
    cohen: EstimateOut
    pairs: int
    two: list[TwoOut]
    languages: list[GroupOut]
    task_types: list[GroupOut]
    verdicts: list[SaidOut]
    left: EstimateOut
    left_p: float | None
    tau: EstimateOut
    concordance: EstimateOut

    @staticmethod
    def resolve_states(found: Any) -> Any:
        return found.all_states

    @staticmethod
    def resolve_fleiss_band(found: Any) -> str | None:
        return landis_koch(found.all.fleiss.value)

    @staticmethod
    def resolve_alpha_band(found: Any) -> str | None:
        return krippendorff(found.all.alpha.value)

    @staticmethod
    def resolve_verdicts(found: Any) -> list[dict[str, Any]]:
        return [{"verdict": verdict, "count": count} for verdict, count in found.verdicts]

    @staticmethod
    def resolve_left(found: Any) -> Any:
        return found.sides

    @staticmethod
    def resolve_left_p(found: Any) -> float | None:
        return None if found.sides_p is None else float(found.sides_p)


class JudgeFiguresOut(Schema):
    """What is known of a judge; see `JudgeOut`."""

    pairs: int
    agreement: EstimateOut
    kappa: EstimateOut
    consistency: EstimateOut
    first: EstimateOut
    first_p: float | None
    longer: EstimateOut
    longer_there: EstimateOut
    people_longer: EstimateOut
    own: EstimateOut
    own_there: EstimateOut
    people_own: EstimateOut
    invalid: EstimateOut


class JudgeOut(Schema):
    """One judge: its model, its kind, and the hash of all that it was told to look for ("" for one that is no model).

    `findings` are what speaks against it: "fooled", "disagrees" (less than 70 % with people), "position", "length",
    "self". `first`, `longer` and `own` are shares of its preferences; `people_longer` and `people_own` are people's
    over the pairs that both decided, `longer_there` and `own_there` the judge's over the same pairs.
    """

    model: str
    kind: str
    rubric: str
    figures: JudgeFiguresOut
    fooled: EstimateOut
    runs: list[int]
    findings: list[str]


class GapOut(Schema):
    """How often the stronger model's answer is preferred; `findings` are "gap_judge" and "gap_people", below 70 %."""

    high: str
    low: str
    judge: EstimateOut
    people: EstimateOut
    runs: list[int]
    findings: list[str]


class JudgesOut(Schema):
    """Judges against people; `capped` says that older pairs were left out."""

    judges: list[JudgeOut]
    gaps: list[GapOut]
    pairs: int
    decided: int
    capped: bool
