"""A step of a workflow: checked when it is saved, and made a wish when its turn comes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from generation.actions.sources import Choice
from generation.actions.starts import Repeats, StartRefusedError, Wish, repeat_columns, source_of
from generation.models import Endpoint, Project, Run, WorkflowTurn
from generation.recipes import UnknownRecipe, recipe
from generation.recipes.base import Source, asks_model, reads

DRAWS = ("passed", "approved")
_IN_FLIGHT = 64
_DONE = (Run.State.COMPLETED, Run.State.COMPLETED_WITH_ERRORS, Run.State.RUNNING, Run.State.PAUSED)


class FaultyStepError(Exception):
    """Step `at` (from 0) cannot be run as it stands; `code` says why, as for a run."""

    def __init__(self, at: int, code: str) -> None:
        super().__init__(f"{at}: {code}")
        self.at = at
        self.code = code


def step_like(run: Run, *, draws: str = "passed") -> dict[str, Any]:
    """A step that runs what `run` ran; as a later step it draws from the step before it."""
    return {
        "recipe": run.recipe, "params": run.params, "language": run.language, "endpoint": run.endpoint_id,
        "model": "" if run.offline else run.model, "budget_micro": run.budget_micro, "random_seed": run.random_seed,
        "draws": draws, "sources": run.sources | {"seeds": run.seed_filter},
        "parts": {name: {"endpoint": each["endpoint"], "model": each["model"]} for name, each in run.parts.items()},
        "near_duplicates": run.near_duplicates, "near_threshold": run.near_threshold,
        "contamination": run.contamination,
    }  # fmt: skip


def checked_step(project: Project, *, step: Mapping[str, Any], at: int, now: datetime) -> dict[str, Any]:
    """The step with every default filled in; `FaultyStepError` when no run could be started from it."""
    try:
        made = recipe(str(step.get("recipe", "")))
        params = made.Params(**step.get("params", {}))
    except UnknownRecipe:
        raise FaultyStepError(at, "unknown_recipe") from None
    except (ValidationError, TypeError):
        raise FaultyStepError(at, "bad_params") from None
    if at and not {"samples", "answers"} & set(reads(made)):
        raise FaultyStepError(at, "reads_no_samples")
    draws = step.get("draws") or "passed"
    if draws not in DRAWS:
        raise FaultyStepError(at, "unknown_draws")
    full = {
        "recipe": made.name, "params": params.model_dump(mode="json"),
        "language": step.get("language") or project.language[:2], "endpoint": step.get("endpoint"),
        "model": step.get("model") or "", "budget_micro": step.get("budget_micro"),
        "random_seed": int(step.get("random_seed") or 42), "draws": draws, "sources": dict(step.get("sources") or {}),
        "parts": dict(step.get("parts") or {}),
    }  # fmt: skip
    try:
        full |= repeat_columns(_repeats(step))
    except StartRefusedError as refused:
        raise FaultyStepError(at, refused.code) from None
    if asks_model(made, params):
        try:
            source_of(project, wish=_wish(full, Choice()), now=now)
        except StartRefusedError as refused:
            raise FaultyStepError(at, refused.code) from None
        return full
    return full | {"endpoint": None, "model": "", "parts": {}}  # what is not asked was not checked either


def wish_for(turn: WorkflowTurn) -> Wish:
    """The run of the turn's present step, drawing from where the step before left its samples."""
    step = turn.steps[turn.step]
    made = recipe(step["recipe"])
    if turn.step == 0:
        return _wish(step, _first_choice(turn, step["sources"]))
    before = Run.objects.filter(turn=turn, step=turn.step - 1).latest("id")
    taken: tuple[Source, ...] = tuple(source for source in reads(made) if source != "seeds")
    asked = step["sources"]
    documents = asked.get("documents")
    return _wish(
        step,
        Choice(
            taken, None, {"run": before.pk, "state": step["draws"]}, None if documents is None else tuple(documents),
            asked.get("vocabulary"), answers={**(asked.get("answers") or {}), "run": before.pk},
        ),
    )  # fmt: skip


def _first_choice(turn: WorkflowTurn, asked: Mapping[str, Any]) -> Choice:
    """What the first step draws from: with `only_new`, nothing that an earlier turn drew."""
    documents = asked.get("documents")
    return Choice(
        tuple(asked.get("take") or ()), asked.get("seeds") or {}, asked.get("samples") or {},
        None if documents is None else tuple(documents), asked.get("vocabulary"),
        drawn_before(turn) if turn.workflow.only_new else {}, answers=asked.get("answers") or {},
    )  # fmt: skip


def drawn_before(turn: WorkflowTurn) -> dict[str, set[int]]:
    """By source the ids of the seeds and of the samples that the first steps of earlier turns drew from."""
    seeds: set[int] = set()
    samples: set[int] = set()
    earlier = Run.objects.filter(turn__workflow=turn.workflow_id, step=0, state__in=_DONE).exclude(turn=turn)
    for ids, pins in earlier.values_list("seed_ids", "pinned"):
        seeds.update(ids)
        samples.update(pin[0] for source in ("samples", "answers") for pin in pins.get(source, []))
    return {"seeds": seeds, "samples": samples, "answers": samples}


def _wish(step: Mapping[str, Any], choice: Choice) -> Wish:
    endpoint = Endpoint.objects.filter(pk=step["endpoint"]).first() if step["endpoint"] else None
    flight = endpoint.max_in_flight if endpoint and not endpoint.offline else _IN_FLIGHT
    asked = step.get("parts") or {}
    rows = Endpoint.objects.in_bulk([each["endpoint"] for each in asked.values()])
    parts = {name: (rows[each["endpoint"]], each["model"]) for name, each in asked.items() if each["endpoint"] in rows}
    return Wish(
        step["recipe"], step["params"], step["language"], endpoint, step["model"], choice, step["random_seed"],
        step["budget_micro"], flight, parts=parts, repeats=_repeats(step),
    )  # fmt: skip


def _repeats(step: Mapping[str, Any]) -> Repeats:
    """What the step's rows may repeat; the usual where it does not say, as in steps older than the question."""
    usual, threshold = Repeats(), step.get("near_threshold")
    return Repeats(
        step.get("near_duplicates") or usual.near_duplicates, usual.threshold if threshold is None else threshold,
        step.get("contamination") or usual.contamination,
    )  # fmt: skip
