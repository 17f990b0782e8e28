"""What follows from the outcome of a comparison: pairs that people vouch for, pairs that they turn down, feedback.

Everything that is done is written down (`Settled.made`, `Settled.moved`), so that an undo can put it back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q

from generation.actions.contradictions import LEAVING
from generation.actions.row_values import hash_of
from generation.actions.tallies import count_moves
from generation.content import content_hash
from generation.models import Answer, Feedback, Person, PreferencePair
from generation.preferences.gate import Case, held_back
from review.actions.changes import StaleError
from review.actions.consensus import Result, better_worse
from review.actions.pair_moves import TAKEN_BACK, PairError, move
from review.models import Comparison, DatasetRow

State, Source = PreferencePair.State, PreferencePair.Source
DISAGREED = "people_disagree"
KEPT = "evaluation"
"""A pair that is kept for measuring models stays so, whatever people prefer."""


@dataclass(slots=True)
class Settled:
    """Ids of the pairs that people vouch for, of feedback that was written, and how each pair stood before."""

    made: list[int] = field(default_factory=list)
    moved: list[dict[str, Any]] = field(default_factory=list)
    feedback: list[int] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """What `Comparison.outcome` keeps for an undo."""
        return {"moved": self.moved, "feedback": self.feedback}


def settle(comparison: Comparison, *, result: Result, edits: Mapping[int, Answer], now: datetime) -> Settled:
    """Does what the result says. `edits` maps an answer to the text that a person made of it: an edited winner takes
    the winner's place. Call it in the transaction that writes the comparison."""
    done = Settled()
    if result.verdict in ("good", "bad"):
        _give_feedback(comparison, done, good=result.verdict == "good", now=now)
    elif result.verdict in ("tie", "both_bad"):
        for pair in _pairs_between(comparison, comparison.answers):
            _move(done, pair, State.HELD_BACK, reason=result.verdict, source=Source.HUMAN)
    else:
        _prefer(comparison, done, result=result, edits=edits, now=now)
    return done


def dispute(comparison: Comparison) -> Settled:
    """People do not agree: what was to be verified leaves for nobody until somebody settles it."""
    done = Settled()
    for pair in _pairs_between(comparison, comparison.answers):
        if pair.state in (State.READY, State.AGREED):
            _move(done, pair, State.DISPUTED, reason=DISAGREED)
        elif pair.state == State.EXPORTABLE:
            _move(done, pair, State.HELD_BACK, reason=DISAGREED)
    return done


def unsettle(comparison: Comparison) -> bool:
    """Puts back what `settle` or `dispute` did; false when a frozen dataset holds some of it already."""
    before = comparison.outcome.get("moved", [])
    feedback = Feedback.objects.filter(pk__in=comparison.outcome.get("feedback", []))
    if feedback.filter(Exists(DatasetRow.objects.filter(feedback=OuterRef("pk")))).exists():
        return False
    gone, _ = feedback.delete()
    count_moves(comparison.project_id, kind="feedback", moves={"active": -gone}, shard=comparison.pk)
    pairs = PreferencePair.objects.in_bulk([each["pair"] for each in before])
    for each in reversed(before):
        pair = pairs.get(each["pair"])
        if pair is not None and pair.version == each["version"]:
            _move_back(pair, each)
    return True


def edited_answer(comparison: Comparison, *, of: Answer, text: str, by: Person, now: datetime) -> Answer:
    """The person's wording of an answer, as an answer of its own; the answer itself stays as it was generated."""
    key = hash_of("answer", text, "", f"edit of {of.pk} by {by.pk}")
    kept = Answer.objects.filter(sample=comparison.sample_id, content_hash=key).first()
    return kept or Answer.objects.create(
        sample_id=comparison.sample_id, author=by, text=text, meta={"edit_of": of.pk}, content_hash=key, created_at=now
    )


def _prefer(
    comparison: Comparison, done: Settled, *, result: Result, edits: Mapping[int, Answer], now: datetime
) -> None:
    answers = Answer.objects.in_bulk(comparison.answers)
    known = {(pair.chosen_id, pair.rejected_id): pair for pair in _pairs_between(comparison, comparison.answers)}
    for better, worse in better_worse(result.ranking):
        if answers[better].text == answers[worse].text:
            continue
        for turned in _saying(comparison, better=answers[worse], worse=answers[better]):
            _move(done, turned, State.HELD_BACK, reason=DISAGREED)
        pair = known.get((better, worse))
        if better in edits:
            if pair is not None:
                _move(done, pair, State.HELD_BACK, reason="edited")
            _vouch(comparison, done, better=edits[better], worse=answers[worse], source=Source.EDIT, now=now)
        elif pair is not None:
            _move(done, pair, State.EXPORTABLE, source=Source.HUMAN)
            done.made.append(pair.pk)
        else:
            _vouch(comparison, done, better=answers[better], worse=answers[worse], source=Source.HUMAN, now=now)
    for group in result.ranking:
        for pair in (known.get((one, other)) for one in group for other in group):
            if pair is not None:
                _move(done, pair, State.HELD_BACK, reason="tie", source=Source.HUMAN)


