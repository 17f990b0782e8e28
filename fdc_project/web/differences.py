"""What changed between two texts, word by word; each CJK character is a word."""

from __future__ import annotations

import re
from typing import Literal

Segment = tuple[Literal["same", "removed", "added"], str]

_WORD = re.compile(
    r"[A-Za-z0-9_\u00c0-\u024f]+|[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff]|\s+|.", re.DOTALL
)
LONGEST = 200_000


def word_diff(before: str, after: str) -> list[Segment]:
    """The two texts as one run of segments: those without `added` give `before`, those without `removed` give `after`.

    Above `LONGEST` characters together it does not look for a common part.
    """
    if before == after:
        return [("same", before)] if before else []
    if len(before) + len(after) > LONGEST:
        return _joined([("removed", before), ("added", after)])
    old, new = _WORD.findall(before), _WORD.findall(after)
    segments: list[Segment] = []
    for operation in _operations(old, new):
        tag, old_from, old_to, new_from, new_to = operation
        if tag == "equal":
            segments.append(("same", "".join(old[old_from:old_to])))
        else:
            segments.append(("removed", "".join(old[old_from:old_to])))
            segments.append(("added", "".join(new[new_from:new_to])))
    return _joined(segments)


def _operations(old: list[str], new: list[str]) -> list[tuple[str, int, int, int, int]]:
    from rapidfuzz.distance import Indel  # here, because only pages with a diff need it

    found = [(o.tag, o.src_start, o.src_end, o.dest_start, o.dest_end) for o in Indel.opcodes(old, new)]
    return [(str(tag), a, b, c, d) for tag, a, b, c, d in found]


def _joined(segments: list[Segment]) -> list[Segment]:
    """Neighbours of one kind as one segment, removed before added, empty ones left out."""
    joined: list[Segment] = []
    pending: dict[str, str] = {"removed": "", "added": ""}

    def flush() -> None:
        joined.extend((kind, text) for kind, text in pending.items() if text)  # type: ignore[misc]
        pending.update(removed="", added="")

    for kind, text in segments:
        if kind != "same":
            pending[kind] += text
        elif text:
            flush()
            joined.append(("same", text))
    flush()
    return joined
