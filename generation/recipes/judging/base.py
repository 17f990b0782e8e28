"""The seam of judges: how answers to one prompt are compared by a model, by rules or by scores that came with them.

Pure, like recipes: a judge is a generator of prompts inside a recipe's work. It is shown texts and nothing else: no
model name, score or verdict of anybody ever reaches it. What it cannot read is invalid, never a tie and never a pass.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from generation.recipes.base import Context, PromptSlot
from generation.types import AnswerView, Prompt, Reply, Score

Winner = Literal["first", "second", "tie", "invalid"]
"""What a judge said of two answers: `first` and `second` are places in the list that it was given, in either order."""


@dataclass(frozen=True, slots=True)
class Question:
    """What the answers answer: all of the prompt as one text, its language, and a reference where there is one.

    `given` is what came with the answers, in their order: no model ever sees it, only the judge `uploaded` reads it.
    `steps` are the evaluation steps that were written for the run, where its params have none.
    """

    task: str
    language: str = ""
    reference: str = ""
    given: tuple[AnswerView, ...] = ()
    steps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Duel:
    """Two answers (places in the list, `first` < `second`) judged in both orders; `backward` None where one was asked.

    `forward` had `first` on the left. Both speak of the places, not of left and right.
    """

    first: int
    second: int
    forward: Winner
    backward: Winner | None = None

    @property
    def consistent(self) -> bool:
        """Whether the same answer won in both orders."""
        return self.forward == self.backward and self.forward in ("first", "second")

    @property
    def winner(self) -> int | None:
        """The place of the answer that won in both orders; None for anything else."""
        return {"first": self.first, "second": self.second}[self.forward] if self.consistent else None

    @property
    def invalid(self) -> bool:
        """Whether either verdict could not be read."""
        return "invalid" in (self.forward, self.backward)

    @property
    def tie(self) -> bool:
        """Whether neither order had a winner."""
        return not self.invalid and {self.forward, self.backward} <= {"tie", None}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a judge made of the answers to one question, in the order in which it was given them.

    `scores` has one for each answer, None where it could not be read or was not asked; `aspects` the scores that it was
    made from. `duels` are there for judges that compare. `faults` names what went wrong, at which place (-1: all).
    """

    scores: tuple[Score | None, ...] = ()
    aspects: tuple[Mapping[str, Score], ...] = ()
    duels: tuple[Duel, ...] = ()
    faults: tuple[tuple[int, str], ...] = ()
    notes: Mapping[str, Any] = field(default_factory=dict)


Judging = Generator["Prompt | list[Prompt]", "Reply | list[Reply]", Verdict]


class Judge(Protocol):
    """One way of judging. `name` is its key in params, rows and reports.

    `compares` says that it makes duels; otherwise it makes scores. `asks_model` that it needs a model.
    """

    name: str
    title: str
    compares: bool
    asks_model: bool
    slots: tuple[PromptSlot, ...]

    def scale(self, params: Any) -> tuple[float, float]:
        """The lowest and highest score that it gives; (0, 1) for one that compares."""
        ...

    def calls(self, answers: int, params: Any) -> int:
        """How many calls the answers to one question take, canaries and repairs left out."""
        ...

    def judge(self, question: Question, texts: Sequence[str], context: Context, *, part: str) -> Judging:
        """The verdict on the texts, asked of the run's model `part`. `context.params` are `JudgedParams`."""
        ...
