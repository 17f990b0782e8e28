"""Transcripts of "\n\nHuman: ...\n\nAssistant: ..." as turns: HH-RLHF and Nectar are written so."""

from __future__ import annotations

import re

from generation.files.strict_json import Fault
from generation.types import Turn

MARKER = re.compile(r"\n\n(Human|Assistant):(?: |(?=\n)|\Z)")


def turns_in(text: str, *, path: str) -> list[Turn]:
    """The turns of a transcript that ends with the human.

    `Fault` "not_a_transcript" where it does not begin with the human, "markers_out_of_turn" where the two do not take
    turns: then somebody has quoted a marker, and where the turns part cannot be told.
    """
    marks = list(MARKER.finditer(text))
    if not marks or marks[0].start() or marks[0][1] != "Human":
        raise Fault("not_a_transcript", path=path)
    if any(mark[1] != ("Human", "Assistant")[at % 2] for at, mark in enumerate(marks)) or len(marks) % 2 == 0:
        raise Fault("markers_out_of_turn", path=path)
    ends = [*(mark.start() for mark in marks[1:]), len(text)]
    said = [text[mark.end() : end] for mark, end in zip(marks, ends, strict=True)]
    return [Turn("assistant" if at % 2 else "user", each) for at, each in enumerate(said)]
