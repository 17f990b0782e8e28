"""Rendered text: {text}, each conversation as the model's chat template writes it. Written, never read back.

`Options.template` names the template. The text begins with the template's own beginning-of-text token, which the
tokenizers of most trainers would put there once more; `check` says so.
"""

from __future__ import annotations

from collections.abc import Iterator

from generation.chat.base import Settings, UnrenderableError
from generation.chat.catalogue import CHAT_TEMPLATES, UnknownTemplateError
from generation.chat.rendering import render_text
from generation.files.records import Record
from generation.files.strict_json import Fault
from generation.files.text import check_file_text, excerpt
from generation.formats.base import TABLE_LAYOUTS, Options, RecordFormat, wanted
from generation.types import N_, Example, RowError

USUAL = "chatml"
_BEGINNINGS = tuple(each.bos for each in CHAT_TEMPLATES if each.bos)


def likeness(_record: Record) -> int:
    """A text may be anything; nobody can tell that it was rendered."""
    return 0


def decode(_record: Record) -> Example:
    """Always `Fault` "only_written": the turns of a rendered text cannot be had back for certain."""
    raise Fault("only_written")


def encode(row: Example, options: Options) -> Record:
    """The example in the template; `Fault` "not_representable" with what the template has no place for."""
    example = wanted(row, Example)
    settings = Settings(separator=options.separator, default_system=options.default_system)
    try:
        return {"text": render_text(example, template=options.template or USUAL, settings=settings)}
    except UnknownTemplateError as error:
        raise Fault("unknown_template", message=str(error)) from error
    except UnrenderableError as error:
        raise Fault("not_representable", path=error.path or "turns", message=error.code) from error


def faults(record: Record) -> Iterator[RowError]:
    """A text that is none, or blank, or that begins as the tokenizer would begin it again."""
    text = record.get("text")
    if not isinstance(text, str):
        yield RowError(0, "not_a_string" if "text" in record else "missing_field", "text")
        return
    if not text.strip():
        yield RowError(0, "blank", "text")
    if code := check_file_text(text):
        yield RowError(0, code, "text", excerpt=excerpt(text))
    if text.startswith(_BEGINNINGS):
        yield RowError(0, "begins_with_token", "text", excerpt=excerpt(text, size=40), severity="warning")


FORMAT = RecordFormat(
    name="rendered_text",
    title=N_("Rendered text"),
    kind="sft",
    layouts=TABLE_LAYOUTS,
    is_like=likeness,
    to_row=decode,
    to_record=encode,
    faults=faults,
)
