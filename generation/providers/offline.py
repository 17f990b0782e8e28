"""Rules instead of a language model: seeded, free, and labelled as such wherever its answers are shown."""

from __future__ import annotations

from typing import Any

from generation.providers.addresses import Policy
from generation.providers.base import ABLE, Ability, Answer, EndpointView, ProviderError
from generation.recipes import offline
from generation.types import Prompt, Reply

MODEL, WEAKER = "offline-rules", "offline-rules-weaker"
"""What the rules are called, and what they are called where they answer for the weaker of several models."""


class Offline:
    """Answers every stage of every shipped recipe from the prompt's variables; no tokens, no cost."""

    kind = "offline"
    bills = False

    def __init__(self, endpoint: EndpointView, policy: Policy) -> None:
        self.endpoint = endpoint

    def request(self, prompt: Prompt, model: str, ability: Ability = ABLE) -> dict[str, Any]:
        """The messages, kept for the record; the rules answer from `prompt.variables`."""
        return {
            "model": MODEL,
            "messages": [{"role": message.role, "content": message.content} for message in prompt.messages],
        }

    async def send(self, prompt: Prompt, body: bytes, *, random_seed: int) -> Answer:
        """What the stage's rules say; a stage without rules is a permanent `bad_request`."""
        try:
            text = offline.answer(prompt.stage, prompt.variables, random_seed=random_seed)
        except offline.UnknownStage as unknown:
            raise ProviderError("bad_request", f"no offline rules for {unknown}", permanent=True) from unknown
        return Answer(text.encode("utf-8"))

    def read(self, answer: Answer, prompt: Prompt) -> Reply:
        """The text as it is."""
        model = WEAKER if offline.weak(prompt.stage, prompt.part) else MODEL
        return Reply(text=answer.raw.decode("utf-8"), model=model)

    async def close(self) -> None:
        """Nothing to give back."""
