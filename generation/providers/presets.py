"""Servers that people use, and what is known of each before it is asked: addresses, keys, habits.

A preset fills a form and settles how thinking is switched and which rung of the JSON ladder is tried first. What a
server then answers counts for more: see `providers.base.Ability`.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from generation.types import N_


@dataclass(frozen=True, slots=True)
class Preset:
    """One kind of server. `thinking` names the request field that switches thinking there, `json_mode` the first rung.

    `lacks` are rungs that are known not to work there. `secret` says that a second half of the key may be stored,
    `appid` that an application id travels in a header.
    """

    name: str
    title: str
    base_url: str
    kind: str = "openai_compatible"
    needs_key: bool = True
    local: bool = False
    json_mode: str = "schema"
    lacks: tuple[str, ...] = ()
    thinking: str = ""
    secret: bool = False
    appid: bool = False
    models: tuple[str, ...] = ()
    note: str = ""

    @property
    def max_in_flight(self) -> int:
        """How many calls at once such a server bears to begin with."""
        return 2 if self.local else 16


_BEIJING = N_("Beijing. Keys differ from region to region.")
_SINGAPORE = N_("Singapore. Keys differ from region to region; a workspace has an address of its own.")

PRESETS = (
    Preset(
        "openai", "OpenAI", "https://api.openai.com/v1", thinking="reasoning_effort",
        models=("gpt-4o-mini", "gpt-4.1-mini", "gpt-5-mini"),
    ),
    Preset(
        "dashscope", N_("DashScope compatible, Beijing"), "https://dashscope.aliyuncs.com/compatible-mode/v1",
        json_mode="object", thinking="enable_thinking", note=_BEIJING,
        models=("qwen3.7-plus", "qwen3.7-max", "qwen3.6-plus"),
    ),
    Preset(
        "dashscope_intl", N_("DashScope compatible, Singapore"),
        "https://dashscope-intl.aliyuncs.com/compatible-mode/v1", json_mode="object", thinking="enable_thinking",
        note=_SINGAPORE, models=("qwen-plus", "qwen-max", "qwen3.7-plus"),
    ),
    Preset(
        "dashscope_native", N_("DashScope native, Beijing"), "https://dashscope.aliyuncs.com/api/v1", kind="dashscope",
        json_mode="object", thinking="enable_thinking", models=("qwen3.7-plus", "qwen3.7-max"),
        note=N_("DashScope's own protocol through its own package. Compatible mode serves most needs."),
    ),
    Preset(
        "dashscope_native_intl", N_("DashScope native, Singapore"), "https://dashscope-intl.aliyuncs.com/api/v1",
        kind="dashscope", json_mode="object", thinking="enable_thinking", note=_SINGAPORE,
        models=("qwen-plus", "qwen-max"),
    ),
    Preset("deepseek", "DeepSeek", "https://api.deepseek.com/v1", json_mode="object", thinking="thinking",
           models=("deepseek-chat",)),
    Preset(
        "qianfan", "Baidu Qianfan v2", "https://qianfan.baidubce.com/v2", json_mode="object",
        thinking="enable_thinking", secret=True, appid=True, models=("ernie-4.0-8k", "ernie-4.0-turbo-128k"),
        note=N_("The key is bce-v3/ALTAK-…/…, whole or its last two parts as key and secret. An application id is sent "
                "as the header appid."),
    ),
    Preset(
        "vllm", "vLLM", "http://127.0.0.1:8001/v1", needs_key=False, local=True, thinking="chat_template_kwargs",
        note=N_("Queues what it cannot serve at once. A model that thinks needs --reasoning-parser to keep it apart; "
                "FDC parts it otherwise."),
    ),
    Preset(
        "ollama", "Ollama", "http://127.0.0.1:11434/v1", needs_key=False, local=True, thinking="reasoning_effort",
        note=N_("OLLAMA_NUM_PARALLEL sets how many calls it works at once; the context is 4k unless the model says "
                "more."),
    ),
    Preset(
        "lm_studio", "LM Studio", "http://127.0.0.1:1234/v1", needs_key=False, local=True, lacks=("object",),
        note=N_("Takes a JSON schema or plain text: it answers 400 to json_object."),
    ),
    Preset(
        "llama_cpp", "llama.cpp", "http://127.0.0.1:8080/v1", needs_key=False, local=True,
        thinking="chat_template_kwargs",
        note=N_("--parallel sets how many calls it works at once. Some builds refuse a schema beside a grammar."),
    ),
    Preset("other", N_("Any other"), "", needs_key=False,
           note=N_("Any server that speaks OpenAI's chat completions. What it can do is found out by asking it.")),
)  # fmt: skip

_OTHER = PRESETS[-1]


def preset(name: str) -> Preset:
    """The preset of that name; for another name, the one for any server."""
    return next((each for each in PRESETS if each.name == name), _OTHER)


def preset_for(base_url: str, *, kind: str = "openai_compatible") -> Preset:
    """The preset that an address belongs to: by its host, on this machine by its port; else the one for any server."""
    place = _place(base_url)
    if place is None:
        return _OTHER
    for each in PRESETS:
        if each.base_url and each.kind == kind and _place(each.base_url) == place:
            return each
    if place[0].endswith(".maas.aliyuncs.com") or place[0].endswith("dashscope.aliyuncs.com"):
        return preset("dashscope" if kind == "openai_compatible" else "dashscope_native")
    return _OTHER


def _place(base_url: str) -> tuple[str, int] | None:
    try:
        address = urlsplit(base_url)
        host, port = address.hostname or "", address.port
    except ValueError:
        return None
    if host in ("localhost", "127.0.0.1", "::1"):
        return "127.0.0.1", port or 80
    return host, 443
