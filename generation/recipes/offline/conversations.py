"""Conversations by rules: questions and replies out of what was said, some spoilt in every way that drops one."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from generation.recipes.wording import one_line

_SPOILT = 0.03
_ENDS = 0.08
_LONGEST_QUOTE = 60


def opening(variables: Mapping[str, Any], rng: random.Random) -> str:
    """A first message about the topic."""
    words = _words(variables)
    if rng.random() < _SPOILT:
        return str(rng.choice([words["serves"], words["foreign"]]))
    return str(rng.choice(words["openings"])).format(topic=_quote(variables["topic"]), persona=variables["persona"])


def user(variables: Mapping[str, Any], rng: random.Random) -> str:
    """A question that was not asked yet, the end, or something that a user does not say."""
    words, said = _words(variables), [str(each) for each in variables["said"] if each]
    if rng.random() < _ENDS:
        return "[END]"
    if rng.random() < _SPOILT:
        return str(rng.choice([words["serves"], words["foreign"], words["swapped"], said[0], ""]))
    fresh = [each for each in words["questions"] if not any(each in text for text in said)]
    return str(rng.choice(fresh or words["questions"]))


def assistant(variables: Mapping[str, Any], rng: random.Random) -> str:
    """An outline that quotes what was asked last."""
    words, said = _words(variables), [str(each) for each in variables["said"] if each]
    if rng.random() < _SPOILT:
        earlier = said[1] if len(said) > 2 else words["foreign"]
        return str(rng.choice([words["refusal"], words["user_speaks"], earlier, words["foreign"]]))
    return _reply(words, said[-1], len(said) // 2, rng)


def whole(variables: Mapping[str, Any], rng: random.Random) -> str:
    """All messages as JSON, or something that is none."""
    words, turns = _words(variables), int(variables["turns"])
    first = (list(variables["said"]) or [rng.choice(words["openings"]).format(
        topic=_quote(variables["topic"]), persona=variables["persona"])])[0]  # fmt: skip
    asked = [first, *rng.sample(words["questions"], turns - 1)]
    messages = [
        message for at, text in enumerate(asked)
        for message in ({"role": "user", "content": text},
                        {"role": "assistant", "content": _reply(words, text, at, rng)})
    ]  # fmt: skip
    if rng.random() < 2 * _SPOILT:
        kind = rng.choice(("text", "swap", "short", "repeat"))
        if kind == "text":
            return str(words["refusal"])
        messages = {"swap": messages[:1] + messages[2:], "short": messages[:2], "repeat": messages + messages[:2]}[kind]
    return json.dumps(messages, ensure_ascii=False)


def _reply(words: Any, asked: str, turn: int, rng: random.Random) -> str:
    outline = words["replies"][turn % len(words["replies"])]
    return str(outline).format(asked=_quote(asked), number=rng.randint(2, 9))


def _quote(text: str) -> str:
    short = one_line(str(text).replace("`", ""))
    return short if len(short) <= _LONGEST_QUOTE else short[:_LONGEST_QUOTE] + "…"


def _words(variables: Mapping[str, Any]) -> Any:
    return _texts()["zh" if variables["language"] == "zh" else "en"]


@cache
def _texts() -> Any:
    return json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))


RULES: Mapping[str, Callable[[Mapping[str, Any], random.Random], str]] = {
    "conversations.opening": opening,
    "conversations.user": user,
    "conversations.assistant": assistant,
    "conversations.whole": whole,
}
