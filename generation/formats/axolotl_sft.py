"""Axolotl's other shapes for SFT: chat_template, sharegpt, input_output and tokenised rows.

Source: axolotl `docs/dataset-formats/`. `axolotl_instruct` has the flat shapes, `pretraining` has completion.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any

from generation.files.records import Record
from generation.files.strict_json import Fault
from generation.files.text import record_excerpt
from generation.formats import sharegpt
from generation.formats.base import NESTED_LAYOUTS, Options, RecordFormat, wanted
from generation.formats.chat import Dialect, example_of, messages_of
from generation.formats.chat_check import ChatRules, chat_likeness, message_faults
from generation.formats.joints import joined, parted
from generation.formats.parts import fitting, text_faults
from generation.formats.sharegpt_check import conversation_faults
from generation.formats.sharegpt_tags import SHAREGPT
from generation.formats.tool_calls import tools_list
from generation.formats.turns import all_turns, example_from
from generation.types import N_, Example, RowError, Turn

CHAT = Dialect(roles=frozenset({"system", "user", "assistant", "tool"}), weight="train", flag=True, names=True)
CHAT_RULES = ChatRules(
    roles=CHAT.roles,
    keys=frozenset({"role", "content", "name", "train", "train_detail", "tool_calls", "tool_call_id", "weight"}),
    whole_weights=True,
    warns=False,
)
TOKENS = ("input_ids", "attention_mask", "labels")


def encode_chat(row: Example, options: Options) -> Record:
    """Messages and tools; a loss weight of 0 or 1 becomes `train`, media have no place."""
    example = wanted(row, Example)
    system = options.default_system
    record: Record = {"messages": messages_of(example, CHAT, separator=options.separator, default_system=system)}
    return record | ({"tools": tools_list(example.tools)} if example.tools else {})


def encode_sharegpt(row: Example, options: Options) -> Record:
    """The bare conversation: tools and media have no place."""
    example = fitting(wanted(row, Example), options, holds=("system", "turns"))
    if example.calls and not options.drop_tools:
        raise Fault("not_representable", path="calls")
    return sharegpt.encode(example, options, tags=SHAREGPT)


def sharegpt_likeness(record: Record) -> int:
    """Deprecated there, so ShareGPT itself goes first."""
    return 55 if record.keys() == {"conversations"} and sharegpt.likeness(record, tags=SHAREGPT) >= 90 else 0


def segments_likeness(record: Record) -> int:
    """`segments` of {label, text}: nobody else has them."""
    segments = record.get("segments")
    return 95 if isinstance(segments, list) and segments and all(_is_segment(each) for each in segments) else 0


def decode_segments(record: Record) -> Example:
    """Segments that are not trained as the user's turns, trained ones as the assistant's; the joints are taken off."""
    segments = record.get("segments")
    if segments is None:
        raise Fault("missing_field", path="segments")
    if not isinstance(segments, list):
        raise Fault("not_a_list", path="segments")
    if not segments:
        raise Fault("no_answer", path="segments")
    for at, each in enumerate(segments):
        if not _is_segment(each):
            raise Fault("bad_segment", path=f"segments.{at}")
    texts = [each["text"] for each in segments]
    plain = [parted(text, after) for text, after in zip(texts, [*texts[1:], ""], strict=True)]
    roles = ["assistant" if each["label"] else "user" for each in segments]
    turns = [
        Turn("assistant" if role == "assistant" else "user", text) for role, text in zip(roles, plain, strict=True)
    ]
    return example_from(turns, path="segments", meta={name: v for name, v in record.items() if name != "segments"})


def encode_segments(row: Example, options: Options) -> Record:
    """One segment a turn. No template is applied: whoever trains on it must have put special tokens into the texts."""
    example = fitting(wanted(row, Example), options, holds=("turns",))
    turns = all_turns(example, separator=options.separator)
    for at, turn in enumerate(turns):
        more = turn.name or turn.calls or turn.weight is not None or turn.role not in ("user", "assistant")
        if more:
            raise Fault("not_representable", path=f"segments.{at}")
    texts = [turn.content for turn in turns]
    told = [joined(text, after) for text, after in zip(texts, [*texts[1:], ""], strict=True)]
    labels = [turn.role == "assistant" for turn in turns]
    return {"segments": [{"label": label, "text": text} for label, text in zip(labels, told, strict=True)]}


def segments_faults(record: Record) -> Iterator[RowError]:
    """What cannot be read, and rows in which nothing is trained."""
    try:
        decode_segments(record)
    except Fault as fault:
        segments = record.get("segments")
        told = segments if isinstance(segments, list) else []
        trained = any(_is_segment(each) and each["label"] for each in told)
        code = "nothing_trained" if fault.code == "no_answer" and not trained else fault.code
        # Axolotl itself does not mind where a trained segment stands.
        said = RowError(0, code, fault.path, fault.message, record_excerpt(record))
        yield replace(said, severity="warning") if code == "no_answer" else said
        return
    yield from text_faults(record)


def _is_segment(each: Any) -> bool:
    return isinstance(each, dict) and isinstance(each.get("label"), bool) and isinstance(each.get("text"), str)


def tokens_likeness(record: Record) -> int:
    """Lists of numbers under the names of tensors."""
    return 95 if isinstance(record.get("input_ids"), list) else 0


def refuse_tokens(record: Record) -> Example:
    """Never a row: numbers are not text without the tokenizer that made them. `Fault` "tokenised"."""
    raise Fault("tokenised" if "input_ids" in record else "missing_field", path="input_ids")


def refuse_writing(_row: Example, _options: Options) -> Record:
    """Never a record, for the same reason."""
    raise Fault("not_representable", path="input_ids", message="tokenised")


def token_faults(record: Record) -> Iterator[RowError]:
    """Three lists of whole numbers of one length."""
    sizes = set()
    for name in TOKENS:
        value = record.get(name)
        if not isinstance(value, list) or not all(type(each) is int for each in value):
            yield RowError(0, "not_whole_numbers" if name in record else "missing_field", name)
        else:
            sizes.add(len(value))
    if len(sizes) > 1:
        yield RowError(0, "unequal_lengths", "input_ids", message=", ".join(map(str, sorted(sizes))))


def _format(name: str, title: str, **parts: Any) -> RecordFormat:
    return RecordFormat(name=f"axolotl_{name}", title=title, **({"kind": "sft", "layouts": NESTED_LAYOUTS} | parts))


FORMATS = (
    _format(
        "chat_template", N_("Axolotl chat_template"),
        is_like=partial(chat_likeness, known=frozenset({"messages", "tools"}), best=60),
        to_row=example_of, to_record=encode_chat, faults=partial(message_faults, rules=CHAT_RULES),
    ),
    _format(
        "sharegpt", N_("Axolotl sharegpt (deprecated)"), is_like=sharegpt_likeness,
        to_row=sharegpt.decode, to_record=encode_sharegpt, faults=partial(conversation_faults, tags=SHAREGPT),
    ),
    _format(
        "input_output", N_("Axolotl input_output (segments)"), is_like=segments_likeness,
        to_row=decode_segments, to_record=encode_segments, faults=segments_faults,
    ),
    _format(
        "tokenised", N_("Axolotl tokenised rows"), layouts=(), is_like=tokens_likeness,
        to_row=refuse_tokens, to_record=refuse_writing, faults=token_faults,
    ),
)  # fmt: skip
