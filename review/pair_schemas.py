"""What the API of preference pairs takes and gives. Who may not know which answer is preferred gets two texts."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import StringConstraints

from generation.schemas import Id, Input, Number, Paging
from review.pair_criteria import PairCriteria
from review.reports.pairs import PairSeen

Note = Annotated[str, StringConstraints(max_length=500)]
State = Literal["", "ready", "agreed", "disputed", "exportable", "held_back"]
Source = Literal["", "human", "judge", "model_gap", "score", "edit", "rules", "import"]
Given = Literal[
    "by_hand", "both_bad", "tie", "near_identical", "refusal", "speaks_to_judge", "people_disagree", "evaluation"
]


class PairFilters(Paging):
    """What of the pairs is asked for. State, reason, source, run and import are for who has looked behind the pairs."""

    state: State = ""
    reason: Annotated[str, StringConstraints(max_length=60)] = ""
    source: Source = ""
    run: Id | None = None
    job: Id | None = None
    language: Literal["", "en", "zh"] = ""
    q: Annotated[str, StringConstraints(max_length=200)] = ""

    def criteria(self) -> PairCriteria:
        """The same for the list."""
        state = "held_back" if self.reason else self.state
        return PairCriteria(state, self.reason, self.source, self.run, self.job, self.language, self.q.strip())


class PairOut(Schema):
    """A pair as you may see it. `answers` stand in an order drawn for you while you are `blind`, else the chosen one
    first; a list cuts texts after 240 characters. What you may not know is null."""

    id: int
    prompt: str
    language: str
    answers: list[str]
    blind: bool
    state: str | None = None
    reason: str | None = None
    source: str | None = None
    margin: float | None = None
    consistent: bool | None = None
    ground: str | None = None
    run: int | None = None
    version: int | None = None


class PairWholeOut(PairOut):
    """One pair with its whole prompt, and what its judge said."""

    system: str
    turns: list[dict[str, Any]]
    input: str
    judge: dict[str, Any] | None = None
    rubric: str | None = None


class HoldBackIn(Input):
    """Why a pair is held back, and which version you saw."""

    version: Number
    reason: Given = "by_hand"
    note: Note = ""


class ReleaseIn(Input):
    """Which version of the pair you vouch for."""

    version: Number
    note: Note = ""


class MoveUndoneIn(Input):
    """Which of the moves to take back: the `entry` that it answered with."""

    entry: Id


class MovedOut(Schema):
    """How a pair stands now; `entry` is what an undo names, null where nothing was written."""

    id: int
    state: str
    reason: str
    source: str
    version: int
    entry: int | None
    repeated: bool


def told(seen: PairSeen) -> dict[str, Any]:
    """A pair as the schema has it, nothing in it that this person may not know."""
    body: dict[str, Any] = {
        "id": seen.pk, "prompt": seen.prompt, "language": seen.language, "blind": seen.pair is None,
        "answers": [side.text for side in seen.sides],
    }  # fmt: skip
    if (pair := seen.pair) is not None:
        names = ("state", "reason", "source", "margin", "consistent", "version")
        body |= {name: getattr(pair, name) for name in names} | {"ground": seen.ground}
        body["run"] = pair.run_id if seen.sight.names else None
    return body
