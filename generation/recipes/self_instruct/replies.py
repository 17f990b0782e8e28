"""What the replies of Self-Instruct mean, and which examples in them are kept. Markers in English and Chinese."""

from __future__ import annotations

import random
import re

from generation.recipes.no_input import plain_input
from generation.recipes.wording import one_line
from generation.types import Instance

_NUMBER = re.compile(r"(?:\A|\n)[ \t]*\d{1,3}[ \t]?(?:\.(?=\s|\Z|[^\x00-\x7f])|[、．)）])[ \t]*")
_START, _BOLD = r"(?:\A|\n)[ \t]*#*[ \t]*(?:\*\*)?", r"(?:\*\*)?"
"""A marker begins its line; chat models like to make it a heading or bold."""

_EXAMPLE = re.compile(
    rf"{_START}(?:(?:Example|示例|样例|例)[ \t]*\d+{_BOLD}[.:：]?"
    rf"|(?:Example|示例|样例){_BOLD}[.:：]?(?=[ \t]*(?:\n|\Z))){_BOLD}",
    re.IGNORECASE,
)
_INPUT = re.compile(rf"{_START}(?:Input|输入)[ \t]*\d*{_BOLD}[ \t]*[:：]{_BOLD}[ \t]*")
_OUTPUT = re.compile(rf"{_START}(?:Output|输出)[ \t]*\d*{_BOLD}[ \t]*[:：]{_BOLD}[ \t]*")
_LABEL = re.compile(rf"{_START}(?:Class label|类别标签|类别|标签){_BOLD}[ \t]*[:：]{_BOLD}[ \t]*", re.IGNORECASE)
_YES, _NO = ("yes", "是"), ("no", "否", "不是")


def parse_instructions(text: str) -> list[str]:
    """The items of a numbered list, blanks collapsed, capitals as they are; [] when nothing is numbered.

    Text before the first number continues the list, as a base model would, unless it announces it with a colon.
    """
    pieces = _NUMBER.split(text.strip())
    if len(pieces) == 1:
        return []
    lead = one_line(pieces[0])
    items = [one_line(piece) for piece in pieces[1:]]
    return items if not lead or lead.endswith((":", "：")) else [lead, *items]


def parse_verdict(text: str) -> bool | None:
    """Yes or no; None for anything else, which counts as no and is noted."""
    word = text.strip().rstrip(".。!！").lower()
    if word in _YES:
        return True
    return False if word in _NO else None


def parse_input_first(text: str, *, truncated: bool) -> tuple[list[Instance], list[Instance]]:
    """The instances of "Example n / Input / Output" blocks, and those cut off at the token limit."""
    blocks = _EXAMPLE.split(text)
    if len(blocks) > 1:
        lead, *rest = blocks
        found = [_block(block) for block in ([lead] if _OUTPUT.search(lead) else []) + rest if block.strip()]
    elif _OUTPUT.search(text):
        found = [_block(text)]
    else:
        found = []
    return (found[:-1], found[-1:]) if truncated else (found, [])


def parse_output_first(text: str, *, truncated: bool) -> tuple[list[Instance], list[Instance]]:
    """The instances of "Class label" blocks, the label being the output; and those cut off at the token limit."""
    found = []
    for block in _LABEL.split(text)[1:]:
        label, _, rest = block.partition("\n")
        found.append(Instance(_input(rest), label.strip()))
    return (found[:-1], found[-1:]) if truncated else (found, [])


def _block(block: str) -> Instance:
    """One example. A second input inside the output means that another example follows: the output ends there."""
    pieces = _OUTPUT.split(block, maxsplit=1)
    given, output = (pieces[0], pieces[1]) if len(pieces) == 2 else ("", block)
    output = _OUTPUT.split(_INPUT.split(output)[0])[0] if len(pieces) == 2 else output
    return Instance(_input(given), output.strip())


def _input(text: str) -> str:
    """The input without its own marker; markers for "no input" become empty."""
    marker = _INPUT.match(text)
    return plain_input(text[marker.end() :] if marker else text)


def sift(instances: list[Instance], *, most: int, rng: random.Random) -> list[tuple[Instance, str]]:
    """Each instance with the reason for which it is dropped, "" for those that stay.

    The filters of the paper's code, in its order. One input with two different outputs discredits the whole task.
    """
    judged = [(instance, _fault(instance)) for instance in instances]
    whole = [instance for instance, reason in judged if not reason]
    answers: dict[str, str] = {}
    if any(answers.setdefault(each.input, each.output) != each.output for each in whole if each.input):
        return [(instance, reason or "conflicting_outputs") for instance, reason in judged]
    seen: set[Instance] = set()
    for at, (instance, reason) in enumerate(judged):
        if not reason and instance in seen:
            judged[at] = (instance, "duplicate_instance")
        elif not reason:
            seen.add(instance)
    staying = [at for at, (_, reason) in enumerate(judged) if not reason]
    for at in sorted(rng.sample(staying, len(staying) - most)) if len(staying) > most else ():
        judged[at] = (judged[at][0], "over_limit")
    return judged


def _fault(instance: Instance) -> str:
    if instance.input == instance.output:
        return "input_equals_output" if instance.output else "empty_output"
    if not instance.output:
        return "empty_output"
    if instance.input.endswith((":", "：")) or instance.output.endswith((":", "：")):
        return "ends_with_colon"
    return ""
