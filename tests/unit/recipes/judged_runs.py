"""Recipes that judge, played in memory with models and a judge who say what a test wants."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from generation.recipes import recipe
from generation.types import Instance, Prompt, Reply, SeedView, Sources
from tests.contracts.playing import Play

LEAK = "the-output-of-the-seed"
SEEDS = [SeedView(n, f"Is mushroom {n} edible?", (Instance("", LEAK),), language="en") for n in range(1, 4)]
Answers = Callable[[Prompt], "str | Reply"]
Better = Callable[[str, str], str]


def play(
    name: str,
    *,
    answers: Answers | None = None,
    better: Better | None = None,
    score: Callable[[str], Any] | None = None,
    sources: Sources | None = None,
    resist: bool = True,
    **params: Any,
) -> Play:
    """`better` says which of two texts wins: "first", "second" or "tie", or the side "A" or "B" whatever stands there;
    `score` what a text gets. Planted texts lose unless the judge does not `resist`."""

    def heard(prompt: Prompt, _seed: int) -> Reply:
        if prompt.stage.startswith("judging."):
            return Reply(_verdict(prompt, better, score, resist), model="judge-1")
        assert answers is not None
        said = answers(prompt)
        return said if isinstance(said, Reply) else Reply(said, model=f"model-{prompt.part or 'own'}")

    each = recipe(name)
    drawn = sources if sources is not None else Sources(SEEDS)
    return Play(each, each.Params(**params), drawn, answer=heard).run()


def _verdict(prompt: Prompt, better: Better | None, score: Callable[[str], Any] | None, resist: bool) -> str:
    if prompt.stage == "judging.steps":
        return json.dumps({"steps": ["Read it.", "Grade it."]})
    _task, *texts = prompt.variables["texts"]
    planted = [len(text.splitlines()[0]) < 50 and "\n\n" in text for text in texts]
    if prompt.stage.startswith("judging.pairwise"):
        if any(planted):
            wanted = planted.index(resist is False)
            return json.dumps({"winner": "AB"[wanted]})
        assert better is not None
        said = better(*texts)
        return json.dumps({"winner": {"first": "A", "second": "B"}.get(said, said)})
    if any(planted):
        return json.dumps({"score": prompt.variables["low"] if resist else prompt.variables["high"]})
    value = score(texts[0]) if score else None
    return json.dumps({"score": prompt.variables["high"] if value is None else value})


def longer(left: str, right: str) -> str:
    """The longer text wins, equals tie."""
    return "tie" if len(left) == len(right) else "first" if len(left) > len(right) else "second"
