"""TRL's types for SFT and prompts: language modeling, prompt-completion and prompt-only, as texts or as messages.

Source: TRL's page on dataset formats. Texts are concatenated as they are, so the line end between prompt and completion
must stand in one of them: it is written where the completion does not begin with a blank, and read back off again.
Arguments of tool calls are objects, as chat templates expect them.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from generation.files.records import Record
from generation.files.strict_json import Fault
from generation.files.text import check_file_text, excerpt
from generation.formats.base import NESTED_LAYOUTS, TABLE_LAYOUTS, Options, RecordFormat, wanted
from generation.formats.chat import Dialect, Heard, example_of, heard, messages_of, paths, prompt_of, row_parts, told
from generation.formats.chat_check import OTHER_COLUMNS, ChatRules, chat_likeness, message_faults
from generation.formats.content_parts import Shelf
from generation.formats.joints import joined, parted
from generation.formats.parts import fitting
from generation.formats.tool_calls import tools_list
from generation.formats.turns import all_turns, asked_text, example_from
from generation.types import N_, Example, RowError

DIALECT = Dialect(
    roles=frozenset({"system", "developer", "user", "assistant", "tool"}), names=True, arguments="object", style="trl"
)
RULES = ChatRules(
    roles=DIALECT.roles,
    keys=frozenset({"role", "content", "name", "tool_calls", "tool_call_id"}),
    answers_last=True,
    warns=False,
)
_BESIDE = frozenset({"tools", "images", "chat_template_kwargs"})


def _beside(example: Example) -> Record:
    record: Record = {"tools": tools_list(example.tools)} if example.tools else {}
    if example.images:
        record["images"] = list(example.images)
    if "chat_template_kwargs" in example.meta:
        record["chat_template_kwargs"] = example.meta["chat_template_kwargs"]
    return record


def encode_messages(row: Example, options: Options) -> Record:
    """The whole conversation as messages, then tools and images."""
    example = wanted(row, Example)
    messages = messages_of(example, DIALECT, separator=options.separator, default_system=options.default_system)
    return {"messages": messages} | _beside(example)


def decode_pair_of_lists(record: Record) -> Example:
    """The example in a prompt and a completion that are lists of messages."""
    said = heard(record.get("prompt"), path="prompt")
    answer = heard(record.get("completion"), path="completion", into=Heard([], said.found))
    parts = row_parts(record, said, known=frozenset({"prompt", "completion"}))
    return example_from([*said.turns, *answer.turns], path="completion", **parts)


def encode_pair_of_lists(row: Example, options: Options) -> Record:
    """The prompt up to the last answer, and that answer alone as completion."""
    example = wanted(row, Example)
    turns = all_turns(example, separator=options.separator, default_system=options.default_system)
    messages = told(turns, DIALECT, shelf=Shelf.of(example, style="trl"))
    return {"prompt": messages[:-1], "completion": messages[-1:]} | _beside(example)


def decode_texts(record: Record) -> Example:
    """The example in two texts; a line end that only parts them belongs to neither."""
    prompt, completion = (_text(record, name) for name in ("prompt", "completion"))
    meta = {name: value for name, value in record.items() if name not in ("prompt", "completion")}
    return Example(parted(prompt, completion), output=completion, meta=meta)


def encode_texts(row: Example, options: Options) -> Record:
    """Two texts; all that is more than one question and one answer has no place."""
    example = _plain(row, options)
    asked = asked_text(example, separator=options.separator)
    return {"prompt": joined(asked, example.output), "completion": example.output}


def decode_prompt_text(record: Record) -> Example:
    """The prompt in a text."""
    return Example(_text(record, "prompt"), meta={name: value for name, value in record.items() if name != "prompt"})


def encode_prompt_text(row: Example, options: Options) -> Record:
    """The prompt alone; an answer has no place."""
    example = _plain(_unanswered(row), options)
    return {"prompt": asked_text(example, separator=options.separator)}


def encode_prompt_messages(row: Example, options: Options) -> Record:
    """The messages that ask; an answer has no place."""
    example = _unanswered(row)
    system = options.default_system
    messages = messages_of(
        example, DIALECT, separator=options.separator, default_system=system, answered=False, key="prompt"
    )
    return {"prompt": messages} | _beside(example)


def _unanswered(row: Example) -> Example:
    example = wanted(row, Example)
    if example.output or example.calls:
        raise Fault("not_representable", path="output")
    return example


def _plain(row: Example, options: Options) -> Example:
    example = fitting(wanted(row, Example), options, holds=())
    if example.weight is not None or (example.calls and not options.drop_tools):
        raise Fault("not_representable", path="weight" if example.weight is not None else "calls")
    return example


def _text(record: Record, name: str) -> str:
    if name not in record:
        raise Fault("missing_field", path=name)
    if not isinstance(record[name], str):
        raise Fault("not_a_string", path=name)
    return str(record[name])


def _text_faults(record: Record, *, names: tuple[str, ...]) -> Iterator[RowError]:
    for name in names:
        value = record.get(name)
        if not isinstance(value, str):
            yield RowError(0, "not_a_string" if name in record else "missing_field", name)
        elif not value.strip():
            yield RowError(0, "blank", name)
        elif code := check_file_text(value):
            yield RowError(0, code, name, excerpt=excerpt(value))
    prompt, completion = record.get("prompt"), record.get("completion")
    if isinstance(prompt, str) and isinstance(completion, list):
        yield RowError(0, "mixed_texts_and_messages", "completion")
    texts = [text for text in (prompt, completion) if isinstance(text, str) and text]
    if len(texts) == 2 and not texts[0][-1].isspace() and not texts[1][0].isspace():
        yield RowError(0, "nothing_between", "completion", severity="warning")


def _list_faults(record: Record, *, key: str) -> Iterator[RowError]:
    """The faults of a whole conversation, though it stands in one list or in two."""
    messages: Any = record.get(key)
    if key == "prompt" and "completion" in record:
        both = (record.get("prompt"), record["completion"])
        if isinstance(both[0], str) != isinstance(both[1], str):
            yield RowError(0, "mixed_texts_and_messages", "completion")
            return
        if not all(isinstance(each, list) and each for each in both):
            yield RowError(0, "missing_messages_list", "prompt" if not isinstance(both[0], list) else "completion")
            return
        messages = [message for side in both for message in side or ()]
    yield from message_faults({**record, key: messages}, rules=RULES, key=key)
    yield from _column_faults(record, messages)


def _column_faults(record: Record, messages: Any) -> Iterator[RowError]:
    images = record.get("images")
    try:
        paths(record, "images")
    except Fault as fault:
        yield RowError(0, fault.code, fault.path)
        return
    if not isinstance(messages, list):
        return
    contents = [each.get("content") for each in messages if isinstance(each, dict)]
    marks = sum(
        1 for content in contents if isinstance(content, list)
        for part in content if isinstance(part, dict) and part.get("type") == "image"
        # Without the column a picture may still name its own source.
        and (images is not None or len(part) == 1)
    )  # fmt: skip
    if marks != len(images or []):
        yield RowError(0, "media_count", "images", message=f"{marks} / {len(images or [])}")


def _prompt_faults(record: Record) -> Iterator[RowError]:
    for fault in _list_faults(record, key="prompt"):
        # A prompt waits for an answer: it may hold none.
        if fault.code not in ("example_missing_assistant_message", "no_answer"):
            yield fault


def _text_likeness(record: Record, *, names: frozenset[str]) -> int:
    if not all(isinstance(record.get(name), str) for name in names) or record.keys() & (OTHER_COLUMNS - names):
        return 0
    return 80 if record.keys() == names else 55


def _list_likeness(record: Record, *, names: frozenset[str]) -> int:
    if record.keys() & (OTHER_COLUMNS - names):
        return 0
    return min(chat_likeness({name: record.get(name)}, key=name, known=names, best=85) for name in names)


def _format(name: str, title: str, **parts: Any) -> RecordFormat:
    return RecordFormat(name=name, title=title, **({"kind": "sft", "layouts": NESTED_LAYOUTS} | parts))


_BOTH, _PROMPT = frozenset({"prompt", "completion"}), frozenset({"prompt"})
FORMATS = (
    _format(
        "trl_language_modeling_chat", N_("TRL language modeling, messages"),
        is_like=partial(chat_likeness, known=_BESIDE | {"messages"}, best=65),
        to_row=example_of, to_record=encode_messages, faults=partial(_list_faults, key="messages"),
    ),
    _format(
        "trl_prompt_completion", N_("TRL prompt-completion"), layouts=TABLE_LAYOUTS,
        is_like=partial(_text_likeness, names=_BOTH),
        to_row=decode_texts, to_record=encode_texts, faults=partial(_text_faults, names=("prompt", "completion")),
    ),
    _format(
        "trl_prompt_completion_chat", N_("TRL prompt-completion, messages"),
        is_like=partial(_list_likeness, names=_BOTH),
        to_row=decode_pair_of_lists, to_record=encode_pair_of_lists, faults=partial(_list_faults, key="prompt"),
    ),
    _format(
        "trl_prompt_only", N_("TRL prompt-only"), kind="prompt", layouts=TABLE_LAYOUTS,
        is_like=partial(_text_likeness, names=_PROMPT),
        to_row=decode_prompt_text, to_record=encode_prompt_text, faults=partial(_text_faults, names=("prompt",)),
    ),
    _format(
        "trl_prompt_only_chat", N_("TRL prompt-only, messages"), kind="prompt",
        is_like=partial(_list_likeness, names=_PROMPT),
        to_row=partial(prompt_of, key="prompt"), to_record=encode_prompt_messages, faults=_prompt_faults,
    ),
)  # fmt: skip
