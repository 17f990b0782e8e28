"""Admitted `pair` drafts that name answers which are there already: a new pair, or the one that is there moves.

Two answers make one pair. Where they meet again, the pair that waits or is held back takes the new verdict; one that
people decided, that is before them or that may leave already stays as it is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from fdc_project.web.states import check
from generation.actions.admitted_answers import Admitted
from generation.actions.admitted_pairs import judged, orders, source_of, standing, tallied
from generation.actions.row_values import hash_of
from generation.models import Answer, PreferencePair, Run
from generation.types import Draft as DraftValue

State, Source = PreferencePair.State, PreferencePair.Source
OF_PEOPLE = frozenset(
    ("people_disagree", "contradicted", "both_bad", "length_balance", "wrong_language", "duplicate_prompt",
     "other_rubric", "evaluation", "taken_back", "edited", "by_hand")
)  # fmt: skip
"""Why people hold a pair back, or have to decide on it: no judge takes that back."""
HELD_BY = "held_by"
"""In a pair's `meta` the person who held it back by hand, and the version that it has since: the same reason may be a
judge's too, but theirs stands."""
KNOWN, GONE = "known", "gone"
_SWAPPED = (Source.JUDGE, Source.SCORE)
_MOST_EARLIER = 10
_COLUMNS = (
    "chosen", "rejected", "source", "state", "reason", "margin", "rubric", "consistent", "content_hash", "meta",
    "version",
)  # fmt: skip


def write_verdicts(
    run: Run, *, pairs: Sequence[Admitted], fooled: bool, now: datetime
) -> tuple[Counter[str], Counter[str]]:
    """What came of the drafts by state and reason ("known": left as it was, "gone": an answer is no more), and how the
    project's pairs moved (state -> difference). Call it inside the transaction."""
    answers = _answers(run, pairs)
    samples = {answer.sample_id for answer in answers.values()}
    rows = PreferencePair.objects.select_for_update(of=("self",)).filter(project_id=run.project_id, sample__in=samples)
    known: dict[frozenset[int], PreferencePair] = {}
    for each in rows.order_by("pk"):
        known.setdefault(frozenset((each.chosen_id, each.rejected_id)), each)
    came: list[tuple[str, str]] = []
    moves: Counter[str] = Counter()
    fresh, changed = [], []
    for row, draft in pairs:
        chosen, rejected = (answers.get(pk) for pk in draft.answer_ids[:2])
        if chosen is None or rejected is None or chosen.sample_id != rejected.sample_id or chosen.pk == rejected.pk:
            came.append((GONE, ""))
            continue
        pair = known.get(frozenset((chosen.pk, rejected.pk)))
        if pair is None:
            pair = PreferencePair(
                project_id=run.project_id, run=run, draft=row, sample_id=chosen.sample_id, created_at=now,
                chosen=chosen, rejected=rejected, source=source_of(draft), content_hash=_hash(chosen, rejected),
            )  # fmt: skip
            pair.state, pair.reason = standing(draft, fooled=fooled)
            _take(pair, draft, run)
            known[frozenset((chosen.pk, rejected.pk))] = pair
            fresh.append(pair)
        elif settled(pair) or pair in changed or pair in fresh:
            came.append((KNOWN, ""))
            continue
        else:
            moves[str(pair.state)] -= 1
            _move(pair, draft, run, chosen, rejected, fooled=fooled)
            changed.append(pair)
        moves[str(pair.state)] += 1
        came.append((str(pair.state), pair.reason))
    PreferencePair.objects.bulk_create(fresh)
    PreferencePair.objects.bulk_update(changed, _COLUMNS, batch_size=100)
    return tallied(came) + orders(draft for _row, draft in pairs), moves


def settled(pair: PreferencePair) -> bool:
    """Whether a judge has no more say: people decided it or are at it, or it may leave already."""
    if pair.source == Source.HUMAN or pair.reason in OF_PEOPLE:
        return True
    if pair.meta.get(HELD_BY, {}).get("version") == pair.version:
        return True
    return pair.state not in (State.READY, State.HELD_BACK)


def _move(
    pair: PreferencePair, draft: DraftValue, run: Run, chosen: Answer, rejected: Answer, *, fooled: bool
) -> None:  # fmt: skip
    """The pair with the new verdict. One whose sides nobody but a judge ever chose is turned round where the judge
    prefers the other; any other is held back for it."""
    state, reason = standing(draft, fooled=fooled)
    if pair.chosen_id != chosen.pk:
        if pair.source in _SWAPPED:
            pair.chosen, pair.rejected, pair.content_hash = chosen, rejected, _hash(chosen, rejected)
        elif state == State.EXPORTABLE:
            state, reason = State.HELD_BACK, "prefers_low"
    if state != pair.state:
        check(pair, state)
    pair.state, pair.reason = state, reason
    _take(pair, draft, run)
    pair.version += 1


def _take(pair: PreferencePair, draft: DraftValue, run: Run) -> None:
    """Writes the verdict on the pair; the one before is kept behind it."""
    before = dict(pair.meta)
    for name, value in judged(draft).items():
        setattr(pair, name, value)
    judge = {**pair.meta.get("judge", {}), "run": run.pk}
    if pair.chosen_id != draft.answer_ids[0]:  # the pair stands the other way round than the draft speaks of it
        judge = _turned(judge)
        pair.margin = None if pair.margin is None else -pair.margin
    pair.meta = before | pair.meta | {"judge": judge}
    if before.get("judge"):
        pair.meta["judged_before"] = [before["judge"], *before.get("judged_before", [])][:_MOST_EARLIER]


def _hash(chosen: Answer, rejected: Answer) -> str:
    return hash_of("pair", chosen.sample.content_hash, chosen.content_hash, rejected.content_hash)


def _turned(judge: dict[str, Any]) -> dict[str, Any]:
    """The facts of a verdict as the pair stands: what was chosen is rejected."""
    names = {"chosen": "rejected", "rejected": "chosen"}
    turned = dict(judge)
    for name in ("forward", "backward", "first"):
        if name in judge:
            turned[name] = names.get(judge[name], judge[name])
    for name in ("scores", "aspects"):
        if name in judge:
            turned[name] = list(reversed(judge[name]))
    return turned


def _answers(run: Run, pairs: Sequence[Admitted]) -> dict[int, Answer]:
    wanted = {pk for _, draft in pairs for pk in draft.answer_ids[:2]}
    rows = Answer.objects.filter(pk__in=wanted, sample__project_id=run.project_id).select_related("sample")
    return {answer.pk: answer for answer in rows}
