"""Having models answer a row, so that the answers can be compared: the row's own output is never shown to them."""

from __future__ import annotations

from typing import Any

from generation.quality.checks.refusal import is_refusal
from generation.quality.text import comparison_key
from generation.recipes.base import Context, PromptSlot
from generation.recipes.judging import Question
from generation.recipes.material import Material
from generation.recipes.wording import fence, one_line
from generation.types import AnswerView, PoolView, Prompt, Reply, Sampling

_SPEAKERS = {"en": ("System: ", "User: ", "Assistant: "), "zh": ("系统：", "用户：", "助手：")}


def answer_slot(recipe: str) -> PromptSlot:
    """The slot of the prompt that asks for an answer."""
    return PromptSlot(f"{recipe}.answer", ("dialogue",), ("dialogue",))


def dialogue(row: Material) -> str:
    """The conversation up to the answer; a lone request stands as it is."""
    if not row.history and not row.system:
        return row.task
    system, user, assistant = _SPEAKERS["zh" if row.language == "zh" else "en"]
    said = [system + row.system] if row.system else []
    said += [line for asked, reply in row.history for line in (user + asked, assistant + reply)]
    return "\n\n".join([*said, user + row.task])


def answer_prompt(
    slot: PromptSlot, row: Material, context: Context, *, sampling: Sampling, part: str = "", index: int = 0
) -> Prompt:
    """Asks the run's model `part` for its answer number `index` to the row."""
    variables = {
        "dialogue": fence(dialogue(row)), "task": row.task, "language": row.language or context.language, "part": part,
        "index": index,
    }  # fmt: skip
    return Prompt(slot.name, context.messages(slot.name, variables), variables, sampling, sample_index=index, part=part)


def unfit(reply: Reply) -> str:
    """Why the reply is no answer that could be compared, "" when it is one."""
    if reply.failed:
        return "call_failed"
    if reply.truncated:
        return "truncated_reply"
    if not reply.text.strip():
        return "empty_answer"
    return "refusal" if is_refusal(reply.text) else ""


def question_of(
    row: Material, *, reference: bool, steps: tuple[str, ...] = (), given: tuple[AnswerView, ...] = ()
) -> Question:
    """What a judge is told of the row: the whole prompt, and its output where a reference is wanted."""
    return Question(dialogue(row), row.language, row.output if reference else "", given, steps)


def said_key(text: str) -> str:
    """What two answers share that say the same: letters' case, width and blanks left out of account."""
    return one_line(comparison_key(text))


def rows_of(pool: PoolView) -> int:
    """How many rows there are to answer: those with an instruction."""
    return sum(bool(row.instruction) for row in pool.seeds) + sum(bool(row.instruction) for row in pool.samples)


def wanted(pool: PoolView, params: Any) -> int:
    """How many rows a run takes: all of them, or the first `most_rows`."""
    rows = rows_of(pool)
    return min(rows, params.most_rows) if params.most_rows else rows
