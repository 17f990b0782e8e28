"""What a person may see of many prompts at once: `generation.blinding.sight` asked with what the rows say of them; and
what they have seen already."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from generation.access import Seat
from generation.blinding import OPEN, Sight, sight
from generation.models import Answer, AuditEntry, Look, PreferencePair, Run, Sample
from generation.models.samples import SampleQuerySet
from generation.run_sights import ASKING, Asking, has_looked_at_run, told_of
from review.actions.comparison_queue import for_person
from review.models import Comparison, Judgement, Round

_VOTED = (Judgement.Action.VOTE, Judgement.Action.ADJUDICATE)
_UNDO = Judgement.Action.UNDO
SAW = "saw"
"""What an undo notes in its criteria when the vote that it took back had shown the person what is kept from voters."""
_TURNS = ("round.close", "round.reopen", "round.deal_to_all")
"""Audit entries after which a comparison may not have waited for somebody for a while."""


@dataclass(frozen=True, slots=True)
class _Known:
    """Sample ids, and what the person did with them."""

    looked: frozenset[int]
    voted: frozenset[int]
    pending: frozenset[int]
    unrevealed: frozenset[int]


def sights_of(seat: Seat, *, samples: Collection[int]) -> dict[int, Sight]:
    """Sample id -> what the person may see of it, of its answers and of its pairs. One query where nothing is hidden, a
    handful more where something is, whatever the number.

    A prompt hides nothing when it has no answers and nobody is asked about it.
    """
    wanted = set(samples)
    if not wanted:
        return {}
    hiding = _hiding(wanted)
    known = _known(seat, sorted(hiding)) if hiding else None
    return {pk: _sight(known, pk) if known and pk in hiding else OPEN for pk in wanted}


def told_by_run(seat: Seat, *, run: int | None, rows: SampleQuerySet) -> SampleQuerySet:
    """A list of samples narrowed to a run: without those that people are asked about, for who has not looked behind the
    run. It would say who wrote them. Without a run all of the rows."""
    if run is None or has_looked_at_run(seat, run=run):
        return rows
    return told_of(seat, run=run, rows=rows)


def sight_of(seat: Seat, *, comparison: Comparison) -> Sight:
    """The same for one comparison."""
    return sights_of(seat, samples=[comparison.sample_id])[comparison.sample_id]


def has_looked(seat: Seat, *, comparison: Comparison) -> bool:
    """Whether the person had the names behind the comparison's answers shown."""
    return comparison.sample_id in _looked(seat, [comparison.sample_id])


def was_shown(seat: Seat, *, comparison: Comparison, now: datetime) -> bool:
    """Whether the person has been shown what is kept from who votes on this comparison's answers: by a look, or by a
    vote on the same prompt in whatever round, whether it stands or was taken back.

    A vote shows nothing while another comparison of the prompt waits for the same person. Who has voted saw it, then,
    unless at every moment since one of them was waiting.
    """
    if has_looked(seat, comparison=comparison):
        return True
    mine = Judgement.objects.filter(sample=comparison.sample_id, person=seat.person)
    said = mine.filter(Q(action=_UNDO, criteria__has_key=SAW) | Q(action__in=_VOTED, live=True))
    found = list(said.order_by("created_at").values_list("action", "created_at"))
    if not found:
        return False
    if any(action == _UNDO for action, _ in found):
        return True
    return not _covered(_waits(seat, comparison, now=now), since=found[0][1], until=now)


def _waits(seat: Seat, comparison: Comparison, *, now: datetime) -> list[tuple[datetime, datetime]]:
    """From when to when the prompt's comparisons certainly waited for the person: since they were made until the vote,
    or still. In those of rounds that were closed, dealt anew or had a vote taken back there may have been a gap."""
    votes = Judgement.objects.filter(sample=comparison.sample_id, person=seat.person, action__in=_VOTED, live=True)
    voted = dict(votes.values_list("comparison_id", "created_at"))
    undone = Judgement.objects.filter(comparison=OuterRef("pk"), action=_UNDO)
    asked = Comparison.objects.filter(for_person(seat.person.pk), ~Exists(undone), sample=comparison.sample_id)
    still = Q(state=Comparison.State.OPEN, round__state=Round.State.OPEN)
    rows = list(asked.filter(still | Q(pk__in=voted)).values_list("pk", "round_id", "created_at"))
    rounds = {str(asked) for _, asked, _ in rows}
    turned = AuditEntry.objects.filter(project=seat.project, action__in=_TURNS, subject__in=rounds)
    gaps = set(turned.values_list("subject", flat=True))
    return [(made, voted.get(pk, now)) for pk, asked, made in rows if str(asked) not in gaps]


