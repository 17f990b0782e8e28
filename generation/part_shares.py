"""What each of a run's models had of its calls and its money, read from the sums that move with the calls."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Sum

from generation.models import Endpoint, Run, Spend
from generation.recipes import UnknownRecipe, recipe
from generation.recipes.base import parts


@dataclass(frozen=True, slots=True)
class PartShare:
    """One model of a run: which parts it answers (their titles, "" for the run's own), its calls, and what they cost.

    Percents are of all the run's calls and of all that was spent; `cost_micro` is in the run's currency.
    """

    titles: tuple[str, ...]
    model: str
    endpoint: str
    calls: int = 0
    cost_micro: int = 0
    calls_percent: float = 0.0
    cost_percent: float = 0.0


def part_shares(run: Run) -> Sequence[PartShare]:
    """Each model of a run of several, the run's own first; nothing for a run of one. Two queries.

    Parts that share a model share its line: the sums do not tell them apart.
    """
    if not run.parts:
        return ()
    sums = {
        row["model"]: (row["n"], row["spent"])
        for row in Spend.objects.filter(run=run).order_by().values("model").annotate(
            n=Sum("calls") + Sum("reused"), spent=Sum("cost_micro")
        )
    }  # fmt: skip
    calls, spent = (sum(each[at] for each in sums.values()) for at in (0, 1))
    found = []
    for model, (endpoint, titles) in _models(run).items():
        mine, cost = sums.get(model, (0, 0))
        found.append(
            PartShare(titles, model, endpoint, mine, cost, _percent(mine, of=calls), _percent(cost, of=spent))
        )  # fmt: skip
    return found


def _models(run: Run) -> dict[str, tuple[str, tuple[str, ...]]]:
    """Model -> (its endpoint's name, titles of the parts that it answers)."""
    own, titles = _titles(run)
    asked = Endpoint.objects.filter(pk__in=[each["endpoint"] for each in run.parts.values()])
    names = dict(asked.values_list("pk", "name"))
    found: dict[str, tuple[str, tuple[str, ...]]] = {run.model: (run.endpoint.name if run.endpoint else "", (own,))}
    for name, each in run.parts.items():
        endpoint, so_far = found.get(each["model"], (names.get(each["endpoint"], ""), ()))
        found[each["model"]] = (endpoint, (*so_far, titles.get(name, name)))
    return found


def _titles(run: Run) -> tuple[str, dict[str, str]]:
    """What the run's own model is called, and each part; as they are where the recipe is gone."""
    try:
        made = recipe(run.recipe)
    except UnknownRecipe:
        return "", {}
    return getattr(made, "own_title", ""), {part.name: part.title for part in parts(made)}


def _percent(some: int, *, of: int) -> float:
    return round(100 * some / of, 1) if of else 0.0
