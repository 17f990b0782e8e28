"""Pairs that a person makes of a sample: the edited answer against the original, or another last turn against it.

The prompt is written down as a row of its own, once for each sample, so that later edits of the sample change nothing
about its pairs; they share its family, and with it the side of a split.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from generation.access import Seat
from generation.actions.row_values import hash_of
from generation.actions.tallies import count_moves
from generation.content import content_hash, search_words
from generation.files.text import check_text
from generation.models import Answer, MediaUse, Person, PreferencePair, Project, Revision, Sample
from generation.preferences.gate import Case, held_back
from generation.preferences.likeness import rouge_l
from review.actions.changes import Outcome
from review.actions.decisions import LONGEST_TEXT, decide
from review.actions.pair_moves import TAKEN_BACK, Moved, PairError, PairNotFoundError, move, moved, noted, standing
from review.models import Decision
from review.policies import check_can_review

State, Source = PreferencePair.State, PreferencePair.Source
PROMPT_FIELDS = ("system", "turns", "instruction", "input")
MOST_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Bulk:
    """What became of many edits: pairs made, those held back among them, why others gave none, whether more wait."""

    made: int
    held_back: int
    refused: dict[str, int]
    more: bool


def pair_from_edit(seat: Seat, *, sample_id: int, now: datetime) -> Moved:
    """The pair of an approved edit: the original answer is rejected, the edited one chosen. The same again is no second
    one; a pair that was taken back comes back.

    `PairError` "not_approved", "not_edited", "prompt_changed", "answer_unchanged"; `PairNotFoundError`.
    """
    check_can_review(seat)
    with transaction.atomic():
        sample = _locked(seat, sample_id)
        first = _original(sample)
        author = Revision.objects.filter(sample=sample, number=sample.revision).select_related("author").first()
        prompt = _prompt(sample, now=now)
        chosen = _answer(prompt, sample, text=sample.output, author=author.author if author else None, now=now)
        rejected = _answer(prompt, sample, text=first.output, model=_model(sample), now=now)
        return _pair(seat, prompt, chosen, rejected, source=Source.EDIT, now=now)


def approve_and_pair(seat: Seat, *, sample_id: int, now: datetime, **said: Any) -> tuple[Outcome, Moved | None, str]:
    """A decision as `decide` takes it, and where it approved an edit the pair of it: the outcome, the pair, or the code
    of why there is none. Safe to repeat, as both of them are."""
    outcome = decide(seat, sample_id=sample_id, now=now, **said)
    if not outcome.saved or said.get("action") != Decision.Action.APPROVE:
        return outcome, None, ""
    try:
        return outcome, pair_from_edit(seat, sample_id=sample_id, now=now), ""
    except PairError as error:
        return outcome, None, error.code


def pair_from_reply(seat: Seat, *, sample_id: int, text: str, better: bool, now: datetime) -> Moved:
    """A pair of a sample's last turn and another one that this person wrote; `better` says that the new one is chosen.
    The sample stays as it is. `PairError` "empty", "too_long", "answer_unchanged", "no_answer" or a fault of the text.
    """
    check_can_review(seat)
    if not text.strip() or len(text) > LONGEST_TEXT:
        raise PairError("too_long" if text.strip() else "empty")
    if code := check_text(text):
        raise PairError(code)
    with transaction.atomic():
        sample = _locked(seat, sample_id)
        if not sample.output.strip():
            raise PairError("no_answer")
        if sample.output.strip() == text.strip():
            raise PairError("answer_unchanged")
        prompt = _prompt(sample, now=now)
        new = _answer(prompt, sample, text=text, author=seat.person, now=now)
        old = _answer(prompt, sample, text=sample.output, model=_model(sample), now=now)
        chosen, rejected = (new, old) if better else (old, new)
        return _pair(seat, prompt, chosen, rejected, source=Source.HUMAN, now=now)


def take_back_edit(seat: Seat, *, sample_id: int, now: datetime) -> Moved:
    """Holds the pair of the sample's edit back, until it is made again. `PairError` "no_pair" when there is none."""
    check_can_review(seat)
    with transaction.atomic():
        sample = _locked(seat, sample_id)
        rows = PreferencePair.objects.filter(project=seat.project, sample__parent=sample, source=Source.EDIT)
        pair = rows.exclude(reason=TAKEN_BACK).order_by("-pk").first()
        if pair is None:
            raise PairError("no_pair")
        before = standing(pair)
        move(pair, to=State.HELD_BACK, reason=TAKEN_BACK)
        return noted(seat, pair=pair, verb="take_back", before=before, now=now)


def pairs_from_edits(seat: Seat, *, now: datetime, most: int = MOST_AT_ONCE) -> Bulk:
    """The pairs of all approved edits that have none yet, `most` at a time, each as `pair_from_edit` makes it."""
    check_can_review(seat)
    waiting = list(edits_without_pair(seat.project).values_list("pk", flat=True)[: most + 1])
    states: Counter[str] = Counter()
    refused: Counter[str] = Counter()
    for sample_id in waiting[:most]:
        try:
            states[pair_from_edit(seat, sample_id=sample_id, now=now).state] += 1
        except PairError as error:
            refused[error.code] += 1
    return Bulk(sum(states.values()), states[State.HELD_BACK], dict(refused), len(waiting) > most)


