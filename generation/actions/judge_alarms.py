"""The alarm of planted attacks: a judge that one of them fooled vouches for nothing until a person says otherwise."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import F, Q, QuerySet

from generation.actions.admitted_pairs import FOOLED, State
from generation.actions.contradictions import hold_all_contradictions
from generation.actions.run_tallies import move_tallies
from generation.actions.tallies import count_moves
from generation.models import Person, PreferencePair, Run, RunEvent
from generation.types import Draft as DraftValue

ALARM, CLEARED = "judge.fooled", "judge.cleared"
_CHUNK = 1000


class NoAlarmError(Exception):
    """There is no alarm in force that could be lifted."""

    code = "no_alarm"


def is_fooled(run: Run) -> bool:
    """Whether the run's alarm is in force."""
    newest = RunEvent.objects.filter(run=run, kind__in=(ALARM, CLEARED)).order_by("-id").first()
    return newest is not None and newest.kind == ALARM


def fooled_runs(project: int) -> set[int]:
    """The runs of the project whose alarm is in force: nothing that their judges preferred may leave."""
    rows = RunEvent.objects.filter(run__project=project, kind__in=(ALARM, CLEARED)).order_by("id")
    newest = dict(rows.values_list("run_id", "kind"))
    return {run for run, kind in newest.items() if kind == ALARM}


def rests_on(runs: Collection[int]) -> Q:
    """Pairs for which nothing speaks but a judge of these runs."""
    own = Q(run__in=runs, meta__has_key="judge") & ~Q(meta__judge__has_key="run")
    return (own | Q(meta__judge__run__in=runs)) & ~Q(source="human")


def note_fooled(run: Run, *, drafts: Sequence[DraftValue], now: datetime) -> Counter[str]:
    """Sounds the alarm where one of the drafts tells of a planted text that the judge preferred: an event, and every
    pair that the run's judge let pass is held back. How the project's pairs moved; call it inside the transaction."""
    canaries = [draft.data["canary"] for draft in drafts if draft.data.get("canary")]
    kinds = sorted({str(each.get("kind", "")) for each in canaries if each.get("fooled") is True})
    if not kinds:
        return Counter()
    RunEvent.objects.create(run=run, at=now, kind=ALARM, detail={"kinds": kinds})
    ids = list(_of_judge(run).filter(state=State.EXPORTABLE).exclude(source="human").values_list("pk", flat=True))
    _move(ids, state=State.HELD_BACK, reason=FOOLED)
    move_tallies(run.pk, moves=_tallies(len(ids)))
    return Counter({str(State.HELD_BACK): len(ids), str(State.EXPORTABLE): -len(ids)})


@transaction.atomic
def clear_alarm(run: Run, *, by: Person, now: datetime) -> int:
    """Lifts the alarm by a person's word: the pairs that it held back may leave again; how many. `NoAlarmError` where
    none is in force."""
    Run.objects.select_for_update().get(pk=run.pk)
    if not is_fooled(run):
        raise NoAlarmError
    RunEvent.objects.create(run=run, at=now, kind=CLEARED, detail={"by": by.pk})
    rows = _of_judge(run).filter(state=State.HELD_BACK, reason=FOOLED).select_for_update(of=("self",))
    ids = list(rows.order_by("pk").values_list("pk", flat=True))
    _move(ids, state=State.EXPORTABLE, reason="")
    moves = {str(State.EXPORTABLE): len(ids), str(State.HELD_BACK): -len(ids)}
    count_moves(run.project_id, kind="pair", moves=moves, shard=run.pk)
    move_tallies(run.pk, moves=_tallies(-len(ids)))
    hold_all_contradictions(run.project_id, pairs=ids)
    return len(ids)


def _of_judge(run: Run) -> QuerySet[PreferencePair]:
    """The pairs that the run's judge spoke of, those that were there before it among them."""
    rows = PreferencePair.objects.filter(project_id=run.project_id)
    if run.pinned.get("answers"):
        return rows.filter(meta__judge__run=run.pk)
    return rows.filter(run=run, meta__has_key="judge").exclude(meta__judge__has_key="run")


def _move(ids: Sequence[int], *, state: str, reason: str) -> None:
    for start in range(0, len(ids), _CHUNK):
        some = PreferencePair.objects.filter(pk__in=ids[start : start + _CHUNK])
        some.update(state=state, reason=reason, version=F("version") + 1)


def _tallies(held: int) -> dict[str, int]:
    """How the run's own counters move when so many pairs more are held back for it."""
    return {
        f"pair.{State.EXPORTABLE}": -held, f"pair.{State.HELD_BACK}": held, f"pair.{State.HELD_BACK}.{FOOLED}": held,
    }  # fmt: skip
