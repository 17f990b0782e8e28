"""Several tasks run together in one field, a known defect of released instruction sets."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from generation.quality.places import placed, texts_of
from generation.types import N_, Draft, Finding

_MERGED = re.compile(
    r"\n[^\S\n]*(?:\d{1,4}\s*[.、)）]?\s*(?:instruction|指令)\b"
    r"|(?:#{1,4} ?|\*\*)?(?:instruction|指令) ?\d{0,3} ?[:：]"
    r"|#{2,4} ?(?:instruction|response|input|output|指令|回答|输入|输出) ?[:：]"
    r"|#{3}\s*\n)", re.IGNORECASE,
)  # fmt: skip
_NUMBERED = re.compile(r"\n(?:task|任务) ?([1-9]\d?|[一二三四五六七八九]) ?[:：]", re.IGNORECASE)
_NEXT = re.compile(
    r"\n(?:(?:Human|User|用户|人类) ?[:：][^\n]*\n+(?:Assistant|AI|Bot|助手|助理) ?[:：]"
    r"|\n(?:Input|输入) ?[:：][^\n]*\n(?:Output|输出) ?[:：])"
)
_SPEECH = re.compile(
    r"\b(?:dialog\w*|conversation|chat\w*|script|interview|role|examples?|samples?|format|test|program|function|code)\b"
    r"|对话|聊天|剧本|客服|访谈|示例|例子|举例|样例|格式|测试|程序|函数|代码|题目|编程|算法",
    re.IGNORECASE,
)
"""Tasks whose answers hold speeches or examples."""
_FIRST = re.compile(r"(?:task|任务) ?(?:1|一)(?!\d)", re.IGNORECASE)
"""A list of tasks has a first one; a second task that comes from nowhere is another record."""


class MergedTasks:
    """Points at a field in which another numbered task begins."""

    name = "merged_tasks"
    title = N_("One task in one sample")

    def __call__(self, draft: Draft, settings: Mapping[str, Any]) -> list[Finding]:
        """`merged_tasks` for each field in which that happens, with the places."""
        return [
            placed(self.name, "merged_tasks", field=field, spans=spans)
            for field, text in texts_of(draft)
            if "\n" in text and field != "system" and (spans := _places(text, field, draft.instruction))
        ]


def _places(text: str, field: str, asked: str) -> list[tuple[int, int]]:
    spans = [each.span() for each in _MERGED.finditer(text)]
    if not spans and not _FIRST.search(text):
        spans = [each.span() for each in _NUMBERED.finditer(text)]
    if not spans and field == "output" and not _SPEECH.search(asked):
        spans = [each.span() for each in _NEXT.finditer(text)]
    return spans


CHECK = MergedTasks()
