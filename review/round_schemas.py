"""What the API of comparing takes and gives. Sides are places, from 1, left to right; they have no other name."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import Field, StringConstraints

from generation.schemas import Id, Input, Number, Text, Word
from review.actions.judgements import Judged
from review.actions.rounds import RoundWish
from review.actions.verdicts import Said
from review.reports.comparisons import Card
from review.schemas import Note

Name = Annotated[str, StringConstraints(min_length=1, max_length=120)]
Percent = Annotated[int, Field(ge=0, le=100)]


class ChosenIn(Input):
    """Which rows a round is made of: pairs (in the state `pairs`), prompts with `answers`, or samples' `outputs`."""

    pairs: Literal["", "ready", "exportable", "held_back", "disputed", "agreed"] = ""
    run: Id | None = None
    reason: Word = ""
    language: Literal["", "en", "zh"] = ""
    job: Id | None = None
    samples: Literal["", "answers", "outputs"] = ""
    task_type: Word = ""
    most: Annotated[int, Field(ge=0, le=10_000_000)] = 0


class DealtIn(Input):
    """Who gets what: `share` percent of what the filter lets through."""

    person: Id
    share: Annotated[int, Field(ge=1, le=100)] = 100
    language: Literal["", "en", "zh"] = ""
    task_type: Word = ""


class RoundIn(Input):
    """A round of comparing. `overlap` people judge each of `overlap_share` percent of the comparisons, one all
    others."""

    name: Name
    kind: Literal["choose", "rank", "rate"] = "choose"
    chosen: ChosenIn = ChosenIn()
    guidelines: Annotated[str, StringConstraints(max_length=20_000)] = ""
    criteria: Annotated[list[Annotated[str, StringConstraints(max_length=60)]], Field(max_length=6)] = []
    rationale: Literal["none", "optional", "required"] = "optional"
    overlap: Annotated[int, Field(ge=1, le=9)] = 1
    overlap_share: Percent = 100
    reveal: bool = True
    dealt: Annotated[list[DealtIn], Field(max_length=200)] = []
    random_seed: Annotated[int, Field(ge=0, lt=2**62)] = 42

    def wish(self) -> RoundWish:
        """What the verb takes."""
        said = self.model_dump()
        said["chosen"] = {name: value for name, value in said["chosen"].items() if value}
        return RoundWish(**said)


class RoundOut(Schema):
    """A round of comparing."""

    id: int
    name: str
    kind: str
    state: str
    guidelines: str
    criteria: list[str]
    rationale: str
    overlap: int
    overlap_share: int
    reveal: bool
    random_seed: int
    created_at: datetime


class WithdrawIn(Input):
    """Which comparisons to take out of the round; null for all that are open or disputed."""

    comparisons: Annotated[list[Id], Field(max_length=1000)] | None = None


class WithdrawnOut(Schema):
    """How many comparisons were taken out."""

    comparisons: int


class NextIn(Input):
    """How many comparisons you want to hold, two at most; `skipped` brings back what you skipped."""

    size: Annotated[int, Field(ge=1, le=2)] = 1
    skipped: bool = False


class SideOut(Schema):
    """One answer at its place."""

    place: int
    text: str
    calls: list[dict[str, Any]]
    steps: list[dict[str, Any]]


class CardOut(Schema):
    """A comparison as you see it: the prompt, and the answers in your order. `version` is what an adjudication must
    name."""

    comparison: int
    version: int
    kind: str
    system: str
    turns: list[dict[str, Any]]
    instruction: str
    input: str
    tools: str
    media: dict[str, list[str]]
    sides: list[SideOut]


class CardsOut(Schema):
    """What you hold now, in order."""

    items: list[CardOut]


class JudgementIn(Input):
    """What you say of a comparison. `places` are groups of places, the best first; the key comes in the header
    `Idempotency-Key`."""

    comparison: Id
    action: Literal["vote", "skip", "adjudicate"] = "vote"
    verdict: Literal["", "left", "right", "tie", "both_bad", "ranked", "good", "bad"] = ""
    much_better: bool = False
    places: Annotated[list[Annotated[list[int], Field(max_length=9)]], Field(max_length=9)] = []
    criteria: Annotated[dict[str, Literal["left", "right", "tie"]], Field(max_length=6)] = {}
    note: Note = ""
    edit: Text | None = None
    version: Number = 1
    seconds: float | None = Field(None, ge=0, le=86_400)

    def said(self) -> Said:
        """What the verb takes."""
        return Said(
            action=self.action, verdict=self.verdict, much_better=self.much_better, places=self.places,
            criteria=self.criteria, note=self.note, edit=self.edit,
        )  # fmt: skip


class JudgementUndoIn(Input):
    """Which of your judgements to take back; your latest that still stands when none is named."""

    judgement: Id | None = None
    round: Id | None = None


class JudgedOut(Schema):
    """What became of a judgement. `repeated` says that the key was seen before: this is the first answer again. `state`
    is "" in a conflict."""

    saved: bool
    code: str
    judgement: int | None
    comparison: int
    state: str
    version: int
    repeated: bool


class MineOut(Schema):
    """One thing that you said, with the places as you saw them."""

    id: int
    comparison: int = Field(alias="comparison_id")
    action: str
    verdict: str
    much_better: bool
    places: list[list[int]]
    criteria: dict[str, str]
    note: str
    unblinded: bool
    live: bool
    undoes: int | None = Field(None, alias="undoes_id")
    created_at: datetime

    @staticmethod
    def resolve_places(row: Any) -> list[list[int]]:
        """The ranking by places; ids of answers stay here."""
        at = {pk: place for place, pk in enumerate(row.shown, 1)}
        return [sorted(at[pk] for pk in group) for group in row.ranking]

    @staticmethod
    def resolve_criteria(row: Any) -> dict[str, str]:
        """Nothing for what was taken back."""
        return {} if row.action == "undo" else dict(row.criteria)


class RevealOut(Schema):
    """What was behind the sides, as far as you may know: all of it empty before your vote."""

    names: bool
    verdicts: bool
    votes: bool
    state: str
    outcome: dict[str, Any] | None
    sides: list[dict[str, Any]]
    others: list[dict[str, Any]]
    pair: dict[str, Any] | None


def card_told(card: Card) -> dict[str, Any]:
    """A card as the API gives it."""
    prompt, asked = card.prompt, card.comparison
    return {
        "comparison": asked.id, "version": asked.version, "kind": asked.kind, "system": prompt.system,
        "turns": prompt.turns, "instruction": prompt.instruction, "input": prompt.input, "tools": prompt.tools,
        "media": prompt.media,
        "sides": [
            {"place": side.place, "text": side.text, "calls": list(side.calls), "steps": list(side.steps)}
            for side in card.sides
        ],
    }  # fmt: skip


def judged_told(outcome: Judged) -> dict[str, Any]:
    """An outcome as the API gives it."""
    return {
        "saved": outcome.saved, "code": outcome.code, "judgement": outcome.judgement_id,
        "comparison": outcome.comparison_id, "state": outcome.state, "version": outcome.version,
        "repeated": outcome.repeated,
    }  # fmt: skip
