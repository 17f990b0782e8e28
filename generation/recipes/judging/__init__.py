"""Judges, and what is made of their verdicts. One judge is one file; `JUDGES` is the list that everything walks.

For a recipe: its `Params` derive from `params.JudgedParams`; its stage lists `SLOTS` among its prompts; its work says
`verdict = yield from judge(params.judge).judge(question, texts, context, part="judge")`. Then `standing.standings`
ranks the answers, `preferences.strategies.pick` forms pairs, and `standing.case_of` is what the gate asks of a pair.
`canaries.planted` plans attacks among a run's tasks and `canaries.face` works them; `g_eval.Steps` is the stage that
writes evaluation steps once.
"""

from __future__ import annotations

from generation.recipes.base import PromptSlot
from generation.recipes.judging import aspects, g_eval, heuristics, pairwise, single, uploaded
from generation.recipes.judging.base import Duel, Judge, Judging, Question, Verdict, Winner

JUDGES: tuple[Judge, ...] = (
    single.JUDGE,
    pairwise.JUDGE,
    aspects.JUDGE,
    g_eval.JUDGE,
    uploaded.JUDGE,
    heuristics.JUDGE,
)

SLOTS: tuple[PromptSlot, ...] = tuple(slot for each in JUDGES for slot in each.slots)
"""Every prompt that any judge asks: all recipes that judge share them, and a project's own version of them."""

_BY_NAME = {each.name: each for each in JUDGES}


class UnknownJudge(LookupError):  # noqa: N818 - the name says what is the matter
    """No judge has that name."""


def judge(name: str) -> Judge:
    """The judge called `name`; `UnknownJudge` when there is none."""
    try:
        return _BY_NAME[name]
    except KeyError:
        raise UnknownJudge(name) from None


__all__ = [
    "JUDGES", "SLOTS", "Duel", "Judge", "Judging", "Question", "UnknownJudge", "Verdict", "Winner", "judge",
]  # fmt: skip
