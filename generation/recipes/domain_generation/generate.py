"""The one stage: a call for each draw, a draft for each record of its reply."""

from __future__ import annotations

import json
import random
from itertools import islice
from typing import Any

from generation.recipes.base import Context, PromptSlot, PromptText, Work
from generation.recipes.domain_generation.draws import Draw, draws
from generation.recipes.domain_generation.params import Params
from generation.recipes.domain_generation.replies import KEYS, listed, record, unbroken
from generation.recipes.domain_generation.templates import PLACEHOLDERS, advice
from generation.recipes.json_replies import Asked, ask_json
from generation.recipes.placeholders import braced
from generation.recipes.wording import fence, one_line
from generation.types import Draft, PoolView, Prompt, Sampling, SeedView, Task

WAVE = 2000
_INSTANCES = 3
_LENGTH = {
    "en": "Each output has at most {most} characters.",
    "zh": "每条 output 不超过 {most} 个字符。",
}
_ANY = {"en": "as in the samples", "zh": "与样例相同"}
_SCHEMA = {
    "type": "object",
    "properties": {
        "records": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {name: {"type": "string"} for name in KEYS},
                "required": list(KEYS),
                "additionalProperties": False,
            },
        }
    },
    "required": ["records"],
    "additionalProperties": False,
}


class Generate:
    """Shows samples and entities and asks for records like the ones, about the others."""

    name = "domain_generation.generate"
    prompts: tuple[PromptSlot, ...] = (
        PromptSlot(
            "domain_generation.generate",
            offers=("samples", "entities", "count", "task_type", "length_rule"),
            placeholders=PLACEHOLDERS,
            advises=advice,
        ),
    )
    checks: tuple[str, ...] = (
        "not_empty",
        "control_characters",
        "language_mismatch",
        "empty_output",
        "input_equals_output",
        "refusal",
        "placeholder_output",
        "hidden_characters",
        "special_tokens",
        "output_language",
        "recipe_notes",
    )
    novel = True

    def plan(self, pool: PoolView, context: Context) -> list[dict[str, Any]]:
        """The next draws of the run's one sequence, as many as a wave holds."""
        first = pool.planned.get(self.name, 0)
        sequence = draws(pool.seeds, pool.vocabulary, context.params, random.Random(f"draws:{pool.random_seed}"))
        return [_payload(first + at, draw) for at, draw in enumerate(islice(sequence, first, first + WAVE))]

    def work(self, task: Task, context: Context) -> Work:
        """One call, and one more where its JSON cannot be read; every record that was asked for is accounted for."""
        payload, params = task.payload, context.params
        variables = _variables(payload, context)
        slot = self.prompts[0].name
        template = PromptText(braced(context.prompts[slot].text, PLACEHOLDERS))
        sampling = Sampling(max_tokens=params.max_tokens, temperature=params.temperature)
        prompt = Prompt(slot, template.render(variables), variables, sampling, json_schema=_SCHEMA)
        asked = yield from ask_json(prompt, context, listed)
        rows = _rows(asked)
        if asked.reason and not rows:
            return [_dropped(payload, context, asked.reason)]
        if not rows:
            return [_dropped(payload, context, "nothing_parsed")]
        made = [_draft(payload, context, row, at) for at, row in enumerate(rows)]
        lacking = max(0, params.records_per_call - len(rows))
        return made + [_dropped(payload, context, "missing_record") for _ in range(lacking)]


def _payload(ordinal: int, draw: Draw) -> dict[str, Any]:
    return {
        "ordinal": ordinal,
        "seed_ids": [seed.id for seed in draw.seeds],
        "samples": [sample for seed in draw.seeds for sample in samples_of(seed)],
        "entities": list(draw.entities),
        "task_type": draw.task_type,
    }


def samples_of(seed: SeedView) -> list[dict[str, str]]:
    """The seed as the records that it would be in a reply, every blank of it in place; at most three instances."""
    instances = [(each.input, each.output) for each in seed.instances[:_INSTANCES]] or [("", "")]
    return [{"instruction": seed.instruction, "input": given, "output": output} for given, output in instances]


def _variables(payload: Any, context: Context) -> dict[str, Any]:
    """What goes into the template, and for the offline rules the same as data."""
    language = "zh" if context.language == "zh" else "en"
    most = context.params.max_output_chars
    return {
        "samples": fence(json.dumps(payload["samples"], ensure_ascii=False, indent=1)),
        "entities": fence("\n".join(one_line(term) for term in payload["entities"])),
        "count": context.params.records_per_call,
        "task_type": fence(one_line(payload["task_type"]) or _ANY[language]),
        "length_rule": _LENGTH[language].format(most=most) if most else "",
        "rows": payload["samples"],
        "terms": payload["entities"],
        "most": most,
        "language": language,
    }


def _rows(asked: Asked) -> list[dict[str, Any]]:
    """The objects of the reply; of one that was cut off at its token limit those before the cut."""
    if asked.reason in ("", "truncated_reply") and asked.reply.truncated:
        return unbroken(asked.reply.text) or (asked.value or [])
    return asked.value or []


def _draft(payload: Any, context: Context, row: dict[str, Any], at: int) -> Draft:
    params: Params = context.params
    found = record(row)
    reason = found.reason
    if not reason and params.surplus == "trim" and at >= params.records_per_call:
        reason = "over_limit"
    if not reason and params.max_output_chars and len(found.output) > params.max_output_chars:
        reason = "output_too_long"
    data = {"ordinal": payload["ordinal"], "position": at, "entities": payload["entities"]}
    if found.input.strip():
        data["compared"] = f"{found.instruction}\n{found.input}"
    if found.unknown:
        data |= {"notes": ["unknown_key"], "unknown": list(found.unknown)}
    return Draft(
        "sample",
        instruction=found.instruction,
        input=found.input,
        output=found.output,
        task_type=payload["task_type"],
        language=context.language,
        tags=tuple(term[:40] for term in payload["entities"][:20]),
        seed_ids=tuple(payload["seed_ids"]),
        data=data,
        drop_reason=reason,
    )


def _dropped(payload: Any, context: Context, reason: str) -> Draft:
    data = {"ordinal": payload["ordinal"], "entities": payload["entities"]}
    return Draft(
        "sample", task_type=payload["task_type"], language=context.language, seed_ids=tuple(payload["seed_ids"]),
        data=data, drop_reason=reason,
    )  # fmt: skip
