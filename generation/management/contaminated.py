"""Rows of a file that repeat evaluation texts, as a terminal shows them and as a program reads them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from generation.actions.evaluation_files import look_at, texts_in
from generation.actions.evaluation_sets import EvaluationSetError
from generation.management import files
from generation.management.checked import shown
from generation.quality.contamination import Hit
from generation.quality.contamination.beside import parts_of_item
from generation.types import RowError

_LONGEST = 120


def evaluation_texts(path: Path, *, refused: Callable[[RowError], None]) -> list[str]:
    """The texts of an evaluation file; rows that cannot be read are told to `refused`. `CommandError` where the file
    breaks off or holds none."""
    with files.reading(path) as source:
        try:
            reading, _total = look_at(source)
            source.seek(0)
            found = []
            for _line, text in texts_in(source, reading=reading):
                if isinstance(text, str):
                    found.append(text)
                elif text.severity == "error":
                    refused(text)
        except EvaluationSetError as error:
            said = f"{path}: {files.one_line(error.line, error.code)}"
            raise CommandError(said, returncode=files.REFUSED) from None
    return [text for text in found if text]


def hit_in_lines(hit: Hit, item: str) -> Iterator[str]:
    """The row's line, the item and how much of it; then the field that repeats most and the item, what they share
    between ⟪ and ⟫."""
    said = _("line %(line)d repeats %(share)s of %(set)s %(item)d")
    share = f"{hit.share:.0%}"
    yield said % {"line": hit.key, "share": share, "set": hit.set, "item": hit.item + 1}
    if hit.row:
        field, pieces = max(hit.row, key=lambda each: sum(map(len, each[1][1::2])))
        yield f"  {field}: {_marked(pieces)}"
    yield f"  {_('evaluation text')}: {_marked(parts_of_item(item, hit.words))}"


def hit_as_line(hit: Hit, item: str) -> bytes:
    """One line of JSON: line, set, item (counted from 1), share, whether the whole text is repeated, both texts."""
    told = {
        "line": hit.key, "set": hit.set, "item": hit.item + 1, "share": hit.share, "exact": hit.exact,
        "text": hit.text, "spans": [list(span) for span in hit.spans], "evaluation_text": item,
    }  # fmt: skip
    return json.dumps(told, ensure_ascii=False).encode() + b"\n"


def sets_in_lines(told: dict[str, dict[str, Any]], *, rows: int) -> Iterator[str]:
    """How each set fared."""
    for name, each in told.items():
        said = ngettext(
            "%(name)s: %(hits)d of %(items)d text is repeated, by %(rows)d of %(all)d rows",
            "%(name)s: %(hits)d of %(items)d texts are repeated, by %(rows)d of %(all)d rows",
            each["items"],
        )
        yield said % {"name": name, "hits": each["hits"], "items": each["items"], "rows": each["rows"], "all": rows}


def _marked(pieces: Sequence[str]) -> str:
    """The pieces on one line, the shared ones marked; a long shared one is cut in its middle."""
    return "".join(f"⟪{_short(each)}⟫" if at % 2 else shown(each) for at, each in enumerate(pieces))


def _short(text: str) -> str:
    text = shown(text)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST // 2]} … {text[-_LONGEST // 2 :]}"
