"""What the engine works with: prompts and replies, tasks and drafts, and the pool as a plan sees it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from generation.types.sources import DocumentView, PromptView, SampleView, SeedView, Span

Role = Literal["system", "user", "assistant", "tool"]


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of a conversation."""

    role: Role
    content: str


@dataclass(frozen=True, slots=True)
class Sampling:
    """How a model is asked to sample. `None` leaves the provider's own default in force."""

    max_tokens: int = 1024
    temperature: float | None = 0.7
    top_p: float | None = None
    frequency_penalty: float | None = None
    presence_penalty: float | None = None
    stop: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Prompt:
    """One request to a model.

    `stage` names the template that it was rendered from ("self_instruct.classify") and `variables` are the values that
    went into it: the offline provider answers from these two alone. `sample_index` tells apart identical requests that
    are meant to be answered independently. `part` names which of the run's models is asked ("judge"), "" its own.
    """

    stage: str
    messages: tuple[Message, ...]
    variables: Mapping[str, Any] = field(default_factory=dict)
    sampling: Sampling = Sampling()
    json_schema: Mapping[str, Any] | None = None
    sample_index: int = 0
    part: str = ""


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of one call. `estimated` is true when the provider did not say and we counted ourselves.

    `cached_tokens` are those of the prompt that the provider had in its cache, `thinking_tokens` those of the
    completion that were thought and not said.
    """

    prompt_tokens: int = 0
    completion_tokens: int = 0
    estimated: bool = False
    cached_tokens: int = 0
    thinking_tokens: int = 0


@dataclass(frozen=True, slots=True)
class Reply:
    """What a model answered, or why it finally did not.

    `failure` is empty for an answer; otherwise it is one of `FAILURES` and `text` is empty. A recipe is sent failed
    replies too, because what to do without an answer is the recipe's decision.
    """

    text: str = ""
    finish_reason: str = "stop"
    model: str = ""
    usage: Usage = Usage()
    failure: str = ""
    thinking: str = ""
    """What the model thought aloud before it answered, kept apart from `text`."""

    @property
    def failed(self) -> bool:
        """Whether no usable answer came."""
        return bool(self.failure)

    @property
    def truncated(self) -> bool:
        """Whether the answer was cut off at the token limit."""
        return self.finish_reason == "length"


FAILURES = (
    "rate_limited",
    "server_error",
    "timeout",
    "connection",
    "malformed_reply",
    "empty_reply",
    "content_filter",
    "refused",
    "bad_request",
    "context_length",
    "unauthorized",
    "no_credit",
    "not_found",
    "budget_reached",
    "recipe_error",
    "recipe_changed",
    "unknown_outcome",
)


@dataclass(frozen=True, slots=True)
class Task:
    """One unit of work of one stage, frozen when it was planned. `payload` is plain JSON data."""

    number: int
    payload: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Score:
    """A value on a declared scale, both ends included."""

    value: float
    low: float
    high: float


DraftKind = Literal["instruction", "sample", "answer", "pair", "score"]


@dataclass(frozen=True, slots=True)
class Draft:
    """What a stage proposes. Admission decides what becomes of it.

    An `instruction` draft feeds the next stage and never reaches a person by itself; a `sample` draft becomes a
    `Sample`; an `answer` draft a prompt with one candidate answer, its `output`; a `pair` draft a prompt whose
    preferred answer is `output` and whose other is `rejected`; a `score` draft gives `scores` to the one sample in
    `sample_ids`, or to the one answer in `answer_ids`. A `pair` of answers that are there already names them in
    `answer_ids`, the preferred one first, and their prompt in `sample_ids`. `seed_ids`, `sample_ids` and `spans` are
    what it descends from, the nearest sample first; `draft_ids` are admitted drafts of the same run that it was made
    from, the nearest first. An `evaluation` draft never serves training. `data` is whatever the next stage needs, as
    plain JSON. `counted` maps an aspect to this draft's value of it ("type" -> "few_shot"): the run's page shows how
    admitted drafts are shared out. A draft with a `drop_reason` was refused by the recipe itself and is kept with that
    reason.
    """

    kind: DraftKind
    instruction: str = ""
    input: str = ""
    output: str = ""
    system: str = ""
    history: tuple[tuple[str, str], ...] = ()
    task_type: str = ""
    language: str = ""
    tags: tuple[str, ...] = ()
    seed_ids: tuple[int, ...] = ()
    sample_ids: tuple[int, ...] = ()
    draft_ids: tuple[int, ...] = ()
    answer_ids: tuple[int, ...] = ()
    spans: tuple[Span, ...] = ()
    rejected: str = ""
    scores: Mapping[str, Score] = field(default_factory=dict)
    evaluation: bool = False
    data: Mapping[str, Any] = field(default_factory=dict)
    counted: Mapping[str, str] = field(default_factory=dict)
    drop_reason: str = ""

    @property
    def dropped(self) -> bool:
        """Whether the recipe itself refused it."""
        return bool(self.drop_reason)

    @property
    def compared(self) -> str:
        """What novelty compares: `data["compared"]` where the recipe says it, otherwise the instruction."""
        return str(self.data.get("compared") or self.instruction)


@dataclass(frozen=True, slots=True)
class AdmittedView:
    """An admitted draft as later waves see it: `id` is stable, `wave` is the wave that made it."""

    id: int
    wave: int
    draft: Draft


@dataclass(frozen=True, slots=True)
class PoolView:
    """The pool as a plan sees it: what was admitted up to and including wave `wave - 2`.

    `admitted` maps a stage's name to its admitted drafts in item order; `planned` maps it to the number of tasks that
    were planned so far, those still at work included; `finished` to those whose drafts have been decided.
    `random_seed` is the run's own: for a draw that must go on over all waves as one.
    """

    wave: int
    seeds: Sequence[SeedView] = ()
    samples: Sequence[SampleView] = ()
    documents: Sequence[DocumentView] = ()
    vocabulary: Mapping[str, Sequence[str]] = field(default_factory=dict)
    admitted: Mapping[str, Sequence[AdmittedView]] = field(default_factory=dict)
    planned: Mapping[str, int] = field(default_factory=dict)
    finished: Mapping[str, int] = field(default_factory=dict)
    random_seed: int = 0
    prompts: Sequence[PromptView] = ()


MOST_SPANS = 20
"""Places that a finding names at most."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check says of a draft. A finding with `drop` set filters the draft with `code` as its reason.

    A finding about a place says so in `detail`: `field` ("instruction", "input", "output", "system", or "turn 3" for
    the third of the earlier turns), `spans` as pairs [start, end) of code points in that field, at most `MOST_SPANS`
    of them, and `count`, how many there are in all.
    """

    check: str
    code: str
    drop: bool = False
    detail: Mapping[str, Any] = field(default_factory=dict)
