"""The one stage: three seeds in, a list of whole tasks out."""

from __future__ import annotations

from math import ceil
from typing import Any

from generation.quality.checks.refusal import is_refusal
from generation.recipes.alpaca_batch.params import Params
from generation.recipes.alpaca_batch.replies import SEPARATOR, Block, parse_blocks
from generation.recipes.asking import ask
from generation.recipes.base import Context, PromptSlot, Work
from generation.recipes.no_input import MARKER
from generation.recipes.wording import fence, language_of, one_line
from generation.types import Draft, PoolView, Prompt, Sampling, SeedView, Task

GIVE_UP_FACTOR = 4
"""A run gives up after four times the calls that were expected."""

DRY_WAVES = 3
_LABELS = {"en": ("Instruction:", "Input:", "Output:"), "zh": ("指令：", "输入：", "输出：")}
_LEAST_YIELD = 0.05
_KEPT_OF_A_FAULTY_BLOCK = 2000


class Batch:
    """Shows some seeds in `###` blocks and asks for the list to go on."""

    name = "alpaca_batch.batch"
    prompts: tuple[PromptSlot, ...] = (
        PromptSlot("alpaca_batch.batch", ("tasks", "count", "next_number"), ("tasks", "count", "next_number")),
    )
    checks: tuple[str, ...] = (
        "not_empty",
        "control_characters",
        "word_bounds",
        "blocked_words",
        "blocked_media",
        "write_a_program",
        "starts_with_punctuation",
        "non_ascii_start",
        "language_mismatch",
        "empty_output",
        "input_equals_output",
        "refusal",
        "placeholder_output",
        "hidden_characters",
        "special_tokens",
        "merged_tasks",
        "output_language",
        "size_guide",
    )
    novel = True

    def plan(self, pool: PoolView, context: Context) -> list[dict[str, Any]]:
        """As many calls as the target still seems to need, each with its own seeds."""
        first = pool.planned.get(self.name, 0)
        return [_payload(pool, context, first + at) for at in range(calls_wanted(pool, context.params))]

    def work(self, task: Task, context: Context) -> Work:
        """One call; a draft for each block of the reply."""
        payload, params = task.payload, context.params
        shown = payload["shown"]
        variables = {
            "tasks": fence(_listed(shown, payload["language"] or context.language)),
            "count": params.tasks_per_call,
            "next_number": len(shown) + 1,
            "instructions": [each[0] for each in shown],
            "language": payload["language"],
        }
        slot = self.prompts[0].name
        sampling = Sampling(max_tokens=params.reply_tokens, temperature=params.temperature, top_p=1.0)
        reply = yield from ask(Prompt(slot, context.messages(slot, variables), variables, sampling))
        if reply.failed:
            return [_dropped(payload, "call_failed", failure=reply.failure)]
        blocks = parse_blocks(reply.text, first=len(shown) + 1, truncated=reply.truncated)
        if not blocks:
            return [_dropped(payload, _nothing(reply.text, truncated=reply.truncated))]
        return [_draft(payload, block, at) for at, block in enumerate(blocks)]


def usable_seeds(pool: PoolView) -> list[SeedView]:
    """The seeds that can be shown: those with an instruction and at least one output."""
    return [seed for seed in pool.seeds if seed.instruction.strip() and any(each.output for each in seed.instances)]


def calls_wanted(pool: PoolView, params: Params) -> int:
    """How many calls the next wave should have: by the share expected to stay, then by what stayed so far."""
    admitted = len(pool.admitted.get(Batch.name, ()))
    planned, done = pool.planned.get(Batch.name, 0), pool.finished.get(Batch.name, 0)
    if admitted >= params.target or used_up(pool, params):
        return 0
    expected = params.tasks_per_call * params.acceptance
    per_call = max(admitted / done, params.tasks_per_call * _LEAST_YIELD) if done else expected
    in_flight = planned - done
    wanted = ceil(round((params.target - admitted) / per_call, 9)) - in_flight
    least = 0 if in_flight else 1
    return max(0, min(max(wanted, least), params.wave_size, most_calls(params) - planned))


def most_calls(params: Params) -> int:
    """The number of calls after which a run gives up, whatever they brought."""
    return GIVE_UP_FACTOR * params.expected_calls


def used_up(pool: PoolView, params: Params) -> bool:
    """Whether more calls are pointless: no seed to show, or the last three waves' worth of calls brought nothing."""
    last = max((view.draft.data["ordinal"] + 1 for view in pool.admitted.get(Batch.name, ())), default=0)
    dry = pool.finished.get(Batch.name, 0) - last >= DRY_WAVES * params.wave_size
    return dry or pool.planned.get(Batch.name, 0) >= most_calls(params) or not usable_seeds(pool)


def _payload(pool: PoolView, context: Context, ordinal: int) -> dict[str, Any]:
    """Seeds drawn with the wave's chance, always people's own: each with one of its instances."""
    params, rng = context.params, context.rng
    wanted = context.language if params.language_profile == "auto" else params.language_profile
    seeds = usable_seeds(pool)
    fitting = [seed for seed in seeds if (seed.language or language_of(seed.instruction, otherwise="")) == wanted]
    seeds = fitting if len(fitting) >= params.in_context else seeds
    chosen = rng.sample(seeds, min(params.in_context, len(seeds)))
    shown = []
    for seed in chosen:
        instance = rng.choice([each for each in seed.instances if each.output])
        shown.append([one_line(seed.instruction), instance.input, instance.output])
    language = params.language_profile
    if language == "auto":
        language = language_of(" ".join(each[0] for each in shown), otherwise=context.language)
    seed_ids = [seed.id for seed in chosen]
    return {"ordinal": ordinal, "shown": shown, "seed_ids": seed_ids, "language": "" if language == "any" else language}


def _listed(shown: list[list[str]], language: str) -> str:
    """The seeds as numbered blocks, a separator after each."""
    instruction, given, output = _LABELS["zh" if language == "zh" else "en"]
    lines = []
    for number, (asked, text, answer) in enumerate(shown, 1):
        lines += [f"{number}. {instruction} {asked}", f"{number}. {given} {text or MARKER}"]
        lines += [f"{number}. {output} {answer}", SEPARATOR]
    return "\n".join(lines)


def _nothing(text: str, *, truncated: bool) -> str:
    if truncated:
        return "truncated_reply"
    return "refusal" if is_refusal(text) else "nothing_parsed"


def _draft(payload: Any, block: Block, position: int) -> Draft:
    torn = {"block": block.text[:_KEPT_OF_A_FAULTY_BLOCK]} if block.reason else {}
    return Draft(
        kind="sample",
        instruction=block.instruction,
        input=block.input,
        output=block.output,
        task_type="generation",
        language=payload["language"],
        seed_ids=tuple(payload["seed_ids"]),
        data={"ordinal": payload["ordinal"], "position": position, **torn},
        drop_reason=block.reason,
    )


def _dropped(payload: Any, reason: str, *, failure: str = "") -> Draft:
    data = {"ordinal": payload["ordinal"], **({"failure": failure} if failure else {})}
    return Draft("sample", seed_ids=tuple(payload["seed_ids"]), data=data, drop_reason=reason)
