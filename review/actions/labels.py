"""Labels for training on single answers (KTO), drawn from what people decided and from pairs, as rows of feedback.

Drawing again brings what came since and takes away what no longer holds: an approval that was taken back, a pair that
is held back. What a frozen version pins stays for it and goes into no other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from generation.access import Seat
from generation.actions.audit import audit
from generation.actions.row_values import hash_of
from generation.actions.tallies import count_moves
from generation.models import Feedback, PreferencePair, Project, Sample
from review.labels import DECISIONS, PAIRS, PUT_AWAY, is_good
from review.models import DatasetRow
from review.pair_rules import may_leave
from review.policies import check_can_keep_pairs

BATCH = 500
MOST_AT_ONCE = 20_000
"""Rows looked at by one press; the rest by the next."""


@dataclass(frozen=True, slots=True)
class LabelWish:
    """What labels are drawn from. `share` is the place on an answer's own scale from which it counts as good (0 to 1,
    None for the place that 3.5 has from 1 to 5). `unscored` takes the chosen answer of a pair without scores for good
    and the rejected one for bad, which the best of two bad ones is not."""

    origin: str = DECISIONS
    share: float | None = None
    unscored: bool = False


@dataclass(frozen=True, slots=True)
class Drawn:
    """Labels that were written, those that were there, those taken away, answers without a scale; whether more wait."""

    good: int
    bad: int
    kept: int
    gone: int
    unscored: int
    more: bool


def draw_labels(seat: Seat, *, wish: LabelWish, now: datetime, after: int = 0, most: int = MOST_AT_ONCE) -> Drawn:
    """Brings the labels of one origin up to date. Editors and owners only."""
    check_can_keep_pairs(seat)
    rows = _decided(seat.project) if wish.origin == DECISIONS else _leaving(seat.project)
    counted: Counter[str] = Counter(gone=_put_away(seat.project, wish.origin))
    found = list(rows.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[: most + 1])
    for start in range(0, min(len(found), most), BATCH):
        chunk = rows.filter(pk__in=found[start : min(start + BATCH, most)]).order_by("pk")
        labels = _of_samples(chunk) if wish.origin == DECISIONS else _of_pairs(chunk, wish, counted)
        counted.update(_written(seat.project, list(labels), source=wish.origin, now=now))
    made = Drawn(
        counted["good"], counted["bad"], counted["kept"], counted["gone"], counted["unscored"], len(found) > most
    )  # fmt: skip
    audit(
        "labels.draw", by=seat.person, now=now, project=seat.project, subject=wish.origin, good=made.good, bad=made.bad,
        gone=made.gone, share=wish.share,
    )  # fmt: skip
    return made


def _decided(project: Project) -> QuerySet[Any]:
    """Approved and rejected samples with an answer of which there is no label as they stand now."""
    rows = Sample.objects.in_project(project).filter(state__in=[Sample.State.APPROVED, Sample.State.REJECTED])
    same = Feedback.objects.filter(sample=OuterRef("pk"), source=DECISIONS, completion=OuterRef("output"))
    told = Q(Q(state=Sample.State.APPROVED) & Exists(same.filter(good=True)))
    told |= Q(Q(state=Sample.State.REJECTED) & Exists(same.filter(good=False)))
    return rows.exclude(output="").exclude(told).defer("search", "checks")


def _leaving(project: Project) -> QuerySet[Any]:
    """Pairs that may leave, of which an answer has no label."""
    labelled = Feedback.objects.filter(source=PAIRS)
    both = Exists(labelled.filter(answer=OuterRef("chosen"))) & Exists(labelled.filter(answer=OuterRef("rejected")))
    rows = PreferencePair.objects.filter(may_leave(), project=project).exclude(both)
    return rows.select_related("sample", "chosen", "rejected")


def _of_samples(chunk: Iterable[Sample]) -> Iterator[Feedback]:
    for sample in chunk:
        good = sample.state == Sample.State.APPROVED
        key = hash_of("label", sample.content_hash, str(sample.pk), str(good))
        yield _label(sample, completion=sample.output, good=good, key=key, steps=sample.steps, calls=sample.calls)


def _of_pairs(chunk: Iterable[PreferencePair], wish: LabelWish, counted: Counter[str]) -> Iterator[Feedback]:
    for pair in chunk:
        for answer, preferred in ((pair.chosen, True), (pair.rejected, False)):
            scores = list(answer.scores.values())
            spoken = (
                answer.scores.get("score") or answer.scores.get("overall") or (scores[0] if len(scores) == 1 else {})
            )
            good = is_good(spoken, share=wish.share)
            if good is None:
                counted["unscored"] += 1
                if not wish.unscored:
                    continue
                good = preferred
            key = hash_of("label", pair.sample.content_hash, answer.content_hash, str(good))
            told = {name: answer.meta.get(name, []) for name in ("steps", "calls")}
            yield _label(pair.sample, completion=answer.text, good=good, key=key, answer_id=answer.pk, **told)


def _label(sample: Sample, *, completion: str, good: bool, key: str, **more: Any) -> Feedback:
    names = ("system", "turns", "input", "tools", "media", "language", "tags")
    asked = {name: getattr(sample, name) for name in names}
    return Feedback(
        project_id=sample.project_id, sample=sample, prompt=sample.instruction, completion=completion, good=good,
        content_hash=key, **asked, **more,
    )  # fmt: skip


def _written(project: Project, labels: list[Feedback], *, source: str, now: datetime) -> Counter[str]:
    """New labels written, those put away taken out again; the same answer in several pairs is one label."""
    with transaction.atomic():
        Project.objects.select_for_update(no_key=True).get(pk=project.pk)
        rows = Feedback.objects.filter(project=project, content_hash__in=[label.content_hash for label in labels])
        known = dict(rows.values_list("content_hash", "source"))
        back = [key for key, kept in known.items() if kept == PUT_AWAY]
        rows.filter(source=PUT_AWAY).update(source=source)
        fresh: dict[str, Feedback] = {}
        for label in labels:
            if label.content_hash not in known:
                label.source, label.created_at = source, now
                fresh.setdefault(label.content_hash, label)
        Feedback.objects.bulk_create(fresh.values(), batch_size=200)
        count_moves(project.pk, kind="feedback", moves={"active": len(fresh) + len(back)})
    made = [*fresh.values(), *(label for label in labels if label.content_hash in back)]
    good = sum(label.good for label in made)
    return Counter(good=good, bad=len(made) - good, kept=len(known) - len(back))


def _put_away(project: Project, origin: str) -> int:
    """Takes away the labels that no longer hold; those that a frozen version pins are only put away."""
    with transaction.atomic():
        stale = _stale(project, origin)
        pinned = DatasetRow.objects.filter(feedback=OuterRef("pk"))
        kept = stale.filter(Exists(pinned)).update(source=PUT_AWAY)
        gone = list(stale.exclude(Exists(pinned)).values_list("pk", flat=True))
        for start in range(0, len(gone), BATCH):
            Feedback.objects.filter(pk__in=gone[start : start + BATCH]).delete()
        count_moves(project.pk, kind="feedback", moves={"active": -kept - len(gone)})
    return kept + len(gone)


def _stale(project: Project, origin: str) -> QuerySet[Feedback]:
    rows = Feedback.objects.filter(project=project, source=origin)
    if origin == DECISIONS:
        holds = Q(good=True, sample__state=Sample.State.APPROVED) | Q(good=False, sample__state=Sample.State.REJECTED)
        return rows.exclude(holds & Q(completion=F("sample__output"), prompt=F("sample__instruction")))
    leaving = PreferencePair.objects.filter(may_leave(), project=project)
    in_pair = Q(chosen=OuterRef("answer")) | Q(rejected=OuterRef("answer"))
    return rows.exclude(Exists(leaving.filter(in_pair)))
