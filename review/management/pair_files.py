"""The pairs of a run as a file of prompt, chosen and rejected, with the trail of each back to its line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db.models import Count, Q, QuerySet

from generation.files.layouts import layout_named
from generation.formats import format_named
from generation.formats.base import Options
from generation.management import files, lineage
from generation.models import Draft, PreferencePair, Run, Sample
from generation.types import Pair
from review.pair_rules import may_leave
from review.rows import candidate_of, example_of, score_of

BY_RULES = {"made_by": "rules", "language_model": None}
"""What marks a row in whose making no language model had a part."""
_AT_ONCE = 400


@dataclass(frozen=True, slots=True)
class Written:
    """How many pairs left, and why the others did not: (reason, count), most frequent first."""

    pairs: int
    held: tuple[tuple[str, int], ...]


def write_pairs(run: Run, path: Path, *, with_scores: bool, source: Path) -> Written:
    """The run's pairs that may leave, as JSON lines with three keys, or five where both answers have a score and scores
    are wanted; rows by rules say so under `meta`. Trails lead over `source` back to where its lines came from."""
    mine = pairs_of(run)
    rows = mine.filter(may_leave()).order_by("id")
    pairs = rows.select_related("sample__parent__job", "sample__job", "chosen", "rejected")
    chosen, options = format_named("preference"), Options(with_scores=with_scores)
    more: dict[str, Any] = {"meta": BY_RULES} if run.offline else {}
    with files.writing(path) as file:
        records = ({**chosen.encode(pair_of(pair), options), **more} for pair in pairs.iterator())
        count = layout_named("jsonl").write(records, file)
    behind = lineage.trails_of(source)
    lineage.write(path, trails=(_trail(pair, behind) for pair in pairs.iterator()))
    held = mine.filter(state=PreferencePair.State.HELD_BACK).order_by()
    reasons = held.values_list("reason").annotate(n=Count("id")).order_by("-n", "reason")
    return Written(count, tuple(reasons))


def pairs_of(run: Run) -> QuerySet[PreferencePair]:
    """The pairs that the run made, and those that it judged again: an earlier run or a file may have made them."""
    drafts = Draft.objects.filter(run=run, state=Draft.State.ADMITTED, kind="pair")
    named = [each for each in drafts.values_list("content__answer_ids", flat=True).iterator() if each]
    again = {frozenset(each[:2]) for each in named}
    found: list[int] = []
    firsts = sorted({pk for each in again for pk in each})
    for start in range(0, len(firsts), _AT_ONCE):
        some = PreferencePair.objects.filter(project=run.project_id, chosen__in=firsts[start : start + _AT_ONCE])
        rows = some.values_list("pk", "chosen_id", "rejected_id")
        found += [pk for pk, chosen, rejected in rows if frozenset((chosen, rejected)) in again]
    own = Q(run=run)
    return PreferencePair.objects.filter(own | Q(pk__in=found) if found else own, project=run.project_id)


def pair_of(row: PreferencePair) -> Pair:
    """The pair in canonical form, with the scores of its judge where both sides have one that fits the choice."""
    better, worse = row.chosen, row.rejected
    scores = _scores(row)
    return Pair(
        example_of(row.sample),
        candidate_of(better.text, better.model, better.meta, score=scores[0], rank=None),
        candidate_of(worse.text, worse.model, worse.meta, score=scores[1], rank=None),
    )


def _scores(row: PreferencePair) -> tuple[float | None, float | None]:
    given: list[float | None] = list(row.meta.get("judge", {}).get("scores") or ())
    better, worse = (given[0], given[1]) if len(given) == 2 else (None, None)
    if better is None or worse is None:
        better, worse = score_of(row.chosen.scores), score_of(row.rejected.scores)
    fits = better is not None and worse is not None and better > worse
    return (better, worse) if fits else (None, None)


def _trail(pair: PreferencePair, behind: dict[int, lineage.Trail]) -> list[lineage.Place]:
    """The pair, the line of the file that its prompt came in with, and what that line came from."""
    here: lineage.Place = {"run": pair.run_id, "pair": pair.pk}
    brought = next((each for each in _upwards(pair.sample) if each.job is not None and each.source_line), None)
    if brought is None or brought.job is None or brought.source_line is None:
        return [here]
    line = brought.source_line
    return [here, {"file": brought.job.params.get("name", ""), "line": line}, *behind.get(line, ())]


def _upwards(sample: Sample) -> Iterator[Sample]:
    yield sample
    if sample.parent is not None:
        yield sample.parent
