"""Self-Instruct by rules: tasks that can be worked out from their own words, and their true answers.

A share of the replies is spoilt on purpose, in every way that the recipe's filters know, so that a run by rules shows
what filtering looks like. What is spoilt is dropped by those filters and never reaches a person.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from typing import Any

from generation.recipes.offline import exercises
from generation.recipes.offline.exercises.base import Words
from generation.recipes.wording import language_of

Pairs = list[tuple[str, str]]
"""Inputs with their outputs."""
More = Callable[[], Pairs]

_SPOILT_ITEM = 0.12
_SPOILT_REPLY = 0.02
_SPOILT_TASK = 0.14
_LABEL_WORDS = ("classif", "label", "whether", "yes or no", "归类", "分类", "判断", "标签", "是或否")
_TERMS = {
    "en": ("Example {}", "Input: ", "Output: ", "Class label: "),
    "zh": ("示例 {}", "输入：", "输出：", "类别标签："),
}


def invent(variables: Mapping[str, Any], rng: random.Random) -> str:
    """A numbered list that goes on where the prompt's list stopped."""
    return _list(variables, rng, labels_only=False)


def invent_classification(variables: Mapping[str, Any], rng: random.Random) -> str:
    """The same with classification tasks only."""
    return _list(variables, rng, labels_only=True)


def classify(variables: Mapping[str, Any], rng: random.Random) -> str:
    """Yes for a task that the rules know as classification, or that speaks of labels."""
    task = variables["task"]
    labels = exercises.is_classification(task)
    if labels is None:
        labels = any(word in task.lower() for word in _LABEL_WORDS)
    if rng.random() < _SPOILT_REPLY:
        return "?"
    if _language(variables, task) == "zh":
        return "是" if labels else "否"
    return "Yes" if labels else "No"


def input_first(variables: Mapping[str, Any], rng: random.Random) -> str:
    """Example blocks with the input (if any) before the output."""
    example, given_mark, output_mark, _ = _TERMS[_language(variables, variables["task"])]
    blocks = []
    for number, (given, output) in enumerate(_instances(variables, rng), 1):
        lines = [example.format(number), *([given_mark + given] if given else []), output_mark + output]
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks) or _words(variables)["unknown"]


def output_first(variables: Mapping[str, Any], rng: random.Random) -> str:
    """Blocks that begin with the label."""
    mark = _TERMS[_language(variables, variables["task"])][3]
    blocks = [f"{mark}{output}\n{given}".rstrip("\n") for given, output in _instances(variables, rng)]
    return "\n".join(blocks) or _words(variables)["unknown"]


def _list(variables: Mapping[str, Any], rng: random.Random, *, labels_only: bool) -> str:
    texts = tuple(variables["instructions"])
    language = variables["language"] or language_of(" ".join(texts), otherwise="en")
    words = exercises.words_of("zh" if language == "zh" else "en", texts=texts)
    if rng.random() < _SPOILT_REPLY:
        return str(rng.choice(words["nothing"]))
    tasks = exercises.invent(rng, words, labels_only=labels_only, count=int(variables["count"]))
    tasks = [_spoilt_task(rng, words) if rng.random() < _SPOILT_ITEM else task for task in tasks]
    first = int(variables["next_number"])
    return "\n".join(f"{number}. {task}" for number, task in enumerate(tasks, first))


def _spoilt_task(rng: random.Random, words: Words) -> str:
    """An instruction that one of the filters must catch; which one is left to chance."""
    faults = words["faults"]
    kind = rng.choice([*sorted(set(faults) - {"long_start"}), "too_long", "control_characters"])
    if kind == "too_long":
        things = [thing for things in words["kinds"].values() for thing in things]
        joint = "、" if words.language == "zh" else ", "
        return faults["long_start"] + " " + joint.join(rng.choice(things) for _ in range(160)) + "."
    if kind == "control_characters":
        return exercises.invent(rng, words, labels_only=False, count=1)[0] + "\x07"
    return str(rng.choice(faults[kind]))


def _instances(variables: Mapping[str, Any], rng: random.Random) -> Pairs:
    """True instances of the task, now and then spoilt; [] when no rule knows the task."""
    task = variables["task"]
    found = exercises.instances(task, rng)
    if not found or rng.random() >= _SPOILT_TASK:
        return found
    return rng.choice(_SPOILERS)(found, lambda: exercises.instances(task, rng), rng, _words(variables))


def _no_output(found: Pairs, more: More, rng: random.Random, words: Words) -> Pairs:
    return [(found[0][0], ""), *found[1:]]


def _copied(found: Pairs, more: More, rng: random.Random, words: Words) -> Pairs:
    return [(output, output) for _, output in found[:1]] + found[1:]


def _torn(found: Pairs, more: More, rng: random.Random, words: Words) -> Pairs:
    return [*found[1:], (found[0][0], found[0][1].rstrip(".。") + ":")]


def _conflicting(found: Pairs, more: More, rng: random.Random, words: Words) -> Pairs:
    """Two answers to one input. A task without inputs cannot contradict itself in the filter's eyes: it is doubled."""
    given, output = found[0]
    return [*found, (given, f"{output} ({words['labels']['no']})" if given else output)]


def _doubled(found: Pairs, more: More, rng: random.Random, words: Words) -> Pairs:
    return [*found, found[0]]


def _too_many(found: Pairs, more: More, rng: random.Random, words: Words) -> Pairs:
    """More true instances than any run keeps, where the task has that many."""
    every = dict(found)
    for _ in range(12):
        every = {**dict(more()), **every}
    return list(every.items())[:14]


def _refused(found: Pairs, more: More, rng: random.Random, words: Words) -> Pairs:
    return [(found[0][0], rng.choice(words["refusals"])), *found[1:]]


def _unwritten(found: Pairs, more: More, rng: random.Random, words: Words) -> Pairs:
    return [(found[0][0], words["placeholder"]), *found[1:]]


def _unmarked(found: Pairs, more: More, rng: random.Random, words: Words) -> Pairs:
    return []


_SPOILERS = (_no_output, _copied, _torn, _conflicting, _doubled, _too_many, _refused, _unwritten, _unmarked)


def _language(variables: Mapping[str, Any], task: str) -> str:
    return language_of(task, otherwise="zh" if variables["language"] == "zh" else "en")


def _words(variables: Mapping[str, Any]) -> Words:
    return exercises.words_of(_language(variables, variables["task"]))


RULES: Mapping[str, Callable[[Mapping[str, Any], random.Random], str]] = {
    "self_instruct.invent": invent,
    "self_instruct.invent_classification": invent_classification,
    "self_instruct.classify": classify,
    "self_instruct.output_first": output_first,
    "self_instruct.input_first": input_first,
}
