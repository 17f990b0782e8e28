"""Special tokens of chat templates inside content, where they forge turns, and what may be done about them.

A tokenizer that is told nothing else turns the characters "<|im_end|>" inside a user's text into the real token. What
is a token depends on the template: in the chosen one it is an error, in others a warning.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Literal

from generation.chat.catalogue import CHAT_TEMPLATES
from generation.types import Candidate, Example, Feedback, Pair, Ranking, Row, Turn

Severity = Literal["error", "warning"]
Policy = Literal["report", "block", "drop", "escape"]
POLICIES: tuple[Policy, ...] = ("report", "block", "drop", "escape")
"""Say it; refuse to write the file; leave the row out; break the token with a zero-width character (changes data)."""

ZERO_WIDTH = "\u200b"

_HH = ("\n\nHuman:", "\n\nAssistant:")
_MEDIA = ("<image>", "<video>", "<audio>")
_OTHERS = ("<think>", "</think>", "<unk>", "<pad>", *_HH)
_EVERYDAY = frozenset({"USER:", "ASSISTANT:", "\nHuman:", "\nAssistant:"})
"""Tokens of one template that are everyday words in all others."""

TOKENS: dict[str, tuple[str, ...]] = {"hh_rlhf": _HH, **{each.name: each.tokens for each in CHAT_TEMPLATES}}
"""By template the texts that are its own, beside `<|...|>`, which all take for one and some have as one."""

_WORDS = {*_OTHERS, *_MEDIA, *(token for tokens in TOKENS.values() for token in tokens)}
_PIPED = r"<\|[^|<>\s][^|<>\n]{0,60}\|>|<｜[^｜<>\n]{1,60}｜>"
_ANY = re.compile("|".join([_PIPED, *(re.escape(word) for word in sorted(_WORDS, key=lambda w: (-len(w), w)))]))
_MARKS = ("<", "[", "###", "Human:", "Assistant:", "USER:", "ASSISTANT:")
"""Every special token holds one of these: a text without them has none."""
_BY_PIPES = frozenset(each.name for each in CHAT_TEMPLATES if each.piped)


@dataclass(frozen=True, slots=True)
class Found:
    """One special token in a text: where it stands, in characters, and how bad that is."""

    token: str
    start: int
    end: int
    severity: Severity


@dataclass(frozen=True, slots=True)
class Place:
    """A token in one text of a row; `path` is the text's place as row errors name it ("turns.0.content")."""

    path: str
    found: Found


def find(text: str, *, template: str = "", tokens: Iterable[str] = (), media: bool = False) -> list[Found]:
    """The special tokens in the text, in order. Those of `template`, and `tokens`, are errors, all others warnings.

    Placeholders of media ("<image>") are left out unless `media`: in a row that has pictures they are meant.
    """
    if not may_hold(text):
        return []
    own = (*TOKENS.get(template, ()), *tokens)
    marks = []
    for hit in _ANY.finditer(text):
        token = hit[0]
        severity = _severity(token, template, own)
        if token in _MEDIA and not media:
            continue
        if token in _EVERYDAY and severity == "warning":
            continue
        marks.append(Found(token, hit.start(), hit.end(), severity))
    return marks


def may_hold(text: str) -> bool:
    """Whether a special token may be in the text at all; soon told."""
    return any(mark in text for mark in _MARKS)


def find_in(example: Example, *, template: str = "", tokens: Iterable[str] = ()) -> list[Place]:
    """The special tokens in every text of an example.

    Left out where they belong: a pair of "<think>" tags at the head of an answer, and media placeholders as long as
    there are as many of them as there are media.
    """
    own = tuple(tokens)
    texts = list(texts_of(example))
    loose = _loose(example, [text for _, text, _ in texts])
    places = []
    for path, text, answers in texts:
        meant = _reasoning(text) if answers else ()
        for found in find(text, template=template, tokens=own, media=bool(loose)):
            if found.start in meant or (found.token in _MEDIA and found.token not in loose):
                continue
            places.append(Place(path, found))
    return places


