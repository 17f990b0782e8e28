"""Rows as templates see them: of what kind a task is, which words fill its variables, and what its answer is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from generation.quality.language import detect
from generation.quality.text import comparison_key
from generation.recipes.few_shot import fields
from generation.recipes.few_shot.labels import language_name
from generation.recipes.few_shot.params import Params as TableParams
from generation.recipes.few_shot.rows import Row, read_table
from generation.recipes.flan_templates.params import Params
from generation.recipes.flan_templates.reasoning import split
from generation.recipes.material import Material, materials, rationale
from generation.recipes.wording import language_of
from generation.types import PoolView, SeedView

_TRANSLATION = re.compile(r"translat|翻译|译成|译为", re.IGNORECASE)
_SUMMARY = re.compile(r"summar|tl;?dr|headline for|摘要|总结|概括|概述|归纳", re.IGNORECASE)
_QUESTION = re.compile(r"(^|[_ ])(qa|question|问答)", re.IGNORECASE)
_MARKED = ("?", "？")
_REQUESTS = {
    "en": {"sentiment": "What is the sentiment of this text?", "classification": "Which category fits this text?"},
    "zh": {"sentiment": "这段文字的情感倾向是什么？", "classification": "这段文字属于哪一类？"},
}
_TABLE_KINDS = {"sentiment": "classification", "classification": "classification", "qa": "qa",
                "translate": "translation"}  # fmt: skip
MOST_LABELS = 26


@dataclass(frozen=True, slots=True)
class Cell:
    """One row: `values` by variable, `answer`, and the `steps` to it where they are known.

    `group` is shared by rows of one task (examples come from it), `labels` is its closed set, () for an open task.
    `fault` is a drop reason.
    """

    kind: str
    values: dict[str, str]
    answer: str
    row: Material
    group: str = ""
    labels: tuple[str, ...] = ()
    steps: str = ""
    fault: str = ""

    def payload(self) -> dict[str, Any]:
        """As plain JSON."""
        return {"kind": self.kind, "values": self.values, "answer": self.answer, "row": self.row.payload(),
                "steps": self.steps, "fault": self.fault}  # fmt: skip


def read_cells(pool: PoolView, params: Params, *, language: str) -> list[Cell]:
    """Every row of the run in a fixed order: instructions, then tables."""
    found = [_cell(row, params) for row in materials(pool, language=language, each_instance=True)]
    found += _tables([seed for seed in pool.seeds if not seed.instruction], params, language)
    judged = [_judged(cell, params, language) for cell in found]
    return _with_labels(judged, params)


def _cell(row: Material, params: Params) -> Cell:
    steps, answer = (row.rationale, row.output) if row.rationale else split(row.output)
    kind = params.kind if params.kind != "auto" else _kind(row)
    values = _values(kind, row)
    if values is None:
        kind, values = "instruction", {"task": row.task}
    return Cell(kind, values, answer, row, f"{kind}:{comparison_key(row.instruction)}", steps=steps)


def _kind(row: Material) -> str:
    told = f"{row.task_type} {' '.join(row.tags)} {row.instruction}"
    if row.closed and row.input:
        return "classification"
    if _TRANSLATION.search(told) and row.input:
        return "translation"
    if _SUMMARY.search(told) and row.input:
        return "summary"
    asks = row.instruction.rstrip().endswith(_MARKED)
    return "qa" if asks or _QUESTION.search(row.task_type) else "instruction"


def _values(kind: str, row: Material) -> dict[str, str] | None:
    """The variables of the kind; None for a row that cannot fill them."""
    if kind == "instruction":
        return {"task": row.task}
    if kind == "qa":
        return {"question": f"{row.input}\n\n{row.instruction}" if row.input else row.instruction}
    if not row.input:
        return None
    if kind != "translation":
        return {"request": row.instruction, "text": row.input}
    codes, shown = [detect(text) for text in (row.input, row.output)], row.language if row.language == "zh" else "en"
    if not all(codes) or codes[0] == codes[1]:
        return None
    names = [language_name(code, language=shown) for code in codes]
    return {"source": row.input, "source_language": names[0], "target_language": names[1]}


def _tables(seeds: Sequence[SeedView], params: Params, language: str) -> list[Cell]:
    """Rows of tables, each by the columns that it has."""
    by_kind: dict[str, list[SeedView]] = {}
    for seed in seeds:
        by_kind.setdefault(_table_kind(seed), []).append(seed)
    found = []
    for kind, rows in by_kind.items():
        if not kind:
            found += [Cell("instruction", {}, "", _bare(seed, language), fault="missing_column") for seed in rows]
            continue
        tags = {seed.id: seed for seed in rows}
        table = read_table(rows, TableParams.model_validate({"task_type": kind}), language=language)
        found += [_of_table(kind, row, tags[row.seed_id], table.labels, language) for row in table.rows]
    return found


def _table_kind(seed: SeedView) -> str:
    """The few-shot type whose columns the row has; its own type comes first."""
    for kind in (seed.task_type, *_TABLE_KINDS):
        try:
            if kind in _TABLE_KINDS and fields.detect(seed.fields, task_type=kind, given={}):
                return kind
        except fields.ColumnsError:
            continue
    return ""


def _of_table(kind: str, row: Row, seed: SeedView, labels: tuple[str, ...], language: str) -> Cell:
    material, cell_kind = _bare(seed, language), _TABLE_KINDS[kind]
    if row.fault:
        return Cell(cell_kind, dict(row.values), row.answer, material, fault=row.fault)
    values = dict(row.values)
    if cell_kind == "classification":
        values = {"request": _REQUESTS[language][kind], "text": values["text"]}
    elif cell_kind == "qa":
        passage = values.pop("context", "")
        values["question"] = f"{passage}\n\n{values['question']}" if passage else values["question"]
    steps, answer = (material.rationale, row.answer) if material.rationale else split(row.answer)
    return Cell(cell_kind, values, answer, material, f"table:{kind}", labels, steps)


def _bare(seed: SeedView, language: str) -> Material:
    from_fields = Material("", task_type=seed.task_type, tags=seed.tags, seed_ids=(seed.id,))
    spoken = seed.language or language_of(" ".join(seed.fields.values()), otherwise=language)
    return replace(from_fields, language=spoken, rationale=rationale(seed.fields))


def _judged(cell: Cell, params: Params, language: str) -> Cell:
    if cell.fault:
        return cell
    if not cell.answer.strip():
        return replace(cell, fault="missing_answer")
    foreign = params.same_language and cell.kind != "translation" and cell.row.language not in ("", language)
    return replace(cell, fault="wrong_language") if foreign else cell


def _with_labels(cells: Sequence[Cell], params: Params) -> list[Cell]:
    """Closed tasks with the set of answers that their rows give; a set of one is none."""
    groups: dict[str, dict[str, None]] = {}
    for cell in cells:
        if not cell.fault and cell.kind == "classification" and not cell.labels:
            groups.setdefault(cell.group, {})[cell.answer] = None
    sets = {group: tuple(sorted(answers)) for group, answers in groups.items() if _closed(answers, params)}
    return [replace(cell, labels=sets.get(cell.group, cell.labels)) for cell in cells]


def _closed(answers: Iterable[str], params: Params) -> bool:
    shown = list(answers)
    return 2 <= len(shown) <= MOST_LABELS and all(len(each) <= params.option_chars for each in shown)
