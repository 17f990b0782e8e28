"""LegalBench: {index, answer, text, ...}, 162 tasks of classification, extraction and entailment.

Source: nguha/legalbench. It is an evaluation set with two to eight training rows a task: rows carry a mark in their
meta, good for few-shot examples and for finding contaminated data; an export that holds them warns.
"""

from __future__ import annotations

from generation.files.records import Record
from generation.formats.evaluation import marked
from generation.formats.parts import text_of
from generation.formats.public.reading import read_only, rest_of
from generation.types import N_, Example

_SCALARS = (str, int, float)


def likeness(record: Record) -> int:
    """An index, an answer and a text; some tasks have a contract or a citation instead of the text."""
    texts = {"text", "contract", "question", "citation", "premise", "hypothesis"} & record.keys()
    return 85 if isinstance(record.get("answer"), str) and "index" in record and texts else 0


def decode(record: Record) -> Example:
    """The row of a task: its answer, and its other columns as the input.

    A `base_prompt` beside them, which each task publishes in a file of its own, becomes the instruction with its
    {{column}} marks filled; without one a question is the instruction, or the text itself.
    """
    answer = text_of(record, "answer")
    columns = {
        name: str(value) for name, value in record.items()
        if name not in ("index", "answer", "base_prompt", "task") and isinstance(value, _SCALARS)
    }  # fmt: skip
    meta = rest_of(record, "answer", *columns) | marked("legalbench")
    if isinstance(record.get("base_prompt"), str):
        asked = record["base_prompt"]
        for name, value in columns.items():
            asked = asked.replace("{{" + name + "}}", value)
        return Example(asked, output=answer, meta=meta | {"columns": columns})
    first = next((name for name in ("question", "text") if name in columns), next(iter(columns), ""))
    if not first:
        text_of(record, "text")
    others = {name: value for name, value in columns.items() if name != first}
    asked_with = next(iter(others.values())) if len(others) == 1 else _named(others)
    return Example(columns[first], asked_with, answer, meta=meta)


def _named(columns: dict[str, str]) -> str:
    return "\n".join(f"{name}: {value}" for name, value in columns.items())


FORMAT = read_only("legalbench", title=N_("LegalBench"), kind="sft", is_like=likeness, to_row=decode)
