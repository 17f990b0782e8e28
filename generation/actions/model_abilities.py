"""What is known of models at endpoints: where a run begins, and what it leaves behind for the next."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from generation.actions.endpoint_views import endpoint_view
from generation.engine.abilities import Abilities
from generation.models import Endpoint, ModelAbility
from generation.providers.base import Ability
from generation.providers.chat_wire import house
from generation.providers.json_modes import JSON_MODES


def ability_row(endpoint: Endpoint | None, *, model: str) -> ModelAbility | None:
    """What was learnt of the model there, if anything."""
    if endpoint is None:
        return None
    return ModelAbility.objects.filter(endpoint=endpoint, model=model).first()


def abilities_of(endpoint: Endpoint | None, *, row: ModelAbility | None) -> Abilities:
    """Where a drain begins: what was learnt, else what the endpoint says, else what its preset knows."""
    if endpoint is None:
        return Abilities()
    known = house(endpoint_view_without_key(endpoint))
    said = {"object": "object", "schema": "schema"}.get(str(endpoint.options.get("json_mode")), "")
    mode = (row.json_mode if row else "") or said or known.json_mode
    omits = frozenset(row.omits) if row else frozenset()
    limits = row.detected if row else {}
    return Abilities(Ability(mode if mode in JSON_MODES else "schema", omits), lacks=known.lacks, limits=limits)


def endpoint_view_without_key(endpoint: Endpoint) -> Any:
    """The endpoint's address and habits, its key left where it is."""
    bare = Endpoint(kind=endpoint.kind, base_url=endpoint.base_url, preset=endpoint.preset, options=endpoint.options)
    return endpoint_view(bare)


@transaction.atomic
def learn_ability(
    endpoint_id: int, *, model: str, ability: Ability, limits: Mapping[str, int], now: datetime
) -> ModelAbility:
    """Keeps what a drain found out. Two workers may find out different things: what was refused to one stays refused,
    and the lower rung stands."""
    row, _ = ModelAbility.objects.select_for_update().get_or_create(endpoint_id=endpoint_id, model=model)
    deeper = max(ability.json_mode, row.json_mode or JSON_MODES[0], key=JSON_MODES.index)
    row.json_mode, row.omits = deeper, sorted({*row.omits, *ability.omits})
    row.detected, row.learnt_at = row.detected | dict(limits), now
    row.save(update_fields=["json_mode", "omits", "detected", "learnt_at"])
    return row
