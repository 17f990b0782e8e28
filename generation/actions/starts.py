"""What a run is started with, checked and fixed before anything is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from generation.actions.chosen_parts import PartRefusedError, part_fields
from generation.actions.chosen_sources import Asked, NoSourceError, offers_batch, source_fields
from generation.actions.fresh import unused
from generation.actions.prompts import texts_for
from generation.actions.sources import EVERYTHING, Choice, NothingChosenError, pinned
from generation.models import Endpoint, Project, Run
from generation.quality.near_duplicates.index import THRESHOLD
from generation.recipes import UnknownRecipe, recipe
from generation.recipes.base import Recipe, asks_model, slots
from generation.recipes.faults import faults

LEAST_THRESHOLD = 0.5
"""Below it most of what is compared has a share in common by chance, and memory grows with the bands."""

Texts = Mapping[str, tuple[int, str]]
"""Slot -> (version id, text)."""


class StartRefusedError(Exception):
    """The run cannot be started as asked. `code` says why; `faults` are (param, code) where params are at fault,
    (slot, code) where the text of a prompt is; `part` is the one whose model is."""

    def __init__(self, code: str, faults: tuple[tuple[str, str], ...] = (), *, part: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.faults = faults
        self.part = part


@dataclass(frozen=True, slots=True)
class Repeats:
    """What becomes of drafts that nearly repeat a row ("off", "note", "drop"; `threshold` is the Jaccard of shingles
    from which one does), and of those that repeat a text kept for evaluation."""

    near_duplicates: str = Run.Repeats.DROP.value
    threshold: float = THRESHOLD
    contamination: str = Run.Repeats.DROP.value


@dataclass(frozen=True)
class Wish:
    """What somebody asks for. `params` are as they came from a form or the API; `budget_micro` None means no cap.

    With `reuse` the answers that earlier runs paid for are taken again. `repeats` says what may be said twice.
    `versions` maps prompt slots to ids of versions
    other than those in use. `fallbacks` are further sources (endpoint, model), asked in turn once the one before is
    lost; `thinking` switches models that can think aloud; `batch` ("file", "held") is a slower, cheaper way to ask.
    `parts` maps the names of further models that the recipe asks to (endpoint, model); a `trial` of a prompt may do
    without those that a run needs.
    """

    recipe: str
    params: Mapping[str, Any]
    language: str = "en"
    endpoint: Endpoint | None = None
    model: str = ""
    choice: Choice = EVERYTHING
    random_seed: int = 42
    budget_micro: int | None = None
    max_in_flight: int = 64
    reuse: bool = False
    repeats: Repeats = Repeats()
    versions: Mapping[str, int] = field(default_factory=dict)
    fallbacks: tuple[Asked, ...] = ()
    thinking: bool | None = None
    batch: str = ""
    parts: Mapping[str, Asked] = field(default_factory=dict, repr=False)
    trial: bool = field(default=False, repr=False)

    @property
    def asked(self) -> list[Asked]:
        """All its sources, in order."""
        return [*([(self.endpoint, self.model)] if self.endpoint else []), *self.fallbacks]


def snapshot(project: Project, *, wish: Wish, now: datetime) -> dict[str, Any]:
    """The run's fields, all but who started it and when; `StartRefusedError` when it cannot be started so."""
    made, params, texts = _understood(project, wish)
    drawn, asks = _drawn(project, wish, made, params, texts), asks_model(made, params)
    for slot in slots(made):
        if found := faults(slot, texts[slot.name][1]):
            raise StartRefusedError("faulty_prompt", tuple((slot.name, fault.code) for fault in found))
    return {
        "recipe": wish.recipe,
        "params": params.model_dump(mode="json"),
        "language": wish.language,
        **drawn,
        "template_versions": {slot: version for slot, (version, _) in texts.items()},
        "template_texts": {slot: text for slot, (_, text) in texts.items()},
        "random_seed": wish.random_seed,
        "budget_micro": wish.budget_micro,
        "max_in_flight": wish.max_in_flight,
        "reuse": wish.reuse and asks,
        **repeat_columns(wish.repeats),
        **(source_of(project, wish=wish, now=now) if asks else {}),
    }


def repeat_columns(wanted: Repeats) -> dict[str, Any]:
    """The run's columns; `StartRefusedError` for a way that there is not, or a threshold that means nothing."""
    named = {wanted.near_duplicates, wanted.contamination} <= set(Run.Repeats.values)
    if not named or not LEAST_THRESHOLD <= wanted.threshold <= 1:
        raise StartRefusedError("bad_repeats")
    return {
        "near_duplicates": wanted.near_duplicates, "near_threshold": wanted.threshold,
        "contamination": wanted.contamination,
    }  # fmt: skip


def drawn(project: Project, *, wish: Wish) -> dict[str, Any]:
    """What the run would draw from, as `pinned` gives it; `StartRefusedError` when that is nothing."""
    return _drawn(project, wish, *_understood(project, wish))


def _understood(project: Project, wish: Wish) -> tuple[Recipe, Any, Texts]:
    """The recipe, its checked params, and slot -> (version id, text)."""
    try:
        made = recipe(wish.recipe)
    except UnknownRecipe:
        raise StartRefusedError("unknown_recipe") from None
    try:
        params = made.Params(**wish.params)
    except ValidationError as error:
        unfit = tuple((".".join(map(str, each["loc"])), each["type"]) for each in error.errors())
        raise StartRefusedError("bad_params", unfit) from error
    texts = texts_for(project, recipe=made, language=wish.language, versions=wish.versions)
    return made, params, texts


def _drawn(project: Project, wish: Wish, made: Recipe, params: Any, texts: Texts) -> dict[str, Any]:
    choice = unused(
        project, choice=wish.choice, recipe=made.name, params=params.model_dump(mode="json"),
        texts={slot: text for slot, (_version, text) in texts.items()}, language=wish.language,
    )  # fmt: skip
    try:
        return pinned(project, recipe=made, choice=choice)
    except NothingChosenError as error:
        raise StartRefusedError("nothing_new" if wish.choice.fresh else f"no_{error.source}") from None


def source_of(project: Project, *, wish: Wish, now: datetime) -> dict[str, Any]:
    """Endpoint, model, price, what stands by, and what its parts ask; `StartRefusedError` when nothing can be asked."""
    budget = wish.budget_micro is not None
    try:
        fields = source_fields(project, asked=wish.asked, budget=budget, now=now)
        fields["parts"] = part_fields(
            project, recipe=recipe(wish.recipe), chosen=wish.parts, own=fields, budget=budget, on=now.date(),
            trial=wish.trial,
        )  # fmt: skip
    except PartRefusedError as error:
        raise StartRefusedError(error.code, part=error.part) from None
    except NoSourceError as error:
        raise StartRefusedError(error.code) from None
    if wish.batch not in ("", *Run.Batching.values):
        raise StartRefusedError("unknown_batch")
    if fields.get("offline"):
        return fields
    asked = [fields["endpoint"], *(endpoint for endpoint, _model in wish.parts.values())]
    if wish.batch and not all(offers_batch(each, batch=wish.batch) for each in asked):
        raise StartRefusedError("batch_not_offered")
    return fields | {"thinking": wish.thinking, "batch": wish.batch}
