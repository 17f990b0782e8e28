"""The names that ShareGPT and its variants give to lists, messages and roles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from generation.types import TurnRole

MEDIA = ("images", "videos", "audios")
ALIASES: Mapping[str, str] = {
    "human": "user", "user": "user", "prompter": "user", "input": "user",
    "gpt": "assistant", "assistant": "assistant", "chatgpt": "assistant", "bing": "assistant", "bard": "assistant",
    "model": "assistant", "output": "assistant",
    "system": "system",
    "observation": "tool", "tool": "tool", "function_response": "tool",
    "function_call": "calls", "function-call": "calls",
}  # fmt: skip
"""Roles as they occur in the wild, by what they mean; "calls" is an assistant's turn that calls tools."""


@dataclass(frozen=True, slots=True)
class Tags:
    """The names that one variant writes: of the list, of the two keys of a message and of the roles."""

    messages: str = "conversations"
    role: str = "from"
    content: str = "value"
    user: str = "human"
    assistant: str = "gpt"
    system: str = "system"
    observation: str = "observation"
    function: str = "function_call"

    @property
    def roles(self) -> dict[TurnRole, str]:
        """The name of each role; developers have none here."""
        return {"user": self.user, "assistant": self.assistant, "system": self.system, "tool": self.observation}


SHAREGPT = Tags()
MESSAGES = Tags("messages", "role", "content", "user", "assistant", "system", "observation", "function_call")