def _covered(waits: Sequence[tuple[datetime, datetime]], *, since: datetime, until: datetime) -> bool:
    """Whether the stretches, each begun before the one before it ended, cover all the time between two moments."""
    reached = [since]
    for begin, end in sorted(waits):
        if begin < reached[-1] <= end:
            reached.append(end)
    return len(reached) > 1 and reached[-1] >= until


def has_looked_at_all(seat: Seat) -> bool:
    """Whether the person had all that stands behind the project's answers shown."""
    return Look.objects.filter(person=seat.person, project=seat.project, sample=None, run=None).exists()


def is_asked(seat: Seat) -> bool:
    """Whether anything in the project waits for this person's vote."""
    mine = Judgement.objects.filter(comparison=OuterRef("pk"), person=seat.person, action__in=_VOTED, live=True)
    waiting = Comparison.objects.filter(
        for_person(seat.person.pk), ~Exists(mine), project=seat.project, state=Comparison.State.OPEN,
        round__state=Round.State.OPEN,
    )  # fmt: skip
    return waiting.exists()


def asks_about_run(run: Run) -> bool:
    """Whether people are asked to rate what the run wrote."""
    return Comparison.objects.filter(project=run.project_id, sample__run=run).exists()


ASKING.append(Asking(asks_about_run, Exists(Comparison.objects.filter(sample=OuterRef("pk")))))


def _hiding(wanted: Collection[int]) -> set[int]:
    answers = Answer.objects.filter(sample=OuterRef("pk"))
    asked = Comparison.objects.filter(sample=OuterRef("pk"))
    rows = Sample.objects.filter(Exists(answers) | Exists(asked), pk__in=wanted)
    return set(rows.values_list("pk", flat=True))


def _sight(known: _Known, pk: int) -> Sight:
    return sight(
        looked=pk in known.looked, voted=pk in known.voted, pending=pk in known.pending,
        reveals=pk not in known.unrevealed,
    )  # fmt: skip


def _known(seat: Seat, wanted: list[int]) -> _Known:
    judged = Judgement.objects.filter(sample__in=wanted, person=seat.person, action__in=_VOTED, live=True)
    votes = list(judged.values_list("sample_id", "comparison_id", "comparison__round__reveal"))
    asked = Comparison.objects.filter(
        for_person(seat.person.pk), sample__in=wanted, state=Comparison.State.OPEN, round__state=Round.State.OPEN
    )
    waiting = asked.exclude(pk__in=[each[1] for each in votes])
    return _Known(
        looked=frozenset(_looked(seat, wanted)),
        voted=frozenset(sample for sample, _, _ in votes),
        pending=frozenset(waiting.order_by().values_list("sample_id", flat=True).distinct()),
        unrevealed=frozenset(sample for sample, _, reveal in votes if reveal is False),
    )


def _looked(seat: Seat, wanted: list[int]) -> set[int]:
    """Samples that the person looked behind: by themselves, with a run that made them, an answer or a pair of theirs,
    or with all of the project."""
    looks = list(
        Look.objects.filter(Q(sample__in=wanted) | Q(sample=None), person=seat.person, project=seat.project)
        .values_list("sample_id", "run_id")
    )  # fmt: skip
    if (None, None) in looks:
        return set(wanted)
    found = {sample for sample, _ in looks if sample}
    if runs := [run for _, run in looks if run]:
        of_runs = Q(sample__in=wanted, run__in=runs)
        found |= set(Sample.objects.filter(pk__in=wanted, run__in=runs).values_list("pk", flat=True))
        found |= set(Answer.objects.filter(of_runs).values_list("sample_id", flat=True))
        found |= set(PreferencePair.objects.filter(of_runs).values_list("sample_id", flat=True))
    return found
