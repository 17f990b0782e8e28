"""The one stage: a row in, its inversions out."""

from __future__ import annotations

from typing import Any

from generation.recipes.base import Context, PromptSlot, PromptText, Work
from generation.recipes.flan_templates.cells import read_cells
from generation.recipes.flan_templates.params import Params as CellParams
from generation.recipes.input_inversion.ways import Guards, Way, ways
from generation.recipes.material import material_of
from generation.recipes.variants import blocks, fill
from generation.types import Draft, PoolView, Task

VARIABLES = {
    "instruction": ("answer",),
    "input": ("request", "answer"),
    "label": ("request", "label"),
    "translation": ("source", "source_language", "target_language"),
    "turn": ("conversation", "reply"),
    "rationale": ("question", "answer"),
    "question": ("rationale", "answer"),
}
REQUIRED = {**VARIABLES, "translation": ("source", "target_language")}


class Invert:
    """A task for each row; which template tells it is drawn in the plan."""

    name = "input_inversion.invert"
    prompts: tuple[PromptSlot, ...] = tuple(
        PromptSlot(f"input_inversion.{way}", offers, REQUIRED[way]) for way, offers in VARIABLES.items()
    )
    checks: tuple[str, ...] = (
        "not_empty", "control_characters", "empty_output", "placeholder_output", "hidden_characters", "special_tokens",
    )  # fmt: skip
    novel = False

    def rows(self, pool: PoolView) -> int:
        """How many tasks there are in all."""
        rows = sum(max(1, len(seed.instances)) if seed.instruction else 1 for seed in pool.seeds)
        return rows + sum(1 for sample in pool.samples if sample.instruction)

    def plan(self, pool: PoolView, context: Context) -> list[dict[str, Any]]:
        """The next rows, each with its inversions."""
        params, first = context.params, pool.planned.get(self.name, 0)
        if first >= self.rows(pool):
            return []
        cells = read_cells(pool, CellParams.model_validate({"same_language": False}), language=context.language)
        guards = Guards(cells, params)
        return [
            {"row": cell.row.payload(), "ways": [self._payload(way, context) for way in ways(cell, guards, params)]}
            for cell in cells[first : first + params.wave_size]
        ]

    def work(self, task: Task, context: Context) -> Work:
        """Renders the drafts; yields no prompt."""
        yield from ()
        row = material_of({"instruction": "", **task.payload["row"]})
        found = []
        for way in task.payload["ways"]:
            if way["fault"]:
                text = row.task.strip() or "\n".join([*way["values"].values(), way["answer"]]).strip() or "-"
                found.append(row.draft(instruction=text, input="", drop_reason=way["fault"],
                                       data={"inversion": way["name"]}))  # fmt: skip
                continue
            found.append(self._draft(row, way, context))
        return found

    def _payload(self, way: Way, context: Context) -> dict[str, Any]:
        count = len(_templates(way.name, context))
        return {"name": way.name, "values": dict(way.values), "answer": way.answer, "fault": way.fault,
                "inverted": way.inverted, "template": context.rng.randrange(count)}  # fmt: skip

    def _draft(self, row: Any, way: dict[str, Any], context: Context) -> Draft:
        templates = _templates(way["name"], context)
        text = fill(templates[way["template"] % len(templates)], way["values"])
        marks = ("inverted",) if way["inverted"] else ()
        draft: Draft = row.draft(
            instruction=text, input="", output=way["answer"], history=(), language=row.language or context.language,
            tags=tuple(dict.fromkeys([*row.tags, *marks])),
            data={"inverted": way["inverted"], "inversion": way["name"], "template": way["template"] + 1},
            counted={"inversion": way["name"]},
        )  # fmt: skip
        return draft


def _templates(name: str, context: Context) -> list[PromptText]:
    """The templates of a way, at least one: a text without any is the bare variables."""
    found = blocks(context.prompts[f"input_inversion.{name}"], requires=REQUIRED[name])
    return found or [PromptText("\n\n".join(f"{{{{ {each} }}}}" for each in REQUIRED[name]))]
