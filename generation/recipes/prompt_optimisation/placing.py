"""Where an instruction stands beside a question."""

from __future__ import annotations

_STARTS = {"en": "Answer the question.", "zh": "请回答问题。"}


def start_of(language: str) -> str:
    """The instruction that a search begins with unless somebody gives another."""
    return _STARTS["zh" if language == "zh" else "en"]


def placed(text: str, question: str, position: str, *, language: str) -> str:
    """The question with the instruction before it, at its beginning or end, or at the beginning of the answer."""
    asked, said = ("问：", "答：") if language == "zh" else ("Q: ", "A:")
    if position == "before_question":
        return f"{text}\n\n{asked}{question}\n\n{said}"
    if position == "question_begin":
        return f"{asked}{text}\n{question}\n\n{said}"
    if position == "question_end":
        return f"{asked}{question}\n{text}\n\n{said}"
    return f"{asked}{question}\n\n{said} {text}"
