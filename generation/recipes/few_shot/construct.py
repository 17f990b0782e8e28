"""The one stage of few-shot construction: a row in, an instruction with examples out."""

from __future__ import annotations

import re
from typing import Any

from generation.quality.text import comparison_key
from generation.recipes.base import Context, PromptSlot, PromptText, Work
from generation.recipes.few_shot.demonstrations import Demonstrations
from generation.recipes.few_shot.params import TEMPLATES, Params, weights
from generation.recipes.few_shot.rendering import Rendered, Shown, render
from generation.recipes.few_shot.rows import Row, read_table
from generation.types import Draft, PoolView, Task

_KINDS = {
    "sentiment": (("examples", "labels", "text"), ("examples", "text")),
    "classification": (("examples", "labels", "text"), ("examples", "labels", "text")),
    "qa": (("examples", "question"), ("examples", "question")),
    "qa_context": (("examples", "context", "question"), ("examples", "context", "question")),
    "translate": (
        ("examples", "source", "source_language", "target_language"),
        ("examples", "source", "target_language"),
    ),
}


class Construct:
    """Everything that chance decides (template, examples) is decided in the plan; the work only renders."""

    name = "few_shot.construct"
    prompts: tuple[PromptSlot, ...] = tuple(
        PromptSlot(f"few_shot.{kind}.{number}", offers, requires)
        for kind, (offers, requires) in _KINDS.items()
        for number in range(1, TEMPLATES + 1)
    )
    checks: tuple[str, ...] = (
        "not_empty",
        "control_characters",
        "character_bounds",
        "empty_output",
        "placeholder_output",
        "hidden_characters",
        "special_tokens",
        "recipe_notes",
    )
    novel = False

    def remaining(self, pool: PoolView, params: Params) -> int:
        """How many tasks are still to be planned. Reserved rows count: their tasks bring no draft."""
        each = 2 if params.task_type == "translate" and params.directions == "both" else 1
        return max(0, each * len(pool.seeds) - pool.planned.get(self.name, 0))

    def plan(self, pool: PoolView, context: Context) -> list[dict[str, Any]]:
        """The next rows of the table, each with its template and examples."""
        params, first = context.params, pool.planned.get(self.name, 0)
        if not self.remaining(pool, params):
            return []
        table = read_table(pool.seeds, params, language=context.language)
        demonstrations = Demonstrations(table, params)
        return [
            self._payload(row, table.labels, demonstrations, context)
            for row in table.rows[first : first + params.wave_size]
        ]

    def work(self, task: Task, context: Context) -> Work:
        """Renders one draft; yields no prompt."""
        yield from ()
        payload = task.payload
        if payload["reserved"]:
            return []
        row = Shown(payload["values"], payload["answer"])
        if payload["fault"]:
            return [_draft(payload, context, drop_reason=payload["fault"])]
        template = context.prompts.get(payload["template"]) or PromptText(context.params.custom_template)
        fixed = {"labels": ("、" if context.language == "zh" else ", ").join(payload["labels"])}
        shown = [Shown(each["values"], each["answer"]) for each in payload["examples"]]
        text = render(template, row, shown, fixed=fixed, language=context.language)
        visible = not context.params.keep_visible_answers and answer_visible(row)
        return [_draft(payload, context, text, drop_reason="answer_visible" if visible else "")]

    def _payload(
        self, row: Row, labels: tuple[str, ...], demonstrations: Demonstrations, context: Context
    ) -> dict[str, Any]:
        params, rng = context.params, context.rng
        chosen = [] if row.fault else demonstrations.pick(row, count=params.examples, rng=rng)
        notes = ["fewer_examples"] if not row.fault and len(chosen) < params.examples else []
        if len(row.values.get("context", "")) > params.max_context:
            notes.append("context_too_long")
        return {
            "seed_id": row.seed_id,
            "reserved": row.seed_id in demonstrations.reserved,
            "fault": row.fault,
            "detail": row.detail,
            "template": self._template(row, chosen, context),
            "values": dict(row.values),
            "answer": row.answer,
            "labels": list(labels),
            "examples": [
                {"seed_id": each.seed_id, "values": dict(each.values), "answer": each.answer} for each in chosen
            ],
            "notes": notes,
        }

    def _template(self, row: Row, chosen: list[Row], context: Context) -> str:
        """A shipped template's name by weighted chance, "" for the custom type."""
        params = context.params
        if params.task_type == "custom":
            return ""
        with_context = "context" in row.values
        kind = "qa_context" if params.task_type == "qa" and with_context else params.task_type
        given = weights(params)
        shares = (given + [1.0] * TEMPLATES)[:TEMPLATES] if given else [1.0] * TEMPLATES
        number = context.rng.choices(range(1, TEMPLATES + 1), weights=shares)[0]
        return f"few_shot.{kind}.{number}"


def answer_visible(row: Shown) -> bool:
    """Whether the answer can be read off the row's own text. A context is there to be read from and does not count."""
    text = " ".join(comparison_key(value) for name, value in row.values.items() if name != "context")
    answer = comparison_key(row.answer).strip()
    if len(answer) < 2:
        return False
    if answer[0].isascii() and answer[-1].isascii():
        return re.search(rf"(?<!\w){re.escape(answer)}(?!\w)", text) is not None
    return answer in text


def _draft(payload: Any, context: Context, text: Rendered | None = None, *, drop_reason: str) -> Draft:
    data = {
        "template": payload["template"],
        "examples": [each["seed_id"] for each in payload["examples"]],
        "notes": payload["notes"],
        "specific": text.specific if text else "",
    }
    return Draft(
        kind="sample",
        instruction=text.instruction if text else "\n".join(payload["values"].values()),
        output=payload["answer"],
        system=text.system if text else "",
        task_type=context.params.task_type,
        language=context.language,
        seed_ids=(payload["seed_id"],),
        data={**data, **({"detail": payload["detail"]} if payload["detail"] else {})},
        drop_reason=drop_reason,
    )
