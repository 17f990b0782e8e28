"""What is learnt of a model at an endpoint while it is asked: which rung of the JSON ladder works, which request fields
its server refuses, and which limits its headers tell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from generation.providers.base import ABLE, Ability, ProviderError
from generation.providers.json_modes import JSON_MODES, below, has_json
from generation.types import Prompt, Reply


class Abilities:
    """One source's ability as it is known now. `news` says that there is something to write down.

    A refusal steps down at once. Prose where JSON was asked for steps down unless the rung has proved itself by more
    answers than that: one bad answer in a hundred speaks of the model, not of the server.
    """

    def __init__(self, ability: Ability = ABLE, *, lacks: tuple[str, ...] = (), limits: Mapping[str, int] = {}) -> None:
        self.now = ability
        self.limits = dict(limits)
        self.news = False
        self._lacks = lacks
        self._good = self._bad = 0

    def refused(self, used: Ability, error: ProviderError, prompt: Prompt) -> Ability | None:
        """How to ask instead, where the refusal speaks of the way of asking; None where it does not.

        A refusal that names nothing is tried one rung lower too, and learnt from only if that is answered.
        """
        if error.kind != "bad_request":
            return None
        if error.lacks == "json" or (not error.lacks and not self._good):
            return self._step_down(used, prompt, learn=bool(error.lacks))
        if not error.lacks or error.lacks in used.omits:
            return None
        self._learn(replace(self.now, omits=self.now.omits | {error.lacks}))
        return replace(used, omits=used.omits | {error.lacks})

    def answered(self, used: Ability, prompt: Prompt, reply: Reply) -> None:
        """Takes in whether JSON came where it was asked for."""
        if prompt.json_schema is None or reply.truncated:
            return
        if has_json(reply.text):
            self._good += used.json_mode == self.now.json_mode
            if _depth(used.json_mode) > _depth(self.now.json_mode):
                self._learn(replace(self.now, json_mode=used.json_mode))
        elif used.json_mode == self.now.json_mode:
            self._bad += 1
            if self._bad > self._good:
                self._step_down(used, prompt, learn=True)

    def told(self, limits: Mapping[str, int]) -> None:
        """Takes in the limits that an answer's headers told."""
        if limits and self.limits != {**self.limits, **limits}:
            self.limits |= limits
            self.news = True

    def _step_down(self, used: Ability, prompt: Prompt, *, learn: bool) -> Ability | None:
        if prompt.json_schema is None:
            return None
        if _depth(self.now.json_mode) > _depth(used.json_mode):  # another request has found out already
            return replace(used, json_mode=self.now.json_mode)
        lower = below(used.json_mode)
        while lower in self._lacks:
            lower = below(lower)
        if not lower:
            return None
        if learn:
            self._learn(replace(self.now, json_mode=lower))
        return replace(used, json_mode=lower)

    def _learn(self, ability: Ability) -> None:
        if ability != self.now:
            if ability.json_mode != self.now.json_mode:
                self._good = self._bad = 0
            self.now, self.news = ability, True


def _depth(mode: str) -> int:
    return JSON_MODES.index(mode)
