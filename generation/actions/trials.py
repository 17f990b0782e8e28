"""Two versions of a prompt tried on the same few rows: by rules for nothing, or by a model under a cap."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from generation.actions.assignments import price_in
from generation.actions.previews import Preview, preview_of, start_preview
from generation.actions.prices import price_for
from generation.actions.prompts import texts_for
from generation.actions.sources import few, sources_in
from generation.actions.starts import StartRefusedError, Wish, drawn
from generation.engine.budget import most_tokens
from generation.models import Endpoint, Person, Project, Run
from generation.recipes.base import PromptText, Recipe
from generation.recipes.rehearsal import Filled, Proposed, Stand, asked, fill, propose
from generation.types import Prompt

TRIED = 10
"""Rows that both versions are tried on, and tasks of each stage."""
_AROUND = 400
"""Bytes of a request besides its messages, generously."""


@dataclass(frozen=True, slots=True)
class Side:
    """One version's part of a trial: what would be sent, and what came of it, row by row."""

    version: int
    filled: list[Filled]
    proposed: list[Proposed]
    run: Run | None = None
    preview: Preview | None = None


def trial_wish(
    recipe: Recipe, *, slot: str, language: str, version: int, endpoint: Endpoint | None = None, model: str = ""
) -> Wish:  # fmt: skip
    """The run that a version is tried in: the recipe's own settings, and such as use the slot."""
    params = recipe.Params(**recipe.params_showing(slot)).model_dump(mode="json")
    return Wish(recipe.name, params, language, endpoint, model, versions={slot: version}, trial=True)


def rows_of(project: Project, *, wish: Wish) -> Mapping[str, Any] | None:
    """The rows that every version is tried on; None where there are none."""
    try:
        return few(drawn(project, wish=wish), most=TRIED)
    except StartRefusedError:
        return None


def by_rules(project: Project, *, wish: Wish, slot: str, recipe: Recipe, rows: Mapping[str, Any]) -> Side:
    """What rules make of the version: nothing is sent and nothing is written."""
    stand = _stand(project, wish, recipe, rows)
    return Side(wish.versions[slot], fill(stand, slot=slot, count=2), propose(stand, most=TRIED))


def most_cost(project: Project, *, wish: Wish, recipe: Recipe, rows: Mapping[str, Any], now: datetime) -> int | None:
    """Micro-units that trying the version may cost at most; None where the model's price is not known."""
    if wish.endpoint is None or (found := _price(project, wish, now)) is None:
        return None
    price = price_in(found.snapshot())
    prompts = asked(_stand(project, wish, recipe, rows), most=TRIED)
    return sum(price.most(*most_tokens(_as_long_as(prompt), prompt)) for prompt in prompts)


def currency_of(project: Project, *, wish: Wish, now: datetime) -> str:
    """The currency of the wish's price, "" where it is not known."""
    found = _price(project, wish, now)
    return found.currency if found else ""


def trial_of(project: Project, *, wish: Wish) -> Run | None:
    """The paid trial of exactly this version with this model, where there was one."""
    return Run.objects.filter(project=project, preview=True, start_key=_key(wish)).order_by("-id").first()


def start_trial(project: Project, *, wish: Wish, most: int | None, by: Person, now: datetime) -> Run:
    """Tries the version with its model for real, as a preview that stops at `most`. The same trial is paid for once."""
    capped = replace(wish, budget_micro=most)
    return start_preview(
        project, wish=capped, by=by, now=now, start_key=_key(wish), tasks=TRIED, rows=TRIED
    )  # fmt: skip


def by_model(run: Run, *, side: Side) -> Side:
    """The side with what the model answered so far."""
    found = preview_of(run)
    stages = [each.stage for each in found.drafts]
    brought = [each for each in found.drafts if each.stage == stages[-1]] if stages else []
    return replace(side, run=run, preview=found, proposed=[Proposed(each.draft, (), each.reason) for each in brought])


def _stand(project: Project, wish: Wish, recipe: Recipe, rows: Mapping[str, Any]) -> Stand:
    texts = texts_for(project, recipe=recipe, language=wish.language, versions=wish.versions)
    prompts = {name: PromptText(text) for name, (_version, text) in texts.items()}
    params = recipe.Params(**wish.params)
    return Stand(recipe, params, prompts, sources_in(project, fields=rows), wish.language, wish.random_seed)


def _as_long_as(prompt: Prompt) -> bytes:
    """As many bytes as the request will have, about."""
    return b" " * (_AROUND + sum(len(message.content.encode()) for message in prompt.messages))


def _price(project: Project, wish: Wish, now: datetime) -> Any:
    return price_for(wish.endpoint, model=wish.model, on=now.date(), project=project) if wish.endpoint else None


def _key(wish: Wish) -> str:
    texts = "\x1f".join(f"{slot}={version}" for slot, version in sorted(wish.versions.items()))
    endpoint = wish.endpoint.pk if wish.endpoint else 0
    told = f"{wish.recipe}\x1f{wish.language}\x1f{endpoint}\x1f{wish.model}\x1f{texts}"
    return "trial-" + hashlib.sha256(told.encode()).hexdigest()[:40]
