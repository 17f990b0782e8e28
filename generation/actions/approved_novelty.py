"""Approved instructions by ROUGE-L: whether a run invents again what people approved before it was made.

The index of a project is a function of its approved rows. It holds texts, and which samples say them; whether a sample
counts for a run is asked of the rows when it is hit, so that every run of the project shares one index
(`docs/adr/0029`).
"""

from __future__ import annotations

from array import array
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Any, NamedTuple

from django.db.models import DateTimeField, Q, QuerySet
from django.db.models.functions import Coalesce

from generation.models import Run, Sample
from generation.quality import novelty
from generation.quality.places import placed, whole
from generation.types import Draft, Finding

LIKE_APPROVED = "like_approved"
OWN_RULE = "novelty_threshold"
"""The param of recipes that hold what they invent against the pool, too."""
THRESHOLD = 0.7
"""ROUGE-L above which an instruction is not new (Self-Instruct, arXiv 2212.10560)."""
MOST_ROWS = 500_000
"""Approved rows that are compared with, the first ones."""
LATE = timedelta(minutes=10)
"""How long before a decision may have been timed that is only now written."""
_AT_ONCE = 2000
_FIRST_LOOK = 8


class Like(NamedTuple):
    """The approved sample that says nearly the same, and its ROUGE-L F1 (0 to 1)."""

    sample: int
    score: float


def approved_rows(project_id: int) -> QuerySet[Any]:
    """The approved rows that train on text alone, each with `since`, the moment from which it counts."""
    rows = Sample.objects.filter(project_id=project_id, state=Sample.State.APPROVED, evaluation=False, media={})
    return rows.annotate(since=Coalesce("decided_at", "created_at", output_field=DateTimeField()))


def approved_between(rows: QuerySet[Any], *, begin: datetime | None, end: datetime) -> QuerySet[Any]:
    """Those of `approved_rows` that count since a moment in (`begin`, `end`], in that order."""
    rows = rows.filter(since__lte=end)
    if begin is not None:  # the index on decided_at finds both
        rows = rows.filter(Q(decided_at__gt=begin) | Q(decided_at=None), since__gt=begin)
    return rows.order_by("since", "pk")