def escape(text: str, *, template: str = "", tokens: Iterable[str] = ()) -> str:
    """The text with a zero-width space behind the first visible character of every token. This changes the data."""
    return _broken(text, find(text, template=template, tokens=tokens, media=True))


def escape_in(example: Example, *, template: str = "", tokens: Iterable[str] = ()) -> Example:
    """The example with what `find_in` names broken by zero-width spaces; itself when there is nothing."""
    by_path: dict[str, list[Found]] = {}
    for place in find_in(example, template=template, tokens=tokens):
        by_path.setdefault(place.path, []).append(place.found)
    if not by_path:
        return example
    changes: dict[str, Any] = {
        name: _broken(getattr(example, name), by_path[name])
        for name in ("system", "instruction", "input", "output")
        if name in by_path
    }
    for name in ("turns", "steps"):
        turns: tuple[Turn, ...] = getattr(example, name)
        changes[name] = tuple(
            replace(turn, content=_broken(turn.content, by_path.get(f"{name}.{at}.content", [])))
            for at, turn in enumerate(turns)
        )
    return replace(example, **changes)


def escape_row(row: Row, *, template: str = "") -> Row:
    """A row of any kind with the tokens in its conversations broken; itself when there is nothing to break.

    Pretraining text and single steps have no turns that could be forged and stay as they are.
    """
    if isinstance(row, Example):
        return escape_in(row, template=template)
    if isinstance(row, Feedback):
        example = escape_in(row.example, template=template)
        return row if example is row.example else replace(row, example=example)
    if isinstance(row, Pair):
        changed = _escaped_answers(row.prompt, (row.chosen, row.rejected), template)
        return replace(row, prompt=changed[0], chosen=changed[1][0], rejected=changed[1][1]) if changed else row
    if isinstance(row, Ranking):
        changed = _escaped_answers(row.prompt, row.answers, template)
        return replace(row, prompt=changed[0], answers=changed[1]) if changed else row
    return row


def _escaped_answers(
    prompt: Example, answers: tuple[Candidate, ...], template: str
) -> tuple[Example, tuple[Candidate, ...]] | None:
    """The prompt and its answers, None when nothing had to be broken."""
    asked = escape_in(prompt, template=template)
    given = []
    for each in answers:
        said = escape_in(Example("", output=each.text, steps=each.steps), template=template)
        given.append(replace(each, text=said.output, steps=said.steps))
    return (asked, tuple(given)) if asked is not prompt or tuple(given) != answers else None


def texts_of(example: Example) -> Iterator[tuple[str, str, bool]]:
    """Every text of an example: its path, the text, and whether the assistant says it."""
    yield "system", example.system, False
    for name, turns in (("turns", example.turns), ("steps", example.steps)):
        for at, turn in enumerate(turns):
            yield f"{name}.{at}.content", turn.content, turn.role == "assistant"
    yield "instruction", example.instruction, False
    yield "input", example.input, False
    yield "output", example.output, True


def _broken(text: str, marks: Iterable[Found]) -> str:
    parts, at = [], 0
    for found in marks:
        cut = found.start + len(found.token) - len(found.token.lstrip()) + 1
        parts += [text[at:cut], ZERO_WIDTH]
        at = cut
    return "".join([*parts, text[at:]])


def _severity(token: str, template: str, own: tuple[str, ...]) -> Severity:
    if template in _BY_PIPES and token.startswith("<|"):
        return "error"
    return "error" if any(each in token for each in own) else "warning"


def _loose(example: Example, texts: list[str]) -> frozenset[str]:
    """The placeholders that stand more often than there are media for them."""
    media = (example.images, example.videos, example.audios)
    return frozenset(
        mark for mark, paths in zip(_MEDIA, media, strict=True) if sum(text.count(mark) for text in texts) > len(paths)
    )


def _reasoning(text: str) -> tuple[int, ...]:
    """Where the one pair of reasoning tags stands that an answer may begin with; empty when there is none."""
    start = len(text) - len(text.lstrip("\n"))
    end = text.find("</think>", start)
    return (start, end) if text.startswith("<think>", start) and end > 0 else ()
