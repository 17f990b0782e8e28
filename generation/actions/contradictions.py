"""Pairs that contradict each other: one file prefers A to B, another B to A. Neither may leave until people decide."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Count, F, Q

from generation.actions.tallies import count_moves
from generation.models import PreferencePair

CONTRADICTED = "contradicted"
State, Source = PreferencePair.State, PreferencePair.Source
_AT_ONCE = 2000
LEAVING = Q(state=State.EXPORTABLE) | Q(state=State.READY, source=Source.IMPORT)
"""Pairs that leave, or do when somebody asks for imported ones that nobody has judged."""


class Held(NamedTuple):
    """A pair that was held back: the state that it had, and the run that made it."""

    pair: int
    state: str
    run: int | None


def hold_contradictions(project: int, *, samples: Collection[int]) -> list[Held]:
    """Holds back those pairs of these prompts that could leave while another says the opposite of the same two texts,
    for "contradicted". What people decided stands against files, rules and judges; against people it does not.

    Call it inside the transaction, and count how the project's pairs moved (`moves_of`).
    """
    found: list[Held] = []
    for some in _some(sorted(set(samples))):
        mine = PreferencePair.objects.filter(LEAVING, project_id=project, sample__in=some)
        # Hardly a prompt has several pairs: texts are read of those alone.
        several = mine.order_by().values("sample").annotate(n=Count("pk")).filter(n__gt=1).values_list("sample")
        prompts = [each for (each,) in several]
        if prompts:
            found += _held(mine.filter(sample__in=prompts))
    return found


def hold_all_contradictions(project: int, *, pairs: Collection[int]) -> int:
    """The same for the prompts of these pairs, counted; how many were held back. For verbs that let pairs leave
    again."""
    held = []
    for some in _some(sorted(pairs)):
        rows = PreferencePair.objects.filter(project=project, pk__in=some)
        held += hold_contradictions(project, samples=set(rows.values_list("sample_id", flat=True)))
    count_moves(project, kind="pair", moves=moves_of(held))
    return len(held)


def sweep_contradictions(project: int) -> int:
    """The same for all prompts of the project, a batch in each transaction; how many were held back. For pairs that
    came before anybody looked."""
    several = PreferencePair.objects.filter(LEAVING, project_id=project).order_by().values("sample")
    prompts = several.annotate(n=Count("pk")).filter(n__gt=1).values_list("sample", flat=True)
    found = 0
    for some in _some(sorted(prompts)):
        with transaction.atomic():
            held = hold_contradictions(project, samples=some)
            count_moves(project, kind="pair", moves=moves_of(held))
        found += len(held)
    return found


def moves_of(held: Iterable[Held]) -> Counter[str]:
    """How the project's pairs moved: state -> difference."""
    moves: Counter[str] = Counter()
    for each in held:
        moves[each.state] -= 1
        moves[State.HELD_BACK.value] += 1
    return moves


def _held(rows: Any) -> list[Held]:
    columns = ("pk", "sample_id", "state", "run_id", "source", "chosen__text", "rejected__text")
    said: dict[tuple[int, str, str], list[tuple[Held, bool]]] = defaultdict(list)
    for pk, sample, state, run, source, chosen, rejected in rows.order_by("pk").values_list(*columns):
        key = (sample, chosen.strip(), rejected.strip())
        said[key].append((Held(pk, str(state), run), source in PreferencePair.BY_PEOPLE))
    held = []
    for (sample, chosen, rejected), pairs in said.items():
        opposite = said.get((sample, rejected, chosen), ()) if chosen and rejected and chosen != rejected else ()
        people = any(by_people for _, by_people in opposite)
        held += [each for each, by_people in pairs if opposite and (people or not by_people)]
    changed = PreferencePair.objects.filter(pk__in=[each.pair for each in held])
    changed.update(state=State.HELD_BACK, reason=CONTRADICTED, version=F("version") + 1)
    return held


def _some(ids: list[int]) -> Iterable[list[int]]:
    """The ids in pieces that databases take."""
    return (ids[start : start + _AT_ONCE] for start in range(0, len(ids), _AT_ONCE))
