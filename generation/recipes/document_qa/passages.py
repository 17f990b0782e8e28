"""Which passages of which documents are asked about, in which order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from generation.documents.chunks import Chunk, chunks_of
from generation.types import DocumentView


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of a document."""

    document: DocumentView
    chunk: Chunk

    @property
    def text(self) -> str:
        """Its words."""
        return self.document.text[self.chunk.start : self.chunk.end]


def passages_of(documents: Sequence[DocumentView], params: Any) -> list[Passage]:
    """The passages of all documents in order; a limited number of them spread evenly."""
    found = [
        Passage(document, chunk)
        for document in documents
        for chunk in chunks_of(document, size=params.passage_size, overlap=params.overlap)
        if chunk.end - chunk.start >= params.least_passage
    ]
    most = params.most_passages
    return [found[at * len(found) // most] for at in range(most)] if 0 < most < len(found) else found


def passage_count(documents: Sequence[DocumentView], params: Any) -> int:
    """How many there are."""
    return len(passages_of(documents, params))
