"""Qwen3: ChatML with reasoning, which is shown after the last question only, and no default system text.

Source: the chat template that Qwen3 ships.
"""

from __future__ import annotations

from collections.abc import Iterator

from generation.chat import chatml, qwen_tools
from generation.chat.base import ChatTemplate, Conversation, Note, Piece, Settings, answer, content, end, frame
from generation.types import N_

NO_THOUGHT = "<think>\n\n</think>\n\n"


def write(talk: Conversation, settings: Settings) -> Iterator[Piece | Note]:
    """The turns; reasoning before the last question is left out, and the last answer always has a block for it."""
    yield from qwen_tools.system_turn(talk, settings, default="")
    asked = max((at for at, turn in enumerate(talk.turns) if _asks(turn.role, turn.content)), default=len(talk.turns))
    for at, turn in enumerate(talk.turns):
        if turn.role == "tool":
            yield from qwen_tools.result(talk, at)
        elif turn.role == "assistant":
            yield from _said(talk, at, after_question=at > asked)
        elif at or turn.role != "system":
            yield frame(f"<|im_start|>{turn.role}\n", at)
            yield content(turn.content, at)
            yield frame("<|im_end|>\n", at)
    if settings.generation_prompt:
        yield frame("<|im_start|>assistant\n" + ("" if settings.thinking else NO_THOUGHT))


def _asks(role: str, text: str) -> bool:
    return role == "user" and not (text.startswith("<tool_response>") and text.endswith("</tool_response>"))


def _said(talk: Conversation, at: int, *, after_question: bool) -> Iterator[Piece | Note]:
    turn = talk.turns[at]
    thought, said = _thought_and_text(turn.content)
    text = said
    last = at + 1 == len(talk.turns)
    yield frame("<|im_start|>assistant\n", at)
    if after_question and (thought or last):
        text = text.lstrip("\n")
        if thought:
            text = "<think>\n" + thought.strip("\n") + "\n</think>\n\n" + text
        else:
            yield frame(NO_THOUGHT, at)
            yield Note("empty_reasoning_added", at)
    elif thought:
        yield Note("reasoning_left_out", at)
    yield answer(text, at)
    yield from qwen_tools.calls(turn, at, first="\n" if said else "")
    yield end("<|im_end|>", at)
    yield frame("\n", at)


def _thought_and_text(said: str) -> tuple[str, str]:
    """What the template takes for reasoning, and the rest."""
    if "</think>" not in said:
        return "", said
    parts = said.split("</think>")
    return parts[0].rstrip("\n").split("<think>")[-1].lstrip("\n"), parts[-1].lstrip("\n")


TEMPLATE = ChatTemplate(
    name="qwen3",
    title=N_("Qwen3"),
    write=write,
    tokens=(*chatml.TOKENS, *qwen_tools.TOKENS, "<think>", "</think>"),
    piped=True,
    eos="<|im_end|>",
    tools=True,
    reversible=False,
    caveat=N_("reasoning before the last question is left out"),
    source="Qwen3 chat template",
)
