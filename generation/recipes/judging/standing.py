"""What follows from a verdict: how the answers stand, and what the gate asks about two of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from generation.preferences.gate import Case
from generation.preferences.injection import speaks_to_judge
from generation.preferences.likeness import rouge_l
from generation.quality.checks.refusal import is_refusal
from generation.recipes.judging.base import Duel, Verdict


def standings(verdict: Verdict) -> list[float | None]:
    """A number for each answer, higher is better; None where the judge said nothing of it that can be read.

    Scores as they are. Of duels: a win in both orders is 1, everything else that could be read half for each.
    """
    if not verdict.duels:
        return [None if each is None else each.value for each in verdict.scores]
    values: list[float | None] = [None] * len(verdict.scores)
    for duel in verdict.duels:
        if duel.invalid:
            continue
        for place in (duel.first, duel.second):
            gained = 0.5 if duel.winner is None else float(duel.winner == place)
            values[place] = (values[place] or 0.0) + gained
    return values


def duel_of(verdict: Verdict, one: int, other: int) -> Duel | None:
    """The duel of two places; None where they never met."""
    wanted = (min(one, other), max(one, other))
    return next((each for each in verdict.duels if (each.first, each.second) == wanted), None)


def margin_of(verdict: Verdict, chosen: int, rejected: int) -> float | None:
    """How much higher the chosen answer's score is; None without scores on one scale."""
    better, worse = verdict.scores[chosen], verdict.scores[rejected]
    if better is None or worse is None or (better.low, better.high) != (worse.low, worse.high):
        return None
    return better.value - worse.value


def case_of(verdict: Verdict, texts: Sequence[str], *, chosen: int, rejected: int) -> Case:
    """All that the gate asks about the pair of two places, its texts looked at for refusals and injections."""
    duel = duel_of(verdict, chosen, rejected)
    margin = margin_of(verdict, chosen, rejected)
    better, worse = texts[chosen], texts[rejected]
    unread = verdict.scores[chosen] is None or verdict.scores[rejected] is None
    return Case(
        chosen=better,
        rejected=worse,
        similarity=rouge_l(better, worse),
        consistent=None if duel is None else duel.winner == chosen,
        tie=duel.tie if duel is not None else margin == 0,
        invalid=duel.invalid if duel is not None else unread,
        margin=margin,
        suspect=speaks_to_judge(better) or speaks_to_judge(worse),
        refused=is_refusal(better),
    )


def facts_of(verdict: Verdict, *, chosen: int, rejected: int) -> dict[str, Any]:
    """What `meta["judge"]` of a pair says of the verdict: "forward" and "backward" as "chosen", "rejected", "tie" or
    "invalid", "scores" [chosen, rejected] with "low" and "high", and the "aspects" of both."""
    facts: dict[str, Any] = {}
    duel = duel_of(verdict, chosen, rejected)
    if duel is not None:
        names = {"first": "chosen", "second": "rejected"}
        if chosen == duel.second:
            names = {"first": "rejected", "second": "chosen"}
        facts["forward"] = names.get(duel.forward, duel.forward)
        facts["backward"] = names.get(str(duel.backward), duel.backward)
        facts["first"] = names["first"]
    pair = [verdict.scores[chosen], verdict.scores[rejected]]
    known = [each for each in pair if each is not None]
    if known:
        facts["scores"] = [None if each is None else each.value for each in pair]
        facts["low"], facts["high"] = known[0].low, known[0].high
    if verdict.aspects and any(verdict.aspects):
        facts["aspects"] = [
            {name: score.value for name, score in verdict.aspects[place].items()} for place in (chosen, rejected)
        ]
    return facts
