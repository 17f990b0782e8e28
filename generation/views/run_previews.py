"""Some samples of a run that is not started yet: by rules at once, or by a model when somebody asks and pays for it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.utils import timezone

from generation.access import Seat
from generation.actions.previews import Preview, preview_of, start_preview
from generation.actions.prompts import texts_for
from generation.actions.sources import few, sources_in
from generation.actions.starts import Wish
from generation.forms.runs import RunForm
from generation.models import Run
from generation.recipes.base import PromptText, asks_model
from generation.recipes.rehearsal import Proposed, Stand, judge, propose, telling

SEEDS = 60
ROWS = 24
"""Of a table, where each row is a task of its own."""


@dataclass(frozen=True, slots=True)
class PaidPreview:
    """A paid preview as the page shows it."""

    run: Run
    found: Preview
    proposed: list[Proposed]


def free_samples(seat: Seat, form: RunForm, wish: Wish, fields: Mapping[str, Any]) -> list[Proposed]:
    """What rules make of a spread of the chosen rows: nothing is sent, nothing is written."""
    texts = texts_for(seat.project, recipe=form.recipe, language=wish.language)
    prompts = {slot: PromptText(text) for slot, (_version, text) in texts.items()}
    most = SEEDS if form.recipe.needs_model else ROWS
    drawn = sources_in(seat.project, fields=few(fields, most=most))
    return propose(Stand(form.recipe, form.params, prompts, drawn, wish.language, wish.random_seed))


def paid_preview(seat: Seat, form: RunForm, wish: Wish, *, asked: bool) -> PaidPreview | None:
    """The preview of exactly this wish: the one that was made, or a new one when it is asked for.

    It is found by what it was made for, so that a form sent twice is paid for once.
    """
    if not asks_model(form.recipe, form.params) or wish.endpoint is None or wish.endpoint.offline:
        return None
    key = _key(form, wish)
    run = Run.objects.filter(project=seat.project, preview=True, start_key=key).first()
    if run is None and asked:
        run = start_preview(seat.project, wish=wish, by=seat.person, now=timezone.now(), start_key=key)
    if run is None:
        return None
    found = preview_of(run)
    return PaidPreview(run, found, _proposed(form, found))


def _proposed(form: RunForm, found: Preview) -> list[Proposed]:
    """The drafts of the last stage that brought any, of whatever kind, with what admission would make of them."""
    stages = {stage.name: stage for stage in form.recipe.stages}
    brought = [each for each in found.drafts if each.stage in stages]
    last = next((name for name in reversed(stages) if any(each.stage == name for each in brought)), "")
    judged = [
        (judge(each.draft, stage=stages[last], params=form.params), each.reason)
        for each in brought if each.stage == last
    ]  # fmt: skip
    return telling([replace(proposed, reason=proposed.reason or reason) for proposed, reason in judged])


def _key(form: RunForm, wish: Wish) -> str:
    endpoint = wish.endpoint.pk if wish.endpoint else 0
    what = [
        form.cleaned_data["start_key"], dict(wish.params), wish.language, endpoint, wish.model,
        dict(wish.choice.seeds or {}), wish.choice.asked(), wish.random_seed,
        *([{name: [each.pk, model] for name, (each, model) in wish.parts.items()}] if wish.parts else []),
    ]  # fmt: skip
    return "preview-" + hashlib.sha256(json.dumps(what, sort_keys=True).encode()).hexdigest()[:40]
