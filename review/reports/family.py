"""The family tree of a sample: what it descends from, and who else does, round by round, dropped or not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from django.db.models import Q
from django.db.models.functions import Substr

from generation.models import Draft, Grounding, Project, Sample, Seed

MOST = 200
"""Samples, and dropped drafts, that a tree shows at most."""
MOST_SOURCES = 10
_STEPS = 8
_TITLE = 240


@dataclass(slots=True)
class Node:
    """One member. `kind` is "sample" or "draft" (proposed and dropped, or passed on to a later stage and never shown to
    a person); `reason` says why it was dropped."""

    kind: str
    id: int
    text: str
    run: int | None = None
    stage: str = ""
    state: str = ""
    reason: str = ""
    round: int | None = None
    operation: str = ""
    format: str = ""
    evaluation: bool = False
    scores: Mapping[str, Any] = field(default_factory=dict)
    here: bool = False
    children: list[Node] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Family:
    """All that descends from the same seeds or spans as one sample does. `more` says that the tree was cut off."""

    sample: Sample
    seeds: Sequence[Seed]
    grounds: Sequence[Grounding]
    nodes: Sequence[Node]
    size: int
    dropped: int
    more: bool


def family_of(project: Project, *, sample_id: int) -> Family | None:
    """The family of a sample in a handful of queries, whatever its size; None where there is no such sample."""
    sample = Sample.objects.in_project(project).select_related("draft").filter(pk=sample_id).first()
    if sample is None:
        return None
    line = Q(run=sample.run_id, line=sample.draft.line) if sample.draft and sample.draft.line else None
    samples = _samples(project, sample, line)
    dropped = _dropped(sample, line)
    top = min((row.pk for row in samples), default=sample.pk)
    nodes, passed = _tree(sample, samples[:MOST], dropped[:MOST])
    return Family(
        sample=sample,
        seeds=_seeds(project, sample),
        grounds=list(
            Grounding.objects.filter(sample__in={sample.root_id or sample.pk, sample.pk, top}, sample__project=project)
            .select_related("document")
            .defer("document__content", "document__text", "document__headings")
            .order_by("sample", "index")[:MOST_SOURCES]
        ),
        nodes=_under(passed, nodes) if passed else nodes,
        size=min(len(samples), MOST),
        dropped=min(len(dropped), MOST) + sum(row.state == Sample.State.FILTERED for row in samples[:MOST]),
        more=len(samples) > MOST or len(dropped) > MOST,
    )


def _samples(project: Project, sample: Sample, line: Q | None) -> list[Any]:
    """The sample, its root's descendants in every run, and its siblings in its own; one more than is shown."""
    root = sample.root_id or sample.pk
    kin = Q(pk=root) | Q(root=root) | Q(pk=sample.pk)
    if line is not None:
        kin |= Q(draft__in=Draft.objects.filter(line).values("pk"))
    elif sample.draft and sample.draft.parent_id:
        kin |= Q(draft__parent=sample.draft.parent_id)
    rows = Sample.objects.in_project(project).filter(kin).select_related("draft").defer("search", "output", "checks")
    found = list(rows.annotate(said=Substr("instruction", 1, _TITLE)).order_by("id")[: MOST + 1])
    return found if any(row.pk == sample.pk for row in found) else [*found[: MOST - 1], sample, *found[MOST - 1 :]]


def _dropped(sample: Sample, line: Q | None) -> list[Draft]:
    """Drafts of the same line that never became samples: those that were dropped on the way."""
    if line is None:
        return []
    rows = Draft.objects.filter(line, state=Draft.State.DROPPED, sample=None).order_by("id")
    return list(rows[: MOST + 1])


def _tree(sample: Sample, samples: Sequence[Any], dropped: Sequence[Draft]) -> tuple[list[Node], list[Node]]:
    """The roots of the tree, and the drafts that a lone line passed through before it became a sample."""
    nodes = {row.pk: _of_sample(row, here=row.pk == sample.pk) for row in samples}
    by_draft = {row.draft_id: nodes[row.pk] for row in samples if row.draft_id}
    roots: list[Node] = []
    for row in samples:
        _hang(nodes[row.pk], nodes.get(row.parent_id) if row.parent_id != row.pk else None, roots)
    for draft in dropped:
        _hang(_of_draft(draft), by_draft.get(draft.parent_id), roots)
    lined = sample.draft is not None and bool(sample.draft.line)
    passed = [] if lined or sample.parent_id else [_of_draft(draft) for draft in _above(sample)]
    for level in (roots, *(node.children for node in nodes.values())):
        level.sort(key=lambda each: (each.round or 0, each.run or 0, each.id))
    return roots, passed


def _hang(node: Node, parent: Node | None, roots: list[Node]) -> None:
    (parent.children if parent else roots).append(node)


def _above(sample: Sample) -> list[Draft]:
    """The drafts that the sample's own was made from, the first of them first."""
    found: list[Draft] = []
    above = sample.draft.parent_id if sample.draft else None
    while above and len(found) < _STEPS:
        draft = Draft.objects.filter(pk=above).first()
        if draft is None:
            break
        found.append(draft)
        above = draft.parent_id
    return found[::-1]


def _under(passed: Sequence[Node], nodes: list[Node]) -> list[Node]:
    """The drafts passed through as one chain, with the roots hanging on its end."""
    for above, below in pairwise(passed):
        above.children.append(below)
    passed[-1].children += nodes
    return [passed[0]]


def _of_sample(row: Any, *, here: bool) -> Node:
    made = row.draft.content.get("data", {}) if row.draft else {}
    return Node(
        "sample", row.pk, getattr(row, "said", row.instruction[:_TITLE]), run=row.run_id,
        stage=row.draft.stage if row.draft else "", state=row.state, reason=row.reason, evaluation=row.evaluation,
        scores=row.scores, here=here, **_marks(made),
    )  # fmt: skip


def _of_draft(row: Draft) -> Node:
    content = row.content
    return Node(
        "draft", row.pk, str(content.get("instruction", ""))[:_TITLE], run=row.run_id, stage=row.stage,
        state=row.state, reason=row.reason, evaluation=bool(content.get("evaluation")),
        scores=content.get("scores", {}), **_marks(content.get("data", {})),
    )  # fmt: skip


def _marks(data: Mapping[str, Any]) -> dict[str, Any]:
    turn = data.get("round")
    return {
        "round": turn if isinstance(turn, int) else None,
        "operation": str(data.get("operation", "")),
        "format": str(data.get("format", "")),
    }


def _seeds(project: Project, sample: Sample) -> list[Seed]:
    """The seeds that its draft names, retired ones too, in their order."""
    named: Iterable[int] = (sample.draft.content.get("seed_ids") if sample.draft else None) or [sample.seed_id or 0]
    wanted = list(named)[:MOST_SOURCES]
    rows = Seed.objects.filter(project=project).in_bulk(wanted)
    return [rows[pk] for pk in wanted if pk in rows]
