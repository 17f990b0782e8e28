"""A conversation as it is written down: turns, what is wrong with one, and the draft that comes of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from generation.quality.checks.refusal import is_refusal
from generation.quality.language import detect
from generation.quality.novelty import Pool
from generation.quality.text import has_cjk, word_count
from generation.recipes.material import Material
from generation.types import Draft

SPEAKERS = {"en": ("User: ", "Assistant: "), "zh": ("用户：", "助手：")}
_USER = re.compile(r"^\s*(?:user|human|用户|人类|提问者)\s*[:：]\s*", re.IGNORECASE)
_ASSISTANT = re.compile(r"^\s*(?:assistant|ai|bot|助手|助理|模型)\s*[:：]\s*", re.IGNORECASE)
_USER_LINE = re.compile(r"^\s*(?:user|human|用户)\s*[:：]", re.IGNORECASE | re.MULTILINE)
_ASSISTANT_LINE = re.compile(r"^\s*(?:assistant|助手)\s*[:：]", re.IGNORECASE | re.MULTILINE)
_SERVES = re.compile(
    r"as an? (?:ai|language model)\b|how (?:can|may) i (?:help|assist) you"
    r"|i(?:'m| am) (?:here|happy|glad) to (?:help|assist)"
    r"|作为(?:一个|一名)?(?:AI|人工智能|语言模型|智能助手)|(?:请问)?有什么(?:我)?(?:可以|能)帮|我很乐意(?:为您|帮)",
    re.IGNORECASE,
)
_END = re.compile(r"^[\[【(（<]?\s*(?:end|结束)\s*[\]】)）>]?[.。!！]?$", re.IGNORECASE)
_FEW_WORDS = 4


def transcript(turns: Sequence[tuple[str, str]], *, asked: str = "", language: str) -> str:
    """The turns as a text, a paragraph for each message; `asked` is a message without a reply yet."""
    user, assistant = SPEAKERS["zh" if language == "zh" else "en"]
    said = [line for asking, reply in turns for line in (user + asking, assistant + reply)]
    return "\n\n".join([*said, *([user + asked] if asked else [])])


def ends(text: str) -> bool:
    """Whether the simulated user has nothing more to say."""
    return _END.match(text.strip()) is not None


def bare(text: str, *, side: str) -> str:
    """The message without the name of its own side in front."""
    return (_USER if side == "user" else _ASSISTANT).sub("", text, count=1).strip()


@dataclass
class Script:
    """What was said so far. `turns` are finished, `asked` waits for its reply."""

    row: Material
    language: str
    threshold: float

    def __post_init__(self) -> None:
        self.turns: list[tuple[str, str]] = []
        self.asked = ""
        self._said = {side: Pool(threshold=self.threshold) for side in ("user", "assistant")}

    def begin(self, turns: Sequence[tuple[str, str]], *, asked: str = "") -> None:
        """Takes over what the row has; it is not judged."""
        for asking, reply in turns:
            self._say("user", asking)
            self._say("assistant", reply)
        if asked:
            self._say("user", asked)

    def add(self, side: str, text: str) -> str:
        """Adds a message and says what is wrong with it, "" when nothing is; a wrong one is not added."""
        text = bare(text, side=side)
        fault = self._fault(side, text)
        if not fault:
            self._say(side, text)
        return fault

    def draft(self, *, reason: str = "", **data: Any) -> Draft:
        """The conversation: earlier turns as history, the last as instruction and output."""
        done = self.turns or [(self.asked or self.row.task, "")]
        asked, said = done[-1]
        return self.row.draft(
            instruction=asked, input="", output=said, history=tuple(done[:-1]),
            task_type=self.row.task_type or "conversation", language=self.language,
            tags=tuple(dict.fromkeys([*self.row.tags, "conversation"])), data={"turns": len(self.turns), **data},
            counted={} if reason else {"turns": str(len(done))}, drop_reason=reason,
        )  # fmt: skip

    def _say(self, side: str, text: str) -> None:
        self._said[side].add(text)
        if side == "user":
            self.asked = text
        else:
            self.turns.append((self.asked, text))
            self.asked = ""

    def _fault(self, side: str, text: str) -> str:
        other = _ASSISTANT_LINE if side == "user" else _USER_LINE
        if not text:
            return "nothing_parsed"
        if other.search(text) or (side == "user" and _SERVES.search(text)):
            return "role_swap"
        if side == "assistant" and is_refusal(text):
            return "refusal"
        if _foreign(text, self.language):
            return "wrong_language"
        return "" if self._said[side].is_novel(text) else "repeats_itself"


def _foreign(text: str, language: str) -> bool:
    """Whether the text is plainly in the other of the two languages."""
    if language == "zh":
        return not has_cjk(text) and word_count(text) >= _FEW_WORDS and detect(text) == "en"
    return language == "en" and detect(text) == "zh"
