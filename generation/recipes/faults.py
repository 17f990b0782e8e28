"""What is wrong with a template's text, found before any run uses it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from generation.files.text import check_text
from generation.recipes.base import PromptSlot, PromptText
from generation.recipes.placeholders import braced, unreplaced

LONGEST = 100_000
"""Characters that a template may have."""

_BRACES = re.compile(r"\{\{(.*?)(\}\}|$)", re.MULTILINE)
_NAME = re.compile(r"\s*[^\W\d]\w*\s*")
_MARKER = re.compile(r"^\[([a-z_]+)\]\s*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: the line (from 1; 0 for the whole text), a code, and the name or piece of text that it is about."""

    line: int
    code: str
    name: str = ""


def faults(slot: PromptSlot, text: str) -> list[Fault]:
    """Every fault of `text` as a template of `slot`, in the order of its lines; empty when it may be used.

    Codes: `empty`, `too_long`, `malformed_variable`, `unknown_variable`, `unreplaced_placeholder`, `unknown_section`,
    `no_user_turn`, `missing_variable`, and those of `check_text`.
    """
    if not text.strip():
        return [Fault(0, "empty")]
    if len(text) > LONGEST:
        return [Fault(0, "too_long", str(LONGEST))]
    found = [*_of_variables(slot, text), *_of_sections(text)]
    found += [Fault(at, code) for at, line in enumerate(text.split("\n"), 1) if (code := check_text(line))]
    if slot.placeholders:
        found += [Fault(line, "unreplaced_placeholder", name) for line, name in unreplaced(text, slot.placeholders)]
    used = PromptText(braced(text, slot.placeholders)).variables()
    found += [Fault(0, "missing_variable", name) for name in slot.requires if name not in used]
    return sorted(found, key=lambda fault: (fault.line == 0, fault.line))


def _line(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1


def _of_variables(slot: PromptSlot, text: str) -> list[Fault]:
    found = []
    for match in _BRACES.finditer(text):
        name = match[1].strip()
        if match[2] != "}}" or not _NAME.fullmatch(match[1]):
            found.append(Fault(_line(text, match.start()), "malformed_variable", match[0][:40]))
        elif name not in slot.offers:
            found.append(Fault(_line(text, match.start()), "unknown_variable", name))
    return found


def _of_sections(text: str) -> list[Fault]:
    markers = list(_MARKER.finditer(text))
    found = [
        Fault(_line(text, match.start()), "unknown_section", match[1])
        for match in markers
        if match[1] not in ("system", "user", "assistant") and match[1] in ("tool", "human", "bot", "ai", "model")
    ]
    try:
        turns = PromptText(re.sub(r"\{\{.*?\}\}", "x", text)).render({})
    except ValueError:
        return found
    if not any(turn.role == "user" and turn.content for turn in turns):
        found.append(Fault(0, "no_user_turn"))
    return found
