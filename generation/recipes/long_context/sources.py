"""The passages of a run: where the answer of a sample stands, and what may stand beside it."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from generation.documents.chunks import Chunk, chunks_of
from generation.quality.text import comparison_key
from generation.types import DocumentView, SampleView, Span

_LOOKED_AT = 200
"""Passages that are looked at for a row, and eight for each that it needs: a book is not gone through for every row."""


@dataclass(frozen=True, slots=True)
class Gold:
    """The passage that answers a sample's question; `evidence` is the place of its words, None where it has none."""

    document: DocumentView
    start: int
    end: int
    evidence: Span | None

    @property
    def quote(self) -> str:
        """The evidence on one line."""
        span = self.evidence
        return " ".join(self.document.text[span.start : span.end].split()) if span else ""


class Library:
    """The documents of a run, cut into passages."""

    def __init__(self, documents: Sequence[DocumentView], *, size: int) -> None:
        self._documents: Mapping[int, DocumentView] = {each.id: each for each in documents}
        self._size = size
        self._all = [(document, chunk) for document in documents for chunk in self._chunks(document)]

    def gold(self, sample: SampleView) -> Gold | str:
        """The sample's passage, or the reason why it has none. A sample whose first span lies inside another of its
        spans quotes there; one with a single span speaks of all of it."""
        if not sample.spans:
            return "no_source_span"
        first = sample.spans[0]
        document = self._documents.get(first.document)
        if document is None or not 0 <= first.start < first.end <= len(document.text):
            return "document_missing"
        around = next((each for each in sample.spans[1:] if _within(first, each)), None)
        if around is not None and around.end - around.start <= self._size:
            return Gold(document, around.start, around.end, first)
        met = [each for each in self._chunks(document) if each.start < first.end and first.start < each.end]
        start = min([first.start, *(each.start for each in met)])
        end = max([first.end, *(each.end for each in met)])
        return Gold(document, start, end, first if around is not None else None)

    def others(self, gold: Gold, *, kind: str, count: int, rng: random.Random) -> list[dict[str, Any]]:
        """Up to `count` passages that do not answer, in mixed order: none that overlaps the gold one, or that says what
        it quotes once more."""
        same, answer = gold.document, comparison_key(gold.quote)
        found = [(same, chunk) for chunk in self._chunks(same)] if kind == "same_document" else self._all
        kept: list[dict[str, Any]] = []
        for document, chunk in rng.sample(found, min(len(found), _LOOKED_AT + 8 * count)):
            if len(kept) == count:
                break
            if document.id == same.id and (kind == "other_documents" or _meets(chunk, gold)):
                continue
            if not answer or answer not in comparison_key(document.text[chunk.start : chunk.end]):
                kept.append(passage(document, chunk.start, chunk.end))
        return kept

    def _chunks(self, document: DocumentView) -> Sequence[Chunk]:
        return chunks_of(document, size=self._size)


def passage(document: DocumentView, start: int, end: int) -> dict[str, Any]:
    """A passage as plain JSON, with the name of its document and its own words."""
    name = document.name.rpartition(".")[0] or document.name
    return {"document": document.id, "name": name, "start": start, "end": end, "text": document.text[start:end]}


def _meets(chunk: Chunk, gold: Gold) -> bool:
    return chunk.start < gold.end and gold.start < chunk.end


def _within(inner: Span, outer: Span) -> bool:
    return inner.document == outer.document and outer.start <= inner.start and inner.end <= outer.end
