"""Axolotl's instruction shapes: flat records of texts, told apart by the names of their columns.

Source: axolotl `docs/dataset-formats/inst_tune.qmd` and its prompt strategies. One line of `SHAPES` is one shape.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from generation.files.records import Record
from generation.files.strict_json import Fault
from generation.files.text import record_excerpt
from generation.formats.base import TABLE_LAYOUTS, Options, RecordFormat, wanted
from generation.formats.parts import fitting, text_faults
from generation.types import Example, RowError


@dataclass(frozen=True, slots=True)
class InstructShape:
    """Which column holds what; "" is none. `type` is what Axolotl's configuration calls the shape.

    `kept` are columns that a trainer reads and we have no place for: they travel in a row's meta.
    """

    name: str
    type: str
    instruction: str
    output: str
    input: str = ""
    system: str = ""
    kept: tuple[str, ...] = ()
    sure: int = 70

    @property
    def columns(self) -> tuple[str, ...]:
        """All columns in the order in which they are written."""
        texts = (self.system, self.instruction, self.input, self.output)
        return (*(name for name in texts if name), *self.kept)


SHAPES = (
    InstructShape("alpaca", "alpaca", "instruction", "output", input="input", sure=50),
    InstructShape("jeopardy", "jeopardy", "question", "answer", input="category"),
    InstructShape("oasst", "oasst", "INSTRUCTION", "RESPONSE"),
    InstructShape("gpteacher", "gpteacher", "instruction", "response", input="input"),
    InstructShape("reflection", "reflection", "instruction", "output", input="input", kept=("reflection", "corrected")),
    InstructShape("open_orca", "alpaca_w_system.load_open_orca", "question", "response", system="system_prompt"),
    InstructShape("context_qa", "context_qa", "question", "answer", input="article"),
    InstructShape("context_qa_v2", "context_qa.load_v2", "question", "answer", input="context"),
    InstructShape("qa", "alpaca_chat.load_qa", "question", "answer", sure=60),
    InstructShape("camel_ai", "alpaca_chat.load_camel_ai", "message_1", "message_2"),
    InstructShape("summarizetldr", "summarizetldr", "article", "summary"),
    InstructShape("creative_acr", "creative_acr.load_answer", "instruction", "revision"),
    InstructShape(
        "creative_acr_critique", "creative_acr.load_critique", "instruction", "critiques", input="answer",
        kept=("scores",),
    ),
    InstructShape(
        "creative_acr_revise", "creative_acr.load_revise", "instruction", "revision", input="answer",
        kept=("scores", "critiques"),
    ),
    InstructShape("metharme", "metharme", "prompt", "generation"),
    InstructShape(
        "user_defined", "a mapping of field_system, field_instruction, field_input, field_output",
        "instruction", "output", input="input", system="system", sure=45,
    ),
)  # fmt: skip


def likeness(record: Record, *, shape: InstructShape) -> int:
    """All columns of the shape and no other."""
    columns = set(shape.columns)
    if not columns - {shape.input, shape.system} <= record.keys() <= columns:
        return 0
    if shape.system and shape.system not in record:
        return 0
    texts = (record[name] for name in columns if name in record)
    return shape.sure if all(isinstance(text, str) for text in texts) else 0


def decode(record: Record, *, shape: InstructShape) -> Example:
    """The example in a record; a missing or null input is empty, `Fault` for any other column that is no text."""
    needed = {shape.instruction, shape.output, *shape.kept}
    texts = {name: _text(record, name, needed=name in needed) for name in shape.columns}
    mapped = {shape.instruction, shape.output, shape.input, shape.system}
    return Example(
        texts[shape.instruction],
        texts.get(shape.input, ""),
        texts[shape.output],
        texts.get(shape.system, ""),
        meta={name: value for name, value in record.items() if name not in mapped},
    )


def encode(row: Example, options: Options, *, shape: InstructShape) -> Record:
    """One question, one answer. Where a shape has no column for the input, instruction and input are joined.

    `Fault` "missing_field" for a column that only rows of this shape have.
    """
    example = fitting(wanted(row, Example), options, holds=("system",) if shape.system else ())
    if example.weight is not None or (example.calls and not options.drop_tools):
        raise Fault("not_representable", path="calls" if example.calls else "weight")
    asked = example.instruction
    if not shape.input and example.input:
        asked = options.separator.join(text for text in (asked, example.input) if text)
    texts = {shape.instruction: asked, shape.output: example.output}
    texts |= {shape.input: example.input, shape.system: example.system or options.default_system}
    for name in shape.kept:
        if not isinstance(example.meta.get(name), str):
            raise Fault("missing_field", path=name)
        texts[name] = example.meta[name]
    return {name: texts[name] for name in shape.columns}


def faults(record: Record, *, shape: InstructShape) -> Iterator[RowError]:
    """Columns that are missing or no texts, blanks where an answer should be, and texts that hold controls."""
    try:
        example = decode(record, shape=shape)
    except Fault as fault:
        yield RowError(0, fault.code, fault.path, fault.message, record_excerpt(record))
        return
    if not (example.instruction + example.input).strip():
        yield RowError(0, "blank", shape.instruction)
    if not example.output.strip():
        yield RowError(0, "blank", shape.output)
    yield from text_faults(record)


def _text(record: Record, name: str, *, needed: bool) -> str:
    value = record.get(name)
    if value is None and (needed or name == ""):
        raise Fault("missing_field", path=name)
    if value is not None and not isinstance(value, str):
        raise Fault("not_a_string", path=name)
    return value or ""


def _format(shape: InstructShape) -> RecordFormat:
    return RecordFormat(
        name=f"axolotl_{shape.name}",
        title=f"Axolotl {shape.type}" if shape.name != "user_defined" else "Axolotl user-defined",
        kind="sft",
        layouts=TABLE_LAYOUTS,
        is_like=partial(likeness, shape=shape),
        to_row=partial(decode, shape=shape),
        to_record=partial(encode, shape=shape),
        faults=partial(faults, shape=shape),
    )


FORMATS = tuple(_format(shape) for shape in SHAPES)
