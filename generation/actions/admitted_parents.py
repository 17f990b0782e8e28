"""Which sample a draft was made from: one that the run drew from, or one that it made itself a round before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from generation.models import Draft, Run, Sample
from generation.types import Draft as DraftValue


@dataclass(frozen=True, slots=True)
class Parent:
    """The sample that a draft was made from, and the first of its line."""

    pk: int
    root: int
    origin: str


@dataclass(frozen=True, slots=True)
class Parents:
    """The parents that still exist, by sample, and by the draft that a draft of the run names as its own."""

    by_sample: Mapping[int, Parent]
    by_draft: Mapping[int, Parent]

    def of(self, draft: DraftValue) -> Parent | None:
        """The nearest: what the run made itself comes before what it drew from."""
        near = self.by_draft.get(draft.draft_ids[0]) if draft.draft_ids else None
        return near or (self.by_sample.get(draft.sample_ids[0]) if draft.sample_ids else None)


def parents_of(run: Run, *, drafts: Sequence[DraftValue]) -> Parents:
    """The parents of all these drafts, in at most three queries."""
    drawn = {draft.sample_ids[0] for draft in drafts if draft.sample_ids}
    rows = Sample.objects.filter(project_id=run.project_id, pk__in=drawn).values_list("pk", "root_id", "origin")
    by_sample = {pk: Parent(pk, root or pk, origin) for pk, root, origin in rows}
    return Parents(by_sample, _made_before(run, {draft.draft_ids[0] for draft in drafts if draft.draft_ids}))


def _made_before(run: Run, drafts: set[int]) -> dict[int, Parent]:
    """By draft the sample that it became, or that its own parent became: an instruction is none itself."""
    if not drafts:
        return {}
    above = dict(Draft.objects.filter(run=run, pk__in=drafts).values_list("pk", "parent_id"))
    wanted = {*above, *(parent for parent in above.values() if parent)}
    rows = Sample.objects.filter(run=run, draft__in=wanted).values_list("draft_id", "pk", "root_id", "origin")
    made = {draft: Parent(pk, root or pk, origin) for draft, pk, root, origin in rows}
    return {pk: parent for pk, parent_id in above.items() if (parent := made.get(pk) or made.get(parent_id or 0))}
