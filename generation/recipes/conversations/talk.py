"""The one stage: a conversation in a task, asked turn by turn or as a whole."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace
from typing import Any

from generation.recipes.asking import ask
from generation.recipes.base import Context, PromptSlot, Work
from generation.recipes.conversations.params import PERSONAS, Params
from generation.recipes.conversations.script import Script, ends, transcript
from generation.recipes.json_replies import NoJSONError, ask_json, records
from generation.recipes.material import Material, material_of, materials
from generation.recipes.wording import fence, one_line
from generation.types import PoolView, Prompt, Reply, Sampling, Task

_ROLES = {"user": "user", "human": "user", "用户": "user", "assistant": "assistant", "gpt": "assistant",
          "model": "assistant", "助手": "assistant"}  # fmt: skip
_SCHEMA = {
    "type": "array",
    "items": {
        "type": "object",
        "properties": {"role": {"type": "string", "enum": ["user", "assistant"]}, "content": {"type": "string"}},
        "required": ["role", "content"],
        "additionalProperties": False,
    },
}


class Talk:
    """Persona, topic and length are decided in the plan; what is said comes from the model."""

    name = "conversations.talk"
    prompts: tuple[PromptSlot, ...] = (
        PromptSlot("conversations.opening", ("persona", "topic"), ("persona", "topic")),
        PromptSlot("conversations.user", ("persona", "topic", "conversation", "turn", "turns"), ("conversation",)),
        PromptSlot("conversations.assistant", ("conversation", "system"), ("conversation",)),
        PromptSlot("conversations.whole", ("persona", "topic", "conversation", "turns"), ("conversation", "turns")),
    )
    checks: tuple[str, ...] = (
        "not_empty", "control_characters", "empty_output", "refusal", "placeholder_output", "hidden_characters",
        "special_tokens", "output_language",
    )  # fmt: skip
    novel = False

    def plan(self, pool: PoolView, context: Context) -> list[dict[str, Any]]:
        """The next conversations, each with its persona, topic and length."""
        params, first = context.params, pool.planned.get(self.name, 0)
        if first >= openings(pool, params):
            return []
        rows = materials(pool, language=context.language)
        numbers = range(first, min(first + params.wave_size, len(rows) * params.for_each_row))
        return [self._payload(rows[number // params.for_each_row], number, pool, context) for number in numbers]

    def work(self, task: Task, context: Context) -> Work:
        """The conversation, or why there is none."""
        row = material_of(task.payload["row"])
        script = Script(row, row.language or context.language, context.params.repetition)
        if context.params.asked == "whole":
            reason = yield from _whole(script, task, context)
        else:
            reason = yield from _turn_by_turn(script, task, context)
        told = len(script.turns) - len(row.history)
        if not reason and told < context.params.least_turns:
            reason = "ends_early"
        draft = script.draft(reason=reason, persona=task.payload["persona"], topic=task.payload["topic"])
        return [replace(draft, system=draft.system or context.params.system.strip())]

    def _payload(self, row: Material, number: int, pool: PoolView, context: Context) -> dict[str, Any]:
        params, rng = context.params, context.rng
        language = "zh" if (row.language or context.language) == "zh" else "en"
        personas = [each.strip() for each in params.personas if each.strip()] or list(PERSONAS[language])
        topics = [each.strip() for each in params.topics if each.strip()]
        at = number + pool.random_seed
        return {
            "row": row.payload(),
            "persona": personas[at % len(personas)],
            "topic": topics[at % len(topics)] if topics else "",
            "turns": rng.randint(params.least_turns, params.most_turns),
        }


def openings(pool: PoolView, params: Params) -> int:
    """How many conversations there are to be."""
    rows = sum(1 for seed in pool.seeds if seed.instruction) + sum(1 for sample in pool.samples if sample.instruction)
    return rows * params.for_each_row


Talking = Generator["Prompt | list[Prompt]", "Reply | list[Reply]", str]


def _turn_by_turn(script: Script, task: Task, context: Context) -> Talking:
    """Asks for each message in turn; the reason that ended it, "" for a conversation that came to its end."""
    payload, params = task.payload, context.params
    wanted = len(script.row.history) + payload["turns"]
    reason = yield from _open(script, task, context)
    while not reason and len(script.turns) < wanted:
        if not script.asked:
            turn = len(script.turns) - len(script.row.history) + 1
            text, reason = yield from _message("conversations.user", script, task, context, turn=turn)
            if not reason and ends(text):
                return ""
            reason = reason or script.add("user", text)
            continue
        text, reason = yield from _message("conversations.assistant", script, task, context)
        reason = reason or script.add("assistant", text)
        if reason and params.least_turns <= len(script.turns) - len(script.row.history) and reason == "call_failed":
            return ""
    return reason


def _open(script: Script, task: Task, context: Context) -> Talking:
    """The first message: the row's own, with its answer where there is one, or one that the persona writes."""
    row, params = script.row, context.params
    script.begin(row.history)
    if params.opening == "as_it_is" and not task.payload["topic"]:
        answered = bool(row.output.strip()) and params.keep_answer
        script.begin([(row.task, row.output)] if answered else [], asked="" if answered else row.task)
        return ""
    text, reason = yield from _message("conversations.opening", script, task, context)
    return reason or script.add("user", text)


