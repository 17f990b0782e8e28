"""The one stage: a sample and its documents in, a row with a long context out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from generation.quality.text import comparison_key
from generation.recipes.base import Context, PromptSlot, Work
from generation.recipes.document_qa.replies import points_at_text
from generation.recipes.long_context.dealing import dealt
from generation.recipes.long_context.rendering import Rendered, render
from generation.recipes.long_context.sources import Library, passage
from generation.recipes.wording import language_of
from generation.types import Draft, PoolView, SampleView, Span, Task

_LOOKED_AT = 300
_OFFERS = ("question", "rules", "examples", "passages")


class Place:
    """Everything that chance decides (passages, order, examples, options) is decided in the plan."""

    name = "long_context.place"
    prompts: tuple[PromptSlot, ...] = tuple(
        PromptSlot(f"long_context.{where}", _OFFERS, ("question", "passages")) for where in ("both", "before", "after")
    )
    checks: tuple[str, ...] = ("not_empty", "control_characters", "empty_output", "special_tokens", "recipe_notes")
    novel = False

    def plan(self, pool: PoolView, context: Context) -> list[dict[str, Any]]:
        """The next samples, each with its passages in their order."""
        params, first = context.params, pool.planned.get(self.name, 0)
        samples = pool.samples[first : first + params.wave_size]
        library = Library(pool.documents, size=params.passage_size)
        return [
            self._payload(sample, turn, pool, library, context)
            for turn, sample in enumerate(samples, first)
        ]  # fmt: skip

    def work(self, task: Task, context: Context) -> Work:
        """Renders one draft; yields no prompt."""
        yield from ()
        payload = task.payload
        if payload["fault"]:
            return [_draft(payload, None)]
        template = context.prompts[f"long_context.{context.params.question_at}"]
        return [_draft(payload, render(template, payload, language=_written_in(context)))]

    def _payload(
        self, sample: SampleView, turn: int, pool: PoolView, library: Library, context: Context
    ) -> dict[str, Any]:
        params, rng = context.params, context.rng
        told: dict[str, Any] = {
            "sample": sample.id, "question": sample.instruction, "answer": sample.output, "fault": "", "notes": [],
            "spans": [[each.document, each.start, each.end] for each in sample.spans], "task_type": sample.task_type,
            "language": language_of(sample.instruction, otherwise=_written_in(context)),
        }  # fmt: skip
        gold = library.gold(sample)
        if isinstance(gold, str):
            return told | {"fault": gold}
        if points_at_text(sample.instruction):
            return told | {"fault": "not_self_contained"}
        others = library.others(gold, kind=params.distractors, count=params.passages - 1, rng=rng)
        if not others:
            return told | {"fault": "no_other_passage"}
        if len(others) < params.passages - 1:
            told["notes"] = ["fewer_passages"]
        place = dealt(turn, len(others) + 1, random_seed=pool.random_seed, what="gold")
        mine = passage(gold.document, gold.start, gold.end)
        beside = _beside(sample, pool, context)
        options, option = self._options(sample, turn, beside, pool, context)
        return told | {
            "passages": [*others[:place], mine, *others[place:]],
            "gold": place,
            "quote": gold.quote if params.quote_first else "",
            "examples": self._examples(beside, context),
            "options": options,
            "option": option,
        }

    def _examples(self, beside: Sequence[SampleView], context: Context) -> list[dict[str, Any]]:
        """Questions and answers of other families, in mixed order."""
        chosen = context.rng.sample(beside, min(context.params.examples, len(beside)))
        return [{"sample": each.id, "question": each.instruction, "answer": each.output} for each in chosen]

    def _options(
        self, sample: SampleView, turn: int, beside: Sequence[SampleView], pool: PoolView, context: Context
    ) -> tuple[list[str], int]:
        """The answers to choose from with the right one at a dealt place; none where no other answer is to be had."""
        wanted = context.params.options
        if not wanted:
            return [], 0
        answers = {comparison_key(each.output): each.output for each in beside}
        answers.pop(comparison_key(sample.output), None)
        chosen = context.rng.sample(list(answers.values()), min(wanted - 1, len(answers)))
        if not chosen:
            return [], 0
        place = dealt(turn, len(chosen) + 1, random_seed=pool.random_seed, what="option")
        return [*chosen[:place], sample.output, *chosen[place:]], place


def _beside(sample: SampleView, pool: PoolView, context: Context) -> list[SampleView]:
    """Samples that may show up beside this one: another family, the same language, not asked of the same words. A few
    hundred are looked at, drawn from all."""
    if not context.params.examples + context.params.options:
        return []
    mine = {(each.document, each.start, each.end) for each in sample.spans[:1]}
    return [
        each
        for each in context.rng.sample(pool.samples, min(len(pool.samples), _LOOKED_AT))
        if each.id != sample.id and each.family != sample.family and each.output
        and language_of(each.instruction, otherwise="") == language_of(sample.instruction, otherwise="")
        and not {(span.document, span.start, span.end) for span in each.spans[:1]} & mine
    ]  # fmt: skip


def _written_in(context: Context) -> str:
    return "zh" if context.language == "zh" else "en"


def _draft(payload: Mapping[str, Any], row: Rendered | None) -> Draft:
    counted: dict[str, str] = {}
    data: dict[str, Any] = {"notes": payload["notes"]}
    if row:
        counted["passage_position"] = f"{payload['gold'] + 1}/{len(payload['passages'])}"
        data["passages"] = [[each["document"], each["start"], each["end"]] for each in payload["passages"]]
        data["examples"] = [each["sample"] for each in payload["examples"]]
        if payload["options"]:
            counted["gold_position"] = f"{payload['option'] + 1}/{len(payload['options'])}"
    return Draft(
        kind="sample",
        instruction=row.instruction if row else payload["question"],
        input=row.input if row else "",
        output=row.output if row else payload["answer"],
        task_type=payload["task_type"],
        language=payload["language"],
        sample_ids=(payload["sample"],),
        spans=tuple(Span(*each) for each in payload["spans"]),
        data=data,
        counted=counted,
        drop_reason=payload["fault"],
    )
