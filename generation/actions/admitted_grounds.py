"""Where in documents admitted samples come from: the spans that their drafts name, as rows."""

from __future__ import annotations

from collections.abc import Iterable

from generation.models import Document, Grounding, Run, Sample
from generation.types import Draft

MOST = 100


def write_grounds(run: Run, *, made: Iterable[tuple[Sample, Draft]]) -> int:
    """Rows for the spans of drafts that became samples; how many. A document that is gone since is passed over."""
    named = [(sample, draft.spans[:MOST]) for sample, draft in made if draft.spans]
    if not named:
        return 0
    wanted = {span.document for _, spans in named for span in spans}
    sizes = dict(
        Document.objects.filter(project_id=run.project_id, pk__in=wanted).values_list("pk", "characters")
    )  # fmt: skip
    rows = [
        Grounding(sample=sample, document_id=span.document, index=index, start=span.start, end=span.end)
        for sample, spans in named
        for index, span in enumerate(spans)
        if span.document in sizes and 0 <= span.start < span.end <= sizes[span.document]
    ]
    Grounding.objects.bulk_create(rows, batch_size=500)
    return len(rows)
