"""Whose models a name speaks of, and whose a server is: enough to tell that OpenAI does not serve qwen-max."""

from __future__ import annotations

import re

from generation.providers.presets import preset_for

_FAMILIES = {
    "openai": re.compile(r"(gpt-|chatgpt|o[134](-|$)|text-davinci|davinci|babbage|codex)", re.IGNORECASE),
    "dashscope": re.compile(r"(qwen|qwq|qvq|tongyi)", re.IGNORECASE),
    "deepseek": re.compile(r"deepseek", re.IGNORECASE),
    "qianfan": re.compile(r"ernie", re.IGNORECASE),
}
_OWN_ONLY = {"openai": {"openai"}, "dashscope": {"dashscope", "deepseek"}, "deepseek": {"deepseek"}}
"""Servers of one maker, and the families that they serve."""


def family_of(model: str) -> str:
    """The maker whose models are called so: "openai", "dashscope", "deepseek", "qianfan"; "" where nobody can tell."""
    return next((name for name, names in _FAMILIES.items() if names.match(model.strip())), "")


def maker_at(base_url: str, *, kind: str = "openai_compatible") -> str:
    """The maker whose server this address is; "" for a server that may have any model."""
    name = preset_for(base_url, kind=kind).name.partition("_")[0]
    return name if name in _OWN_ONLY else ""


def may_serve(maker: str, *, model: str) -> bool:
    """Whether a maker's own server may have the model: a name of nobody's may be anybody's."""
    family = family_of(model)
    return not family or family in _OWN_ONLY[maker]
