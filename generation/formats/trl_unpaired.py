"""TRL's unpaired preference: {prompt, completion, label}, texts or chat messages. Source: TRL's dataset formats."""

from __future__ import annotations

from generation.formats.answer_parts import MessagesAnswer, TextAnswer
from generation.formats.base import NESTED_LAYOUTS
from generation.formats.prompt_parts import TRL, MessagesPrompt, TextPrompt
from generation.formats.ratings import rating_format
from generation.types import N_

FORMATS = (
    rating_format(
        name="trl_unpaired",
        title=N_("TRL unpaired preference"),
        layouts=NESTED_LAYOUTS,
        prompt=TextPrompt(),
        answer=TextAnswer(),
        sureness=80,
    ),
    rating_format(
        name="trl_unpaired_chat",
        title=N_("TRL unpaired preference, conversational"),
        layouts=NESTED_LAYOUTS,
        prompt=MessagesPrompt("prompt", dialect=TRL, tools="tools", media=("images",)),
        answer=MessagesAnswer(TRL),
        sureness=95,
    ),
)