def edits_without_pair(project: Project) -> QuerySet[Sample]:
    """Approved samples of which the answer alone was edited and no pair was made, the oldest first."""
    made = PreferencePair.objects.filter(sample__parent=OuterRef("pk"), source=Source.EDIT)
    same = {name: OuterRef(name) for name in ("system", "instruction", "input")}
    first = Revision.objects.filter(sample=OuterRef("pk"), number=1, **same).exclude(output=OuterRef("output"))
    rows = Sample.objects.in_project(project).approved().filter(edited=True).exclude(output="")
    return rows.filter(Exists(first)).exclude(Exists(made)).order_by("pk")


def _locked(seat: Seat, sample_id: int) -> Sample:
    """The sample, held until the transaction ends: two presses of a key make one pair."""
    rows = Sample.objects.select_for_update(no_key=True, of=("self",)).filter(project=seat.project, pk=sample_id)
    sample = rows.select_related("run").first()
    if sample is None:
        raise PairNotFoundError("not_found")
    return sample


def _original(sample: Sample) -> Revision:
    """What the sample said at first; `PairError` where that makes no pair with what it says now."""
    if sample.state != Sample.State.APPROVED:
        raise PairError("not_approved")
    first = Revision.objects.filter(sample=sample, number=1).first()
    if first is None or sample.revision == 1:
        raise PairError("not_edited")
    if any(getattr(first, name) != getattr(sample, name) for name in PROMPT_FIELDS):
        raise PairError("prompt_changed")
    if first.output == sample.output:
        raise PairError("answer_unchanged")
    return first


def _prompt(sample: Sample, *, now: datetime) -> Sample:
    """The sample's prompt alone as a row of its family, that of an earlier pair where there is one."""
    words: dict[str, Any] = {name: getattr(sample, name) for name in PROMPT_FIELDS}
    beside = {"tools": sample.tools, "media": sample.media}
    key = content_hash(**words, **beside)
    rows = Sample.objects.filter(parent=sample, content_hash=key, state=Sample.State.GENERATED, output="")
    if found := rows.order_by("pk").first():
        return found
    kept = {name: value for name, value in sample.meta.items() if name != "weight"}
    made = Sample.objects.create(
        **words, **beside, project_id=sample.project_id, parent=sample, root_id=sample.root_id or sample.pk,
        seed_id=sample.seed_id, run_id=sample.run_id, job_id=sample.job_id, source_line=sample.source_line,
        origin=sample.origin, meta=kept, task_type=sample.task_type, language=sample.language, tags=sample.tags,
        evaluation=sample.evaluation, content_hash=key, created_at=now,
        search=search_words(sample.system, sample.instruction, sample.input),
    )  # fmt: skip
    names = [name for each in sample.media.values() for name in each] if sample.media else ()
    MediaUse.objects.bulk_create(
        MediaUse(project_id=sample.project_id, name=name[:500], sample=made) for name in dict.fromkeys(names)
    )
    count_moves(sample.project_id, kind="sample", moves={Sample.State.GENERATED: 1}, shard=made.pk)
    return made


def _answer(
    prompt: Sample, sample: Sample, *, text: str, now: datetime, model: str = "", author: Person | None = None
) -> Answer:
    """The answer with what the sample did before it spoke; the same one of an earlier pair where there is one."""
    meta = {name: getattr(sample, name) for name in ("steps", "calls") if getattr(sample, name)}
    key = hash_of("answer", text, model, str(author.pk if author else ""))
    found = Answer.objects.filter(sample=prompt, content_hash=key).first()
    return found or Answer.objects.create(
        sample=prompt, text=text, model=model, author=author, meta=meta, content_hash=key, created_at=now,
        run_id=None if author else sample.run_id, draft_id=None if author else sample.draft_id,
    )  # fmt: skip


def _model(sample: Sample) -> str:
    return sample.run.model[:160] if sample.run else ""


def _pair(
    seat: Seat, prompt: Sample, chosen: Answer, rejected: Answer, *, source: PreferencePair.Source, now: datetime
) -> Moved:
    """The pair as the gate lets it through; one that is there already, taken back perhaps, is used again."""
    key = hash_of("pair", prompt.content_hash, chosen.content_hash, rejected.content_hash)
    case = Case(chosen.text, rejected.text, rouge_l(chosen.text, rejected.text), verified=True)
    reason = held_back(case, least_margin=0)
    state = State.HELD_BACK if reason else State.EXPORTABLE
    kept = PreferencePair.objects.filter(sample=prompt, content_hash=key).first()
    if kept is not None:
        if kept.reason != TAKEN_BACK:
            return moved(kept, repeated=True)
        before = standing(kept)
        move(kept, to=state, reason=reason)
        return noted(seat, pair=kept, verb=str(source), before=before, now=now)
    pair = PreferencePair.objects.create(
        project_id=prompt.project_id, sample=prompt, chosen=chosen, rejected=rejected, source=source, state=state,
        reason=reason, content_hash=key, created_at=now,
    )  # fmt: skip
    count_moves(prompt.project_id, kind="pair", moves={state: 1}, shard=pair.pk)
    return noted(seat, pair=pair, verb=str(source), before={}, now=now)
