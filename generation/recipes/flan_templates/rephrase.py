"""The first stage, for who wants more than ten templates a kind: a model says each in other words.

Variables are shown and expected back as {name}; a rephrasing that loses one, adds one or spells one differently would
hide the row from the model that is trained, and is dropped.
"""

from __future__ import annotations

import re
from typing import Any

from generation.recipes.base import Context, PromptSlot, PromptText, Work
from generation.recipes.flan_templates.cells import read_cells
from generation.recipes.flan_templates.params import KINDS, TEMPLATES, Params
from generation.recipes.flan_templates.wordings import REPHRASE, key_of, own
from generation.recipes.json_replies import NoJSONError, ask_json
from generation.recipes.wording import fence
from generation.types import Draft, PoolView, Prompt, Sampling, Task

SLOT = PromptSlot(REPHRASE, ("template", "variables", "count"), ("template", "variables", "count"))
_NAMED = re.compile(r"\{\{?\s*([^\W\d]\w*)\s*\}\}?")
_SAMPLING = Sampling(1024, 1.0)


class Rephrase:
    """A task for each template of a kind that the rows have."""

    name = REPHRASE
    prompts: tuple[PromptSlot, ...] = (SLOT,)
    checks: tuple[str, ...] = ("not_empty", "control_characters", "hidden_characters", "special_tokens")
    novel = False

    def plan(self, pool: PoolView, context: Context) -> list[dict[str, Any]]:
        """All templates at once, before any row is told."""
        return [] if pool.planned.get(self.name) else templates(pool, context)

    def work(self, task: Task, context: Context) -> Work:
        """One call, and a draft for each wording in the list."""
        count, payload = context.params.rephrasings, task.payload
        variables = {
            "template": fence(payload["template"]), "variables": ", ".join(_shown(each) for each in payload["names"]),
            "count": count, "plain": payload["template"], "language": context.language,
        }  # fmt: skip
        prompt = Prompt(SLOT.name, context.messages(SLOT.name, variables), variables, _SAMPLING)
        asked = yield from ask_json(prompt, context, _texts)
        if asked.reason:
            return [Draft("instruction", instruction=payload["template"], drop_reason=asked.reason)]
        seen, drafts = {key_of(_braced(payload["template"]))}, []
        for at, told in enumerate(asked.value):
            text = _braced(told.strip())
            reason = "over_limit" if at >= count else _fault(text, payload["names"], seen)
            seen.add(key_of(text))
            data = {"kind": payload["kind"], "template": payload["number"]}
            drafts.append(Draft("instruction", instruction=text, data=data, drop_reason=reason))
        return drafts


def templates(pool: PoolView, context: Context) -> list[dict[str, Any]]:
    """The payloads: every template of every kind that a row without fault has, none unless rephrasings are wanted."""
    params: Params = context.params
    if not params.rephrasings:
        return []
    kinds = {cell.kind for cell in read_cells(pool, params, language=context.language) if not cell.fault}
    return [
        {
            "kind": kind,
            "number": number,
            "names": list(text.variables()),
            "template": text.render({name: _shown(name) for name in text.variables()})[-1].content,
        }
        for kind in KINDS if kind in kinds
        for number, text in enumerate(own(kind, context)[:TEMPLATES], 1)
    ]  # fmt: skip


def rephrased(pool: PoolView, context: Context) -> bool:
    """Whether every template had its turn."""
    asked = pool.planned.get(REPHRASE, 0)
    return 0 < asked <= pool.finished.get(REPHRASE, 0) or not templates(pool, context)


def _shown(name: str) -> str:
    return f"{{{name}}}"


def _braced(text: str) -> str:
    """The names in braces as templates have them."""
    return _NAMED.sub(lambda found: f"{{{{ {found[1]} }}}}", text)


def _fault(text: str, names: list[str], seen: set[str]) -> str:
    """Why the wording is dropped, "" when it is not."""
    wording = PromptText(text)
    if not text:
        return ""  # a check says so
    parts = wording.render({name: name for name in wording.variables()})
    if set(wording.variables()) != set(names) or len(parts) != 1 or "{" in parts[0].content or "}" in parts[0].content:
        return "variables_changed"
    return "seen_before" if key_of(text) in seen else ""


def _texts(value: Any) -> list[str]:
    if not isinstance(value, list) or not value or not all(isinstance(each, str) for each in value):
        raise NoJSONError("a list of texts is wanted")
    return value
