"""The chat templates that FDC knows. One template is one file and one line here."""

from __future__ import annotations

from generation.chat import (
    alpaca,
    chatml,
    gemma,
    llama2,
    llama3,
    llama3_1,
    llama_factory_default,
    mistral,
    qwen2_5,
    qwen3,
    vicuna,
)
from generation.chat.base import ChatTemplate

CHAT_TEMPLATES: tuple[ChatTemplate, ...] = (
    chatml.TEMPLATE,
    qwen2_5.TEMPLATE,
    qwen3.TEMPLATE,
    llama3.TEMPLATE,
    llama3_1.TEMPLATE,
    llama2.TEMPLATE,
    llama2.LLAMA_FACTORY,
    mistral.V1_TEMPLATE,
    mistral.V3_TEMPLATE,
    mistral.TEKKEN_TEMPLATE,
    mistral.V7_TEMPLATE,
    gemma.TEMPLATE,
    vicuna.TEMPLATE,
    alpaca.TEMPLATE,
    alpaca.ORIGINAL,
    alpaca.CHAT,
    alpaca.LLAMA_FACTORY,
    llama_factory_default.TEMPLATE,
)

_BY_NAME = {each.name: each for each in CHAT_TEMPLATES}


class UnknownTemplateError(LookupError):
    """No chat template has that name."""


def template_named(name: str) -> ChatTemplate:
    """The chat template called `name`; `UnknownTemplateError` when there is none."""
    try:
        return _BY_NAME[name]
    except KeyError:
        raise UnknownTemplateError(name) from None
