"""What an admitter remembers of a pool between two turns, so that it need not be read again.

It is a function of the rows alone: forgotten, it is rebuilt. It stands for the pool as the holder of `fence` left it,
and is thrown away when another process held the pool since, when a seed changed, or when a turn ended in an error.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Max

from generation.actions.approved_novelty import ApprovedNovelty
from generation.actions.drafts import draft_value
from generation.actions.repeat_memory import Repeats
from generation.actions.sources import sources_of
from generation.models import Draft, Pool, Run, Seed
from generation.quality import novelty
from generation.types import AdmittedView, Sources

_MOST_POOLS = 4
_remembered: OrderedDict[int, Memory] = OrderedDict()


@dataclass
class Memory:
    """The pool's texts by novelty rule, and each run's admitted drafts by stage in the order of their admission."""

    pool_id: int
    fence: int
    seeds_as_of: tuple[Any, ...]
    texts: dict[bool, novelty.Pool] = field(default_factory=dict)
    admitted: dict[int, dict[str, list[AdmittedView]]] = field(default_factory=dict)
    sources: dict[int, Sources] = field(default_factory=dict)
    repeats: Repeats = field(default_factory=Repeats)

    def novelty_pool(self, *, compat: bool) -> novelty.Pool:
        """The project's seeds and every novel draft that was admitted to the pool."""
        if compat not in self.texts:
            self.texts[compat] = _read_texts(self.pool_id, compat=compat)
        return self.texts[compat]

    def keep(self, text: str, *, key: str) -> None:
        """Takes an admitted text into every novelty pool in use."""
        for pool in self.texts.values():
            pool.add(text, key=key)

    def admitted_of(self, run: Run) -> dict[str, list[AdmittedView]]:
        """Stage -> admitted drafts in order."""
        if run.pk not in self.admitted:
            found: dict[str, list[AdmittedView]] = {}
            rows = Draft.objects.filter(run=run, state=Draft.State.ADMITTED).order_by("stage", "rank")
            for pk, stage, wave, content in rows.values_list("pk", "stage", "wave", "content"):
                found.setdefault(stage, []).append(AdmittedView(pk, wave, draft_value(content)))
            self.admitted[run.pk] = found
        return self.admitted[run.pk]

    def sources_of(self, run: Run) -> Sources:
        """What the run was started with."""
        if run.pk not in self.sources:
            self.sources[run.pk] = sources_of(run)
        return self.sources[run.pk]


def recall(pool: Pool, *, fence: int) -> Memory:
    """The memory for the holder of `fence`: the one that the holder before left in this process, or an empty one."""
    as_of = _seeds_as_of(pool)
    memory = _remembered.pop(pool.pk, None)
    if memory is None or memory.fence != fence - 1 or memory.seeds_as_of != as_of:
        approved = memory.repeats.approved if memory else ApprovedNovelty()  # a function of approved rows alone
        memory = Memory(pool.pk, fence, as_of, repeats=Repeats(approved=approved))
    memory.fence = fence
    memory.repeats.new_turn()
    return memory


def remember(memory: Memory) -> None:
    """Keeps the memory for the next turn in this process."""
    _remembered[memory.pool_id] = memory
    while len(_remembered) > _MOST_POOLS:
        _remembered.popitem(last=False)


def _seeds_as_of(pool: Pool) -> tuple[Any, ...]:
    figures = Seed.objects.filter(project_id=pool.project_id).aggregate(
        count=Count("id"), newest=Max("updated_at"), retired=Max("retired_at")
    )
    return tuple(figures.values())


def _read_texts(pool_id: int, *, compat: bool) -> novelty.Pool:
    texts = novelty.Pool(compat=compat)
    seeds = Seed.objects.filter(project__pools=pool_id, retired_at=None).exclude(instruction="").order_by("id")
    for pk, instruction in seeds.values_list("pk", "instruction").iterator(chunk_size=2000):
        texts.add(instruction, key=f"seed:{pk}")
    kept = Draft.objects.filter(run__pool=pool_id, state=Draft.State.ADMITTED).exclude(novelty={}).order_by("id")
    for pk, content in kept.values_list("pk", "content").iterator(chunk_size=2000):
        texts.add(draft_value(content).compared, key=f"draft:{pk}")
    return texts
