"""Qwen2.5: ChatML with a default system text, tools in the system turn and results in user turns.

Source: the chat template that Qwen2.5 ships.
"""

from __future__ import annotations

from collections.abc import Iterator

from generation.chat import chatml, qwen_tools
from generation.chat.base import ChatTemplate, Conversation, Note, Piece, Settings, answer, content, end, frame
from generation.types import N_


def write(talk: Conversation, settings: Settings) -> Iterator[Piece | Note]:
    """The system turn, which is always there, and the others."""
    if not talk.turns or talk.turns[0].role != "system":
        yield Note("default_system_added")
    yield from qwen_tools.system_turn(talk, settings, default=qwen_tools.DEFAULT_SYSTEM)
    for at, turn in enumerate(talk.turns):
        if turn.role == "tool":
            yield from qwen_tools.result(talk, at)
        elif turn.role == "assistant":
            # A turn that only calls has its newline before the call, so that none is doubled.
            said = bool(turn.content) or not turn.calls
            yield frame("<|im_start|>assistant" + ("\n" if said else ""), at)
            yield answer(turn.content, at)
            yield from qwen_tools.calls(turn, at, first="\n")
            yield end("<|im_end|>", at)
            yield frame("\n", at)
        elif at or turn.role != "system":
            yield frame(f"<|im_start|>{turn.role}\n", at)
            yield content(turn.content, at)
            yield frame("<|im_end|>\n", at)
    if settings.generation_prompt:
        yield frame("<|im_start|>assistant\n")


TEMPLATE = ChatTemplate(
    name="qwen2_5",
    title=N_("Qwen2.5"),
    write=write,
    tokens=(*chatml.TOKENS, *qwen_tools.TOKENS),
    piped=True,
    eos="<|im_end|>",
    default_system=qwen_tools.DEFAULT_SYSTEM,
    tools=True,
    source="Qwen2.5-Instruct chat template",
)