def _vouch(
    comparison: Comparison, done: Settled, *, better: Answer, worse: Answer, source: str, now: datetime
) -> None:  # fmt: skip
    """A pair that people made: the one that is there, or a new one; held back where both sides say the same or one
    says nothing."""
    reason = held_back(Case(better.text, worse.text, similarity=0, verified=True), least_margin=0)
    state = State.HELD_BACK if reason else State.EXPORTABLE
    kept = PreferencePair.objects.filter(sample=comparison.sample_id, chosen=better, rejected=worse).first()
    if kept is not None:
        _move(done, kept, state, reason=reason, source=source)
        done.made += [] if reason else [kept.pk]
        return
    sample = comparison.sample
    asked = content_hash(
        instruction=sample.instruction, input=sample.input, system=sample.system, turns=sample.turns
    )  # fmt: skip
    made = PreferencePair.objects.create(
        project_id=comparison.project_id, sample_id=sample.pk, chosen=better, rejected=worse, source=source,
        state=state, reason=reason, content_hash=hash_of("pair", asked, better.content_hash, worse.content_hash),
        meta={"round": comparison.round_id, "comparison": comparison.pk}, created_at=now,
    )  # fmt: skip
    done.made += [] if reason else [made.pk]
    done.moved.append({"pair": made.pk, "version": 1, "state": State.HELD_BACK, "reason": TAKEN_BACK})
    count_moves(comparison.project_id, kind="pair", moves={state: 1}, shard=made.pk)


def _pairs_between(comparison: Comparison, answers: Sequence[int]) -> list[PreferencePair]:
    """All pairs of the prompt between these answers, whichever of them was preferred."""
    rows = PreferencePair.objects.filter(sample=comparison.sample_id)
    return list(rows.filter(chosen__in=answers, rejected__in=answers).order_by("pk"))


def _saying(comparison: Comparison, *, better: Answer, worse: Answer) -> list[PreferencePair]:
    """The pairs of the prompt that prefer the one answer to the other; another row that says the same words is the same
    answer. Of pairs that are held back only those between these very answers are moved."""
    rows = PreferencePair.objects.filter(sample=comparison.sample_id)
    very = Q(chosen=better, rejected=worse)
    same = LEAVING & Q(chosen__text=better.text, rejected__text=worse.text)
    return list(rows.filter(very | same).order_by("pk"))


def _move(done: Settled, pair: PreferencePair, state: str, *, reason: str = "", source: str = "") -> None:
    """One pair to another state, by compare-and-set; what it was is kept. `StaleError` when somebody was faster."""
    if pair.reason == KEPT:
        return
    wanted = {"state": state, "reason": reason, "source": source or pair.source}
    before = {"state": pair.state, "reason": pair.reason, "source": pair.source}
    if wanted == before:
        return
    _write(pair, wanted)
    done.moved.append({"pair": pair.pk, "version": pair.version, **before})


def _move_back(pair: PreferencePair, before: dict[str, Any]) -> None:
    wanted = {"state": before["state"], "reason": before["reason"], "source": before.get("source", pair.source)}
    if wanted["state"] != pair.state and wanted["state"] not in PreferencePair.TRANSITIONS[pair.state]:
        wanted |= {"state": State.HELD_BACK, "reason": DISAGREED}
    _write(pair, wanted)


def _write(pair: PreferencePair, wanted: dict[str, str]) -> None:
    try:
        move(pair, to=wanted["state"], reason=wanted["reason"], source=wanted["source"])
    except PairError:
        raise StaleError from None


def _give_feedback(comparison: Comparison, done: Settled, *, good: bool, now: datetime) -> None:
    """The answer, or the sample's own output, as feedback for training on single answers."""
    sample = comparison.sample
    answer = Answer.objects.get(pk=comparison.answers[0]) if comparison.answers else None
    meta = answer.meta if answer else {}
    said = {
        "system": sample.system, "turns": sample.turns, "input": sample.input, "tools": sample.tools,
        "media": sample.media, "language": sample.language, "tags": sample.tags, "good": good,
        "completion": answer.text if answer else sample.output,
        "steps": meta.get("steps", []) if answer else sample.steps,
        "calls": meta.get("calls", []) if answer else sample.calls,
    }  # fmt: skip
    texts = hash_of("answer", said["completion"], answer.content_hash if answer else sample.content_hash)
    key = hash_of("feedback", sample.content_hash, texts, str(good))
    earlier = Q(sample=sample, answer=answer, content_hash=key)
    if Feedback.objects.filter(earlier, project=comparison.project_id).exists():
        return
    made = Feedback.objects.create(
        project_id=comparison.project_id, sample=sample, answer=answer, prompt=sample.instruction,
        content_hash=key, created_at=now, **said,
    )  # fmt: skip
    done.feedback.append(made.pk)
    count_moves(comparison.project_id, kind="feedback", moves={"active": 1}, shard=comparison.pk)
