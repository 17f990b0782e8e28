"""The ways to turn a row round, and the guards that keep a row as it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from generation.quality.text import comparison_key
from generation.recipes.flan_templates.cells import Cell
from generation.recipes.input_inversion.params import Params
from generation.recipes.material import Material


@dataclass(frozen=True, slots=True)
class Way:
    """One inversion of a row: the template's name, its `values`, and the `answer` that is wanted.

    `shown` is the original answer, which the guards judge; `fault` is a drop reason; `inverted` is False for a
    translation that is written down as it was.
    """

    name: str
    values: Mapping[str, str]
    answer: str
    shown: str
    row: Material
    fault: str = ""
    inverted: bool = True


class Guards:
    """What a row must have to be turned round. `inputs` counts the different inputs of each label of each task."""

    def __init__(self, cells: Sequence[Cell], params: Params) -> None:
        self._params = params
        self._inputs: dict[tuple[str, str], set[str]] = {}
        for cell in cells:
            if cell.row.closed or cell.kind == "classification":
                self._inputs.setdefault(_label(cell), set()).add(comparison_key(cell.values.get("text", cell.row.task)))

    def fault(self, cell: Cell, way: Way) -> str:
        """Why this way is not gone, "" when it is."""
        if not way.answer.strip():
            return "missing_field"
        if not way.shown.strip():
            return "missing_answer"
        if comparison_key(way.answer).strip() == comparison_key(way.shown).strip():
            return "same_text_both_sides"
        if way.name == "translation":
            return ""
        closed = cell.row.closed or cell.kind == "classification"
        if closed and len(self._inputs.get(_label(cell), ())) < self._params.least_inputs:
            return "few_inputs_for_label"
        if len(way.shown.strip()) < self._params.least_answer:
            return "answer_too_short"
        read_off = way.name in ("instruction", "input") and comparison_key(way.answer) in comparison_key(way.shown)
        return "answer_visible" if read_off else ""


def ways(cell: Cell, guards: Guards, params: Params) -> list[Way]:
    """Every inversion of the row with its fault, if any; at least one."""
    if cell.fault:
        return [Way("instruction", {}, "", cell.answer, cell.row, cell.fault)]
    found = list(_of_conversation(cell.row, params) if cell.row.history else _of_cell(cell, params))
    return [way if way.fault else replace(way, fault=guards.fault(cell, way)) for way in found]


def _of_cell(cell: Cell, params: Params) -> Iterator[Way]:
    row, answer = cell.row, cell.answer
    if cell.kind == "translation":
        yield from _translations(cell, params)
    elif cell.steps:
        asked, whole = _question(cell), f"{cell.steps} {answer}"
        yield Way("rationale", {"question": asked, "answer": answer}, cell.steps, whole, row)
        yield Way("question", {"rationale": cell.steps, "answer": answer}, asked, whole, row)
    elif cell.kind == "classification":
        values = {"label": answer, "request": cell.values["request"]}
        yield Way("label", values, cell.values["text"], answer, row)
    elif row.input:
        yield Way("input", {"request": row.instruction, "answer": answer}, row.input, answer, row)
    else:
        yield Way("instruction", {"answer": answer}, _question(cell), answer, row)


def _translations(cell: Cell, params: Params) -> Iterator[Way]:
    """The other way, and as it is where both directions are wanted."""
    values = cell.values
    back = {"source": cell.answer, "source_language": values["target_language"],
            "target_language": values["source_language"]}  # fmt: skip
    yield Way("translation", back, values["source"], cell.answer, cell.row)
    if params.both_directions:
        yield Way("translation", values, cell.answer, values["source"], cell.row, inverted=False)


def _of_conversation(row: Material, params: Params) -> Iterator[Way]:
    """What was said before each reply, or before the last one."""
    turns = [*row.history, (row.task, row.output)]
    for at in range(len(turns)) if params.turns == "all" else (len(turns) - 1,):
        asked, said = turns[at]
        before = replace(row, history=tuple(turns[:at]))
        yield Way("turn", {"conversation": conversation(turns[:at], row.language), "reply": said}, asked, said, before)


_SPEAKERS = {
    "en": ("User: ", "Assistant: ", "(nothing was said before)"),
    "zh": ("用户：", "助手：", "（此前没有对话）"),
}


def conversation(turns: Sequence[tuple[str, str]], language: str) -> str:
    """The turns as a text, a line for each speaker."""
    user, assistant, nothing = _SPEAKERS["zh" if language == "zh" else "en"]
    return "\n".join(f"{user}{asked}\n{assistant}{said}" for asked, said in turns) or nothing


def _question(cell: Cell) -> str:
    return cell.values.get("question") or cell.values.get("task") or cell.row.task


def _label(cell: Cell) -> tuple[str, str]:
    return cell.group, comparison_key(cell.answer).strip()
