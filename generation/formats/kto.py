"""KTO rows: {prompt, completion, label}; and logs of thumbs up and down, which are only read.

A label is true or false. The text "true" is a fault that says how to have it converted: read the file as a log.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from generation.conversions.convert import answered
from generation.files.records import Record
from generation.files.strict_json import Fault
from generation.formats.answer_parts import TextAnswer
from generation.formats.base import NESTED_LAYOUTS, Options, RecordFormat
from generation.formats.feedback_words import ANSWER_FIELDS, LABEL_FIELDS, is_good
from generation.formats.parts import field_of, refused, text_of
from generation.formats.preference import prompt_keys, prompt_of, prompt_told
from generation.formats.prompt_parts import WITH_TOOLS, MessagesPrompt, TextPrompt
from generation.formats.ratings import rating_faults, rating_format
from generation.types import N_, Candidate, Example, Feedback, RowError

PROMPT_FIELDS = ("prompt", "instruction", "question", "query")


class TextOrChatPrompt:
    """The prompt as one text, or as chat messages where a system text or earlier turns belong to it."""

    needed = "prompt"
    keys = frozenset({"prompt", "system"})

    def fits(self, record: Record) -> bool:
        """See `PromptPart`."""
        return TextPrompt().fits(record) or MessagesPrompt("prompt", dialect=WITH_TOOLS).fits(record)

    def read(self, record: Record) -> Example:
        """See `PromptPart`."""
        if isinstance(record.get("prompt"), list) and record.get("system") is not None:
            raise Fault("two_fields", path="system", message="prompt, system")
        return prompt_of(record)

    def write(self, prompt: Example, options: Options) -> Record:
        """See `PromptPart`."""
        return prompt_told(prompt, options)


def log_row(record: Record) -> Feedback:
    """The rated answer in a line of a log, whatever its fields and its words for good and bad are called.

    `Fault` "unknown_feedback" for a word that the table does not hold.
    """
    prompt, completion, label = (_name(record, names) for names in (PROMPT_FIELDS, ANSWER_FIELDS, LABEL_FIELDS))
    asked_for = prompt_of(record) if prompt == "prompt" else Example(text_of(record, prompt))
    if prompt == "instruction" and isinstance(record.get("input"), str):
        asked_for = replace(asked_for, input=record["input"])
    used = {prompt, completion, label, "input" if prompt == "instruction" else prompt}
    used |= prompt_keys(record) if prompt == "prompt" else set()
    return Feedback(
        answered(asked_for, Candidate(text_of(record, completion))),
        is_good(field_of(record, label), path=label),
        meta={name: value for name, value in record.items() if name not in used},
    )


def _name(record: Record, names: tuple[str, ...]) -> str:
    """The field that the record uses; `Fault` "two_fields" where it uses several of one meaning."""
    found = [name for name in names if record.get(name) is not None]
    if len(found) > 1:
        raise Fault("two_fields", path=found[1], message=", ".join(found))
    return found[0] if found else names[0]


def _log_likeness(record: Record) -> int:
    found = [[name for name in names if record.get(name) is not None] for names in (ANSWER_FIELDS, LABEL_FIELDS)]
    asked_for = any(isinstance(record.get(name), str) for name in PROMPT_FIELDS)
    if not asked_for or any(len(each) != 1 for each in found):
        return 0
    return 70


def _log_faults(record: Record) -> Iterator[RowError]:
    try:
        row = log_row(record)
    except Fault as fault:
        yield refused(fault, record)
        return
    yield from rating_faults(row, prompt="prompt", completion="completion")
    label = _name(record, LABEL_FIELDS)
    if not isinstance(record[label], bool):
        yield RowError(0, "label_is_word", label, message=repr(record[label])[:40], severity="warning")


def _not_written(_row: object, _options: Options) -> Record:
    raise Fault("only_read")


FORMAT = rating_format(
    name="kto",
    title=N_("KTO"),
    layouts=NESTED_LAYOUTS,
    prompt=TextOrChatPrompt(),
    answer=TextAnswer(),
    sureness=95,
)
LOG = RecordFormat(
    name="feedback_log",
    title=N_("Log of thumbs up and down"),
    kind="feedback",
    layouts=(),
    is_like=_log_likeness,
    to_row=log_row,
    to_record=_not_written,
    faults=_log_faults,
)
