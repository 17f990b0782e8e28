"""Axolotl's preference shapes (DPO, IPO and ORPO), in one table: which field holds what.

Source: Axolotl's prompt strategies. The chatml and llama3 strategies of a name read the same records. Strategies that
read texts put one user turn, and a system text if there is one, into the template; longer conversations need
chat_template.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from generation.files.records import Record
from generation.files.strict_json import Fault
from generation.formats.answer_parts import MessageAnswer, TextAnswer
from generation.formats.base import NESTED_LAYOUTS, TABLE_LAYOUTS, Options, RecordFormat, wanted
from generation.formats.chat import Dialect, told
from generation.formats.pairs import last_turn_faults, pair_faults, pair_format
from generation.formats.parts import list_of, optional_text, refused, text_faults
from generation.formats.prompt_parts import PLAIN, MessagesPrompt, TextPrompt, are_messages, turns_of
from generation.formats.turns import answer_from, prompt_from
from generation.types import N_, Pair, RowError, Turn

_CHAT = Dialect(roles=frozenset({"system", "user", "assistant"}))
_ANSWERS = ("chosen", "rejected")


@dataclass(frozen=True, slots=True)
class Shape:
    """A shape with texts: the strategy's name, and the fields of the prompt and the answers."""

    strategy: str
    title: str
    prompt: str
    chosen: str = "chosen"
    rejected: str = "rejected"
    sureness: int = 85


TEXT_SHAPES = (
    Shape("argilla", N_("Axolotl DPO: argilla"), "instruction", "chosen_response", "rejected_response", 95),
    Shape("icr", N_("Axolotl DPO: icr"), "input"),
    Shape("intel", N_("Axolotl DPO: intel"), "question"),
    Shape("prompt_pairs", N_("Axolotl DPO: prompt_pairs"), "prompt", sureness=78),
    Shape("user_defined", N_("Axolotl DPO: user_defined"), "prompt", sureness=30),
)


@dataclass(frozen=True, slots=True)
class ConversationShape:
    """Two whole conversations that differ in their last message.

    `prompt` is a field that repeats the user's text. `several`: longer conversations are read, too.
    """

    prompt: str = ""
    system: str = ""
    several: bool = False

    @property
    def known(self) -> frozenset[str]:
        """All fields of the shape."""
        return frozenset({self.prompt, self.system, *_ANSWERS} - {""})

    def decode(self, record: Record) -> Pair:
        """The pair; `Fault` "answers_differ_early" where the conversations part before their last message."""
        sides = {name: turns_of(list_of(record, name), _CHAT, path=name).turns for name in _ANSWERS}
        asked = sides["chosen"][:-1]
        if asked != sides["rejected"][:-1] or not asked:
            raise Fault("answers_differ_early", path="rejected")
        system = optional_text(record, self.system) if self.system else ""
        return Pair(
            prompt_from(asked, system=system) if system else prompt_from(asked),
            answer_from(sides["chosen"][-1:], path="chosen"),
            answer_from(sides["rejected"][-1:], path="rejected"),
            meta={name: value for name, value in record.items() if name not in self.known},
        )

    def encode(self, row: Pair, options: Options) -> Record:
        """The conversation twice; system text and prompt in fields of their own where the shape has them."""
        pair = wanted(row, Pair)
        turns = MessagesPrompt("chosen", dialect=_CHAT).turns(pair.prompt, options)
        record: Record = {}
        if turns and turns[0].role == "system" and self.system:
            record[self.system] = turns.pop(0).content
        users = [turn for turn in turns if turn.role == "user"]
        if not self.several and (len(turns) != 1 or len(users) != 1):
            raise Fault("not_representable", path="turns")
        if self.prompt and len(turns) == 1:
            record[self.prompt] = users[0].content
        for name, answer in (("chosen", pair.chosen), ("rejected", pair.rejected)):
            said = Turn("assistant", TextAnswer().write(answer, options, path=name, prompt=pair.prompt))
            record[name] = told([*turns, said], _CHAT, path=name)
        return record

    def likeness(self, record: Record) -> int:
        """Two lists of messages, with the fields of the shape and no others."""
        if not all(are_messages(record.get(name)) for name in _ANSWERS):
            return 0
        if self.prompt and not self.several and not isinstance(record.get(self.prompt), str):
            return 0
        return (80 if self.prompt and self.prompt in record else 60) if record.keys() <= self.known else 25

    def faults(self, record: Record) -> Iterator[RowError]:
        """What the strategy would read wrongly: it takes messages by their places."""
        try:
            pair = self.decode(record)
        except Fault as fault:
            yield refused(fault, record)
            return
        yield from pair_faults(pair, names={"prompt": "chosen", "chosen": "chosen", "rejected": "rejected"})
        yield from text_faults(record)
        roles = [message["role"] for message in record["chosen"]]
        if not self.several and len(roles) != 2:
            yield RowError(0, "two_messages", "chosen", str(len(roles)))
        elif roles != ["user", "assistant"] * (len(roles) // 2):
            yield RowError(0, "wrong_turn_order", "chosen")
        first = record["chosen"][0].get("content")
        if self.prompt and record.get(self.prompt) not in (None, first):
            yield RowError(0, "prompt_differs", self.prompt)


def _named(name: str, title: str, shape: ConversationShape) -> RecordFormat:
    return RecordFormat(
        name=name,
        title=title,
        kind="preference",
        layouts=NESTED_LAYOUTS,
        is_like=shape.likeness,
        to_row=shape.decode,
        to_record=shape.encode,
        faults=shape.faults,
    )


def _chat_faults(_record: Record, pair: Pair) -> Iterator[RowError]:
    yield from last_turn_faults(pair, path="messages")


FORMATS = (
    *(
        pair_format(
            name=f"axolotl_dpo_{shape.strategy}",
            title=shape.title,
            layouts=TABLE_LAYOUTS,
            prompt=TextPrompt(shape.prompt, system="system"),
            answer=TextAnswer(),
            chosen=shape.chosen,
            rejected=shape.rejected,
            sureness=shape.sureness,
        )
        for shape in TEXT_SHAPES
    ),
    _named("axolotl_dpo_argilla_chat", N_("Axolotl DPO: argilla_chat"), ConversationShape()),
    _named("axolotl_dpo_ultra", N_("Axolotl DPO: ultra"), ConversationShape(prompt="prompt", system="system")),
    pair_format(
        name="axolotl_dpo_chat_template",
        title=N_("Axolotl DPO: chat_template"),
        layouts=NESTED_LAYOUTS,
        prompt=MessagesPrompt("messages", dialect=PLAIN),
        answer=MessageAnswer(),
        sureness=80,
        more_faults=_chat_faults,
    ),
    _named(
        "axolotl_orpo_argilla",
        N_("Axolotl ORPO: chat_template.argilla"),
        ConversationShape(prompt="prompt", system="system", several=True),
    ),
)
