"""Seeds and samples as one kind of row, for recipes that take either."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from generation.recipes.wording import language_of
from generation.types import Draft, DraftKind, PoolView, SampleView, SeedView

_LABELLED = re.compile(r"classif|sentiment|label|分类|归类|情感|标签", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Material:
    """One row to make something of: a seed with one of its instances, or a sample. `output` may be empty.

    `closed` says that the output is one of a few labels.
    """

    instruction: str
    input: str = ""
    output: str = ""
    system: str = ""
    history: tuple[tuple[str, str], ...] = ()
    task_type: str = ""
    language: str = ""
    tags: tuple[str, ...] = ()
    seed_ids: tuple[int, ...] = ()
    sample_ids: tuple[int, ...] = ()
    closed: bool = False
    rationale: str = ""

    @property
    def task(self) -> str:
        """The instruction with its input below."""
        return f"{self.instruction}\n\n{self.input}" if self.input else self.instruction

    def payload(self) -> dict[str, Any]:
        """As plain JSON, what is empty left out."""
        return {name: value for name, value in asdict(self).items() if value}

    def draft(self, kind: DraftKind = "sample", **changes: Any) -> Draft:
        """A draft that says the same and descends from this row, with `changes`."""
        own = {
            name: getattr(self, name)
            for name in ("instruction", "input", "output", "system", "history", "task_type", "language", "tags",
                         "seed_ids", "sample_ids")
        }  # fmt: skip
        return replace(Draft(kind, **own), **changes)


def material_of(payload: Mapping[str, Any]) -> Material:
    """The row that `Material.payload` wrote."""
    values = dict(payload)
    for name in ("tags", "seed_ids", "sample_ids"):
        values[name] = tuple(values.get(name, ()))
    values["history"] = tuple((asked, said) for asked, said in values.get("history", ()))
    return Material(**values)


def materials(pool: PoolView, *, language: str, each_instance: bool = False) -> list[Material]:
    """Every row with an instruction, seeds first; of a seed its first instance, or `each_instance`.

    `language` stands where a text does not tell its own.
    """
    rows = [row for seed in pool.seeds if seed.instruction for row in _of_seed(seed, language, each_instance)]
    return rows + [_of_sample(sample, language) for sample in pool.samples if sample.instruction]


def is_labelled(task_type: str) -> bool:
    """Whether a task type speaks of labels, in English or Chinese."""
    return _LABELLED.search(task_type) is not None


def _of_seed(seed: SeedView, language: str, each_instance: bool) -> Iterator[Material]:
    row = Material(
        seed.instruction,
        task_type=seed.task_type,
        language=seed.language or language_of(seed.instruction, otherwise=language),
        tags=seed.tags,
        seed_ids=(seed.id,),
        closed=seed.is_classification or is_labelled(seed.task_type),
        rationale=rationale(seed.fields),
    )
    for instance in (seed.instances if each_instance else seed.instances[:1]) or (None,):
        yield replace(row, input=instance.input, output=instance.output) if instance else row


def _of_sample(sample: SampleView, language: str) -> Material:
    return Material(
        sample.instruction, sample.input, sample.output, sample.system, sample.history, sample.task_type,
        sample.language or language_of(sample.instruction, otherwise=language), sample.tags, sample.seed_ids,
        (sample.id,), is_labelled(sample.task_type),
    )  # fmt: skip


RATIONALE = ("rationale", "reasoning", "explanation", "chain_of_thought", "cot", "推理", "思路", "解析", "推理过程")
"""Columns that hold the steps which lead to an answer."""


def rationale(fields: Mapping[str, str]) -> str:
    """The steps that a row's columns hold, "" where none does."""
    named = {name.strip().lower(): text.strip() for name, text in fields.items()}
    return next((named[name] for name in RATIONALE if named.get(name)), "")
