"""What a reply of numbered `###` blocks means. Labels in English and Chinese, numbered, each at the start of a line."""

from __future__ import annotations

import re
from dataclasses import dataclass

from generation.recipes.no_input import plain_input

SEPARATOR = "###"
_BLOCKS = re.compile(r"^[ \t]*#{3,}[ \t]*(?=$|\d|\*)", re.MULTILINE)
"""A line of its own, or before a number: a heading inside an output parts nothing."""
_LABEL = re.compile(
    r"^[ \t]*\**(\d{1,3})[ \t]?[.、．)）][ \t]*(Instruction|Input|Output|指令|输入|输出)\**[ \t]*[:：]\**",
    re.MULTILINE | re.IGNORECASE,
)
_PARTS = {"instruction": 0, "指令": 0, "input": 1, "输入": 1, "output": 2, "输出": 2}
_IN_ORDER = [0, 1, 2]


@dataclass(frozen=True, slots=True)
class Block:
    """One task of a reply. `reason` is "" for a whole one, "malformed_block" or "truncated" otherwise; `text` is the
    block as it came."""

    text: str
    instruction: str = ""
    input: str = ""
    output: str = ""
    reason: str = ""


def parse_blocks(text: str, *, first: int, truncated: bool) -> list[Block]:
    """The blocks in order, [] when no label is anywhere. A reply cut off at the token limit loses its last block.

    `first` is the number with which the list goes on: a reply may continue right behind its "Instruction:".
    """
    if not _LABEL.search(text):
        return []
    pieces = [piece.strip() for piece in _BLOCKS.split(text) if piece.strip()]
    if (label := _LABEL.search(pieces[0])) and _PARTS[label[2].lower()] != 0:
        pieces[0] = f"{first}. Instruction: {pieces[0]}"
    blocks = [_block(piece) for piece in pieces if _LABEL.search(piece) or piece is not pieces[0]]
    if truncated and blocks:
        blocks[-1] = Block(blocks[-1].text, reason="truncated")
    return blocks


def _block(text: str) -> Block:
    """Seven parts: what stands before, and three times a label with its text; one number for all three."""
    pieces = _LABEL.split(text)
    numbers, labels, texts = pieces[1::3], pieces[2::3], pieces[3::3]
    if [_PARTS[label.lower()] for label in labels] != _IN_ORDER or len(set(numbers)) != 1:
        return Block(text, reason="malformed_block")
    instruction, given, output = (each.strip() for each in texts)
    return Block(text, " ".join(instruction.split()), plain_input(given), output)
