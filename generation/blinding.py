"""What a person may see of the answers to a prompt: the one rule that every door asks, page, card, receipt and API."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sight:
    """What may be shown: `names` of models, authors and runs, `verdicts` of judges (scores, ranks, which was chosen,
    why a pair is held back), and the `votes` of other people."""

    names: bool
    verdicts: bool
    votes: bool

    @property
    def blind(self) -> bool:
        """Whether anything is kept from the person."""
        return not (self.names and self.verdicts and self.votes)

    @property
    def nothing(self) -> bool:
        """Whether all of it is kept from the person."""
        return not (self.names or self.verdicts or self.votes)


OPEN = Sight(names=True, verdicts=True, votes=True)
BLIND = Sight(names=False, verdicts=False, votes=False)


def sight(*, looked: bool, voted: bool, pending: bool, reveals: bool = True) -> Sight:
    """What somebody may see who `looked` (and was recorded), who `voted`, or who has a vote `pending`.

    Nobody sees anything before they voted, even where nobody has asked them yet: somebody may, tomorrow. Who voted sees
    all once nothing is pending, names only where the round `reveals` them. Who looked sees all, and judges unblinded.
    """
    if looked:
        return OPEN
    if pending or not voted:
        return BLIND
    return OPEN if reveals else Sight(names=False, verdicts=True, votes=True)
