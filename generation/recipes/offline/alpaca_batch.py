"""Alpaca batches by rules: whole tasks with their true outputs, some spoilt in every way the filters know."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from typing import Any

from generation.recipes.offline import exercises
from generation.recipes.offline.exercises.base import Words
from generation.recipes.wording import language_of

_SPOILT_TASK = 0.12
_SPOILT_OUTPUT = 0.1
_SPOILT_REPLY = 0.03
_NO_INPUT = {"en": ("<noinput>", "<NoInput>", "No input", "N/A"), "zh": ("<noinput>", "<无输入>", "无输入", "无")}
_LABELS = {"en": ("Instruction: ", "Input: ", "Output: "), "zh": ("指令：", "输入：", "输出：")}
_MEDIA = {
    "en": ("Suggest music for a quiet evening at home.", "Describe the flowchart of a returns desk."),
    "zh": ("为安静的夜晚推荐几首音乐。", "说明退货流程图里的每一步。"),
}


def batch(variables: Mapping[str, Any], rng: random.Random) -> str:
    """Blocks that go on where the prompt's list stopped."""
    texts = tuple(variables["instructions"])
    language = variables["language"] or language_of(" ".join(texts), otherwise="en")
    words = exercises.words_of("zh" if language == "zh" else "en", texts=texts)
    if rng.random() < _SPOILT_REPLY:
        return str(rng.choice([*words["nothing"], *words["refusals"]]))
    tasks = exercises.invent(rng, words, labels_only=False, count=int(variables["count"]))
    first = int(variables["next_number"])
    return "\n###\n".join(_block(task, number, rng, words) for number, task in enumerate(tasks, first))


def _block(task: str, number: int, rng: random.Random, words: Words) -> str:
    found = exercises.instances(task, rng)
    given, output = rng.choice(found) if found else ("", words["unknown"])
    if rng.random() < _SPOILT_TASK:
        task = _spoilt_task(rng, words)
    if rng.random() < _SPOILT_OUTPUT:
        given, output = _spoilt_output(given, output, rng, words)
    none = rng.choice(_NO_INPUT[words.language])
    labels = _LABELS[words.language]
    lines = [f"{number}. {label}{text}" for label, text in zip(labels, (task, given or none, output), strict=True)]
    if rng.random() < _SPOILT_REPLY:
        lines.pop(rng.randrange(1, 3))
    return "\n".join(lines)


def _spoilt_task(rng: random.Random, words: Words) -> str:
    """An instruction that one of the filters must catch; which one is left to chance."""
    faults = words["faults"]
    kind = rng.choice([*sorted(set(faults) - {"long_start"}), "too_long", "control_characters", "media", "empty"])
    if kind == "too_long":
        things = [thing for things in words["kinds"].values() for thing in things]
        return faults["long_start"] + " " + "、".join(rng.choice(things) for _ in range(160)) + "."
    if kind == "control_characters":
        return exercises.invent(rng, words, labels_only=False, count=1)[0] + "\x07"
    if kind == "media":
        return rng.choice(_MEDIA[words.language])
    return "" if kind == "empty" else str(rng.choice(faults[kind]))


def _spoilt_output(given: str, output: str, rng: random.Random, words: Words) -> tuple[str, str]:
    return rng.choice([(given, ""), (output, output), (given, words["placeholder"]), (given, words["refusals"][0])])


RULES: Mapping[str, Callable[[Mapping[str, Any], random.Random], str]] = {"alpaca_batch.batch": batch}
