"""Placeholders of template files from elsewhere: `<sample_list>` for `{{ samples }}`, in a text kept as it came."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

_ANGLE = re.compile(r"[ \t]*<\s*([A-Za-z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)+)\s*>[ \t]*")
"""Names of several words only: `<Rules>` is how a LangGPT text points to its own parts, and `<b>` is a tag."""


def braced(text: str, names: Mapping[str, str]) -> str:
    """The text with each placeholder in `names` as the variable that it stands for, on lines of its own.

    What goes in is fenced, and a fence begins and ends a line. Nothing else of the text is touched.
    """

    def variable(found: re.Match[str]) -> str:
        name = names.get(found[1].lower())
        if name is None:
            return found[0]
        before, after = text[: found.start()], text[found.end() :]
        head = "" if not before or before.endswith("\n") else "\n"
        tail = "" if not after or after.startswith("\n") else "\n"
        return f"{head}{{{{ {name} }}}}{tail}"

    return _ANGLE.sub(variable, text)


def unreplaced(text: str, names: Mapping[str, str]) -> Iterator[tuple[int, str]]:
    """(line, placeholder) of each one that stands for nothing and would be sent as it is."""
    for found in _ANGLE.finditer(text):
        if found[1].lower() not in names:
            yield text.count("\n", 0, found.start(1)) + 1, found[0].strip()
