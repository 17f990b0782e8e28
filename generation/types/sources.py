"""What a run draws from, as recipes see it: seeds, samples, documents and the places in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Instance:
    """An input and the output that belongs to it; `input` may be empty."""

    input: str
    output: str


@dataclass(frozen=True, slots=True)
class Span:
    """Where in a document something stands: [start, end) in code points of the document's text."""

    document: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class SeedView:
    """What a recipe may know of a seed."""

    id: int
    instruction: str
    instances: tuple[Instance, ...] = ()
    is_classification: bool = False
    task_type: str = ""
    language: str = ""
    tags: tuple[str, ...] = ()
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AnswerView:
    """What a recipe may know of one answer to a prompt. Who wrote it is not among it: no judge ever learns a name.

    `score` stands on the scale `low` to `high`, both ends included; `rank` 1 is the best; `good` is a thumb.
    """

    id: int
    text: str
    score: float | None = None
    low: float | None = None
    high: float | None = None
    rank: int | None = None
    good: bool | None = None


@dataclass(frozen=True, slots=True)
class SampleView:
    """What a recipe may know of a sample, as the revision that the run pinned. `family` names all that descend from
    one seed or one imported row; `scores` maps an aspect to its value. `spans` are the places in documents that it was
    made from, the most telling first. `answers` are there for recipes that read "answers"."""

    id: int
    revision: int
    instruction: str
    input: str = ""
    output: str = ""
    system: str = ""
    history: tuple[tuple[str, str], ...] = ()
    task_type: str = ""
    language: str = ""
    tags: tuple[str, ...] = ()
    seed_ids: tuple[int, ...] = ()
    family: int = 0
    scores: Mapping[str, float] = field(default_factory=dict)
    spans: tuple[Span, ...] = ()
    answers: tuple[AnswerView, ...] = ()


@dataclass(frozen=True, slots=True)
class DocumentView:
    """What a recipe may know of a document. `headings` are (offset, level, title), offsets in code points of `text`."""

    id: int
    name: str
    text: str
    language: str = ""
    headings: tuple[tuple[int, int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class PromptView:
    """A version of a prompt that runs used, 0 the shipped one, and what people decided of the rows that it brought."""

    slot: str
    number: int
    text: str
    approved: int
    decided: int


@dataclass(frozen=True, slots=True)
class Sources:
    """All that a run draws from, fixed when the run was started. `vocabulary` maps a category to its terms; `prompts`
    are there for recipes that weigh them."""

    seeds: Sequence[SeedView] = ()
    samples: Sequence[SampleView] = ()
    documents: Sequence[DocumentView] = ()
    vocabulary: Mapping[str, Sequence[str]] = field(default_factory=dict)
    prompts: Sequence[PromptView] = ()


@dataclass(frozen=True, slots=True)
class Stock:
    """How much there is of each source; `characters` are the code points of all documents, `instructed` the seeds that
    say an instruction (None: all do). `answered` is how many answers each sample has that has any, in the order in
    which they are drawn."""

    seeds: int = 0
    samples: int = 0
    documents: int = 0
    characters: int = 0
    terms: int = 0
    instructed: int | None = None
    answered: tuple[int, ...] = ()

    @property
    def answers(self) -> int:
        """All answers."""
        return sum(self.answered)

    @property
    def answer_pairs(self) -> int:
        """How many pairs they form: the sum of k (k - 1) / 2 over samples with k answers."""
        return sum(count * (count - 1) // 2 for count in self.answered)

    @property
    def tasks(self) -> int:
        """Seeds that say an instruction, and samples."""
        return (self.seeds if self.instructed is None else self.instructed) + self.samples

    @property
    def rows(self) -> int:
        """Seeds and samples, for recipes that take either."""
        return self.seeds + self.samples
