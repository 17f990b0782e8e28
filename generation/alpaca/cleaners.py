"""What is put right without asking. Each cleaner is a function of one text; `CLEANERS` is the list, in working order.

Line ends and fenced code are content: nothing here joins lines, and what stands in a fence keeps its blanks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from generation.quality.checks.literal_escapes import unescaped
from generation.types import N_

_TERMINAL = re.compile("\x1b\\[[0-9;?]*[A-Za-z]")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_NO_INPUT = re.compile(
    r"[<\[(（【]?\s*(?:no[\s_-]*inputs?(?:\s+(?:is\s+)?(?:required|needed|provided|necessary))?|none|null|n\s*/\s*a|"
    r"not\s+applicable|无需?输入|没有输入|不需要输入|无|不适用|暂无)\s*[>\])）】]?\s*[.。]?",
    re.IGNORECASE,
)
_LABELS = {
    "instruction": r"instruction|指令",
    "input": r"input|输入",
    "output": r"output|response|输出",
}
_LABEL = {
    name: re.compile(rf"\s*(?:\d{{1,3}}\s*[.、)]\s*)?(?:#{{1,4}}\s*)?(?:{words})\s*[:：][ \t]*\n?", re.IGNORECASE)
    for name, words in _LABELS.items()
}
_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})[^\n]*$.*?(?:^ {0,3}\1[`~]*[ \t]*$|\Z)", re.MULTILINE | re.DOTALL)
_TRAILING = re.compile(r"[^\S\n]+(?=\n)|[^\S\n]+$(?!\n)")
_BLANK_LINES = re.compile(r"\n(?:[^\S\n]*\n){4,}")


@dataclass(frozen=True, slots=True)
class Cleaner:
    """One repair. `fields` are the fields that it looks at; its `name` is the code in reports."""

    name: str
    title: str
    fields: tuple[str, ...]
    mend: Callable[[str, str], str]


@dataclass(frozen=True, slots=True)
class Change:
    """One field before and after one cleaner. `characters` is by how many the text became shorter."""

    code: str
    field: str
    before: str
    after: str

    @property
    def characters(self) -> int:
        """The difference in Unicode code points; below zero where the text grew."""
        return len(self.before) - len(self.after)


def clean(text: str, *, field: str, names: frozenset[str] | None = None) -> Iterator[Change]:
    """The changes that the cleaners make, one after another; the last one's `after` is the clean text.

    `names` are the cleaners to use, all by default.
    """
    for cleaner in CLEANERS:
        if field in cleaner.fields and (names is None or cleaner.name in names):
            mended = cleaner.mend(text, field)
            if mended != text:
                yield Change(cleaner.name, field, text, mended)
                text = mended


def _outside_fences(text: str, mend: Callable[[str], str]) -> str:
    if "```" not in text and "~~~" not in text:
        return mend(text)
    parts, at = [], 0
    for fence in _FENCE.finditer(text):
        parts += [mend(text[at : fence.start()]), fence[0]]
        at = fence.end()
    return "".join([*parts, mend(text[at:])])


def _control_characters(text: str, _field: str) -> str:
    return _CONTROL.sub("", _TERMINAL.sub("", text))


def _line_ends(text: str, _field: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _literal_escapes(text: str, _field: str) -> str:
    return unescaped(text)


def _field_label(text: str, field: str) -> str:
    found = _LABEL[field].match(text)
    return text[found.end() :] if found else text


def _empty_marker(text: str, _field: str) -> str:
    return "" if _NO_INPUT.fullmatch(text.strip()) else text


def _trailing_blanks(text: str, _field: str) -> str:
    return _outside_fences(text, lambda part: _TRAILING.sub("", part)).rstrip("\n")


def _outer_blank_lines(text: str, _field: str) -> str:
    lines = text.split("\n")
    first = next((at for at, line in enumerate(lines) if line.strip()), len(lines))
    return "\n".join(lines[first:])


def _blank_lines(text: str, _field: str) -> str:
    return _outside_fences(text, lambda part: _BLANK_LINES.sub("\n\n", part))


_TEXTS = ("instruction", "input", "output", "system", "history")
_LABELLED = ("instruction", "input", "output")

CLEANERS: tuple[Cleaner, ...] = (
    Cleaner("control_character", N_("control characters taken out"), _TEXTS, _control_characters),
    Cleaner("line_ends", N_("line ends made alike"), _TEXTS, _line_ends),
    Cleaner("literal_escapes", N_("written-out line ends put in"), _TEXTS, _literal_escapes),
    Cleaner("field_label", N_("a field's own label taken off its front"), _LABELLED, _field_label),
    Cleaner("empty_marker", N_("a marker for no input emptied"), ("input",), _empty_marker),
    Cleaner("trailing_blanks", N_("blanks at line ends taken off"), _TEXTS, _trailing_blanks),
    Cleaner("outer_blank_lines", N_("blank lines at the front taken off"), _TEXTS, _outer_blank_lines),
    Cleaner("blank_lines", N_("long runs of blank lines shortened to one"), _TEXTS, _blank_lines),
)