def _message(
    slot: str, script: Script, task: Task, context: Context, *, turn: int = 1
) -> Generator[Prompt | list[Prompt], Reply | list[Reply], tuple[str, str]]:
    """One message of either side, and the reason why there is none."""
    payload, params = task.payload, context.params
    variables = {
        "persona": one_line(payload["persona"]),
        "topic": fence(payload["topic"] or script.row.task),
        "conversation": fence(transcript(script.turns, asked=script.asked, language=script.language) or "-"),
        "system": params.system.strip(),
        "turn": turn,
        "turns": payload["turns"],
        "language": script.language,
        "said": [said for asked, reply in script.turns for said in (asked, reply)] + [script.asked],
    }
    sampling = Sampling(max_tokens=params.turn_tokens, temperature=params.temperature)
    reply = yield from ask(Prompt(slot, context.messages(slot, variables), variables, sampling))
    if reply.failed:
        return "", "call_failed"
    return reply.text.strip(), "truncated_reply" if reply.truncated else ""


def _whole(script: Script, task: Task, context: Context) -> Talking:
    """Asks for all messages at once, as JSON."""
    payload, params, row = task.payload, context.params, script.row
    own = params.opening == "as_it_is" and not payload["topic"]
    script.begin(row.history)
    begun = transcript(row.history, asked=row.task if own else "", language=script.language) or "-"
    variables = {
        "persona": one_line(payload["persona"]), "topic": fence(payload["topic"] or row.task),
        "conversation": fence(begun), "turns": payload["turns"], "language": script.language,
        "said": [row.task] if own else [],
    }  # fmt: skip
    slot = "conversations.whole"
    sampling = Sampling(max_tokens=min(16_000, params.turn_tokens * 2 * payload["turns"]),
                        temperature=params.temperature)  # fmt: skip
    prompt = Prompt(slot, context.messages(slot, variables), variables, sampling, json_schema=_SCHEMA)
    asked = yield from ask_json(prompt, context, _messages)
    if asked.reason:
        return asked.reason
    messages: list[tuple[str, str]] = asked.value
    if own:
        script.begin([], asked=row.task)
        messages = messages[1:] if messages and messages[0][0] == "user" else messages
    for at, (side, text) in enumerate(messages):
        if side != ("user" if not script.asked else "assistant"):
            return "role_swap"
        if ends(text) and side == "user":
            return ""
        if reason := script.add(side, text):
            return reason
        if at + 1 == len(messages) and script.asked:
            script.asked = ""  # a last question without a reply is left out
    return ""


def _messages(value: Any) -> list[tuple[str, str]]:
    """(side, text) of each message; `NoJSONError` for what is no conversation."""
    found = []
    for each in records(value):
        side = _ROLES.get(str(each.get("role", each.get("from", ""))).strip().lower(), "")
        text = each.get("content", each.get("value"))
        if not side or not isinstance(text, str):
            raise NoJSONError('each object needs "role" ("user" or "assistant") and "content" (a text)')
        found.append((side, text))
    return found
