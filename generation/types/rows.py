"""Rows of training data in canonical form, and the faults of rows that are none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

TurnRole = Literal["system", "developer", "user", "assistant", "tool"]


@dataclass(frozen=True, slots=True)
class ToolCall:
    """An assistant's wish to have a tool called. `arguments` is the JSON text as it came, never rewritten."""

    name: str
    arguments: str = "{}"
    id: str = ""


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn of a training conversation. `weight` 0 keeps an assistant's turn out of the loss; None says nothing.

    A tool's turn answers the call with the id `call_id`. Pictures and sounds stand in `content` as "<image>", "<video>"
    and "<audio>", in the order of the paths beside the conversation.
    """

    role: TurnRole
    content: str = ""
    name: str = ""
    calls: tuple[ToolCall, ...] = ()
    call_id: str = ""
    weight: float | None = None


@dataclass(frozen=True, slots=True)
class Example:
    """One training example in canonical form: what formats read and write.

    A conversation is cut at its last user turn: `turns` come before it, the user turn itself is `instruction` and
    `input`, `steps` (tool calls and their results) lie between it and the last answer, and that is `output` with its
    `calls` and `weight`. Without instruction and input there is no user turn. A first system turn is `system`.
    `tools` is the JSON text of a list of tools. An example with neither output nor calls is a prompt.
    """

    instruction: str
    input: str = ""
    output: str = ""
    system: str = ""
    turns: tuple[Turn, ...] = ()
    steps: tuple[Turn, ...] = ()
    calls: tuple[ToolCall, ...] = ()
    weight: float | None = None
    tools: str = ""
    images: tuple[str, ...] = ()
    videos: tuple[str, ...] = ()
    audios: tuple[str, ...] = ()
    meta: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Candidate:
    """One answer to a prompt. `score` is on whatever scale its file used; `rank` 1 is the best."""

    text: str
    steps: tuple[Turn, ...] = ()
    calls: tuple[ToolCall, ...] = ()
    score: float | None = None
    rank: int | None = None
    model: str = ""
    meta: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Pair:
    """A prompt (an `Example` without output) with a preferred and a less preferred answer."""

    prompt: Example
    chosen: Candidate
    rejected: Candidate
    meta: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ranking:
    """A prompt with several answers, each with a rank, a score or both."""

    prompt: Example
    answers: tuple[Candidate, ...]
    meta: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Feedback:
    """A whole example and whether its output was good."""

    example: Example
    good: bool
    meta: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Text:
    """One row of pretraining text."""

    text: str
    meta: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Stepwise:
    """A prompt, the steps of one solution and whether each of them is right; both lists have the same length."""

    prompt: str
    completions: tuple[str, ...]
    labels: tuple[bool, ...]
    meta: Mapping[str, Any] = field(default_factory=dict)


Row = Example | Pair | Ranking | Feedback | Text | Stepwise
"""What a row of a file can be."""

Kind = Literal["sft", "prompt", "preference", "ranking", "feedback", "text", "stepwise"]
"""What a format carries; "sft" and "prompt" are both `Example`s, the latter without output."""


@dataclass(frozen=True, slots=True)
class RowError:
    """One fault in an untrusted row: where, which, and a short excerpt for the person who must mend it.

    `line` counts from 1 and `path` is a dotted path inside the row ("instances.0.output"), empty for the whole row.
    """

    line: int
    code: str
    path: str = ""
    message: str = ""
    excerpt: str = ""
    severity: Literal["error", "warning"] = "error"
