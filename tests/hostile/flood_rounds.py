"""Hostile texts in what people compare: rounds, prompts, answers, models, verdicts of judges, and what voters said."""

from __future__ import annotations

from datetime import datetime

from generation.access import seat_in
from generation.models import Answer, Person, PreferencePair, Sample
from review.actions.rounds import RoundWish, open_round
from review.models import Comparison, Round
from tests.hostile.corpus import HOSTILE
from tests.world import World

KINDS = ("choose", "rank", "rate")


class RoundFlood:
    """Puts `one` wherever a round holds a single text, and the corpus into the answers to one prompt."""

    def __init__(self, world: World, *, one: str, now: datetime) -> None:
        self.world, self.one, self.now = world, one, now
        self.asked = Round.objects.get(pk=world.arguments["round_id"])
        self.comparison = Comparison.objects.get(pk=world.arguments["comparison_id"])

    def everything(self) -> None:
        """All of it."""
        one = self.one
        Round.objects.filter(pk=self.asked.pk).update(
            name=one[:120], guidelines=one, criteria=[one[:60], *(text[:60] for text in HOSTILE[:3])]
        )
        Sample.objects.filter(pk=self.comparison.sample_id).update(
            system=one, instruction=one, input=one, turns=[{"role": "user", "content": one}], task_type=one[:60]
        )
        said = {"calls": [{"name": one, "arguments": one, "id": one}], "steps": [{"role": "assistant", "content": one}]}
        Answer.objects.filter(sample=self.comparison.sample_id).update(text=one, model=one[:160], meta=said)
        score = {one: {"value": 1.0, "low": 0, "high": 2}}
        Answer.objects.filter(sample=self.comparison.sample_id).update(scores=score)
        verdict = {"judge": {"kind": one, "model": one, "reasons": [one], "scores": [1, 0], "low": 0, "high": 1}}
        PreferencePair.objects.filter(pk=self.comparison.pair_id).update(meta=verdict, source="judge", margin=1.0)
        for at, text in enumerate(HOSTILE[:7]):
            Answer.objects.create(
                sample_id=self.comparison.sample_id, text=text, model=text[:160], content_hash=f"{at:064}",
                created_at=self.now,
            )  # fmt: skip

    def rounds(self, by: Person) -> dict[str, int]:
        """A round of each kind over these answers, opened by this person: kind -> id."""
        seat = seat_in(by, self.world.project.slug)
        return {
            kind: open_round(
                seat, wish=RoundWish(name=f"{kind} {self.one}"[:120], kind=kind, chosen={"samples": "answers"}),
                now=self.now,
            ).pk
            for kind in KINDS
        }  # fmt: skip
