"""Anthropic HH-RLHF: {chosen, rejected}, two transcripts that part at their last answer.

Source: Anthropic/hh-rlhf. Of its folders, red-team-attempts has another shape and is none of ours.
"""

from __future__ import annotations

from generation.files.records import Record
from generation.files.strict_json import Fault
from generation.formats.parts import text_of
from generation.formats.public.reading import has_texts, read_only, rest_of
from generation.formats.public.transcripts import MARKER, turns_in
from generation.formats.turns import prompt_from
from generation.types import N_, Candidate, Pair

_ANSWER = "\n\nAssistant:"


def likeness(record: Record) -> int:
    """Two texts that both begin as transcripts."""
    if not has_texts(record, "chosen", "rejected"):
        return 0
    both = (record["chosen"], record["rejected"])
    return 95 if all(text.startswith("\n\nHuman:") for text in both) and "prompt" not in record else 0


def decode(record: Record) -> Pair:
    """The pair: what both transcripts say before their last answer is the prompt.

    An answer may be the beginning of the other one. `Fault` "blank" for an empty answer, "same_answers" for equal
    ones, "markers_out_of_turn" where a marker stands inside what somebody said.
    """
    chosen, rejected = text_of(record, "chosen"), text_of(record, "rejected")
    cut = parting(chosen, rejected)
    answers = {"chosen": _answer(chosen, cut), "rejected": _answer(rejected, cut)}
    for name, answer in answers.items():
        if not answer.strip():
            raise Fault("blank", path=name)
        if MARKER.search(answer):
            raise Fault("markers_out_of_turn", path=name)
    if answers["chosen"] == answers["rejected"]:
        raise Fault("same_answers", path="rejected")
    prompt = prompt_from(turns_in(chosen[:cut], path="chosen"))
    meta = rest_of(record, "chosen", "rejected")
    return Pair(prompt, Candidate(answers["chosen"]), Candidate(answers["rejected"]), meta=meta)


def parting(chosen: str, rejected: str) -> int:
    """Where the last answer that both transcripts begin at the same place begins; `Fault` "not_a_transcript"."""
    for mark in reversed(list(MARKER.finditer(chosen))):
        at = mark.start()
        if mark[1] == "Assistant" and rejected.startswith(_ANSWER, at) and chosen[:at] == rejected[:at]:
            return at
    raise Fault("not_a_transcript", path="chosen")


def _answer(text: str, cut: int) -> str:
    return text[cut + len(_ANSWER) :].removeprefix(" ")


FORMAT = read_only("hh_rlhf", title=N_("HH-RLHF"), kind="preference", is_like=likeness, to_row=decode)
