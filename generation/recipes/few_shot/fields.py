"""Which column of a table plays which role, by its name in English or Chinese."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from generation.quality.text import comparison_key

TEXT = ("sentence", "text", "content", "review", "comment", "文本", "句子", "评论", "内容")
LABEL = ("label", "sentiment", "category", "class", "标签", "类别", "情感")

ALIASES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "sentiment": {"text": TEXT, "label": LABEL},
    "classification": {"text": TEXT, "label": LABEL},
    "qa": {
        "question": ("question", "query", "q", "问题", "instruction"),
        "answer": ("answer", "response", "a", "答案", "回答", "output"),
        "context": ("context", "passage", "上下文", "背景", "input"),
    },
    "translate": {
        "source": ("source", "src", "en", "原文", "英文"),
        "target": ("target", "tgt", "zh", "译文", "中文"),
    },
}
OPTIONAL = ("context",)
ANSWER_ROLE = {"sentiment": "label", "classification": "label", "qa": "answer", "translate": "target"}


class ColumnsError(ValueError):
    """A role without a column (`missing_column`), or with several to choose from (`ambiguous_columns`)."""

    def __init__(self, code: str, *, role: str, columns: tuple[str, ...] = ()) -> None:
        super().__init__(code)
        self.code = code
        self.role = role
        self.columns = columns


def detect(columns: Iterable[str], *, task_type: str, given: Mapping[str, str]) -> dict[str, str]:
    """The column of each role; `given` decides where it speaks. `ColumnsError` when it cannot be told."""
    names = list(columns)
    found: dict[str, str] = {}
    for role, aliases in ALIASES[task_type].items():
        if role in given:
            if given[role] not in names:
                raise ColumnsError("missing_column", role=role, columns=(given[role],))
            found[role] = given[role]
            continue
        matches = [name for name in names if comparison_key(name).strip() in aliases and name not in given.values()]
        if len(matches) > 1:
            raise ColumnsError("ambiguous_columns", role=role, columns=tuple(matches))
        if matches:
            found[role] = matches[0]
        elif role not in OPTIONAL:
            raise ColumnsError("missing_column", role=role)
    return found
