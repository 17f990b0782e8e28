"""Preference pairs as the report reads them: from the rows as they stand, or as a frozen version pins them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import QuerySet

from generation.formats.turns import asked_text
from generation.models import PreferencePair
from generation.preferences.bias import PairFacts
from generation.types import Pair
from review.models import DatasetVersion
from review.rows import pinned_rows, score_of

BATCH = 2000
_COLUMNS = (
    "pk", "sample_id", "sample__instruction", "sample__input", "sample__language", "chosen__text", "rejected__text",
    "chosen__model", "rejected__model", "chosen__scores", "rejected__scores", "margin", "source", "state", "rubric",
    "meta",
)  # fmt: skip
_JUDGED = ("pk", "sample__language", "margin", "source", "rubric", "meta", "chosen__scores")


def facts_of_rows(rows: QuerySet[PreferencePair]) -> Iterator[PairFacts]:
    """The pairs of a filter in the order of their ids, a batch at a time."""
    last = 0
    while found := list(rows.filter(pk__gt=last).order_by("pk").values(*_COLUMNS)[:BATCH]):
        last = found[-1]["pk"]
        yield from map(_facts, found)


def facts_of_version(version: DatasetVersion) -> Iterator[PairFacts]:
    """The pairs that a sealed version pins, texts and scores as they are pinned; each pair once."""
    for batch in pinned_rows(version, batch=BATCH):
        ids = [pinned.subject for pinned in batch]
        known = {each["pk"]: each for each in PreferencePair.objects.filter(pk__in=ids).values(*_JUDGED)}
        for pinned in batch:
            row, more = pinned.row, known[pinned.subject]
            assert isinstance(row, Pair)
            judge = _judge(more["meta"])
            low, high = _scale(judge, more["chosen__scores"])
            scores = [row.chosen.score, row.rejected.score]
            scores = scores if None not in scores else judge.get("scores") or scores
            yield PairFacts(
                id=pinned.subject, group=pinned.sample or 0, prompt=asked_text(row.prompt), chosen=row.chosen.text,
                rejected=row.rejected.text, language=more["sample__language"], margin=more["margin"],
                chosen_score=scores[0], rejected_score=scores[1], low=low, high=high,
                chosen_model=row.chosen.model, rejected_model=row.rejected.model, source=more["source"],
                rubric=more["rubric"], **_orders(judge),
            )  # fmt: skip


def _facts(row: dict[str, Any]) -> PairFacts:
    judge = _judge(row["meta"])
    scores = judge.get("scores") or [score_of(row["chosen__scores"]), score_of(row["rejected__scores"])]
    low, high = _scale(judge, row["chosen__scores"])
    parts = (row["sample__instruction"], row["sample__input"])
    return PairFacts(
        id=row["pk"], group=row["sample_id"], prompt="\n".join(part for part in parts if part),
        chosen=row["chosen__text"], rejected=row["rejected__text"], language=row["sample__language"],
        margin=row["margin"], chosen_score=scores[0], rejected_score=scores[1], low=low, high=high,
        chosen_model=row["chosen__model"], rejected_model=row["rejected__model"], source=row["source"],
        held=row["state"] == PreferencePair.State.HELD_BACK, rubric=row["rubric"], **_orders(judge),
    )  # fmt: skip


def _judge(meta: Mapping[str, Any]) -> Mapping[str, Any]:
    judge = (meta or {}).get("judge")
    return judge if isinstance(judge, Mapping) else {}


def _orders(judge: Mapping[str, Any]) -> dict[str, Any]:
    return {name: str(judge.get(name) or "") for name in ("forward", "backward", "first")}


def _scale(judge: Mapping[str, Any], scores: Mapping[str, Any]) -> tuple[float | None, float | None]:
    """The scale of the judge's scores, else of the only score that came with the answer."""
    if judge.get("low") is not None and judge.get("high") is not None:
        return float(judge["low"]), float(judge["high"])
    given = [each for each in (scores or {}).values() if isinstance(each, Mapping)]
    for each in given if len(given) == 1 else [scores.get("score")] if scores else []:
        if isinstance(each, Mapping) and each.get("low") is not None and each.get("high") is not None:
            return float(each["low"]), float(each["high"])
    return None, None
