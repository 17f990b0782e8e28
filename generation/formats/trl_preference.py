"""TRL's preference types: the prompt explicit or repeated in both answers, as texts or as chat messages.

Source: TRL's page on dataset formats. Texts are concatenated as they are: the blank or the line end between prompt and
answer must stand in one of them. An explicit prompt is recommended for DPO, an implicit one for reward models.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import takewhile
from typing import Any

from generation.files.records import Record
from generation.files.strict_json import Fault
from generation.formats.answer_parts import MessagesAnswer, TextAnswer
from generation.formats.base import NESTED_LAYOUTS, TABLE_LAYOUTS, Options, RecordFormat, wanted
from generation.formats.chat import Heard, told
from generation.formats.content_parts import Shelf
from generation.formats.joints import JOINT, joined, parted
from generation.formats.pairs import last_turn_faults, pair_faults, pair_format
from generation.formats.parts import list_of, refused, text_faults, text_of
from generation.formats.prompt_parts import TRL, MessagesPrompt, TextPrompt, are_messages, turns_of
from generation.formats.turns import answer_from
from generation.types import N_, Candidate, Example, Pair, RowError, Turn

_CHAT = MessagesPrompt("prompt", dialect=TRL, tools="tools", media=("images",))
_ANSWER = MessagesAnswer(TRL)
_BESIDE = frozenset({"tools", "images", "chat_template_kwargs"})
_NAMES = {"prompt": "chosen", "chosen": "chosen", "rejected": "rejected"}
_WORD_END = re.compile(r"\S*\s*\Z")


def common_prompt(chosen: str, rejected: str) -> str:
    """The longest common beginning of two texts, cut so that a broken word and the blanks before it go to the answers.

    Where the texts part between two words the cut is there, and the blank before the next word goes to the answers.
    """
    size = sum(1 for _ in takewhile(lambda two: two[0] == two[1], zip(chosen, rejected, strict=False)))
    rest = (chosen[size : size + 1], rejected[size : size + 1])
    common = chosen[:size]
    inside = any(each and not each.isspace() for each in rest) and common[-1:] and not common[-1].isspace()
    if inside:
        common = _WORD_END.sub("", common)
    return common.rstrip()


def explicit_text(record: Record) -> Pair:
    """The pair in three texts; a line end that only parts them belongs to none."""
    pair = _PLAIN.to_row(record)
    assert isinstance(pair, Pair)
    return replace(pair, prompt=Example(parted(pair.prompt.instruction, _unparted(pair))))


def explicit_text_told(row: Pair, options: Options) -> Record:
    """Three texts; the line end that parts prompt and answer stands at the end of the prompt."""
    pair = wanted(row, Pair)
    record = _PLAIN.to_record(pair, options)
    return record | {"prompt": joined(record["prompt"], _unparted(pair))}


def implicit_text(record: Record) -> Pair:
    """The pair in two texts that begin alike; a line end that only parts prompt and answers belongs to none."""
    chosen, rejected = text_of(record, "chosen"), text_of(record, "rejected")
    prompt = common_prompt(chosen, rejected)
    answers = [text[len(prompt) :] for text in (chosen, rejected)]
    if prompt and all(text[:1] == JOINT and text[1:2].strip() for text in answers):
        answers = [text[1:] for text in answers]
    return Pair(Example(prompt), Candidate(answers[0]), Candidate(answers[1]), meta=_meta(record))


def implicit_text_told(row: Pair, options: Options) -> Record:
    """Prompt and answer as one text. Where both answers begin with the same words, reading finds them in the prompt."""
    record = explicit_text_told(row, options)
    return {name: record["prompt"] + record[name] for name in ("chosen", "rejected")}


def _unparted(pair: Pair) -> str:
    """The answer that does not bring its own blank along, if there is one."""
    texts = (pair.chosen.text, pair.rejected.text)
    return next((text for text in texts if text and not text[0].isspace()), "")


def implicit_messages(record: Record) -> Pair:
    """The pair in two conversations that begin alike; whole messages are compared."""
    sides = {name: turns_of(list_of(record, name), TRL, path=name) for name in ("chosen", "rejected")}
    common = _common_turns(sides["chosen"].turns, sides["rejected"].turns)
    answers = {name: answer_from(side.turns[len(common) :], path=name) for name, side in sides.items()}
    prompt = _CHAT.from_turns(Heard(common, sides["chosen"].found), record)
    return Pair(prompt, answers["chosen"], answers["rejected"], meta=_meta(record))


def implicit_messages_told(row: Pair, options: Options) -> Record:
    """The whole conversation twice."""
    pair = wanted(row, Pair)
    asked = _CHAT.turns(pair.prompt, options)
    sides = {"chosen": _ANSWER.turns(pair.chosen, options), "rejected": _ANSWER.turns(pair.rejected, options)}
    if sides["chosen"][0] == sides["rejected"][0]:
        raise Fault("not_representable", path="chosen")
    record: Record = {
        name: told([*asked, *turns], TRL, shelf=Shelf.of(pair.prompt, style="trl"), path=name)
        for name, turns in sides.items()
    }
    return record | _CHAT.beside(pair.prompt, options)


def _common_turns(chosen: list[Turn], rejected: list[Turn]) -> list[Turn]:
    pairs = takewhile(lambda two: two[0] == two[1], zip(chosen, rejected, strict=False))
    common = [one for one, _ in pairs]
    # Two equal conversations leave their last message as the answer: the fault is then that the answers are the same.
    return common[:-1] if len(common) in (len(chosen), len(rejected)) else common


def _meta(record: Record) -> dict[str, Any]:
    return {name: value for name, value in record.items() if name not in {"chosen", "rejected", "tools", "images"}}


def _text_likeness(record: Record) -> int:
    plain = "prompt" not in record and all(isinstance(record.get(name), str) for name in ("chosen", "rejected"))
    return 0 if not plain else 70 if record.keys() == {"chosen", "rejected"} else 40


def _chat_likeness(record: Record) -> int:
    if "prompt" in record or not all(are_messages(record.get(name)) for name in ("chosen", "rejected")):
        return 0
    return 75 if record.keys() <= {"chosen", "rejected", *_BESIDE} else 50


def _implicit_text_faults(record: Record) -> Iterator[RowError]:
    try:
        pair = implicit_text(record)
    except Fault as fault:
        yield refused(fault, record)
        return
    yield from pair_faults(pair, names=_NAMES)
    yield from text_faults(record)


def _implicit_chat_faults(record: Record) -> Iterator[RowError]:
    try:
        pair = implicit_messages(record)
    except Fault as fault:
        yield refused(fault, record)
        return
    yield from pair_faults(pair, names=_NAMES)
    yield from last_turn_faults(pair, path="chosen")
    yield from text_faults(record)


def _chat_faults(_record: Record, pair: Pair) -> Iterator[RowError]:
    yield from last_turn_faults(pair, path="prompt")


def _between(record: Record, pair: Pair) -> Iterator[RowError]:
    if _unparted(pair) and record["prompt"] and not record["prompt"][-1].isspace():
        yield RowError(0, "nothing_between", "prompt", severity="warning")


_PLAIN = pair_format(
    name="trl_preference",
    title=N_("TRL preference, explicit prompt"),
    layouts=TABLE_LAYOUTS,
    prompt=TextPrompt(),
    answer=TextAnswer(),
    sureness=80,
    more_faults=_between,
)
FORMATS = (
    replace(_PLAIN, to_row=explicit_text, to_record=explicit_text_told),
    pair_format(
        name="trl_preference_chat",
        title=N_("TRL preference, explicit prompt, conversational"),
        layouts=NESTED_LAYOUTS,
        prompt=_CHAT,
        answer=_ANSWER,
        sureness=95,
        more_faults=_chat_faults,
    ),
    RecordFormat(
        name="trl_preference_implicit",
        title=N_("TRL preference, implicit prompt"),
        kind="preference",
        layouts=TABLE_LAYOUTS,
        is_like=_text_likeness,
        to_row=implicit_text,
        to_record=implicit_text_told,
        faults=_implicit_text_faults,
    ),
    RecordFormat(
        name="trl_preference_implicit_chat",
        title=N_("TRL preference, implicit prompt, conversational"),
        kind="preference",
        layouts=NESTED_LAYOUTS,
        is_like=_chat_likeness,
        to_row=implicit_messages,
        to_record=implicit_messages_told,
        faults=_implicit_chat_faults,
    ),
)