@dataclass
class ApprovedTexts:
    """Texts of a project's approved rows, each once, with the samples that say it.

    `with_input` takes instruction and input together, otherwise the instruction alone. Rows with earlier turns are left
    out: their last question says little by itself. Memory: `benchmarks/live_novelty.py`.
    """

    project_id: int
    with_input: bool
    compat: bool
    until: datetime | None = None
    pool: novelty.Pool = field(init=False)
    _row_of: dict[bytes, int] = field(default_factory=dict)
    _row_of_sample: dict[int, int] = field(default_factory=dict)
    _samples: list[array[int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.pool = novelty.Pool(compat=self.compat)

    def catch_up(self, as_of: datetime) -> None:
        """Takes in what was approved since, and what was approved a little before but written late."""
        begin = min(self.until, as_of - LATE) if self.until else None
        rows = approved_between(approved_rows(self.project_id).filter(turns=[]), begin=begin, end=as_of)
        told = rows.values_list("pk", "instruction", "input")[:MOST_ROWS]
        for pk, instruction, given in told.iterator(chunk_size=_AT_ONCE):
            self._take(pk, self._text(instruction, given))
        self.until = max(self.until, as_of) if self.until else as_of

    def nearest(self, text: str, *, above: float, as_of: datetime, but: Collection[int] = ()) -> Like | None:
        """The closest sample with a score over `above` that was approved at `as_of` and still is, and is none of
        `but`; None when there is none."""
        begin, limit = 0, _FIRST_LOOK
        while True:
            found = self.pool.most_similar(text, limit=limit, least=above)
            for score, row in found[begin:]:
                if score <= above:
                    return None
                if (sample := self._standing(int(str(row)), as_of, but)) is not None:
                    return Like(sample, score)
            if len(found) < limit:
                return None
            begin, limit = limit, limit * 8

    def _take(self, pk: int, text: str) -> None:
        key = _key(text)
        row, known = self._row_of.get(key), self._row_of_sample.get(pk)
        if (known is not None and known == row) or (known is None and len(self._row_of_sample) >= MOST_ROWS):
            return
        if row is None:
            row = self._row_of[key] = len(self._samples)
            self._samples.append(array("q"))
            self.pool.add(text)
        self._samples[row].append(pk)
        self._row_of_sample[pk] = row

    def _standing(self, row: int, as_of: datetime, but: Collection[int]) -> int | None:
        """The first of the row's samples that counts, as it reads now."""
        samples = self._samples[row]
        rows = approved_rows(self.project_id).filter(since__lte=as_of)
        for begin in range(0, len(samples), _AT_ONCE):
            some = [pk for pk in samples[begin : begin + _AT_ONCE] if pk not in but]
            said = rows.filter(pk__in=some).order_by("pk").values_list("pk", "instruction", "input")
            for pk, instruction, given in said.iterator(chunk_size=100):
                if self._row_of.get(_key(self._text(instruction, given))) == row:
                    return int(pk)
        return None

    def _text(self, instruction: str, given: str) -> str:
        return _asked(instruction, given) if self.with_input else instruction


@dataclass
class ApprovedNovelty:
    """The indexes of one project in use; `caught` are those that were brought up to date for a run in this turn."""

    texts: dict[tuple[bool, bool], ApprovedTexts] = field(default_factory=dict)
    caught: set[tuple[int, bool, bool]] = field(default_factory=set)

    def new_turn(self) -> None:
        """Has the next question of each run look for what was approved since."""
        self.caught.clear()

    def findings(self, run: Run, draft: Draft, *, novel: bool) -> Iterator[Finding]:
        """Whether the draft asks nearly what an approved row asks, where the run wants to know; `novel` is that of the
        draft's stage.

        A recipe with a novelty rule drops where it applies that rule, before anything is paid for an answer; its later
        stages note at most. Drafts with earlier turns, and of answers that are there already, ask nothing new.
        """
        way = run.params.get("approved_novelty", Run.Repeats.OFF)  # runs that are older than the question do not ask it
        if way == Run.Repeats.OFF or draft.history or draft.answer_ids or not draft.instruction.strip():
            return
        if not novel and (draft.kind == "instruction" or (way == Run.Repeats.DROP and OWN_RULE in run.params)):
            return
        threshold = float(run.params.get(OWN_RULE, THRESHOLD))
        with_input = not novel or bool(draft.data.get("compared"))
        text = draft.compared if novel else _asked(draft.instruction, draft.input)
        texts = self._texts(run, with_input=with_input, compat=bool(run.params.get("rouge_compat", False)))
        like = texts.nearest(text, above=threshold, as_of=run.created_at, but=draft.sample_ids)
        if like is not None:
            yield placed(
                "approved_novelty", LIKE_APPROVED, field="instruction", spans=whole(draft.instruction),
                drop=way == Run.Repeats.DROP, similarity=round(like.score, 4), threshold=threshold,
                nearest=f"sample:{like.sample}",
            )  # fmt: skip

    def _texts(self, run: Run, *, with_input: bool, compat: bool) -> ApprovedTexts:
        texts = self.texts.get((with_input, compat))
        if texts is None:
            texts = self.texts[with_input, compat] = ApprovedTexts(run.project_id, with_input, compat)
        if (run.pk, with_input, compat) not in self.caught:
            texts.catch_up(run.created_at)
            self.caught.add((run.pk, with_input, compat))
        return texts


def _asked(instruction: str, given: str) -> str:
    """Instruction and input as one text to compare."""
    return f"{instruction}\n{given}" if given else instruction


def _key(text: str) -> bytes:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
