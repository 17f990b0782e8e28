"""Rows of files as the drafts that checks read. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from generation.types import Candidate, Draft, Example, Feedback, Pair, Ranking, Row, Text, ToolCall, Turn

TEXT_KIND = "text"
"""`data["kind"]` of a row of pretraining text: all output, and nobody asked for it."""
BESIDE = "beside"
"""`data["beside"]`: what an answer had at hand beside the words, the names of its tools and of its media in one text.
The same question with other tools, or about another picture, is another question."""

TOOLS = "tools"
"""`data["tools"]`: how many tools the answer could call, with which it can do more than a text."""


def draft_of(row: Row, *, task_type: str = "", language: str = "") -> Draft:
    """What is trained on in a row: a pair's preferred answer, the best of a ranking, a text as the output.

    An answer that is only calls of tools is their text.
    """
    if isinstance(row, Example):
        return _asked(row, row.output or _called(row.calls), task_type, language)
    if isinstance(row, Pair):
        return _asked(row.prompt, _answer(row.chosen), task_type, language)
    if isinstance(row, Ranking):
        return _asked(row.prompt, _answer(_best(row.answers)), task_type, language)
    if isinstance(row, Feedback):
        return draft_of(row.example, task_type=task_type, language=language)
    if isinstance(row, Text):
        return Draft("sample", output=row.text, task_type=task_type, language=language, data={"kind": TEXT_KIND})
    steps = "\n".join(row.completions)
    return Draft("sample", instruction=row.prompt, output=steps, task_type=task_type, language=language)


def history_of(turns: Sequence[tuple[str, str]]) -> tuple[tuple[tuple[str, str], ...], dict[str, Any]]:
    """Earlier turns as (role, text) in the pairs of a draft's `history`, and the `data` that says their roles where
    these do not alternate."""
    texts = [text for _, text in turns]
    pairs = tuple(zip(texts[::2], [*texts[1::2], ""], strict=False))
    roles = [role for role, _ in turns]
    alternate = all(role == ("user", "assistant")[at % 2] for at, role in enumerate(roles))
    return pairs, {} if alternate else {"turn_roles": roles}


def draft_of_sample(row: Mapping[str, Any]) -> Draft:
    """A stored sample as plain values (`SAMPLE_FIELDS`) as the draft that checks read."""
    turns = [(turn.get("role", ""), turn.get("content") or _named(turn.get("calls"))) for turn in row["turns"]]
    history, data = history_of(turns) if turns else ((), {})
    return Draft(
        "sample", row["instruction"], row["input"], row["output"] or _named(row["calls"]), row["system"], history,
        row["task_type"], row["language"], evaluation=row["evaluation"],
        data={**data, **_media(row["media"]), **_beside(row["tools"], row["media"] or {})},
    )  # fmt: skip


SAMPLE_FIELDS = (
    "system", "instruction", "input", "output", "turns", "calls", "tools", "media", "task_type", "language",
    "evaluation",
)  # fmt: skip
"""What of a sample its checks read."""


def _named(calls: Any) -> str:
    return "\n".join(f"{call.get('name', '')} {call.get('arguments', '')}" for call in calls or ())


def _media(paths: Any) -> dict[str, int]:
    return {name: len(paths[name]) for name in ("images", "videos", "audios") if paths.get(name)} if paths else {}


def _beside(tools: str, media: Mapping[str, Sequence[str]]) -> dict[str, str | int]:
    """`BESIDE`, where there is any, and `TOOLS`, how many of it are tools."""
    known = _tool_names(tools)
    names = [*known, *(path for paths in media.values() for path in paths)]
    return {**({BESIDE: " ".join(names)} if names else {}), **({TOOLS: len(known)} if known else {})}


def _tool_names(tools: str) -> list[str]:
    """The names in the JSON text of a list of tools, sorted; of any other text the text itself."""
    if not tools.strip():
        return []
    try:
        found = json.loads(tools)
        return sorted(str((each.get("function") or each)["name"]) for each in found)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return [tools]


def _asked(prompt: Example, output: str, task_type: str, language: str) -> Draft:
    history, data = history_of([(turn.role, _said(turn)) for turn in prompt.turns]) if prompt.turns else ((), {})
    media = {name: paths for name in ("images", "videos", "audios") if (paths := getattr(prompt, name))}
    return Draft(
        "sample", prompt.instruction, prompt.input, output, prompt.system, history, task_type, language,
        data={**data, **_media(media), **_beside(prompt.tools, media)},
    )  # fmt: skip


def _said(turn: Turn) -> str:
    return turn.content or _called(turn.calls)


def _called(calls: Sequence[ToolCall]) -> str:
    return "\n".join(f"{call.name} {call.arguments}" for call in calls)


def _answer(answer: Candidate) -> str:
    return answer.text or _called(answer.calls)


def _best(answers: Sequence[Candidate]) -> Candidate:
    """The first in rank, or the one with the highest score, or the first."""
    return min(answers, key=lambda each: (each.rank or len(answers) + 1, -(each.score or 0.0)))
