"""The stage that tells rows: all that quota and chance decide is decided in the plan; the work only writes it down."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from generation.recipes.base import Context, PromptSlot, PromptText, Work
from generation.recipes.flan_templates.cells import Cell, read_cells
from generation.recipes.flan_templates.choices import Choices
from generation.recipes.flan_templates.dealing import Dealer, shuffled
from generation.recipes.flan_templates.params import KINDS, TYPES, Params, shot_counts, type_shares
from generation.recipes.flan_templates.rendering import DELIMITERS, Renderer
from generation.recipes.flan_templates.rephrase import rephrased
from generation.recipes.flan_templates.shots import Shots
from generation.recipes.flan_templates.wordings import REQUIRED, VARIABLES, all_of, in_turn, own
from generation.recipes.material import material_of
from generation.types import PoolView, Task

_STYLES = ("chain_of_thought", "direct")


@dataclass(frozen=True)
class Dealt:
    """What quota decided for a row: its type, the number of its template, and whether its steps are shown."""

    type: str
    template: int
    style: str


class Compose:
    """A task for each row."""

    name = "flan_templates.compose"
    prompts: tuple[PromptSlot, ...] = tuple(
        PromptSlot(f"flan_templates.{kind}", (*VARIABLES[kind], "options"), REQUIRED[kind]) for kind in KINDS
    )
    checks: tuple[str, ...] = (
        "not_empty", "control_characters", "empty_output", "placeholder_output", "hidden_characters",
        "special_tokens", "recipe_notes",
    )  # fmt: skip
    novel = False

    def plan(self, pool: PoolView, context: Context) -> list[dict[str, Any]]:
        """The next rows, each with its type, template, options and examples; none before the templates are there."""
        params, first = context.params, pool.planned.get(self.name, 0)
        cells = read_cells(pool, params, language=context.language)
        wave = cells[first : first + params.wave_size]
        if not wave or not rephrased(pool, context):
            return []
        choices, shots = Choices(cells, params), Shots(cells, params)
        texts = all_of(pool, context)
        turns = {kind: in_turn(len(own(kind, context)), len(texts[kind])) for kind in KINDS}
        dealer = Dealer()
        for start in range(0, first, params.wave_size):
            _deal(dealer, cells[start : start + params.wave_size], choices, shots, turns, params, None)
        dealt = _deal(dealer, wave, choices, shots, turns, params, context.rng)
        planner = _Planner(choices, shots, texts, context)
        return [planner.payload(cell, hand) for cell, hand in zip(wave, dealt, strict=True)]

    def work(self, task: Task, context: Context) -> Work:
        """Renders one draft; yields no prompt."""
        yield from ()
        plan, cell = task.payload["plan"], task.payload["cell"]
        row = material_of({"instruction": "", **cell["row"]})
        if cell["fault"]:
            shown = row.task.strip() or "\n".join(cell["values"].values())
            return [row.draft(instruction=shown, input="", drop_reason=cell["fault"])]
        renderer = _renderer(cell["kind"], plan, context)
        shot = {**cell, "options": plan["options"]}
        few = bool(plan["examples"])
        text = renderer.few_shot(shot, plan["examples"]) if few else renderer.zero_shot(shot)
        counted = {
            "type": plan["type"],
            "template": f"{cell['kind']}.{plan['template'] + 1}",
            "style": _STYLES[not plan["cot"]],
            "shots": str(len(plan["examples"])),
        }
        if context.params.rephrasings:
            counted["wording"] = "rephrased" if "wording" in plan else "as_written"
        if plan["options"]:
            counted["gold_position"] = f"{plan['options'].index(cell['answer']) + 1}/{len(plan['options'])}"
        return [row.draft(
            instruction=text, input="", output=renderer.answer(shot), task_type=row.task_type or cell["kind"],
            tags=_tags(row.tags, plan), counted=counted,
            data={"notes": plan["notes"], "examples": [each["seed_ids"] for each in plan["examples"]], **counted},
        )]  # fmt: skip


class _Planner:
    """Payloads out of what was dealt."""

    def __init__(self, choices: Choices, shots: Shots, texts: dict[str, list[PromptText]], context: Context) -> None:
        self._choices, self._shots, self._texts, self._context = choices, shots, texts, context

    def payload(self, cell: Cell, hand: Dealt) -> dict[str, Any]:
        params, rng = self._context.params, self._context.rng
        plan: dict[str, Any] = {"type": hand.type, "template": hand.template, "cot": hand.style == _STYLES[0],
                                "options": [], "examples": [], "notes": [], "trigger": rng.randrange(60)}  # fmt: skip
        if cell.fault:
            return {"cell": cell.payload(), "plan": plan}
        if hand.template >= len(own(cell.kind, self._context)):  # no prompt of the run holds it
            plan["wording"] = self._texts[cell.kind][hand.template].text
        plan["marks"] = params.option_marks if params.option_marks != "mixed" else rng.choice(("dashes", "letters"))
        plan["delimiters"] = params.delimiters if params.delimiters != "mixed" else rng.choice(DELIMITERS)
        with_options = hand.type.endswith("options")
        plan["options"] = self._choices.draw(cell, rng=rng) if with_options else []
        if hand.type.startswith("few_shot"):
            self._show(cell, plan, with_options, rng)
        return {"cell": cell.payload(), "plan": plan}

    def _show(self, cell: Cell, plan: dict[str, Any], with_options: bool, rng: random.Random) -> None:
        """Adds the examples, as many as the text may hold; a row for which none fits is shown without any."""
        params = self._context.params
        counts = shot_counts(params)
        wanted = counts[plan["template"] % len(counts)]
        found = []
        for each in self._shots.draw(cell, thinks=plan["cot"], count=wanted, rng=rng):
            options = self._choices.draw(each, rng=rng) if with_options and self._choices.possible(each) else []
            found.append({"values": each.values, "answer": each.answer, "steps": each.steps, "options": options,
                          "seed_ids": [*each.row.seed_ids, *each.row.sample_ids]})  # fmt: skip
        renderer = Renderer(
            self._texts[cell.kind][plan["template"]], plan=plan, language=self._context.language
        )  # fmt: skip
        shot = {**cell.payload(), "options": plan["options"]}
        plan["examples"] = renderer.fitting(shot, found, tokens=params.few_shot_tokens)
        if len(plan["examples"]) < wanted:
            plan["notes"] = ["fewer_examples"]
        if not plan["examples"]:
            plan["type"] = plan["type"].replace("few_shot", "zero_shot")


def _deal(
    dealer: Dealer, cells: Sequence[Cell], choices: Choices, shots: Shots, turns: dict[str, list[int]],
    params: Params, rng: random.Random | None,
) -> list[Dealt]:  # fmt: skip
    """A hand for each row; `turns` are the numbers of a kind's templates in the order of dealing.

    Without `rng` only the dealer's counts are wanted: chance does not move them.
    """
    hands = [Dealt("", 0, "")] * len(cells)
    whole = [at for at, cell in enumerate(cells) if not cell.fault]

    def dealt(what: str, at: list[int], allowed: list[Any], shares: list[tuple[Any, float]]) -> dict[int, Any]:
        values = dealer.deal(what, allowed, shares=shares)
        return dict(zip(at, shuffled(values, allowed=allowed, rng=rng) if rng else values, strict=True))

    types = dealt(
        "type", whole, [_types(cells[at], choices, shots) for at in whole],
        list(zip(TYPES, type_shares(params), strict=True)),
    )  # fmt: skip
    templates: dict[int, int] = {}
    for kind in KINDS:
        mine, turn = [at for at in whole if cells[at].kind == kind], turns[kind]
        templates |= dealt(f"template.{kind}", mine, [turn] * len(mine), [(n, 1 / len(turn)) for n in turn])
    thinking = [at for at in whole if cells[at].steps]
    shares = list(zip(_STYLES, (params.cot_share, 1 - params.cot_share), strict=True))
    styles = dealt("style", thinking, [_STYLES] * len(thinking), shares)
    for at in whole:
        hands[at] = Dealt(types[at], templates[at], styles.get(at, _STYLES[1]))
    return hands


def _types(cell: Cell, choices: Choices, shots: Shots) -> tuple[str, ...]:
    """The types that a row can take: options need other answers, examples need other rows and no earlier turns."""
    options, others = choices.possible(cell), shots.possible(cell) and not cell.row.history
    fitting = [
        each for each in TYPES
        if (options or not each.endswith("options")) and (others or not each.startswith("few_shot"))
    ]  # fmt: skip
    return tuple(fitting)


def _renderer(kind: str, plan: dict[str, Any], context: Context) -> Renderer:
    if wording := plan.get("wording"):
        return Renderer(PromptText(wording), plan=plan, language=context.language)
    templates = own(kind, context)
    return Renderer(templates[plan["template"] % len(templates)], plan=plan, language=context.language)


def _tags(tags: Sequence[str], plan: dict[str, Any]) -> tuple[str, ...]:
    own = [plan["type"], *(["chain_of_thought"] if plan["cot"] else [])]
    return tuple(dict.fromkeys([*tags, *own]))
