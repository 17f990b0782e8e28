"""Stanford Human Preferences: {history, human_ref_A, human_ref_B, labels, score_A, score_B}.

Source: stanfordnlp/SHP. `labels` 1 prefers A, 0 prefers B; the scores are upvotes.
"""

from __future__ import annotations

from generation.files.records import Record
from generation.files.strict_json import Fault
from generation.formats.parts import text_of
from generation.formats.public.reading import has_texts, number_of, read_only, rest_of
from generation.types import N_, Candidate, Example, Pair


def likeness(record: Record) -> int:
    """Its own names of columns."""
    return 95 if has_texts(record, "history", "human_ref_A", "human_ref_B") and "labels" in record else 0


def decode(record: Record) -> Pair:
    """The pair with upvotes as scores; `Fault` for a label that is neither 0 nor 1."""
    label = number_of(record, "labels")
    if label not in (0, 1):
        raise Fault("unknown_feedback", path="labels", message=repr(label))
    a, b = (Candidate(text_of(record, f"human_ref_{side}"), score=_votes(record, side)) for side in "AB")
    if a.text == b.text:
        raise Fault("same_answers", path="human_ref_B")
    known = ("history", "human_ref_A", "human_ref_B", "labels", "score_A", "score_B")
    chosen, rejected = (a, b) if label else (b, a)
    return Pair(Example(text_of(record, "history")), chosen, rejected, meta=rest_of(record, *known))


def _votes(record: Record, side: str) -> float | None:
    return number_of(record, f"score_{side}") if f"score_{side}" in record else None


FORMAT = read_only("shp", title=N_("SHP"), kind="preference", is_like=likeness, to_row=decode)
