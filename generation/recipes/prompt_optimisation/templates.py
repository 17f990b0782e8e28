"""A found instruction inside the text of a prompt: where it was searched for, there it goes."""

from __future__ import annotations

import re

_SECTION = re.compile(r"^\[(system|user|assistant)\][ \t]*$\n?", re.MULTILINE)


def system_of(template: str) -> str:
    """What a template says in its system section, or before its first section; "" where it says nothing there."""
    pieces = _SECTION.split(template)
    parts = dict(zip(pieces[1::2], pieces[2::2], strict=True))
    return parts.get("system", pieces[0]).strip()


def with_system(template: str, text: str) -> str:
    """The template with `text` as its system section."""
    pieces = _SECTION.split(template)
    rest = [(name, body) for name, body in zip(pieces[1::2], pieces[2::2], strict=True) if name != "system"]
    if not rest:
        rest = [("user", pieces[0])]
    return _joined([("system", text), *rest])


def with_instruction(template: str, text: str, position: str) -> str:
    """The template with `text` at the beginning of its last user section, or at its end, as `position` says."""
    pieces = _SECTION.split(template)
    parts = [("user", pieces[0])] if pieces[0].strip() else []
    parts += list(zip(pieces[1::2], pieces[2::2], strict=True))
    at = max(place for place, (name, _) in enumerate(parts) if name == "user")
    body = parts[at][1].strip()
    first = position in ("before_question", "question_begin")
    parts[at] = ("user", f"{text}\n\n{body}" if first else f"{body}\n\n{text}")
    return _joined(parts)


def _joined(parts: list[tuple[str, str]]) -> str:
    return "\n\n".join(f"[{name}]\n{body.strip()}" for name, body in parts) + "\n"
