"""What a pool's drafts may repeat: rows that people approved, rows that the pool admitted, texts kept for evaluation.

All of it is a function of rows and of the run that asks: approved rows count as of the moment at which the run was
made, so that neither the number of workers nor what people approve meanwhile changes what becomes of its drafts
(`docs/adr/0029`). It grows by what was approved since and is never read twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal, NamedTuple

from django.db.models import DateTimeField, F, Q
from django.db.models.functions import Coalesce

from generation.actions.drafts import draft_value
from generation.actions.held_out import HeldOutTexts, held_out_texts, sets_as_of
from generation.models import Draft, Run, Sample
from generation.quality.checks.size_guide import LABEL_TASKS
from generation.quality.near_duplicates import NearDuplicates, WordHashes
from generation.quality.near_duplicates.conflicts import agree, marks
from generation.quality.places import placed, plain, texts_of, whole
from generation.quality.rows import SAMPLE_FIELDS, draft_of_sample
from generation.types import Draft as DraftValue

NEAR_DUPLICATE = "near_duplicate"
CONTAMINATED = "contaminated"
MOST_ROWS = 500_000
"""Approved rows that are compared with, the first ones: 0.7 GB of memory for rows of 150 words."""
_LATE = timedelta(minutes=10)
"""How long before a decision may have been timed that is only now written."""
_AT_ONCE = 2000

Kind = Literal["sample", "draft"]


class RowKey(NamedTuple):
    """A row that drafts are compared with; a sample counts for runs that were made after it was approved."""

    kind: Kind
    pk: int
    since: datetime | None = None


@dataclass
class NearRows:
    """Rows of one pool by their shingles, for one threshold.

    Memory: for a row of 150 words 1.4 kB at the peak, with its key (`benchmarks/live_duplicates.py`).
    """

    project_id: int
    pool_id: int
    index: NearDuplicates[RowKey]
    until: datetime | None = None
    samples: set[int] = field(default_factory=set)

    def catch_up(self, as_of: datetime) -> None:
        """Takes in what was approved since, and what was approved a little before but written late."""
        begin = min(self.until, as_of - _LATE) if self.until else None
        for pk, since, draft in _approved(self.project_id, pool_id=self.pool_id, begin=begin, end=as_of):
            if pk not in self.samples and len(self.samples) < MOST_ROWS:
                self.samples.add(pk)
                self.index.add(RowKey("sample", pk, since), text_of(draft))
        self.until = max(self.until, as_of) if self.until else as_of


@dataclass
class Repeats:
    """What a pool's drafts may repeat, as an admitter remembers it between two turns; `caught` are the runs for which
    it was brought up to date in this one."""

    near: dict[float, NearRows] = field(default_factory=dict)
    held: dict[int, HeldOutTexts] = field(default_factory=dict)
    sets: tuple[Any, ...] | None = None
    caught: set[int] = field(default_factory=set)
    asked: set[int] = field(default_factory=set)
    hashes: WordHashes = field(default_factory=WordHashes)

    def new_turn(self) -> None:
        """Has the next question of each run look for what came since."""
        self.caught.clear()
        self.asked.clear()

    def findings(self, run: Run, draft: DraftValue) -> Iterator[dict[str, Any]]:
        """What the draft repeats, as findings beside those of checks; each drops it when the run says so."""
        if draft.kind != "sample" or not draft.instruction or draft.evaluation:
            return
        if run.contamination != Run.Repeats.OFF:
            yield from self._contaminated(run, draft)
        if run.near_duplicates != Run.Repeats.OFF:
            yield from self._near(run, draft)

    def keep(self, draft: DraftValue, *, pk: int) -> None:
        """Takes an admitted draft into every index in use."""
        if draft.kind == "sample" and draft.instruction and not draft.evaluation:
            for rows in self.near.values():
                rows.index.add(RowKey("draft", pk), text_of(draft))

    def _contaminated(self, run: Run, draft: DraftValue) -> Iterator[dict[str, Any]]:
        if run.pk not in self.asked:
            self.asked.add(run.pk)
            sets = sets_as_of(run.project_id)
            if sets != self.sets:
                self.sets = sets
                self.held.clear()
        if run.pk not in self.held:
            self.held[run.pk] = held_out_texts(run)
        found = self.held[run.pk].found(draft)
        if found is not None:
            yield plain(placed(
                CONTAMINATED, CONTAMINATED, field=found.field, spans=found.spans,
                drop=run.contamination == Run.Repeats.DROP, set=found.set, item=found.item, share=found.share,
            ))  # fmt: skip

    def _near(self, run: Run, draft: DraftValue) -> Iterator[dict[str, Any]]:
        rows = self._rows(run)
        said = marks(self.hashes.of(draft.output))

        def counts_as_one(key: RowKey) -> bool:
            if key.pk in (draft.sample_ids if key.kind == "sample" else draft.draft_ids):
                return False  # what it was made from
            other = _read(key, as_of=run.created_at)
            if other is None:
                return False
            closed = (draft.task_type or other.task_type) in LABEL_TASKS
            return agree(said, marks(self.hashes.of(other.output)), closed=closed)

        found = rows.index.nearest(text_of(draft), counts_as_one=counts_as_one)
        if found is not None and isinstance(found.key, RowKey):
            yield plain(placed(
                "near_duplicates", NEAR_DUPLICATE, field="instruction", spans=whole(draft.instruction),
                drop=run.near_duplicates == Run.Repeats.DROP, similarity=round(found.similarity, 4),
                threshold=run.near_threshold, nearest=f"{found.key.kind}:{found.key.pk}",
            ))  # fmt: skip

    def _rows(self, run: Run) -> NearRows:
        rows = self.near.get(run.near_threshold)
        fresh = rows is None
        if rows is None:
            index: NearDuplicates[RowKey] = NearDuplicates(threshold=run.near_threshold)
            rows = self.near[run.near_threshold] = NearRows(run.project_id, run.pool_id, index)
        if run.pk not in self.caught:
            rows.catch_up(run.created_at)
            self.caught.add(run.pk)
        if fresh:
            kept = Draft.objects.filter(run__pool=run.pool_id, state=Draft.State.ADMITTED, kind="sample")
            for pk, content in kept.order_by("id").values_list("pk", "content").iterator(chunk_size=_AT_ONCE):
                draft = draft_value(content)
                if draft.instruction and not draft.evaluation:
                    rows.index.add(RowKey("draft", pk), text_of(draft))
        return rows


def text_of(draft: DraftValue) -> str:
    """All that a row says: instruction, input, output, then system and earlier turns."""
    return "\n".join(text for _field, text in texts_of(draft))


def _approved(
    project_id: int, *, pool_id: int, begin: datetime | None, end: datetime
) -> Iterator[tuple[int, datetime, DraftValue]]:
    """The approved rows that train, in the order of their approval; those of the pool that nobody edited stand there
    as drafts already."""
    rows = Sample.objects.filter(project_id=project_id, state=Sample.State.APPROVED, evaluation=False, media={})
    rows = rows.annotate(since=Coalesce("decided_at", "created_at", output_field=DateTimeField()))
    rows = rows.exclude(Q(run__pool=pool_id) & Q(edited=False) & Q(draft__isnull=False))
    rows = rows.filter(since__lte=end)
    if begin is not None:  # the index on decided_at finds both
        rows = rows.filter(Q(decided_at__gt=begin) | Q(decided_at=None), since__gt=begin)
    for row in rows.order_by("since", "pk").values("pk", "since", *SAMPLE_FIELDS)[:MOST_ROWS].iterator(_AT_ONCE):
        yield row["pk"], row["since"], draft_of_sample(row)


def _read(key: RowKey, *, as_of: datetime) -> DraftValue | None:
    """The row as it stands; None for a sample that was not approved when the run was made, or is no more."""
    if key.kind == "draft":
        content = Draft.objects.filter(pk=key.pk).values_list("content", flat=True).first()
        return draft_value(content) if content else None
    rows = Sample.objects.filter(pk=key.pk, state=Sample.State.APPROVED)
    rows = rows.annotate(since=Coalesce(F("decided_at"), F("created_at"))).filter(since__lte=as_of)
    row = rows.values(*SAMPLE_FIELDS).first()
    return draft_of_sample(row) if row else None
