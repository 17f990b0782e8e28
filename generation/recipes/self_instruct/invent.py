"""Stage one: eight examples in, about seven new instructions out."""

from __future__ import annotations

from math import ceil
from typing import Any

from generation.recipes.asking import ask
from generation.recipes.base import Context, PromptSlot, Work
from generation.recipes.self_instruct.params import Params
from generation.recipes.self_instruct.replies import parse_instructions
from generation.recipes.wording import fence, language_of, numbered, one_line
from generation.types import Draft, PoolView, Prompt, Sampling, SeedView, Task

NEW_PER_CALL = 7
"""The paper stops the reply at number 16 after eight examples."""

FIRST_YIELD = 4
GIVE_UP_WAVES = 5

_OFFERS = ("tasks", "count", "next_number")


class Invent:
    """Shows a shuffled mix of seeds and admitted instructions and asks for the list to go on."""

    name = "self_instruct.invent"
    prompts: tuple[PromptSlot, ...] = (
        PromptSlot("self_instruct.invent", _OFFERS, ("tasks", "next_number")),
        PromptSlot("self_instruct.invent_classification", _OFFERS, ("tasks", "next_number")),
    )
    checks: tuple[str, ...] = (
        "not_empty",
        "control_characters",
        "word_bounds",
        "blocked_words",
        "write_a_program",
        "starts_with_punctuation",
        "non_ascii_start",
        "language_mismatch",
        "hidden_characters",
        "special_tokens",
        "merged_tasks",
    )
    novel = True

    def plan(self, pool: PoolView, context: Context) -> list[dict[str, Any]]:
        """As many calls as the target still seems to need, each with its own examples."""
        seeds = usable_seeds(pool, context.params)
        first = pool.planned.get(self.name, 0)
        return [self._payload(seeds, pool, context, first + at) for at in range(calls_wanted(pool, context.params))]

    def work(self, task: Task, context: Context) -> Work:
        """One call; a draft for each numbered line of the reply."""
        payload, params = task.payload, context.params
        shown = payload["instructions"]
        variables = {
            "tasks": fence(numbered(shown)),
            "count": NEW_PER_CALL,
            "next_number": len(shown) + 1,
            "instructions": shown,
            "language": payload["language"],
        }
        slot = self.prompts[1] if params.classification_only else self.prompts[0]
        reply = yield from ask(
            Prompt(slot.name, context.messages(slot.name, variables), variables, _sampling(params, len(shown)))
        )
        if reply.failed:
            return [_draft(payload, drop_reason="call_failed", data={"failure": reply.failure})]
        if reply.truncated:
            return [_draft(payload, drop_reason="truncated_reply")]
        found = parse_instructions(reply.text)
        if not found:
            return [_draft(payload, drop_reason="nothing_parsed")]
        return [_draft(payload, text, data={"position": at}) for at, text in enumerate(found)]

    def _payload(self, seeds: list[SeedView], pool: PoolView, context: Context, ordinal: int) -> dict[str, Any]:
        """Examples drawn with the wave's chance, frozen here: at most `machine_examples` of the model's own."""
        params, rng = context.params, context.rng
        made = pool.admitted.get(self.name, ())
        machine = rng.sample(made, min(params.machine_examples, len(made)))
        human = rng.sample(seeds, min(params.in_context - len(machine), len(seeds)))
        texts = [seed.instruction for seed in human] + [view.draft.instruction for view in machine]
        texts = [one_line(text).rstrip(":：").rstrip() for text in texts]
        rng.shuffle(texts)
        language = params.language_profile
        if language == "auto":
            language = language_of(" ".join(texts), otherwise=context.language)
        return {
            "ordinal": ordinal,
            "instructions": texts,
            "seed_ids": sorted(seed.id for seed in human),
            "machine_ids": sorted(view.id for view in machine),
            "language": "" if language == "any" else language,
        }


def usable_seeds(pool: PoolView, params: Params) -> list[SeedView]:
    """The seeds that can serve as examples: those with an instruction, and of the kind that is wanted."""
    return [
        seed
        for seed in pool.seeds
        if seed.instruction.strip() and (seed.is_classification or not params.classification_only)
    ]


def calls_wanted(pool: PoolView, params: Params) -> int:
    """How many inventing calls the next wave should have, by the yield so far (four a call until it is known)."""
    admitted = len(pool.admitted.get(Invent.name, ()))
    planned, done = pool.planned.get(Invent.name, 0), pool.finished.get(Invent.name, 0)
    if admitted >= params.target or used_up(pool, params):
        return 0
    per_call = max(admitted / done, 0.25) if done >= FIRST_YIELD else FIRST_YIELD
    in_flight = planned - done
    wanted = ceil((params.target - admitted) / per_call) - in_flight
    least = 0 if in_flight else 1
    return min(max(wanted, least), params.wave_size, most_calls(params) - planned)


def most_calls(params: Params) -> int:
    """The number of inventing calls after which a run gives up, whatever they brought."""
    return params.target + GIVE_UP_WAVES * params.wave_size


def used_up(pool: PoolView, params: Params) -> bool:
    """Whether more calls are pointless: no seed to show, or the last five waves' worth of calls brought nothing new."""
    admitted = pool.admitted.get(Invent.name, ())
    done = pool.finished.get(Invent.name, 0)
    last = max((view.draft.data.get("ordinal", 0) + 1 for view in admitted), default=0)
    dry = done - last >= GIVE_UP_WAVES * params.wave_size
    return dry or pool.planned.get(Invent.name, 0) >= most_calls(params) or not usable_seeds(pool, params)


def _draft(payload: Any, text: str = "", *, drop_reason: str = "", data: dict[str, Any] | None = None) -> Draft:
    return Draft(
        kind="instruction",
        instruction=text,
        language=payload["language"],
        seed_ids=tuple(payload["seed_ids"]),
        data={"ordinal": payload["ordinal"], "machine_ids": payload["machine_ids"], **(data or {})},
        drop_reason=drop_reason,
    )


def _sampling(params: Params, shown: int) -> Sampling:
    """The paper's values. Its blank-line stop is left out: chat models put blank lines between list items."""
    return Sampling(
        max_tokens=1024,
        temperature=params.temperature,
        top_p=0.5,
        frequency_penalty=0.0,
        presence_penalty=2.0,
        stop=(f"\n{shown + 1 + NEW_PER_CALL}.", f"\n{shown + 1 + NEW_PER_CALL} ."),
    )
