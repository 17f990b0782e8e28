"""What people call the fields of training data, in English and Chinese: columns are proposed for fields by these."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping

_ASKED = ("instruction", "prompt", "question", "query", "request", "task", "user", "human", "ask", "q",
          "指令", "问题", "提问", "提示", "提示词", "用户", "题目", "问")  # fmt: skip
_SAID = ("output", "response", "answer", "completion", "reply", "target", "assistant", "bot", "gpt", "result", "a",
         "输出", "回答", "答案", "回复", "响应", "助手", "答复", "参考答案", "答")  # fmt: skip
_GIVEN = ("input", "context", "passage", "source", "输入", "上下文", "材料", "背景", "补充", "原文")
_SYSTEM = ("system", "system_prompt", "systemprompt", "系统", "系统提示", "系统提示词", "系统提示语")
_BETTER = ("chosen", "preferred", "better", "accepted", "winner", "win", "positive", "good_response", "good_answer",
           "chosen_response", "preferred_response", "更好", "优选", "选中", "较好", "好回答", "优质回答",
           "正例")  # fmt: skip
_WORSE = ("rejected", "dispreferred", "non_preferred", "worse", "loser", "lose", "negative", "bad_response",
          "bad_answer", "rejected_response", "更差", "拒绝", "较差", "差回答", "劣质回答", "负例", "落选")  # fmt: skip
_VERDICT = ("label", "feedback", "thumbs", "thumb", "vote", "is_good", "liked", "verdict",
            "标签", "反馈", "评价", "赞踩", "是否满意", "好坏")  # fmt: skip
_TEXT = ("text", "content", "document", "body", "article", "文本", "正文", "内容", "语料", "文章")

SHAPES: tuple[tuple[Mapping[str, tuple[str, ...]], frozenset[str]], ...] = (
    ({"prompt": _ASKED, "chosen": _BETTER, "rejected": _WORSE, "system": _SYSTEM}, frozenset({"system"})),
    ({"prompt": _ASKED, "completion": _SAID, "label": _VERDICT}, frozenset()),
    ({"instruction": _ASKED, "input": _GIVEN, "output": _SAID, "system": _SYSTEM}, frozenset({"input", "system"})),
    ({"text": _TEXT}, frozenset()),
)
"""Fields that go together with their names elsewhere, and which of them may be missing. The fullest come first."""


def key_of(name: str) -> str:
    """A column's name for comparison: "System Prompt" and "system-prompt" are "system_prompt"."""
    return re.sub(r"[\s\-.]+", "_", unicodedata.normalize("NFKC", name).strip().lower())


def proposed(columns: Iterable[str]) -> list[dict[str, str]]:
    """Maps from columns to fields, one for each kind of row that these columns may be; columns without a field are
    left out, and so are maps that change no name."""
    names = list(columns)
    keys = {key_of(name): name for name in reversed(names)}
    found = []
    for fields, optional in SHAPES:
        taken = {field: next((keys[each] for each in known if each in keys), "") for field, known in fields.items()}
        if any(not column and field not in optional for field, column in taken.items()):
            continue
        mapping = {column: field for field, column in taken.items() if column and column != field}
        # A column that already has the name of a field must not be overwritten by another.
        if mapping and not any(field in names and field not in mapping for field in mapping.values()):
            found.append(mapping)
    return found
