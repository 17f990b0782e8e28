"""From a canonical row to the values of its columns: what an import will write, and the hashes that know it again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import orjson

from generation.actions.bulk_rows import as_json, as_text
from generation.content import content_hash, plain_bytes
from generation.files.text import check_text, excerpt
from generation.formats.turns import call_as_json, turn_as_json
from generation.quality.language import detect
from generation.types import Candidate, Example, Ranking, RowError

MEDIA = ("images", "videos", "audios")
_LOOKED_AT = 2000
_PLAIN = ("[]", "[]", "[]", "{}")
_NUL = b"\\u0000"
LARGEST_SCORE = 1e9
"""Beyond it the difference of two scores is none that a margin or a chart could show; nan is beyond it too."""


@dataclass(frozen=True, slots=True)
class Said:
    """What the importer says of every row of a file. An empty `language` is found out for each row."""

    task_type: str = ""
    language: str = ""
    tags: tuple[str, ...] = ()


class SampleValues(NamedTuple):
    """One example: texts as they are, everything else as the text of its JSON column."""

    system: str
    turns: str
    instruction: str
    input: str
    output: str
    steps: str
    calls: str
    tools: str
    media: str
    meta: str
    task_type: str
    language: str
    content_hash: str


class AnswerValues(NamedTuple):
    """One candidate answer."""

    text: str
    model: str
    rank: int | None
    meta: str
    scores: str
    content_hash: str


class UnstorableError(ValueError):
    """The row cannot be kept; `error` says why, with line 0."""

    def __init__(self, error: RowError) -> None:
        super().__init__(error.code)
        self.error = error


def sample_values(example: Example, *, said: Said, more: Mapping[str, Any] | None = None) -> SampleValues:
    """The example's columns, `more` added to its meta. `UnstorableError` for what no database holds."""
    meta = {**example.meta, **more} if more else example.meta
    if not (example.turns or example.steps or example.calls or example.tools or _has_media(example)):
        key, parts = _plain_key(example), _PLAIN
    else:
        refuse_unstorable(f"{example.system}{example.instruction}{example.input}{example.output}")
        key, parts = _structured(example)
    if example.weight is not None:
        meta = {**meta, "weight": example.weight}
    turns, steps, calls, media = parts
    kept = storable_json(meta, path="meta") if meta else "{}"
    kind, language = said.task_type or (_kind_said(meta) if meta else ""), said.language or _language(example)
    return SampleValues(
        example.system, turns, example.instruction, example.input, example.output, steps, calls, example.tools, media,
        kept, kind, language, key,
    )  # fmt: skip


def _plain_key(example: Example) -> str:
    """The content's hash. The bytes that it is taken of tell whether the texts can be stored."""
    try:
        raw = plain_bytes(example.system, example.instruction, example.input, example.output)
    except TypeError:
        raw = _NUL
    if _NUL in raw:  # or the six characters by which JSON writes it: a second look
        refuse_unstorable(f"{example.system}{example.instruction}{example.input}{example.output}")
    return hashlib.sha256(raw).hexdigest()


def _structured(example: Example) -> tuple[str, tuple[str, str, str, str]]:
    turns = [turn_as_json(turn) for turn in example.turns]
    steps = [turn_as_json(turn) for turn in example.steps]
    calls = [call_as_json(call) for call in example.calls]
    media = {name: list(getattr(example, name)) for name in MEDIA if getattr(example, name)}
    key = content_hash(
        instruction=example.instruction, input=example.input, output=example.output, system=example.system,
        turns=turns, steps=steps, calls=calls, tools=example.tools, media=media,
    )  # fmt: skip
    refuse_unstorable(example.tools, path="tools")
    return key, (
        storable_json(turns, path="turns"), storable_json(steps, path="steps"), storable_json(calls, path="calls"),
        storable_json(media, path="media"),
    )  # fmt: skip


def answer_values(answer: Candidate) -> AnswerValues:
    """The answer's columns. Its hash speaks of all of it, so that the same text with another score is another."""
    meta = dict(answer.meta)
    if answer.steps:
        meta["steps"] = [turn_as_json(turn) for turn in answer.steps]
    if answer.calls:
        meta["calls"] = [call_as_json(call) for call in answer.calls]
    scores = {} if answer.score is None else {"score": {"value": answer.score, "low": None, "high": None}}
    refuse_unstorable(answer.text + answer.model)
    if len(answer.model) > 160:
        raise UnstorableError(RowError(0, "too_long", "model", "160", excerpt(answer.model)))
    if answer.score is not None and not abs(answer.score) <= LARGEST_SCORE:
        raise UnstorableError(RowError(0, "out_of_range", "score", str(answer.score)[:20]))
    if answer.rank is not None and not 0 <= answer.rank <= 32767:
        raise UnstorableError(RowError(0, "out_of_range", "rank", str(answer.rank)[:20]))
    kept, scored = storable_json(meta, path="meta"), as_json(scores)
    key = hash_of("answer", as_text([answer.text, answer.model, answer.rank]), kept, scored)
    return AnswerValues(answer.text, answer.model, answer.rank, kept, scored, key)


def hash_of(*parts: str) -> str:
    """One SHA-256 in hex over several parts in their order."""
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def refuse_unstorable(text: str, *, path: str = "") -> None:
    """`UnstorableError` when PostgreSQL could not hold the text: NUL, or half a character."""
    if code := check_text(text):
        raise UnstorableError(RowError(0, code, path, excerpt=excerpt(text)))


def storable_json(value: Any, *, path: str) -> str:
    """The value as the text of a JSON column; `UnstorableError` when it holds what `refuse_unstorable` refuses."""
    text = as_json(value)
    if "\\u0000" in text or not text.isascii():
        for part in _texts_in(value):
            refuse_unstorable(part, path=path)
    return text


def _texts_in(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for name, part in value.items():
            yield name
            yield from _texts_in(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _texts_in(part)


def prompt_of(example: Example) -> Example:
    """What was asked, without the answer."""
    values = {name: getattr(example, name) for name in Example.__slots__}
    return Example(**(values | {"output": "", "calls": (), "steps": (), "weight": None, "meta": {}}))


def as_ranking(example: Example) -> Ranking:
    """A whole example as one answer to its prompt."""
    answer = Candidate(example.output, steps=example.steps, calls=example.calls, meta=example.meta)
    return Ranking(prompt_of(example), (answer,))


def media_names(values: str) -> Iterable[str]:
    """The texts by which a row's media column refers to media."""
    if values == "{}":
        return ()
    return dict.fromkeys(name for names in orjson.loads(values).values() for name in names)


def language_of(text: str) -> str:
    """The language of a text by its script, from its beginning."""
    return detect(text[:_LOOKED_AT])


def _has_media(example: Example) -> bool:
    return bool(example.images or example.videos or example.audios)


def _language(example: Example) -> str:
    text = f"{example.instruction}\n{example.input}\n{example.output}"
    return language_of(text if text.strip() else "\n".join(turn.content for turn in example.turns))


def _kind_said(meta: Mapping[str, Any]) -> str:
    """What the file calls the kind of task, where it does in so many words."""
    for name in ("task_type", "category"):
        if isinstance(word := meta.get(name), str) and len(word) <= 60:
            return word
    return ""
