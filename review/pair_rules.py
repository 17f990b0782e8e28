"""Which preference pairs may leave, and on what ground: the last gate, asked of the rows themselves.

A pair's state says that it passed the gate once; what it passed by is looked at again whenever rows are chosen, so that
no state alone, however it came about, takes an unsound pair into a file.
"""

from __future__ import annotations

from typing import Literal

from django.db.models import Q

from generation.models import PreferencePair

Ground = Literal["people", "rules", "judge", "score", "import", ""]
Source, State = PreferencePair.Source, PreferencePair.State

VOUCHED = (*PreferencePair.BY_PEOPLE, Source.RULES, Source.IMPORT)
"""Sources for whose preference somebody vouches: people, rules that were checked, who approved an import."""


def may_leave(*, ready: bool = False) -> Q:
    """The pairs that may leave: people decided, rules were checked, a judge preferred the same answer in both orders,
    or scores differ. With `ready` also imported pairs that nobody has judged here."""
    by_score = Q(margin__gt=0) & ~Q(consistent=False)
    sound = Q(state=State.EXPORTABLE) & (Q(source__in=VOUCHED) | Q(consistent=True) | by_score)
    return sound | Q(state=State.READY, source=Source.IMPORT) if ready else sound


def ground_of(pair: PreferencePair) -> Ground:
    """What speaks for the pair, "" where nothing does. Imports are taken on the word of who brought them in."""
    if pair.source in PreferencePair.BY_PEOPLE:
        return "people"
    if pair.source == Source.RULES:
        return "rules"
    if pair.consistent:
        return "judge"
    if pair.margin and pair.margin > 0 and pair.consistent is not False:
        return "score"
    return "import" if pair.source == Source.IMPORT else ""
