"""What a pool's drafts may repeat: rows that people approved, rows that the pool admitted, texts kept for evaluation.

All of it is a function of rows and of the run that asks: approved rows count as of the moment at which the run was
made, so that neither the number of workers nor what people approve meanwhile changes what becomes of its drafts
(`docs/adr/0029`). It grows by what was approved since and is never read twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal, NamedTuple

from django.db.models import Q

from generation.actions.approved_novelty import (
    LATE,
    LIKE_APPROVED,
    MOST_ROWS,
    ApprovedNovelty,
    approved_between,
    approved_rows,
)
from generation.actions.drafts import draft_value
from generation.actions.held_out import HeldOutTexts, Repeated, held_out_texts, sets_as_of
from generation.models import Draft, Run
from generation.quality.checks.size_guide import LABEL_TASKS
from generation.quality.near_duplicates import NearDuplicates, WordHashes
from generation.quality.near_duplicates.conflicts import agree, marks
from generation.quality.novelty import TOO_SIMILAR
from generation.quality.places import placed, plain, texts_of, whole
from generation.quality.rows import SAMPLE_FIELDS, draft_of_sample
from generation.types import Draft as DraftValue

NEAR_DUPLICATE = "near_duplicate"
CONTAMINATED = "contaminated"
REASONS = frozenset({NEAR_DUPLICATE, CONTAMINATED, LIKE_APPROVED, TOO_SIMILAR})
"""Why drafts are dropped for what they repeat."""
_AT_ONCE = 2000

Kind = Literal["sample", "draft"]


class RowKey(NamedTuple):
    """A row that drafts are compared with; a sample counts for runs that were made after it was approved, as it was
    approved then."""

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
    samples: dict[int, datetime] = field(default_factory=dict)

    def catch_up(self, as_of: datetime) -> None:
        """Takes in what was approved since, and what was approved a little before but written late."""
        begin = min(self.until, as_of - LATE) if self.until else None
        for pk, since, draft in _approved(self.project_id, pool_id=self.pool_id, begin=begin, end=as_of):
            known = self.samples.get(pk)
            if known != since and (known or len(self.samples) < MOST_ROWS):
                self.samples[pk] = since
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
    approved: ApprovedNovelty = field(default_factory=ApprovedNovelty)

    def new_turn(self) -> None:
        """Has the next question of each run look for what came since."""
        self.caught.clear()
        self.asked.clear()
        self.approved.new_turn()

    def findings(self, run: Run, draft: DraftValue, *, novel: bool) -> Iterator[dict[str, Any]]:
        """What the draft repeats, as findings beside those of checks; each drops it when the run says so. `novel` is
        that of the draft's stage.

        Texts kept for evaluation are looked for in every prompt that is made for training, with its answers; approved
        instructions where the run asks for it; near-duplicates among whole rows only.
        """
        if not draft.instruction or draft.evaluation or draft.kind == "score":
            return
        if run.contamination != Run.Repeats.OFF and (novel or draft.kind != "instruction"):
            yield from self._contaminated(run, draft)
        yield from map(plain, self.approved.findings(run, draft, novel=novel))
        if run.near_duplicates != Run.Repeats.OFF and draft.kind == "sample":
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
        found = _repeated(self.held[run.pk], draft)
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
            other = _read(key, project_id=run.project_id, as_of=run.created_at)
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


def _repeated(held: HeldOutTexts, draft: DraftValue) -> Repeated | None:
    """What the draft repeats of the texts kept for evaluation, or its rejected answer ("rejected") where it has one."""
    found = held.found(draft)
    if found is not None or not draft.rejected:
        return found
    found = held.found(replace(draft, output=draft.rejected))
    return replace(found, field="rejected") if found is not None and found.field == "output" else found


def text_of(draft: DraftValue) -> str:
    """All that a row says: instruction, input, output, then system and earlier turns."""
    return "\n".join(text for _field, text in texts_of(draft))


def _approved(
    project_id: int, *, pool_id: int, begin: datetime | None, end: datetime
) -> Iterator[tuple[int, datetime, DraftValue]]:
    """The approved rows that train, in the order of their approval; those of the pool that nobody edited stand there
    as drafts already."""
    rows = approved_rows(project_id).exclude(Q(run__pool=pool_id) & Q(edited=False) & Q(draft__isnull=False))
    rows = approved_between(rows, begin=begin, end=end)
    for row in rows.values("pk", "since", *SAMPLE_FIELDS)[:MOST_ROWS].iterator(_AT_ONCE):
        yield row["pk"], row["since"], draft_of_sample(row)


def _read(key: RowKey, *, project_id: int, as_of: datetime) -> DraftValue | None:
    """The row as it stands; None for a sample that was not approved when the run was made, that was decided anew since,
    or is no more."""
    if key.kind == "draft":
        content = Draft.objects.filter(pk=key.pk).values_list("content", flat=True).first()
        return draft_value(content) if content else None
    row = approved_rows(project_id).filter(pk=key.pk, since__lte=as_of).values("since", *SAMPLE_FIELDS).first()
    return draft_of_sample(row) if row and row["since"] == key.since else None
