"""Good and bad answers to the same prompt, met in a stream, as preference pairs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from generation.files.strict_json import Fault
from generation.types import Candidate, Example, Feedback, Pair

MAX_HELD = 1_000_000
"""So many answers may wait for an opposite; a file with more does not fit into memory for certain."""


@dataclass(slots=True)
class _Waiting:
    """What has come for one prompt so far: its answers with their metadata, and the lines that found no partner yet."""

    prompt: Example
    good: list[Candidate] = field(default_factory=list)
    bad: list[Candidate] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    pairs: int = 0


class Matcher:
    """Pairs each answer with the opposite ones that came before it, at most `most_pairs` for a prompt.

    It holds the answers of all prompts, `MAX_HELD` at most.
    """

    def __init__(self, *, most_pairs: int) -> None:
        self._most = most_pairs
        self._held = 0
        self._by_prompt: dict[Any, _Waiting] = {}

    def pairs_with(self, row: Feedback, *, line: int) -> Iterator[Pair]:
        """The pairs that this row completes. Steps and calls belong to the answer. `Fault` when too many wait."""
        example = row.example
        prompt = replace(example, output="", steps=(), calls=(), weight=None, meta={})
        waiting = self._by_prompt.setdefault(_key(prompt), _Waiting(prompt))
        if self._held >= MAX_HELD:
            raise Fault("too_many_waiting")
        answer = Candidate(
            example.output, steps=example.steps, calls=example.calls, meta=_together(example.meta, row.meta)
        )
        mine, others = (waiting.good, waiting.bad) if row.good else (waiting.bad, waiting.good)
        mine.append(answer)
        self._held += 1
        if not others:
            waiting.lines.append(line)
        for other in others:
            if waiting.pairs >= self._most:
                return
            if other.text == answer.text and other.calls == answer.calls and other.steps == answer.steps:
                continue
            waiting.pairs += 1
            waiting.lines = []
            yield _pair(waiting.prompt, answer, other) if row.good else _pair(waiting.prompt, other, answer)

    def lonely(self) -> list[int]:
        """The lines whose prompt never got both a good and a bad answer, in order."""
        return sorted(line for waiting in self._by_prompt.values() if not waiting.pairs for line in waiting.lines)


def _pair(prompt: Example, good: Candidate, bad: Candidate) -> Pair:
    # What both answers say of themselves alike is said of the pair.
    shared = {name: value for name, value in good.meta.items() if name in bad.meta and bad.meta[name] == value}
    return Pair(prompt, _without(good, shared), _without(bad, shared), meta=shared)


def _without(answer: Candidate, names: Mapping[str, Any]) -> Candidate:
    return replace(answer, meta={name: value for name, value in answer.meta.items() if name not in names})


def _together(first: Mapping[str, Any], second: Mapping[str, Any]) -> dict[str, Any]:
    return {**first, **second}


def _key(prompt: Example) -> Any:
    """What two prompts must share to be the same, byte for byte."""
    return tuple(getattr(prompt, name) for name in Example.__slots__ if name != "meta")
