"""Draft rows: written with the item that proposed them, and read as the values that recipes and checks know."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import orjson
from django.db import connection

from generation.engine.ledger import Finished
from generation.engine.texts import storable
from generation.models import Draft as DraftRow
from generation.types import Draft, Score, Span

_INSERT = (
    'INSERT INTO generation_draft (run_id, item_id, "index", stage, wave, kind, content, parent_id, line, state, '
    "reason, checks, novelty) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, 'pending', '', '[]', '{}') "
    "ON CONFLICT DO NOTHING"
)


def draft_value(content: Mapping[str, Any]) -> Draft:
    """The draft that a row's `content` holds."""
    values = dict(content)
    values["history"] = tuple((turn[0], turn[1]) for turn in values.get("history", ()))
    values["tags"] = tuple(values.get("tags", ()))
    values["seed_ids"] = tuple(values.get("seed_ids", ()))
    values["sample_ids"] = tuple(values.get("sample_ids", ()))
    values["answer_ids"] = tuple(values.get("answer_ids", ()))
    values["draft_ids"] = tuple(values.get("draft_ids", ()))
    values["spans"] = tuple(Span(**span) for span in values.get("spans", ()))
    values["scores"] = {name: Score(**score) for name, score in values.get("scores", {}).items()}
    return Draft(**values)


def add_drafts(run_id: int, *, writes: Sequence[Finished]) -> None:
    """The drafts of finished items. An item that was worked before adds only what it had not proposed yet."""
    before, next_index = _proposed([write.item.id for write in writes if write.item.attempt > 1])
    rows = []
    for write in writes:
        item, index = write.item, next_index.get(write.item.id, 0)
        for draft in write.drafts:
            content = _json(draft)
            if item.id in before and orjson.loads(content) in before[item.id]:
                continue
            parent = draft.draft_ids[0] if draft.draft_ids else None
            line = storable(str(draft.data.get("root", "")))[:80]
            rows.append((run_id, item.id, index, item.stage, item.wave, draft.kind, content, parent, line))
            index += 1
    if rows:
        with connection.cursor() as cursor:
            cursor.executemany(_INSERT, rows)


def _proposed(item_ids: Sequence[int]) -> tuple[dict[int, list[Any]], dict[int, int]]:
    """What the items proposed already, and the index that comes next."""
    before: dict[int, list[Any]] = {}
    next_index: dict[int, int] = {}
    if item_ids:
        known = DraftRow.objects.filter(item_id__in=item_ids).order_by("index")
        for item_id, index, content in known.values_list("item_id", "index", "content"):
            before.setdefault(item_id, []).append(content)
            next_index[item_id] = index + 1
    return before, next_index


def _json(draft: Draft) -> str:
    """The draft as JSON that every database takes: no NUL, no lone surrogate."""
    try:
        text = orjson.dumps(draft).decode("utf-8")
    except TypeError:  # a lone surrogate, or a mapping that is no dict
        text = ""
    if not text or "\\u0000" in text:
        text = json.dumps(_storable(asdict(draft)), ensure_ascii=False)
    return text


def _storable(value: Any) -> Any:
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, Mapping):
        return {storable(str(name)): _storable(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_storable(each) for each in value]
    return value
